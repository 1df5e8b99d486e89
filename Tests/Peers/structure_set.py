"""Structure sets by pydicom, and their masks by scikit-image.

  structure_set.py describe FILE...    a line of JSON a file
  structure_set.py masks FILE          masks of the folder against scikit-image; prints contours and pixels

masks reads planes.json, a list of {columns, rows, position, row, column, spacing: [between rows, between columns]},
and <ROI number>-<plane>.raw, rows x columns of one byte; a file that is missing stands for no pixel.
"""

import glob
import hashlib
import json
import os
import struct
import sys

import numpy as np
import pydicom
from skimage.measure import grid_points_in_poly


def describe(dataset):
    observed = {}
    for item in dataset.get("RTROIObservationsSequence", []):
        code = item.get("RTROIIdentificationCodeSequence")
        observed[int(item.ReferencedROINumber)] = (
            item.get("RTROIInterpretedType", ""), [code[0].CodeValue, code[0].CodingSchemeDesignator] if code else [])
    contours = {int(c.ReferencedROINumber): c for c in dataset.get("ROIContourSequence", [])}
    structures = []
    for roi in dataset.StructureSetROISequence:
        number = int(roi.ROINumber)
        drawn = contours.get(number)
        each = []
        for contour in drawn.get("ContourSequence", []) if drawn is not None else []:
            values = [float(v) for v in contour.ContourData]
            each.append([
                contour.ContourGeometricType, int(contour.NumberOfContourPoints),
                hashlib.sha256(struct.pack(f"<{len(values)}d", *values)).hexdigest(),
                [i.ReferencedSOPInstanceUID for i in contour.get("ContourImageSequence", [])],
            ])
        structures.append({
            "number": number, "name": roi.ROIName, "frame": roi.ReferencedFrameOfReferenceUID,
            "algorithm": roi.get("ROIGenerationAlgorithm", ""), "type": observed.get(number, ("", []))[0],
            "identification": observed.get(number, ("", []))[1],
            "color": [int(c) for c in drawn.get("ROIDisplayColor", [])] if drawn is not None else [],
            "contours": json.dumps(each, separators=(",", ":")),
        })
    listed = []
    for frame in dataset.get("ReferencedFrameOfReferenceSequence", []):
        for study in frame.get("RTReferencedStudySequence", []):
            for series in study.get("RTReferencedSeriesSequence", []):
                for image in series.get("ContourImageSequence", []):
                    listed.append([study.ReferencedSOPInstanceUID, series.SeriesInstanceUID,
                                   image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID])
    return {"label": dataset.StructureSetLabel, "structures": structures, "listed": listed}


def masks(dataset):
    planes = json.load(open("planes.json"))
    contours = pixels = 0
    for roi in dataset.get("ROIContourSequence", []):
        number = int(roi.ReferencedROINumber)
        polygons = {}
        for contour in roi.get("ContourSequence", []):
            if contour.ContourGeometricType not in ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR"):
                continue
            points = np.array([float(v) for v in contour.ContourData]).reshape(-1, 3)
            for index, plane in enumerate(planes):
                row, column = np.array(plane["row"]), np.array(plane["column"])
                offset = points - np.array(plane["position"])
                if np.abs(offset @ np.cross(row, column)).max() > 0.1:
                    continue
                x = (offset * row).sum(1) / plane["spacing"][1]
                y = (offset * column).sum(1) / plane["spacing"][0]
                polygons.setdefault(index, []).append(np.c_[y, x])
                contours += 1
        for index, plane in enumerate(planes):
            wanted = np.zeros((plane["rows"], plane["columns"]), bool)
            path = wanted.copy()
            for polygon in polygons.get(index, []):
                # As far as the polygon reaches, to spare time.
                low = np.maximum(np.floor(polygon.min(0)).astype(int), 0)
                high = np.minimum(np.ceil(polygon.max(0)).astype(int) + 1, wanted.shape)
                if (high <= low).any():
                    continue
                labels = grid_points_in_poly(tuple(high - low), polygon - low, binarize=False)
                part = np.s_[low[0]:high[0], low[1]:high[1]]
                wanted[part] ^= labels == 1
                path[part] |= labels > 1
            name = f"{number}-{index}.raw"
            ours = np.fromfile(name, "u1").reshape(wanted.shape) if os.path.exists(name) else np.zeros_like(wanted)
            assert (ours == (wanted | path)).all(), (number, index, np.argwhere(ours != (wanted | path))[:5])
            pixels += int((wanted | path).sum())
            assert (index in polygons) == os.path.exists(name), (number, index)
    print(contours, pixels, len(glob.glob("*.raw")))


if sys.argv[1] == "describe":
    for path in sys.argv[2:]:
        print(json.dumps(describe(pydicom.dcmread(path, force=True))))
else:
    masks(pydicom.dcmread(sys.argv[2], force=True))

"""Presentation states: written and rendered by others.

  presentation.py make              writes im1.dcm, im2.dcm and states <name>.dcm for them
  presentation.py compare           compares what was made of the states
  presentation.py describe FILE     what pydicom reads in a state, as JSON

compare reads of each state and image <name>-<image>.gray, rows x columns of float64, P-values of 0 to 255 before
rotation and flip, or "nothing" where the state is not for the image; and <name>-<image>.mask, a byte a pixel, 1 where the
shutter lets it be seen. Grey values must be those of DCMTK's dcmp2pgm within 1 (it cuts off), masks those of numpy.
"""

import glob
import json
import os
import subprocess
import sys

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

ROWS, COLUMNS = 20, 30
CT = "1.2.840.10008.5.1.4.1.1.2"


def base(sop_class, series, uid, modality):
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    d.file_meta.MediaStorageSOPClassUID, d.file_meta.MediaStorageSOPInstanceUID = sop_class, uid
    d.SOPClassUID, d.SOPInstanceUID, d.StudyInstanceUID, d.SeriesInstanceUID = sop_class, uid, "1.2.3", series
    # DCMTK opens no state without a name.
    d.PatientName = "Nobody"
    d.PatientID = d.PatientBirthDate = d.PatientSex = ""
    d.StudyDate = d.StudyTime = d.ReferringPhysicianName = d.StudyID = d.AccessionNumber = ""
    d.SeriesNumber = d.InstanceNumber = 1
    d.Manufacturer, d.Modality = "M", modality
    return d


def reference(number):
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CT, f"1.2.3.1.{number}"
    return item


def window(center, width, images=()):
    item = Dataset()
    item.WindowCenter, item.WindowWidth = center, width
    if images:
        item.ReferencedImageSequence = [reference(n) for n in images]
    return item


def table(first, entries, bits):
    lut = Dataset()
    lut.add_new(0x00283002, "SS" if first < 0 else "US", [len(entries), first, bits])
    lut.add_new(0x00283006, "OW", np.array(entries, "<u2").tobytes())
    return lut


def make():
    for number in (1, 2):
        d = base(CT, "1.2.3.1", f"1.2.3.1.{number}", "CT")
        d.Rows, d.Columns, d.BitsAllocated, d.BitsStored, d.HighBit = ROWS, COLUMNS, 16, 12, 11
        d.PixelRepresentation, d.SamplesPerPixel, d.PhotometricInterpretation = 0, 1, "MONOCHROME2"
        d.PixelData = (np.arange(ROWS * COLUMNS) * 6 + 100 * number).astype("<u2").tobytes()
        d.RescaleSlope, d.RescaleIntercept, d.WindowCenter, d.WindowWidth = 1, -1024, 40, 400
        d.save_as(f"im{number}.dcm", enforce_file_format=True)

    bits = np.zeros((ROWS, COLUMNS), np.uint8)
    bits[9:14, 3:17] = 1
    bits[11, 20:] = 1
    voi = Dataset()
    voi.VOILUTSequence = [table(-500, [(i * 37) % 4096 for i in range(1500)], 12)]
    rectangle = dict(ShutterLeftVerticalEdge=3, ShutterRightVerticalEdge=10, ShutterUpperHorizontalEdge=2,
                     ShutterLowerHorizontalEdge=17)
    circle = dict(CenterOfCircularShutter=[10, 12], RadiusOfCircularShutter=7)
    polygon = dict(VerticesOfThePolygonalShutter=[2, 4, 9, 25, 18, 11, 12, 6])
    states = {
        "plain": {},
        "inverse": dict(PresentationLUTShape="INVERSE"),
        "narrow": dict(SoftcopyVOILUTSequence=[window(300, 600)]),
        "own": dict(SoftcopyVOILUTSequence=[window(300, 600, [2]), window(-100, 900, [1])]),
        "table": dict(SoftcopyVOILUTSequence=[voi]),
        "one": dict(images=[2]),
        "turned": dict(ImageRotation=90, ImageHorizontalFlip="Y"),
        "half": dict(ImageRotation=180, ImageHorizontalFlip="N"),
        "flipped": dict(ImageRotation=0, ImageHorizontalFlip="Y"),
        "back": dict(ImageRotation=270, ImageHorizontalFlip="N"),
        "bitmap": dict(ShutterShape="BITMAP", ShutterOverlayGroup=0x6000),
        "rectangle": dict(ShutterShape="RECTANGULAR", **rectangle),
        "circle": dict(ShutterShape="CIRCULAR", **circle),
        "polygon": dict(ShutterShape="POLYGONAL", **polygon),
        "all": dict(ShutterShape=["RECTANGULAR", "CIRCULAR", "POLYGONAL"], **rectangle, **circle, **polygon),
    }
    for name, members in states.items():
        d = base("1.2.840.10008.5.1.4.1.1.11.1", "1.2.3.2", "1.2.3.2.1", "PR")
        d.ContentLabel, d.ContentDescription, d.ContentCreatorName = "L", "", ""
        d.PresentationCreationDate, d.PresentationCreationTime = "20200101", "120000"
        series = Dataset()
        series.SeriesInstanceUID = "1.2.3.1"
        series.ReferencedImageSequence = [reference(n) for n in members.pop("images", (1, 2))]
        d.ReferencedSeriesSequence = [series]
        d.RescaleSlope, d.RescaleIntercept, d.RescaleType = 1, -1024, "HU"
        d.SoftcopyVOILUTSequence = [window(1000, 2000)]
        area = Dataset()
        area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [1, 1], [COLUMNS, ROWS]
        area.PresentationSizeMode, area.PresentationPixelAspectRatio = "SCALE TO FIT", [1, 1]
        d.DisplayedAreaSelectionSequence = [area]
        d.PresentationLUTShape = "IDENTITY"
        if "ShutterShape" in members:
            d.ShutterPresentationValue = 0
        if name == "bitmap":
            for element, vr, value in [(0x10, "US", ROWS), (0x11, "US", COLUMNS), (0x40, "CS", "G"), (0x50, "SS", [1, 1]),
                                       (0x100, "US", 1), (0x102, "US", 0),
                                       (0x3000, "OW", np.packbits(bits.ravel(), bitorder="little").tobytes() + b"\0")]:
                d.add_new(0x60000000 | element, vr, value)
        for keyword, value in members.items():
            setattr(d, keyword, value)
        d.save_as(f"{name}.dcm", enforce_file_format=True)


def shutter(d):
    row, column = np.mgrid[1:ROWS + 1, 1:COLUMNS + 1]
    seen = np.ones((ROWS, COLUMNS), bool)
    shapes = d.get("ShutterShape", [])
    for shape in [shapes] if isinstance(shapes, str) else shapes:
        if shape == "RECTANGULAR":
            seen &= (column >= d.ShutterLeftVerticalEdge) & (column <= d.ShutterRightVerticalEdge)
            seen &= (row >= d.ShutterUpperHorizontalEdge) & (row <= d.ShutterLowerHorizontalEdge)
        elif shape == "CIRCULAR":
            r, c = map(int, d.CenterOfCircularShutter)
            seen &= (row - r) ** 2 + (column - c) ** 2 <= int(d.RadiusOfCircularShutter) ** 2
        elif shape == "POLYGONAL":
            vertices = np.array(d.VerticesOfThePolygonalShutter, int).reshape(-1, 2)
            inside = np.zeros_like(seen)
            for (r1, c1), (r2, c2) in zip(vertices, np.roll(vertices, -1, 0)):
                # Whole numbers, so that nothing is rounded.
                turn = (c2 - c1) * (row - r1) - (column - c1) * (r2 - r1)
                inside ^= ((r1 <= row) != (r2 <= row)) & ((turn > 0) == (r2 < r1))
            for (r1, c1), (r2, c2) in zip(vertices, np.roll(vertices, -1, 0)):
                turn = (c2 - c1) * (row - r1) - (column - c1) * (r2 - r1)
                inside |= ((turn == 0) & (row >= min(r1, r2)) & (row <= max(r1, r2))
                           & (column >= min(c1, c2)) & (column <= max(c1, c2)))
            seen &= inside
        else:
            bits = np.unpackbits(np.frombuffer(d[0x60003000].value, "u1"), bitorder="little")
            seen &= bits[:ROWS * COLUMNS].reshape(ROWS, COLUMNS) == 0
    return seen


def compare():
    rendered = masks = 0
    for path in sorted(glob.glob("*.dcm")):
        name = path[: -len(".dcm")]
        if name.startswith("im"):
            continue
        state = pydicom.dcmread(path)
        named = [i.ReferencedSOPInstanceUID for i in state.ReferencedSeriesSequence[0].ReferencedImageSequence]
        for number in (1, 2):
            stem = f"{name}-{number}"
            raw = open(stem + ".gray", "rb").read()
            if f"1.2.3.1.{number}" not in named:
                assert raw == b"nothing", stem
                continue
            mask = np.fromfile(stem + ".mask", "u1").reshape(ROWS, COLUMNS)
            assert (mask == shutter(state)).all(), stem
            masks += 1
            wanted = np.frombuffer(raw, "<f8").reshape(ROWS, COLUMNS)
            # It draws no shutters but these.
            if name == "bitmap":
                wanted = wanted * mask
            wanted = np.rot90(wanted, -state.get("ImageRotation", 0) // 90)
            wanted = np.fliplr(wanted) if state.get("ImageHorizontalFlip") == "Y" else wanted
            subprocess.run(["dcmp2pgm", "-p", path, f"im{number}.dcm", "out.pgm"], check=True, capture_output=True)
            theirs = np.array(Image.open("out.pgm")).astype(float)
            os.remove("out.pgm")
            assert theirs.shape == wanted.shape, stem
            assert np.abs(theirs - wanted).max() <= 1, (stem, np.abs(theirs - wanted).max())
            assert theirs.max() > theirs.min()
            rendered += 1
    print(rendered, masks)


def describe(path):
    d = pydicom.dcmread(path)
    drawn = []
    for item in d.get("GraphicAnnotationSequence", []):
        drawn.append([item.GraphicLayer, [
            [g.GraphicAnnotationUnits, g.GraphicType, g.GraphicFilled == "Y", [float(v) - 0.5 for v in g.GraphicData]]
            for g in item.get("GraphicObjectSequence", [])], len(item.get("TextObjectSequence", []))])
    print(json.dumps({
        "references": [
            [s.SeriesInstanceUID, i.ReferencedSOPClassUID, i.ReferencedSOPInstanceUID]
            for s in d.ReferencedSeriesSequence for i in s.ReferencedImageSequence],
        "drawn": json.dumps(drawn, separators=(",", ":")),
        "windows": len(d.get("SoftcopyVOILUTSequence", [])), "shutter": "ShutterShape" in d,
        "areas": len(d.get("DisplayedAreaSelectionSequence", [])),
    }))


{"make": make, "compare": compare}.get(sys.argv[1], lambda: describe(sys.argv[2]))()

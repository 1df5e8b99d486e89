"""Multi-frame files with functional groups, made with pydicom.

    make_multiframe.py

Writes into the working directory NAME.dcm and multiframe.jsonl, a line each: {"name", "kind", "order", "frames"}; a frame
has what its functional groups say: "position", "spacing", "slope", "intercept", "center", "width", and the "digest" of its
stored values by pydicom. `order` is that of the frames along the normal, or of the file where they have no place.
"""

import hashlib
import json

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

random = np.random.default_rng(7)
STORAGE = "1.2.840.10008.5.1.4.1.1."
CLASSES = {
    "enhanced_ct": ("2.1", "CT", True),
    "legacy_ct": ("2.2", "CT", True),
    "enhanced_mr": ("4.1", "MR", True),
    "legacy_mr": ("4.4", "MR", True),
    "enhanced_pet": ("130", "PT", True),
    "legacy_pet": ("128.1", "PT", True),
    "enhanced_xa": ("12.1.1", "XA", False),
    "enhanced_us": ("6.2", "US", False),
}


def group(**values):
    item = Dataset()
    for name, value in values.items():
        setattr(item, name, value)
    return Sequence([item])


index = open("multiframe.jsonl", "w")
for name, (tail, modality, placed) in CLASSES.items():
    for shared_rescale in (False, True):
        rows, columns, count = 7, 9, 5
        ds = Dataset()
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = STORAGE + tail
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = generate_uid(entropy_srcs=[name, str(shared_rescale)])
        ds.SeriesInstanceUID = "1.2.3." + tail
        ds.Modality, ds.ImageType = modality, ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
        ds.Rows, ds.Columns, ds.NumberOfFrames, ds.SamplesPerPixel = rows, columns, count, 1
        ds.PhotometricInterpretation, ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = "MONOCHROME2", 16, 16, 15, 0
        common, frames = Dataset(), []
        slope, intercept = 2.0, -100.0
        if placed:
            common.PlaneOrientationSequence = group(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
            common.PixelMeasuresSequence = group(PixelSpacing=[0.5, 0.75], SliceThickness=3)
        if shared_rescale:
            common.PixelValueTransformationSequence = group(RescaleSlope=slope, RescaleIntercept=intercept, RescaleType="US")
        heights = random.permutation(count)
        told = []
        for number in range(count):
            own = Dataset()
            frame = {"position": None, "spacing": None}
            if placed:
                position = [-10.0, 20.0, 3.0 * int(heights[number])]
                own.PlanePositionSequence = group(ImagePositionPatient=position)
                frame |= {"position": position, "spacing": [0.5, 0.75]}
            if not shared_rescale:
                slope, intercept = 1.0 + number, -10.0 * number
                own.PixelValueTransformationSequence = group(RescaleSlope=slope, RescaleIntercept=intercept, RescaleType="US")
            own.FrameVOILUTSequence = group(WindowCenter=100.0 + number, WindowWidth=50.0 + number)
            frame |= {"slope": slope, "intercept": intercept, "center": 100.0 + number, "width": 50.0 + number}
            frames.append(own)
            told.append(frame)
        ds.SharedFunctionalGroupsSequence = Sequence([common])
        ds.PerFrameFunctionalGroupsSequence = Sequence(frames)
        ds.PixelData = random.integers(0, 65536, (count, rows, columns)).astype("<u2").tobytes()
        ds["PixelData"].VR = "OW"
        stem = f"{name}_{'shared' if shared_rescale else 'own'}"
        ds.save_as(stem + ".dcm", enforce_file_format=True)
        stored = pydicom.dcmread(stem + ".dcm").pixel_array
        for frame, plane in zip(told, stored):
            frame["digest"] = hashlib.sha256(plane.astype("<u2").tobytes()).hexdigest()
        order = [int(i) for i in np.argsort(heights)] if placed else list(range(count))
        index.write(json.dumps({"name": stem, "kind": "volume" if placed else "cine", "order": order, "frames": told}) + "\n")

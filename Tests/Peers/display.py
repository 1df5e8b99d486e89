"""pydicom's apply_modality_lut and apply_voi_lut, rescaled from their output range to 0...255.

    display.py cases            reads cases.json and <i>.i32 (stored values), writes <i>.f64
    display.py corpus ROOT      for every grey file of the inventory with a window or VOI LUT that pydicom decodes:
                                writes cases.json, <i>.i32 (its distinct stored values) and <i>.f64

What is written is 255 t before rounding, t inverted for MONOCHROME1 or Presentation LUT Shape INVERSE.
"""
import csv
import json
import os
import sys
import warnings

import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

warnings.simplefilter("ignore")


def output_range(ds):
    """The range that pydicom scales its answer to."""
    if ds.get("VOILUTSequence"):
        return 0, 2 ** ds.VOILUTSequence[0].LUTDescriptor[2] - 1
    if ds.get("ModalityLUTSequence"):
        return 0, 2 ** ds.ModalityLUTSequence[0].LUTDescriptor[2] - 1
    low, high = 0, 2**ds.BitsStored - 1
    if ds.PixelRepresentation:
        low, high = -(2 ** (ds.BitsStored - 1)), 2 ** (ds.BitsStored - 1) - 1
    if "RescaleSlope" in ds and "RescaleIntercept" in ds:
        low = low * ds.RescaleSlope + ds.RescaleIntercept
        high = high * ds.RescaleSlope + ds.RescaleIntercept
    return float(low), float(high)


def shown(ds, stored):
    low, high = output_range(ds)
    y = apply_voi_lut(apply_modality_lut(stored, ds), ds, index=0).astype(np.float64)
    t = (y - low) / (high - low)
    inverse = ds.PhotometricInterpretation == "MONOCHROME1" or ds.get("PresentationLUTShape") == "INVERSE"
    return 255 * (1 - t if inverse else t)


def table(item):
    """A LUT as Swift's LookupTable."""
    count, first, bits = item.LUTDescriptor
    data = item.LUTData
    if isinstance(data, bytes):
        data = np.frombuffer(data, "<u2").tolist()
    return {"firstMapped": first, "bits": bits, "entries": list(data)[: count or 65536]}


def sequence(lut):
    item = Dataset()
    count = len(lut["entries"])
    item.LUTDescriptor = [count % 65536, lut["firstMapped"], lut["bits"]]
    item.LUTData = lut["entries"]
    item["LUTData"].VR = "US"
    return [item]


def cases():
    for i, case in enumerate(json.load(open("cases.json"))):
        ds = Dataset()
        ds.PhotometricInterpretation = case["photometric"]
        ds.BitsStored = case["bitsStored"]
        ds.PixelRepresentation = int(case["isSigned"])
        if case.get("modalityTable"):
            ds.ModalityLUTSequence = sequence(case["modalityTable"])
        else:
            ds.RescaleSlope, ds.RescaleIntercept = case["slope"], case["intercept"]
        if case.get("voiTable"):
            ds.VOILUTSequence = sequence(case["voiTable"])
        else:
            ds.WindowCenter, ds.WindowWidth = case["center"], case["width"]
            ds.VOILUTFunction = case["function"]
        shown(ds, np.fromfile(f"{i}.i32", np.int32)).tofile(f"{i}.f64")


def corpus(root):
    found = []
    for row in csv.DictReader(open(os.path.join(root, "inventory.csv"))):
        if not row["photometric"].startswith("MONOCHROME") or not row["decode"].startswith("ok"):
            continue
        ds = pydicom.dcmread(os.path.join(root, row["path"]), force=True)
        has_window = ds.get("WindowCenter") is not None and ds.get("WindowWidth") is not None
        if ds.get("BitsAllocated") not in (8, 16) or not (has_window or ds.get("VOILUTSequence")):
            continue
        if "TransferSyntaxUID" not in ds.file_meta:
            implicit, _ = ds.original_encoding
            ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
        stored = np.unique(ds.pixel_array).astype(np.int32)
        case = {
            "path": row["path"],
            "photometric": "MONOCHROME1" if ds.get("PresentationLUTShape") == "INVERSE" else ds.PhotometricInterpretation,
            "bitsAllocated": ds.BitsAllocated, "bitsStored": ds.BitsStored, "isSigned": bool(ds.PixelRepresentation),
            "slope": float(ds.get("RescaleSlope", 1)), "intercept": float(ds.get("RescaleIntercept", 0)),
        }
        if ds.get("ModalityLUTSequence"):
            case["modalityTable"] = table(ds.ModalityLUTSequence[0])
        if ds.get("VOILUTSequence"):
            case["voiTable"] = table(ds.VOILUTSequence[0])
        else:
            first = lambda v: float(v[0] if isinstance(v, pydicom.multival.MultiValue) else v)
            case["center"], case["width"] = first(ds.WindowCenter), first(ds.WindowWidth)
            case["function"] = ds.get("VOILUTFunction", "LINEAR")
        stored.tofile(f"{len(found)}.i32")
        shown(ds, stored).tofile(f"{len(found)}.f64")
        found.append(case)
    json.dump(found, open("cases.json", "w"))


corpus(sys.argv[2]) if sys.argv[1] == "corpus" else cases()

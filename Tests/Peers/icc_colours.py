"""What Pillow makes of embedded ICC profiles: pictures and DICOM files of a corpus, or a profile of the test's own.

    icc_colours.py corpus CORPUS
    icc_colours.py profile

The first writes into the working directory answers.jsonl, a line for each file with a profile of red, green and blue:
{"path", "kind": "picture" or "dicom", "profile", "before", "after"}, which name files of the profile's bytes, of 8-bit
red, green and blue, and of the same after ImageCms.profileToProfile to sRGB with its defaults; and srgb.icc, Little
CMS's own sRGB. The second reads profile.icc and before.rgb and writes after.rgb.
"""

import csv
import io
import json
import sys
import warnings

import numpy as np
import pydicom
from PIL import Image, ImageCms
from pydicom.pixels import apply_color_lut

warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = None


def transformed(image, profile):
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")


def rgb(path):
    """Red, green and blue of a DICOM file, and the profile of these."""
    data = pydicom.dcmread(path)
    paths = data.get("OpticalPathSequence") or []
    profile = data.get("ICCProfile") or next((p.ICCProfile for p in paths if "ICCProfile" in p), None)
    if profile is None or "PixelData" not in data or data.PhotometricInterpretation.startswith("MONO"):
        return None
    array = data.pixel_array
    if data.PhotometricInterpretation == "PALETTE COLOR":
        array = apply_color_lut(array, data)
        if array.dtype != np.uint8:
            array = (array >> 8).astype(np.uint8)
    return Image.fromarray(array.reshape(-1, array.shape[-2], 3)), profile


def picture(path):
    with Image.open(path) as image:
        profile = image.info.get("icc_profile")
        if not profile or image.mode not in ("RGB", "RGBA", "P"):
            return None
        return image.convert("RGB"), profile


if sys.argv[1] == "profile":
    before = open("before.rgb", "rb").read()
    image = Image.frombytes("RGB", (len(before) // 3, 1), before)
    open("after.rgb", "wb").write(transformed(image, open("profile.icc", "rb").read()).tobytes())
    sys.exit()

corpus = sys.argv[2]
open("srgb.icc", "wb").write(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
with open("answers.jsonl", "w") as answers:
    for number, row in enumerate(csv.DictReader(open(corpus + "/inventory.csv"))):
        kind = "dicom" if row["kind"].startswith("DICOM") else "picture"
        try:
            found = (rgb if kind == "dicom" else picture)(corpus + "/" + row["path"])
            after = transformed(*found) if found else None
        except Exception:
            continue
        if not found:
            continue
        image, profile = found
        names = {"profile": f"{number}.icc", "before": f"{number}.before", "after": f"{number}.after"}
        open(names["profile"], "wb").write(profile)
        open(names["before"], "wb").write(image.tobytes())
        open(names["after"], "wb").write(after.tobytes())
        answers.write(json.dumps({"path": row["path"], "kind": kind} | names) + "\n")

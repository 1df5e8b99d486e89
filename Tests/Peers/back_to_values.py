"""From a picture of a data set back to its source: pydicom and nibabel say what stands there.

    back_to_values.py DATASET SOURCE

For every grey picture of a lossless file: the SHA-256 finds the file; what a pixel and the record
give is pydicom's modality value within half an 8-bit step, or its side of the window; the matrix is
that of PS3.3 C.7.6.2.1.1, and nibabel's. A picture that was resized, because pixels are not square, is
what Pillow makes of the one that was not. Prints how many pictures of which modality were compared.
"""

import collections
import glob
import hashlib
import io
import json
import os
import sys
import tarfile
import warnings

warnings.filterwarnings("ignore")

import numpy as np
import pet_suv
import pydicom
import SimpleITK
from nibabel.nicom import dicomwrappers
from PIL import Image
from pydicom.pixels import apply_modality_lut

LOSSLESS = {
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.5",
}

files = {}
for folder, _, names in os.walk(sys.argv[2]):
    for name in names:
        path = os.path.join(folder, name)
        files[hashlib.sha256(open(path, "rb").read()).hexdigest()] = path


def is_turned(matrix):
    """Whether pixels are the source's own, flipped, turned or neither."""
    return np.isin(np.abs(matrix[:2, :2]), (0, 1)).all()


def values(data_set, row):
    """Modality values of the frame that a row shows; None where pydicom cannot tell."""
    selection = row["pictures"][0]["selection"]
    frames = int(data_set.get("NumberOfFrames", 1) or 1)
    if frames > 1 and selection["kind"] != "frame":
        return None
    try:
        stored = data_set.pixel_array
    except Exception:
        return None
    if frames > 1:
        stored = stored[selection["index"]]
    # A mosaic's slice begins where the record says, and a slice is turned to how it is shown.
    entry = row["pictures"][0]
    matrix = np.array(entry["source_from_pixel"])
    if is_turned(matrix):
        y, x = np.indices((entry["height"], entry["width"]))
        column, line, _ = np.tensordot(matrix, np.stack([x, y, x * 0 + 1]), 1).astype(int)
        stored = stored[line, column]
    elif selection["kind"] == "slice":
        # Turned first, then resampled.
        (a, b), (c, d) = matrix[:2, :2]
        if a == 0:
            stored, a, d = stored.T, c, b
        stored = stored[:: 1 if d > 0 else -1, :: 1 if a > 0 else -1]
    padding = data_set.get("PixelPaddingValue")
    shown = np.ones(stored.shape, bool)
    if padding is not None:
        limit = data_set.get("PixelPaddingRangeLimit", padding)
        shown = (stored < min(padding, limit)) | (stored > max(padding, limit))
    found = apply_modality_lut(stored, data_set).astype(float)
    measure = {units: measure for measure, units in pet_suv.UNITS.items()}.get(entry["modality_values"]["units"])
    return found * pet_suv.factor(data_set, measure) if measure else found, shown


def compare_values(key, row, picture, data_set):
    entry = row["pictures"][0]
    display = entry["display"]
    if display["kind"] not in ("window", "range", "landmarks") or entry["modality_values"] is None:
        return False
    if display["channels"][0]["function"] not in (None, "LINEAR", "LINEAR_EXACT"):
        return False
    found = values(data_set, row)
    if found is None:
        return False
    pixels = np.asarray(picture)
    planes = [pixels] if pixels.ndim == 2 else list(np.moveaxis(pixels, 2, 0))
    assert len(planes) == len(display["channels"]), key
    compared["three_windows"] += len(planes) == 3
    compared["sixteen_bits"] += pixels.dtype != np.uint8
    compared["landmarks"] += display["kind"] == "landmarks"
    for channel, grey in zip(display["channels"], planes):
        compare_channel(key, channel, display, grey.astype(float), 255 if pixels.dtype == np.uint8 else 65535, entry["selection"]["kind"], picture, *found)
    return True


def compare_channel(key, channel, display, grey, top, kind, picture, wanted, shown):
    low, high = channel["low"], channel["high"]
    if display["landmarks"]:
        compare_landmarks(key, np.array(display["landmarks"]), grey, top, wanted, shown)
        return
    if grey.shape != wanted.shape and kind == "slice":
        steps = [old / new for old, new in zip(wanted.shape[::-1], picture.size)]

        def resampled(values):
            return SimpleITK.GetArrayFromImage(
                SimpleITK.Resample(
                    SimpleITK.GetImageFromArray(values), picture.size, SimpleITK.Transform(), SimpleITK.sitkLinear,
                    [(step - 1) / 2 for step in steps], steps,
                )
            )

        # Padding has no part in the values between others: what lies beside it is left out.
        apart = resampled(shown.astype(float)) > 1 - 1e-9
        assert apart.any() or not shown.any(), key
        t = np.clip((resampled(wanted) - low) / (high - low), 0, 1)
        theirs = np.floor(top * (1 - t if display["inverted"] else t) + 0.5)
        error = np.abs(theirs - grey)[apart]
        assert not error.size or error.max() <= 1 + top / 65535, (key, error.max())
        compared["resampled"] += 1
        return
    if grey.shape != wanted.shape:
        t = np.clip((wanted - low) / (high - low), 0, 1)
        t = np.where(shown, 1 - t if display["inverted"] else t, 0)
        whole = Image.fromarray(np.floor(255 * t + 0.5).astype(np.uint8))
        theirs = np.asarray(whole.resize(picture.size, Image.Resampling.BICUBIC)).astype(float)
        # A step at the edge between two greys is where the orders of operations part.
        assert np.abs(theirs - grey).max() <= 2, (key, np.abs(theirs - grey).max())
        compared["resized"] += 1
        return
    if display["inverted"]:
        grey = top - grey
    assert grey.shape == wanted.shape, (key, grey.shape, wanted.shape)
    inside = shown & (wanted >= low) & (wanted <= high)
    error = np.abs(low + grey / top * (high - low) - wanted)[inside]
    step = (high - low) / top
    assert not error.size or error.max() <= step / 2 + 1e-9 * max(1, abs(low), abs(high)), (
        key,
        error.max(),
        step,
    )
    assert (grey[shown & (wanted < low)] == 0).all(), key
    assert (grey[shown & (wanted > high)] == top).all(), key


def compare_landmarks(key, landmarks, grey, top, wanted, shown):
    """A grey leads back to the values that half a step to either side would have."""
    assert grey.shape == wanted.shape, key
    values, displays = landmarks.T
    low, high = (np.interp(grey / top + half / top, displays, values) for half in (-0.5, 0.5))
    inside = shown & (wanted >= values[0]) & (wanted <= values[-1])
    slack = 1e-9 * max(1, np.abs(values).max())
    assert ((wanted >= low - slack) & (wanted <= high + slack))[inside].all(), key
    assert (grey[shown & (wanted < values[0])] == np.floor(top * displays[0] + 0.5)).all(), key
    assert (grey[shown & (wanted > values[-1])] == np.floor(top * displays[-1] + 0.5)).all(), key
    assert (grey[~shown] == 0).all(), key


def compare_place(key, row, data_set):
    matrix = row["pictures"][0]["pixel_to_patient"]
    if matrix is None or "ImageOrientationPatient" not in data_set:
        return False
    ours = np.array(matrix)
    along_row, along_column = np.array(data_set.ImageOrientationPatient, float).reshape(2, 3)
    between_rows, between_columns = map(float, data_set.PixelSpacing)
    theirs = np.zeros((4, 4))
    theirs[:3, 0] = along_row * between_columns
    theirs[:3, 1] = along_column * between_rows
    theirs[:3, 3] = data_set.ImagePositionPatient
    theirs[3, 3] = 1
    entry = row["pictures"][0]
    pixel = np.array(entry["source_from_pixel"])
    is_tile = is_turned(pixel) and {entry["height"], entry["width"]} != {data_set.Rows, data_set.Columns}
    # nibabel counts rows first.
    try:
        nibabel = dicomwrappers.wrapper_from_data(data_set).affine
    except Exception:
        nibabel = None
    if is_tile:
        # A slice of a mosaic: nibabel says where the first lies, and how far it is to the next.
        centre = pixel @ [entry["width"] / 2, entry["height"] / 2, 1]
        size = [entry["width"], entry["height"]][:: 1 if pixel[0, 0] else -1]
        column, line = int(centre[0] // size[0]), int(centre[1] // size[1])
        theirs[:, :2] = nibabel[:, [1, 0]]
        theirs[:, 3] = nibabel @ [0, 0, line * (data_set.Columns // size[0]) + column, 1]
        pixel[:2, 2] -= [column * size[0], line * size[1]]
    elif nibabel is not None:
        assert np.allclose(theirs[:, [1, 0, 3]], nibabel[:, [0, 1, 3]], rtol=0, atol=1e-3), key
    turned = np.zeros((4, 4))
    turned[:, :2] = theirs[:, :2] @ pixel[:2, :2]
    turned[:, 3] = theirs[:, 3] + theirs[:, :2] @ pixel[:2, 2]
    assert np.allclose(ours, turned, rtol=0, atol=1e-3), (key, ours, turned)
    if not is_turned(pixel):
        lengths = np.linalg.norm(ours[:3, :2], axis=0)
        # Sides are whole numbers of pixels: of n, half a pixel is 1 / 2n.
        least = min(entry["width"], entry["height"])
        assert abs(lengths[0] / lengths[1] - 1) < 0.01 + 0.51 / least, (key, lengths)
    # Left or, in sagittal planes, back is to the right; back or feet are below.
    across, down = ours[:3, 0], ours[:3, 1]
    if row["pictures"][0]["selection"]["kind"] == "slice":
        main = [np.argmax(np.abs(across)), np.argmax(np.abs(down))]
        assert across[main[0]] > 0, (key, across)
        assert down[main[1]] > 0 if main[1] == 1 else down[main[1]] < 0, (key, down)
        compared["turned"] += not np.array_equal(pixel[:2, :2], np.eye(2))
    return True


compared = collections.Counter()
for path in sorted(glob.glob(os.path.join(sys.argv[1], "shards", "*.tar"))):
    with tarfile.open(path) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}
    for name, data in members.items():
        if not name.endswith(".json"):
            continue
        row = json.loads(data)
        source = files[row["pictures"][0]["source_sha256"][0]]
        try:
            data_set = pydicom.dcmread(source, force=True)
        except Exception:
            # Damaged beyond what pydicom reads; it cannot be compared.
            compared["unread"] += 1
            continue
        syntax = str(getattr(data_set, "file_meta", {}).get("TransferSyntaxUID", "1.2.840.10008.1.2"))
        picture = Image.open(io.BytesIO(members[row["image"]]))
        if syntax in LOSSLESS and row["pictures"][0]["modality_values"] is not None:
            if compare_values(row["id"], row, picture, data_set):
                compared[row["modality"]] += 1
                compared["inverted"] += row["pictures"][0]["display"]["inverted"]
        compared["placed"] += compare_place(row["id"], row, data_set)
print(json.dumps(dict(sorted(compared.items()))))

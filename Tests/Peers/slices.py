"""Slices of `gmai-prep slice` beside pydicom, nibabel and numpy, and beside a data set.

    slices.py window SOURCE SLICES CENTER WIDTH   8 bits: LINEAR of PS3.3 C.11.2.1.2 by hand, in float64
    slices.py values SOURCE SLICES                16 bits: pydicom's apply_modality_lut, exactly
    slices.py nifti FILE SLICES                   16 bits: sections of nibabel's closest canonical image
    slices.py dataset SLICES DATASET              the bytes of pictures beside those of a data set's shards

Pixels are found in the source by pixel_to_patient of slices.json alone. Prints a line a slice that differs, and a last
line of what was compared.
"""

import collections
import io
import json
import pathlib
import sys
import tarfile

import nibabel
import numpy as np
import pydicom
from PIL import Image
from pydicom.pixels import apply_modality_lut


def slices(folder):
    for volume in json.load(open(f"{folder}/slices.json"))["volumes"]:
        for entry in volume["slices"]:
            picture = np.asarray(Image.open(f"{folder}/{entry['file']}"))
            assert picture.shape[:2] == (entry["size"][1], entry["size"][0]), entry["file"]
            yield volume, entry, picture


def places(entry):
    """LPS of the centre of each pixel: rows x columns x 3; None where it has no place."""
    if entry["pixel_to_patient"] is None:
        return None
    columns, rows = entry["size"]
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    pixel = np.stack([column, row, 0 * row, 0 * row + 1], -1)
    return (pixel @ np.array(entry["pixel_to_patient"]).T)[..., :3]


def planes(source):
    """Pixels of DICOM files, and where they are (PS3.3 C.7.6.2.1.1)."""
    source = pathlib.Path(source)
    found = []
    for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
        if not path.is_file() or path.stat().st_size == 0:
            continue
        ds = pydicom.dcmread(path, force=True)
        # Files without a head are in DICOM's default transfer syntax.
        if "TransferSyntaxUID" not in ds.file_meta:
            ds.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
        if "PixelData" in ds:
            found.append(ds)
    return found


def stored(found, place):
    """The values of the one plane in which a picture lies, and which of them are padding."""
    if place is None:
        # Without a place in the patient the source has one picture, and it is shown as it is.
        (ds,) = found
        return apply_modality_lut(ds.pixel_array, ds).astype(np.float64), np.zeros(ds.pixel_array.shape, bool)
    for ds in found:
        if "ImagePositionPatient" not in ds:
            continue
        x, y = np.array(ds.ImageOrientationPatient, float).reshape(2, 3)
        start = np.array(ds.ImagePositionPatient, float)
        beside = place - start
        if np.abs(beside @ np.cross(x, y)).max() > 0.01:
            continue
        column = beside @ x / float(ds.PixelSpacing[1])
        row = beside @ y / float(ds.PixelSpacing[0])
        assert max(np.abs(column - column.round()).max(), np.abs(row - row.round()).max()) < 0.01
        pick = row.round().astype(int), column.round().astype(int)
        raw = ds.pixel_array[pick]
        padding = np.zeros(raw.shape, bool)
        if "PixelPaddingValue" in ds:
            ends = sorted([ds.PixelPaddingValue, ds.get("PixelPaddingRangeLimit", ds.PixelPaddingValue)])
            padding = (raw >= ends[0]) & (raw <= ends[1])
        return apply_modality_lut(raw, ds).astype(np.float64), padding
    raise SystemExit("a slice lies in no plane of the source")


def window(source, folder, center, width):
    c, w = float(center), float(width)
    found, count, pixels, greys = planes(source), 0, 0, set()
    for _, entry, picture in slices(folder):
        assert entry["window"] == {"center": c, "width": w, "function": "LINEAR"}, entry["window"]
        value, padding = stored(found, places(entry))
        t = np.clip((value - (c - 0.5)) / (w - 1) + 0.5, 0, 1)
        expected = np.where(padding, 0, np.floor(255 * t + 0.5))
        if not np.array_equal(picture, expected):
            print(entry["file"], "differs by", np.abs(picture - expected).max())
        # A grey within the window leads back to its value within half a step.
        inside = (picture > 0) & (picture < 255)
        back = entry["offset"] + entry["scale"] * picture[inside].astype(float)
        if inside.any() and np.abs(back - value[inside]).max() > entry["scale"] / 2 + 1e-9:
            print(entry["file"], "does not lead back")
        count, pixels, greys = count + 1, pixels + picture.size, greys | set(np.unique(picture).tolist())
    print(count, "slices of", len(found), "planes,", pixels, "pixels,", len(greys), "greys")


def values(source, folder):
    found, count, pixels = planes(source), 0, 0
    for _, entry, picture in slices(folder):
        assert picture.dtype == np.uint16, picture.dtype
        value, padding = stored(found, places(entry))
        back = entry["offset"] + entry["scale"] * picture.astype(np.float64)
        expected = np.round((value - entry["offset"]) / entry["scale"])
        if not np.array_equal(picture[~padding], expected[~padding]) or picture[padding].any():
            print(entry["file"], "is not round((value - offset) / scale)")
        if not np.array_equal(back[~padding], value[~padding]):
            print(entry["file"], "differs by", np.abs(back - value)[~padding].max())
        count, pixels = count + 1, pixels + picture.size
    inverted = ", inverted" if entry["inverted"] else ""
    print(count, "slices of", len(found), f"planes, {pixels} pixels{inverted}")


# Of RAS: which axis goes through the sections, down and across, and which way, as a radiologist looks at them.
WAYS = {
    "axial": ((2, 1), (1, -1), (0, -1)),
    "coronal": ((1, -1), (2, -1), (0, -1)),
    "sagittal": ((0, -1), (2, -1), (1, -1)),
}


def nifti(path, folder):
    image = nibabel.load(path)
    canonical = nibabel.as_closest_canonical(image)
    data = canonical.get_fdata()
    counts, exact = collections.Counter(), True
    for _, entry, picture in slices(folder):
        ways = WAYS[entry["plane"]]
        order, steps = [axis for axis, _ in ways], tuple(slice(None, None, way) for _, way in ways)
        # Of acquired slices the first may be at either end: the index is the volume's own.
        z = places(entry)[0, 0] * [-1, -1, 1]
        voxel = np.linalg.inv(canonical.affine) @ [*z, 1]
        assert np.abs(voxel - voxel.round()).max() < 0.01, voxel
        axis, way = ways[0]
        index = int(voxel[axis].round())
        section = data.transpose(order)[steps][index if way > 0 else data.shape[axis] - 1 - index]
        back = entry["offset"] + entry["scale"] * picture.astype(np.float64)
        if section.shape != picture.shape or np.abs(back - section).max() > entry["scale"] / 2 * (1 + 1e-6):
            print(entry["file"], "differs", section.shape, picture.shape)
        exact &= np.array_equal(back, section)
        matrix = np.diag([-1.0, -1, 1, 1]) @ np.array(entry["pixel_to_patient"])
        matrix[:3, 2] = np.cross(matrix[:3, 0], matrix[:3, 1])
        codes = nibabel.aff2axcodes(matrix)[:2]
        said = ["".join({"H": "S", "F": "I"}.get(c, c) for c in word) for word in entry["orientation"]]
        if list(codes) != said:
            print(entry["file"], codes, said)
        spacing = np.linalg.norm(matrix[:3, [1, 0]], axis=0)
        assert np.allclose(spacing, entry["pixel_spacing_mm"])
        counts[entry["plane"]] += 1
    print(" ".join(f"{plane} {counts[plane]}" for plane in sorted(counts)), "exact" if exact else "within half a step")


def dataset(folder, made):
    ours = collections.Counter(picture.read_bytes() for picture in pathlib.Path(folder).glob("*.png"))
    theirs = collections.Counter()
    for shard in sorted(pathlib.Path(made, "shards").glob("*.tar")):
        with tarfile.open(shard) as tar:
            members = {m.name: tar.extractfile(m).read() for m in tar}
        for name, body in members.items():
            # Slides are no volumes.
            if name.endswith(".json") and json.loads(body)["modality"] != "pathology":
                theirs[members[json.loads(body)["image"]]] += 1
    names = [entry["file"] for _, entry, _ in slices(folder)]
    assert sorted(names) == sorted(p.name for p in pathlib.Path(folder).glob("*.png"))
    depths = {Image.open(io.BytesIO(body)).mode for body in ours}
    print(sum(ours.values()), sum(theirs.values()), "equal" if ours == theirs else "differ", " ".join(sorted(depths)))


if __name__ == "__main__":
    {"window": window, "values": values, "nifti": nifti, "dataset": dataset}[sys.argv[1]](*sys.argv[2:])

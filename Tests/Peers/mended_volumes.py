"""Volumes with gaps, tilts and damage, and the sections that a data set shows of them beside SimpleITK.

  mended_volumes.py make FOLDER           writes FOLDER/<case>/*.dcm
  mended_volumes.py check FOLDER DATASET  reads the pictures of DATASET, 8 or 16 bits, which are of FOLDER

SimpleITK resamples the planes on both sides of every pixel, at the place that pixel_to_patient names: straight ones
as a volume of two slices, shifted ones each on its own, and between them by distance. Modality values must be those of
the pixel within 1e-4 of the range that is shown, and half a step of 16 bits; of 8 bits within one grey. What SimpleITK
calls outside must be black, and so must what is nearest to padding; beside padding it cannot tell. Straightened volumes have as many sections as cover them.

One line a case and plane: pictures, what was mended, the distances of pixels, and how many pixels were inside, outside,
and beside padding.
"""

import glob
import hashlib
import io
import json
import pathlib
import sys
import tarfile
import warnings

import numpy as np
import pydicom
import SimpleITK as sitk
from PIL import Image

from volume_resampled import AXIAL, BACK, OBLIQUE, TILTED, along, disc, pictures, slices

warnings.filterwarnings("ignore")
TILT = np.tan(np.radians(15))
OTHER = dict(Modality="OT")
SAGITTAL = [0, 1, 0, 0, 0, -1]


def cases():
    even = [2.5 * k for k in range(7)]
    yield "gap", slices("gap", AXIAL, along(0, 2, 4, 8, 10, 16, 18), **OTHER)
    yield "uneven", slices("uneven", OBLIQUE, along(0, 2, 4, 8, 10, 12, 15, 17, 18.2), **OTHER)
    yield "head", slices("head", SAGITTAL, along(0, 2.5, 5, 7.5, 12.5, 17.5, 22.5), **OTHER)
    yield "unread", slices("unread", OBLIQUE, along(*even), **OTHER)
    yield "ends", slices("ends", AXIAL, along(*even), **OTHER)
    yield "tilt", slices("tilt", TILTED, along(*even, shift=(0, -TILT)), **OTHER)
    yield "sheared", slices("sheared", OBLIQUE, along(*even, shift=(-0.31, 0.43)), **OTHER)
    yield "both", slices("both", BACK, along(0, 2.5, 5, 10, 12.5, 16, shift=(0, TILT)), **OTHER)
    padding = dict(PixelRepresentation=1, PixelPaddingValue=-2000, PixelPaddingRangeLimit=-1998)
    yield "padding", slices("padding", AXIAL, along(0, 2, 4, 8, 10), values=disc, **OTHER, **padding)


DAMAGED = {"unread": [2, 3], "ends": [0, 6]}


def make(folder):
    for name, series in cases():
        (folder / name).mkdir(parents=True)
        for number, ds in enumerate(series):
            ds.PatientID, ds.StudyInstanceUID = name, ds.SeriesInstanceUID + ".1"
            path = folder / name / f"{number:02}.dcm"
            pydicom.dcmwrite(path, ds, enforce_file_format=True)
            if number in DAMAGED.get(name, []):
                path.write_bytes(path.read_bytes()[:-50])


def grid(matrix, columns, rows):
    """The pixels of a picture as an image of one slice."""
    across, down = np.array(matrix)[:3, 0], np.array(matrix)[:3, 1]
    image = sitk.Image([columns, rows, 1], sitk.sitkFloat64)
    image.SetOrigin([row[3] for row in matrix[:3]])
    image.SetSpacing([np.linalg.norm(across), np.linalg.norm(down), 1])
    x, y = across / np.linalg.norm(across), down / np.linalg.norm(down)
    image.SetDirection(np.array([x, y, np.cross(x, y)]).T.flatten().tolist())
    return image


def sampled(planes, axes, spacing, origin, depth, onto, moved=(0, 0, 0)):
    image = sitk.GetImageFromArray(np.stack(planes))
    image.SetOrigin(origin.tolist())
    image.SetSpacing([spacing[1], spacing[0], depth])
    image.SetDirection(axes.T.flatten().tolist())
    shift = sitk.TranslationTransform(3, [float(m) for m in moved])
    return sitk.GetArrayFromImage(sitk.Resample(image, onto, shift, sitk.sitkLinear, np.nan, sitk.sitkFloat64))[0]


def reference(series, matrix, columns, rows):
    """Values and the part of each that is picture; no numbers outside."""
    first = series[0]
    x, y = np.array(first.ImageOrientationPatient, float).reshape(2, 3)
    axes = np.array([x, y, np.cross(x, y)])
    spacing = [float(s) for s in first.PixelSpacing]
    origins = [np.array(ds.ImagePositionPatient, float) for ds in series]
    heights = np.array([(o - origins[0]) @ axes[2] for o in origins])
    is_straight = all(np.abs((o - origins[0]) @ axes[:2].T).max() < 1e-3 for o in origins)
    onto = grid(matrix, columns, rows)
    j, i = np.indices((rows, columns))
    points = np.tensordot(np.array(matrix)[:3], np.stack([i, j, 0 * i, 0 * i + 1]), 1)
    z = np.tensordot(axes[2], points - origins[0][:, None, None], 1)
    values, weights = np.full((rows, columns), np.nan), np.zeros((rows, columns))
    for lower, upper in zip(range(len(series)), range(1, len(series))):
        step = heights[upper] - heights[lower]
        # The outermost slices reach half a step further, as pixels do.
        below, above = (step / 2 if end else 1e-4 for end in (lower == 0, upper == len(series) - 1))
        here = (z >= heights[lower] - below) & (z <= heights[upper] + above)
        if not here.any():
            continue
        pair = [pictures(series[k]) for k in (lower, upper)]
        if is_straight:
            made = [
                sampled([np.where(p[1], p[0], 0), np.where(q[1], q[0], 0)] if n == 0 else [p[1] * 1.0, q[1] * 1.0],
                        axes, spacing, origins[lower], step, onto) for n, (p, q) in enumerate([pair, pair])]
        else:
            share = np.clip((z - heights[lower]) / step, 0, 1)
            both = []
            for k, (shown, mask) in zip((lower, upper), pair):
                # The plane as thick as is needed, brought to where the pixels are.
                slab = [[np.where(mask, shown, 0)] * 2, [mask * 1.0] * 2]
                both.append([sampled(s, axes, spacing, origins[k] - 50 * axes[2], 100, onto) for s in slab])
            made = []
            for n in range(2):
                a, b = both[0][n], both[1][n]
                a_out, b_out = np.isnan(a), np.isnan(b)
                near = np.where(share < 0.5 - 1e-4, a_out, b_out)
                mean = np.where(a_out | (share > 1 - 1e-5), b, np.where(b_out | (share < 1e-5), a, (1 - share) * a + share * b))
                made.append(np.where(near, np.nan, mean))
        values[here], weights[here] = made[0][here], np.nan_to_num(made[1])[here]
    return values, weights


def straight(series):
    """How many sections 0.6 mm apart cover the pixels' centres along the patient's axes."""
    corners = []
    for ds in series:
        x, y = np.array(ds.ImageOrientationPatient, float).reshape(2, 3)
        at = np.array(ds.ImagePositionPatient, float)
        corners += [at + i * x * 0.6 * (ds.Columns - 1) + j * y * 0.8 * (ds.Rows - 1) for i in (0, 1) for j in (0, 1)]
    counts = np.ceil(np.ptp(corners, axis=0) / 0.6 - 1e-3).astype(int) + 1
    return dict(zip(("sagittal", "coronal", "axial"), counts))


def check(folder, data_set):
    paths = {hashlib.sha256(p.read_bytes()).hexdigest(): p for p in folder.glob("*/*.dcm")}
    lines, volumes = {}, {}
    for shard in sorted(glob.glob(data_set + "/shards/*.tar")):
        with tarfile.open(shard) as tar:
            names = tar.getnames()
            read = lambda name: tar.extractfile(name).read()
            samples = [(json.loads(read(n)), np.asarray(Image.open(io.BytesIO(read(n[:-5] + ".0.png"))))) for n in names if n.endswith(".json")]
        for row, picture in samples:
            entry = row["pictures"][0]
            case = paths[entry["source_sha256"][0]].parent.name
            line = lines.setdefault((case, entry["selection"]["plane"]), [0, set(), set(), 0, 0, 0])
            matrix = entry["pixel_to_patient"]
            distances = [round(float(np.linalg.norm(np.array(matrix)[:3, k])), 4) for k in (0, 1)]
            line[0] += 1
            line[1].add("+".join(entry["selection"]["mended"]) or "-")
            line[2].add("x".join(map(str, distances)))
            if entry["source_from_pixel"] is not None:
                continue
            if case not in volumes:
                series = [pydicom.dcmread(p) for n, p in enumerate(sorted((folder / case).glob("*.dcm"))) if n not in DAMAGED.get(case, [])]
                x, y = np.array(series[0].ImageOrientationPatient, float).reshape(2, 3)
                volumes[case] = sorted(series, key=lambda ds: np.array(ds.ImagePositionPatient, float) @ np.cross(x, y))
                assert len(entry["source_sha256"]) == len(series) and len(entry["instances"]) == len(series), "sources"
            values, weights = reference(volumes[case], matrix, entry["width"], entry["height"])
            low, high = (entry["display"]["channels"][0][k] for k in ("low", "high"))
            outside = np.isnan(values)
            assert (picture[outside] == 0).all(), (case, "outside is not black")
            inside = ~outside & (weights > 1 - 1e-9)
            top = 65535 if picture.dtype == np.uint16 else 255
            theirs = np.clip((values[inside] - low) / (high - low), 0, 1)
            off = np.abs(picture[inside].astype(float) / top - theirs).max(initial=0)
            limit = 1e-4 + 0.5 / 65535 if top > 255 else 1 / 255 + 0.5 / 255
            assert off <= limit, (case, entry["selection"], off)
            if top == 255:
                steps = np.abs(picture[inside].astype(int) - np.floor(255 * theirs + 0.5))
                assert steps.max(initial=0) <= 1, (case, steps.max())
            line[3] += inside.sum()
            line[4] += outside.sum()
            line[5] += (~outside & ~inside).sum()
    for (case, plane), (count, mended, *_) in lines.items():
        if any("oblique" in words for words in mended):
            assert count == straight(volumes[case])[plane], (case, plane, count, straight(volumes[case]))
    for (case, plane), (count, mended, distances, *pixels) in sorted(lines.items()):
        print(case, plane, count, *sorted(mended), *sorted(distances), *pixels)


if __name__ == "__main__":
    make(pathlib.Path(sys.argv[2])) if sys.argv[1] == "make" else check(pathlib.Path(sys.argv[2]), sys.argv[3])

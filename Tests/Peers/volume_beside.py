"""The volumes of every DICOM series of a folder by gmai-prep beside those of dcm2niix.

  volume_beside.py GMAI_PREP ROOT        of each series of a folder
  volume_beside.py against FOLDER OURS   volumes of dcm2niix that are there already, and those of ours

A series is given to both as a folder of links. Of each volume of dcm2niix the like one of gmai-prep is
looked for: both turned to the nearest axes of RAS, voxels equal, affine within 1e-4 mm, sform and qform
both known or both not. One line a series that differs: the path of its first file, and in what. Last, how
many series dcm2niix could read, and how many of those are equal in all volumes.
"""

import collections
import pathlib
import subprocess
import sys
import tempfile
import warnings

import nibabel as nib
import numpy as np
import pydicom

warnings.filterwarnings("ignore")


def series(root):
    found = collections.defaultdict(list)
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        try:
            dataset = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["SeriesInstanceUID", "Rows"])
        except Exception:
            continue
        if "Rows" not in dataset:
            continue
        name = path.relative_to(root)
        # Of one UID in two projects nobody says that it is one series.
        found[name.parts[0], str(dataset.get("SeriesInstanceUID", name))].append(name)
    return sorted(found.values())


def volumes(folder):
    for path in sorted(folder.glob("*.nii*")):
        image = nib.load(path)
        header = image.header
        voxels = np.asanyarray(image.dataobj)
        if voxels.dtype.fields:
            voxels = np.stack([voxels[name] for name in voxels.dtype.names], -1)
        known = bool(header["sform_code"] > 0 or header["qform_code"] > 0)
        affine = image.affine
        if known:
            turn = nib.io_orientation(affine)
            voxels = nib.apply_orientation(voxels, turn)
            affine = affine @ nib.orientations.inv_ornt_aff(turn, image.shape[:3])
        yield path.name, np.squeeze(voxels), affine if known else None


def difference(theirs, ours):
    (_, a, affine), (_, b, other) = theirs, ours
    if a.shape != b.shape:
        return 3, f"shape {' '.join(map(str, a.shape))}"
    if not np.array_equal(a, b, equal_nan=True):
        return 2, f"voxels by {np.nanmax(np.abs(a.astype(float) - b.astype(float))):g}"
    if (affine is None) != (other is None):
        return 1, "place only " + ("in ours" if affine is None else "in theirs")
    if affine is not None and np.abs(affine - other).max() > 1e-4:
        return 1, f"affine by {np.abs(affine - other).max():.4g} mm"
    return 0, ""


def against(folder, ours):
    ours = list(volumes(ours))
    for volume in volumes(folder):
        _, what = min(difference(volume, own) for own in ours)
        print(volume[0], what or "equal")


def main():
    if sys.argv[1] == "against":
        return against(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
    tool, root = sys.argv[1], pathlib.Path(sys.argv[2])
    read = equal = 0
    for names in series(root):
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            for name in ("in", "ours", "theirs"):
                (scratch / name).mkdir()
            for number, name in enumerate(names):
                (scratch / "in" / f"{number:04}.dcm").symlink_to(root / name)
            subprocess.run(
                ["dcm2niix", "-b", "n", "-z", "n", "-f", "v", "-o", scratch / "theirs", scratch / "in"],
                capture_output=True,
            )
            theirs = [v for v in volumes(scratch / "theirs") if not v[0].endswith("_Eq_1.nii")]
            if not theirs:
                continue
            read += 1
            run = subprocess.run(
                [tool, "volume", scratch / "in", "--out", scratch / "ours" / "v.nii"], capture_output=True, text=True
            )
            ours = list(volumes(scratch / "ours"))
            worst = []
            for volume in theirs:
                found = min((difference(volume, own) for own in ours), default=(4, "not written"))
                if found[0]:
                    worst.append(found[1] if ours else "rejected " + codes(run.stdout))
            if worst:
                print(f"{names[0]}: {worst[0]}" + (f" ({len(worst)} of {len(theirs)} volumes)" if len(theirs) > 1 else ""))
            else:
                equal += 1
    print(f"{read} series, {equal} equal")


def codes(text):
    return " ".join(sorted({line.split()[1].rstrip(":") for line in text.splitlines() if line.startswith("Rejected, ")}))


if __name__ == "__main__":
    main()

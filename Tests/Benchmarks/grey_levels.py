"""The grey of one tissue from slice to slice: as gmai-prep shows it, beside min-max of each slice.

    grey_levels.py GMAI-PREP                     the table of Docs/Concepts/grey-levels.md, a row a line
    grey_levels.py GMAI-PREP --pictures FOLDER   its pictures

GMAI-PREP is the built program, GMAI_PREP_CORPUS the folder of real files. Ours are the PNG files of `gmai-prep slice`,
CT in the window 40/400, MR as it is shown by default. Min-max is floor((v - min) / (max - min) * 255) of a slice, padding included, as an integer
cast has it. Values are pydicom's of CT in DICOM files, nibabel's or those of `gmai-prep slice --depth 16` of others.

A tissue is a range of values, so that it is the same in both; or a region that somebody drew. Slices with fewer than
50 pixels of it are left out. Each number is the mean over slices of the mean grey of a slice, with the least and the
greatest slice behind it.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pydicom
from PIL import Image, ImageDraw

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Peers"))
import slices as peer

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CORPUS = pathlib.Path(os.environ.get("GMAI_PREP_CORPUS") or ROOT.parent / "shared/corpus")
CT = ["--window", "40/400"]
FEWEST = 50
# Air has -1000 HU; noise and edges reach a little below it, and nothing this.
THINNEST = -1500

BODY = "MIC-DKFZ__nnUNet/nnunetv2/tests/example_data/example_ct_sm.nii.gz"
ABDOMEN = "QIICR__dcmqi/data/segmentations/ct-3slice"
LIVER = "QIICR__dcmqi/data/segmentations/liver.dcm"
ECHO_PLANAR = "neurolabusc__dcm_qa_nih/In/20180918GE/mr_0004"
# CT in Hounsfield units, each the only slice of its series: of many scanners.
SINGLE = [
    "cornerstonejs__dicomParser/examples/nodejs/ctimage.dcm",
    "cornerstonejs__dicomParser/testImages/encapsulated/single-frame/CT1_UNC.explicit_little_endian.dcm",
    "dicompyler__dicompyler-core/tests/testdata/example_data/ct.0.dcm",
    "pydicom__pydicom/src/pydicom/data/test_files/CT_small.dcm",
    "pydicom__pydicom/src/pydicom/data/test_files/J2K_pixelrep_mismatch.dcm",
    "pydicom__pydicom-data/data_store/data/693_UNCI.dcm",
    "pydicom__pydicom-data/data_store/data/bad_sequence.dcm",
    "pydicom__pydicom-data/data_store/data/explicit_VR-UN.dcm",
    "tensorflow__io/tests/test_dicom/CT-MONO2-16-brain.dcm",
    "tensorflow__io/tests/test_dicom/CT-MONO2-16-ort.dcm",
    "tensorflow__io/tests/test_dicom/TOSHIBA_J2K_OpenJPEGv2Regression.dcm",
]


def soft_tissue(values):
    return [(v >= 40) & (v <= 60) for v in values]


def median_tissue(values):
    """What lies within 5 % of the median of all values above the mean: of a head mostly brain."""
    every = np.concatenate([v.ravel() for v in values])
    median = np.median(every[every > every.mean()])
    return [np.abs(v - median) <= 0.05 * median for v in values]


def liver(values, entries):
    segmentation = pydicom.dcmread(CORPUS / LIVER)
    masks = []
    for entry in entries:
        z = entry["pixel_to_patient"][2][3]
        heights = [
            float(f.PlanePositionSequence[0].ImagePositionPatient[2])
            for f in segmentation.PerFrameFunctionalGroupsSequence
        ]
        nearest = int(np.argmin(np.abs(np.array(heights) - z)))
        assert abs(heights[nearest] - z) < 0.01
        masks.append(segmentation.pixel_array[nearest] > 0)
    return masks


def sliced(tool, source, options):
    """Entries of slices.json, pictures, modality values and padding of a source."""
    with tempfile.TemporaryDirectory() as folder:
        for out, words in [("8", options), ("16", ["--depth", "16"])]:
            end = subprocess.run([tool, "slice", source, "--out", f"{folder}/{out}", "--quiet", *words], capture_output=True)
            assert end.returncode == 0, end.stderr.decode()
        greys = [(entry, picture.copy()) for _, entry, picture in peer.slices(f"{folder}/8")]
        deep = {entry["file"]: (entry, picture.copy()) for _, entry, picture in peer.slices(f"{folder}/16")}
    is_nifti = str(source).endswith(".nii.gz") or str(source).endswith(".nii")
    planes = [] if is_nifti else peer.planes(source)
    entries, pictures, values, paddings = [], [], [], []
    for entry, picture in greys:
        other, pixels = deep[entry["file"]]
        if planes and planes[0].Modality == "CT":
            value, padding = peer.stored(planes, peer.places(entry))
            # Some headers name another value than the one that fills what was not scanned.
            padding |= value < THINNEST
        else:
            value, padding = other["offset"] + other["scale"] * pixels.astype(float), np.zeros(pixels.shape, bool)
        assert value.shape == picture.shape
        for many, one in zip((entries, pictures, values, paddings), (entry, picture, value, padding)):
            many.append(one)
    return entries, pictures, values, paddings


def min_max(value):
    return np.floor((value - value.min()) / (value.max() - value.min()) * 255)


def means(pictures, tissue):
    return [float(p[t].mean()) for p, t in zip(pictures, tissue) if t.sum() >= FEWEST]


def said(numbers):
    return f"{np.mean(numbers):.1f} ({min(numbers):.1f} to {max(numbers):.1f})"


def lost(values, paddings):
    """Per cent of the greys of min-max that lie below the lowest value of the picture: between it and padding."""
    shares = []
    for value, padding in zip(values, paddings):
        lowest = value[~padding].min()
        shares.append(100 * (lowest - value.min()) / (value.max() - value.min()))
    return f"{np.mean(shares):.0f} %"


def left(values):
    """Greys of min-max that the 400 HU of the window get, of its 256."""
    return f"{np.mean([256 * 400 / (value.max() - value.min()) for value in values]):.0f}"


def row(name, what, data, tissue):
    entries, pictures, values, paddings = data
    ours = means(pictures, tissue)
    theirs = means([min_max(v) for v in values], tissue)
    is_windowed = entries[0]["window"] is not None
    print(
        f"| {name} | {what} | {len(ours)} | {said(ours)} | {said(theirs)} | "
        + (f"{lost(values, paddings)} | {left(values)} |" if is_windowed else "| |")
    )


def joined(parts):
    return tuple(sum((list(part[i]) for part in parts), []) for i in range(4))


def table(tool):
    body = sliced(tool, CORPUS / BODY, CT)
    row("nnU-Net, CT of a body", "40 to 60 HU", body, soft_tissue(body[2]))
    abdomen = sliced(tool, CORPUS / ABDOMEN, CT)
    row("dcmqi, CT of an abdomen", "40 to 60 HU", abdomen, soft_tissue(abdomen[2]))
    row("dcmqi, CT of an abdomen", "the liver, as drawn", abdomen, liver(abdomen[2], abdomen[0]))
    singles = joined([sliced(tool, CORPUS / path, CT) for path in SINGLE])
    row(f"{len(SINGLE)} CT series, a slice each", "40 to 60 HU", singles, soft_tissue(singles[2]))
    for name, path in [
        ("dcm_qa_nih, echo-planar MR", ECHO_PLANAR),
        ("nibabel, 4-D MR of a head", "nipy__nibabel/nibabel/tests/data/example4d.nii.gz"),
        ("nibabel, anatomical MR", "nipy__nibabel/nibabel/tests/data/anatomical.nii"),
    ]:
        data = sliced(tool, CORPUS / path, [])
        row(name, "within 5 % of the median", data, median_tissue(data[2]))


def figure(data, tissue, chosen, scale, path):
    """Ours above, min-max below, the mean grey of the tissue under each."""
    _, pictures, values, _ = data
    rows, columns = pictures[0].shape
    width, height, text = columns * scale, rows * scale, 14
    sheet = Image.new("L", (len(chosen) * (width + 4) - 4, 2 * (height + text) + 4), 255)
    draw = ImageDraw.Draw(sheet)
    for place, number in enumerate(chosen):
        for line, picture in enumerate([pictures[number], min_max(values[number])]):
            shown = Image.fromarray(picture.astype(np.uint8)).resize((width, height), Image.Resampling.NEAREST)
            at = place * (width + 4), line * (height + text + 4)
            sheet.paste(shown, at)
            grey = picture[tissue[number]].mean()
            draw.text((at[0] + 2, at[1] + height + 1), f"{grey:.0f}", fill=0)
    sheet.save(path, optimize=True)


def pictures(tool, folder):
    body = sliced(tool, CORPUS / BODY, CT)
    figure(body, soft_tissue(body[2]), [0, 8, 12, 26], 1, f"{folder}/grey-levels-ct.png")
    head = sliced(tool, CORPUS / ECHO_PLANAR, [])
    figure(head, median_tissue(head[2]), [1, 4, 7, 10, 13], 2, f"{folder}/grey-levels-mr.png")


if __name__ == "__main__":
    if "--pictures" in sys.argv:
        pictures(sys.argv[1], sys.argv[3])
    else:
        table(sys.argv[1])

"""pydicom, nibabel and Pillow read the sample export in the folder export/.

Prints a line a series (patient's number and name, modality, instances, frames, shape, photometric
interpretation) and fails where pixels or headers are not what the export promises.
"""

import csv
import os
import pathlib

import nibabel
import numpy as np
from PIL import Image
from pydicom import dcmread
from pydicom.fileset import FileSet

os.chdir("export")
files = {p for p in pathlib.Path("DICOM").rglob("*") if p.is_file()}
listed = {pathlib.Path(i.path).relative_to(pathlib.Path.cwd()) for i in FileSet("DICOMDIR")}
assert files == listed, files ^ listed

series = {}
for path in files:
    ds = dcmread(path)
    assert ds.PatientID.startswith("SYNTHETIC-") and ds.SOPInstanceUID.startswith("2.25.")
    series.setdefault((path.parts[1], ds.SeriesNumber), []).append(ds)
assert len({ds.SOPInstanceUID for group in series.values() for ds in group}) == len(files)

for (patient, _), group in sorted(series.items()):
    group.sort(key=lambda ds: ds.InstanceNumber)
    ds = group[0]
    shape = "x".join(map(str, ds.pixel_array.shape)) if "PixelData" in ds else "-"
    kind = ds.get("PhotometricInterpretation", "-")
    print(patient, ds.PatientName, ds.Modality, len(group), shape, kind)


def hounsfield(ds, x, y):
    """The mean of 5 x 5 pixels around a point in millimetres."""
    column = round((x - ds.ImagePositionPatient[0]) / ds.PixelSpacing[1])
    row = round((y - ds.ImagePositionPatient[1]) / ds.PixelSpacing[0])
    values = ds.pixel_array[row - 2 : row + 3, column - 2 : column + 3]
    return values.mean() * ds.RescaleSlope + ds.RescaleIntercept


def nearest(group, z):
    return min(group, key=lambda ds: abs(ds.ImagePositionPatient[2] - z))


def near(value, expected, tolerance):
    assert abs(value - expected) <= tolerance, (value, expected)


# The HU of TorsoAnatomy. Noise of 13 HU, of which neighbours share about half: 6 HU in the mean of 25
# pixels, and less than 4 times that.
chest = series["PAT001", 2]
near(hounsfield(nearest(chest, 54), -80, 30), -860, 24)  # right lung
near(hounsfield(nearest(chest, 150), -75, -15), 30, 24)  # nodule
arterial, portal = series["PAT002", 2], series["PAT002", 3]
for group, liver, aorta in (arterial, 72, 320), (portal, 112, 155):
    ds = nearest(group, -65)
    near(hounsfield(ds, -100, 10), liver, 24)
    near(hounsfield(ds, 10.7, 41), aorta, 24)
assert arterial[0].FrameOfReferenceUID == portal[0].FrameOfReferenceUID
head = nearest(series["PAT003", 2], 26)
near(hounsfield(head, 30, 18), 68, 9)  # blood, with noise of 5 HU

for group in chest, arterial, series["PAT003", 2], series["PAT004", 2]:
    for ds in group:
        side = ds.Rows
        y, x = np.mgrid[:side, :side] - (side - 1) / 2
        outside = x * x + y * y > (side / 2 + 1) ** 2
        stored = ds.pixel_array
        assert ds.PixelPaddingValue == -2000 and (stored[outside] == -2000).all()
        assert stored[x * x + y * y < (side / 2 - 1) ** 2].min() >= 0
    z = np.diff([float(ds.ImagePositionPatient[2]) for ds in group])
    names = [ds.filename for ds in group]
    assert names != sorted(names), "file names must not give the order away"
    gaps = sorted(set(z))
    # Patient 4 lacks two slices of twelve millimetres.
    assert gaps == ([12.0, 36.0] if group is series["PAT004", 2] else gaps[:1]), gaps
for number in 1, 2, 3, 4:
    assert series[f"PAT00{number}", 1][0].ImageType[2] == "LOCALIZER"

echoes = series["PAT005", 2]
assert sorted({(int(ds.EchoNumbers), float(ds.EchoTime)) for ds in echoes}) == [(1, 18), (2, 92)]
bright = [np.mean([ds.pixel_array.max() for ds in echoes if ds.EchoNumbers == n]) for n in (1, 2)]
assert bright[0] > bright[1]
times = series["PAT006", 1]
assert sorted({int(ds.TemporalPositionIdentifier) for ds in times}) == [1, 2, 3]
assert len({tuple(ds.ImagePositionPatient) for ds in times}) * 3 == len(times)

plate = series["PAT007", 1][0]
assert "WindowCenter" in plate and "WindowWidth" in plate
# Lungs let more light through than the belly; MONOCHROME1 shows high values dark.
values = plate.pixel_array.astype(int)
assert values[150, 80] > values[340, 160] + 400
detector = series["PAT008", 1][0]
assert detector.VOILUTSequence[0].LUTDescriptor == [4096, 0, 12]
assert len(detector.VOILUTSequence[0].LUTData) == 8192

for patient, burned in ("PAT009", "NO"), ("PAT011", "YES"):
    assert series[patient, 1][0].BurnedInAnnotation == burned
cine = series["PAT009", 2][0].pixel_array
assert (cine[0] != cine[10]).mean() > 0.05
assert series["PAT011", 2][0].ContentSequence[0].TextValue.startswith("Synthetic")
slide = series["PAT012", 1][0]
assert slide.TotalPixelMatrixRows == 512 and slide.NumberOfFrames == 16

volume, labels = nibabel.load("VOLUME/head.nii"), nibabel.load("VOLUME/head_labels.nii")
assert nibabel.aff2axcodes(volume.affine) == ("R", "A", "S")
assert np.array_equal(volume.affine, labels.affine) and volume.shape == labels.shape
table = list(csv.DictReader(open("VOLUME/head_labels.csv")))
named = {int(row["value"]) for row in table}
assert set(np.unique(np.asarray(labels.dataobj))) == named | {0}

pictures = list(csv.DictReader(open("PICTURES/labels.csv")))
assert {row["file"] for row in pictures} == {p.name for p in pathlib.Path("PICTURES").glob("*.png")}
for row in pictures:
    Image.open("PICTURES/" + row["file"]).load()
print(len(pictures), "pictures", "x".join(map(str, volume.shape)), "voxels")

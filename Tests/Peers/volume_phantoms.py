"""Small DICOM series, and what gmai-prep's volumes of them say to nibabel.

  volume_phantoms.py make FOLDER         writes FOLDER/<case>/*.dcm
  volume_phantoms.py check FOLDER OUT    reads OUT/<case>*.nii(.gz) beside them

A pixel's place is worked out by PS3.3 C.7.6.2.1.1 here, its modality value by slope, intercept or table.
Each voxel is looked up by its pixel's place, and its scaled value compared. One line a file: its name,
shape, type, slope and intercept, qform and sform code, unit of length, step in time, `pixels` that were
found at their place with their value, of how many in the series.
"""

import pathlib
import sys
import warnings

import nibabel as nib
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

warnings.filterwarnings("ignore")
ROWS, COLUMNS = 5, 7
AXIAL = [1, 0, 0, 0, 1, 0]
# Columns run to the left and back, rows to the feet and back: 30 degrees each.
OBLIQUE = [0.8660254, 0.5, 0, 0.25, -0.4330127, -0.8660254]


def image(case, slice_, **more):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    number = sum(ord(c) * 131**i for i, c in enumerate(case)) % 10**9
    ds.SOPClassUID, ds.Modality = "1.2.840.10008.5.1.4.1.1.4", "MR"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.826.0.1.77.30", f"1.2.826.0.1.77.30.{number}"
    ds.SOPInstanceUID = f"1.2.826.0.1.77.30.{number}.{more.get('InstanceNumber', slice_ + 1)}"
    ds.PatientID, ds.PatientName, ds.ImageType = "VOLUME-1", "Phantom^Volume", ["ORIGINAL", "PRIMARY", "M"]
    ds.SeriesNumber, ds.InstanceNumber = 1, slice_ + 1
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.Rows, ds.Columns = 1, "MONOCHROME2", ROWS, COLUMNS
    ds.BurnedInAnnotation = "NO"
    for name, value in more.items():
        setattr(ds, name, value)
    return ds


def place(ds, orientation, slice_, step=2.5, shift=0.0):
    """Slices along the normal, each `shift` further along the columns."""
    row, column = np.array(orientation[:3]), np.array(orientation[3:])
    position = np.array([-31.5, 12.25, 100.5]) + slice_ * (step * np.cross(row, column) + shift * column)
    ds.ImageOrientationPatient, ds.ImagePositionPatient = orientation, [round(float(p), 6) for p in position]
    ds.PixelSpacing, ds.SliceThickness = [1.5, 0.75], 2
    return ds


def pixels(ds, values):
    values = np.ascontiguousarray(values)
    if values.dtype.kind == "f":
        name = "FloatPixelData" if values.dtype.itemsize == 4 else "DoubleFloatPixelData"
        setattr(ds, name, values.tobytes())
        ds.BitsAllocated = values.dtype.itemsize * 8
        return ds
    bits = values.dtype.itemsize * 8
    ds.BitsAllocated, ds.PixelRepresentation = bits, int(values.dtype.kind == "i")
    ds.BitsStored = ds.get("BitsStored", bits)
    ds.HighBit = ds.BitsStored - 1
    ds.PixelData = values.tobytes()
    return ds


def noise(dtype, seed, low=None, high=None):
    info = np.iinfo(dtype)
    low, high = info.min if low is None else low, info.max if high is None else high
    values = np.random.default_rng(seed).integers(low, high, (ROWS, COLUMNS), dtype=dtype, endpoint=True)
    values[0, 0], values[-1, -1] = low, high
    return values


def cases():
    for name, dtype in [("i8", "i1"), ("i16", "i2"), ("i32", "i4"), ("u8", "u1"), ("u16", "u2"), ("u32", "u4")]:
        yield name, [pixels(place(image(name, s), OBLIQUE, s), noise(dtype, s)) for s in range(3)]
    yield "u12", [pixels(place(image("u12", s, BitsStored=12), AXIAL, s), noise("u2", s, 0, 4095)) for s in range(3)]
    for name, dtype in [("f32", "f4"), ("f64", "f8")]:
        uid = "1.2.840.10008.5.1.4.1.1.30"
        data = [np.random.default_rng(s).normal(0, 1e3, (ROWS, COLUMNS)).astype(dtype) for s in range(2)]
        yield name, [pixels(place(image(name, s, SOPClassUID=uid), OBLIQUE, s), d) for s, d in enumerate(data)]
    ct = dict(SOPClassUID="1.2.840.10008.5.1.4.1.1.2", Modality="CT", RescaleSlope="0.5", RescaleIntercept="-1024")
    yield "slope", [pixels(place(image("slope", s, **ct), AXIAL, s), noise("i2", s)) for s in range(3)]
    # As PET has it: the largest value of each slice is its largest number.
    yield "pet", [
        pixels(
            place(image("pet", s, Modality="PT", RescaleSlope=f"{0.25 * (s + 1)}", RescaleIntercept="0"), AXIAL, s),
            noise("i2", s, 0),
        )
        for s in range(3)
    ]
    table = Dataset()
    table.LUTDescriptor, table.ModalityLUTType = [256, 0, 16], "US"
    table.LUTData = (np.arange(256) ** 2).astype("<u2").tobytes()
    yield "lut", [
        pixels(place(image("lut", s, ModalityLUTSequence=[table]), AXIAL, s), noise("u1", s)) for s in range(2)
    ]
    # Slices from the head down are the same volume.
    down = [pixels(place(image("down", s), AXIAL, 2 - s), noise("i2", s)) for s in range(3)]
    yield "down", down
    # 15 degrees: the tangent of which times 2.5 mm.
    tilt = [pixels(place(image("tilt", s, **ct), AXIAL, s, shift=0.669873), noise("i2", s)) for s in range(4)]
    yield "tilt", tilt
    yield "single", [pixels(place(image("single", 0, SpacingBetweenSlices="3.5"), OBLIQUE, 0), noise("i2", 0))]
    yield "gap", [pixels(place(image("gap", s), AXIAL, s), noise("i2", s)) for s in (0, 1, 2, 5, 6)]
    series = []
    for echo in range(2):
        for s in range(3):
            ds = image("echo", s, EchoNumbers=echo + 1, EchoTime=f"{10 * (echo + 1)}", InstanceNumber=2 * s + echo + 1)
            series.append(pixels(place(ds, OBLIQUE, s), noise("i2", 10 * echo + s)))
    yield "echo", series
    series = []
    for i, b in enumerate([0.0, 500.0, 1000.0]):
        for s in range(2):
            ds = image("dwi", s, DiffusionBValue=b, InstanceNumber=2 * i + s + 1)
            series.append(pixels(place(ds, AXIAL, s), noise("u2", 10 * i + s, 0, 4095)))
    yield "dwi", series
    series = []
    for t in range(3):
        for s in range(2):
            ds = image("time", s, TemporalPositionIdentifier=t + 1, InstanceNumber=2 * t + s + 1)
            # Over midnight.
            ds.AcquisitionTime = ["235957.5", "000000.0", "000002.5"][t]
            series.append(pixels(place(ds, AXIAL, s), noise("i2", 10 * t + s)))
    yield "time", series
    cr = pixels(image("cr", 0, Modality="CR", ImageType=["ORIGINAL", "PRIMARY"]), noise("u2", 0, 0, 4095))
    yield "cr", [cr]
    us = image("us", 0, Modality="US", SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
    us.SOPClassUID = "1.2.840.10008.5.1.4.1.1.3.1"
    us.NumberOfFrames = 4
    yield "us", [pixels(us, np.random.default_rng(7).integers(0, 255, (4, ROWS, COLUMNS, 3), dtype="u1"))]


def make(folder):
    for name, series in cases():
        (folder / name).mkdir(parents=True)
        for number, ds in enumerate(series):
            pydicom.dcmwrite(folder / name / f"{number:02}.dcm", ds, enforce_file_format=True)


def modality_values(ds):
    values = next(
        np.frombuffer(ds[name].value, kind)
        for name, kind in [
            ("FloatPixelData", "<f4"), ("DoubleFloatPixelData", "<f8"),
            ("PixelData", f"<{'ui'[ds.get('PixelRepresentation', 0)]}{ds.BitsAllocated // 8}"),
        ]
        if name in ds
    )
    shape = int(ds.get("NumberOfFrames", 1)), ROWS, COLUMNS, ds.SamplesPerPixel
    # An odd length is padded.
    values = values[: np.prod(shape)].reshape(shape).astype("f8")
    if "ModalityLUTSequence" in ds:
        return np.frombuffer(ds.ModalityLUTSequence[0].LUTData, "<u2").astype("f8")[values.astype(int)]
    return values * float(ds.get("RescaleSlope", 1)) + float(ds.get("RescaleIntercept", 0))


def check(folder, out):
    for path in sorted(out.glob("*.nii*")):
        case = path.name.split(".")[0].split("_")[0]
        nifti = nib.load(path)
        header = nifti.header
        voxels = np.asanyarray(nifti.dataobj)
        if voxels.dtype.fields:
            voxels = np.stack([voxels[c] for c in "RGB"], -1)
        else:
            voxels = voxels[..., None]
        if voxels.ndim == 4:
            voxels = voxels[:, :, :, None]
        series = [pydicom.dcmread(p) for p in sorted((folder / case).glob("*.dcm"))]
        found = total = 0
        back = np.linalg.inv(nifti.affine)
        for ds in sorted(series, key=lambda ds: ds.InstanceNumber):
            values = modality_values(ds)
            for frame, r, c in np.ndindex(len(values), ROWS, COLUMNS):
                total += 1
                if "ImagePositionPatient" in ds:
                    row, column = np.array(ds.ImageOrientationPatient[:3]), np.array(ds.ImageOrientationPatient[3:])
                    lps = (
                        np.array(ds.ImagePositionPatient, "f8")
                        + row * ds.PixelSpacing[1] * c
                        + column * ds.PixelSpacing[0] * r
                    )
                    at = back @ [-lps[0], -lps[1], lps[2], 1]
                    i, j, k = np.rint(at[:3]).astype(int)
                    # Within 1e-4 mm, whatever the size of a voxel.
                    off = np.abs(nifti.affine @ [i, j, k, 1] - [-lps[0], -lps[1], lps[2], 1]).max()
                    if off > 1e-4 or not all(0 <= n < m for n, m in zip((i, j, k), voxels.shape)):
                        continue
                    t = volume_of(ds, series)
                else:
                    i, j, k, t = c, ROWS - 1 - r, 0, frame
                mine = voxels[i, j, k, t].astype("f8")
                found += bool(np.allclose(mine, values[frame, r, c], rtol=1e-6, atol=0))
        step = float(header["pixdim"][4]) if header.get_xyzt_units()[1] == "sec" else None
        slope, intercept = nifti.dataobj.slope, nifti.dataobj.inter
        raw = np.dtype(header.get_data_dtype())
        print(
            path.name, "x".join(map(str, nifti.shape)), "rgb" if raw.fields else raw.name, f"{slope:g} {intercept:g}",
            int(header["qform_code"]), int(header["sform_code"]), header.get_xyzt_units()[0], step,
            f"{found} of {total}", "qform=sform" if close(nifti) else "qform differs",
        )


def volume_of(ds, series):
    """Which volume a slice belongs to: echoes, b-values and times in the order of their first images."""
    key = lambda d: (d.get("EchoTime"), d.get("DiffusionBValue"), d.get("TemporalPositionIdentifier"))
    keys = []
    for d in sorted(series, key=lambda d: d.InstanceNumber):
        if key(d) not in keys:
            keys.append(key(d))
    return keys.index(key(ds))


def close(nifti):
    qform, code = nifti.get_qform(coded=True)
    return code > 0 and np.abs(qform - nifti.affine).max() < 1e-3


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(pathlib.Path(sys.argv[2]))
    else:
        check(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))

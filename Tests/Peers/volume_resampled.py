"""Small DICOM series, and what `gmai-prep volume --resample` makes of them beside other programs.

  volume_resampled.py make FOLDER         writes FOLDER/<case>/*.dcm; prints a case and a spacing a line
  volume_resampled.py check FOLDER OUT    reads OUT/<case>@<spacing>*.nii and the JSON beside them

One line a file: its name, shape, what the JSON says was mended and how many voxels lay outside, then how
many voxels are those of

  reference   the method by scipy: map_coordinates of order 1 in each plane at the voxel's place in the
              patient, then linear along the normal; pixels that are no picture have no weight, and where
              the nearest one is none, or outside, the voxel is the lowest value of the picture
  itk         SimpleITK's linear resampling of the series as it reads it (even, at right angles, no
              padding)
  dcm2niix    its tilt correction, which rounds to whole numbers, where neither has put a fill; with the
              distance of its voxels from those of one value in its own volume before the correction

within 1e-4 of the range of values (dcm2niix: one step). `grid` is yes where the grid has right angles and
the spacing that was asked for, begins at a pixel, voxels are float32, and qform, sform, JSON and fill agree.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import nibabel as nib
import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.dataset import Dataset
from scipy.ndimage import map_coordinates

import volume_phantoms
from volume_phantoms import AXIAL, OBLIQUE, image, pixels

warnings.filterwarnings("ignore")
sitk.ProcessObject.SetGlobalWarningDisplay(False)
ROWS, COLUMNS = volume_phantoms.ROWS, volume_phantoms.COLUMNS = 19, 23
CT = dict(SOPClassUID="1.2.840.10008.5.1.4.1.1.2", Modality="CT", RescaleSlope="1", RescaleIntercept="-1024")
FLOAT = dict(SOPClassUID="1.2.840.10008.5.1.4.1.1.30")
# Gantries tilted by 15 degrees either way: planes turn about the columns, the table moves along the patient.
TILTED, BACK = ([1, 0, 0, 0, 0.96592582628907, s * 0.2588190451025] for s in (-1, 1))


def slices(case, orientation, moves, spacing=(0.8, 0.6), tags=None, values=None, **more):
    """A series whose planes lie at `moves`: along columns, rows and the normal, millimetres from the first."""
    row, column = np.array(orientation[:3], float), np.array(orientation[3:], float)
    axes = np.array([row, column, np.cross(row, column)])
    for number, move in enumerate(moves):
        ds = image(case, number, **more, **(tags(number) if tags else {}))
        at = np.array([-31.5, 12.25, 100.5]) + np.array(move) @ axes
        ds.ImageOrientationPatient, ds.ImagePositionPatient = list(orientation), [round(float(p), 7) for p in at]
        ds.PixelSpacing, ds.SliceThickness = list(spacing), 2
        yield pixels(ds, (values or noise("<i2", -1000, 3000))(number))


def noise(dtype, low, high):
    return lambda n: np.random.default_rng(n).integers(low, high, (ROWS, COLUMNS), endpoint=True).astype(dtype)


def disc(n):
    """Padding of two numbers around a disc, and a hole of it within."""
    values = noise("<i2", -800, 2000)(n)
    y, x = np.mgrid[:ROWS, :COLUMNS]
    far = (y - 9) ** 2 + (x - 11) ** 2
    values[far > 64 + 3 * n] = -2000
    values[far > 90] = -1998
    values[4:6, 9 + n % 3] = -2000
    return values


def holes(n):
    values = np.random.default_rng(n).normal(0, 50, (ROWS, COLUMNS)).astype("<f4")
    values[n % 5 :: 5, 3::4] = [np.nan, np.inf, -np.inf][n % 3]
    return values


def along(*heights, shift=(0, 0)):
    """Places of planes that each lie `shift` a millimetre of height beside the first."""
    return [(shift[0] * z, shift[1] * z, z) for z in heights]


def cases():
    even = [2.5 * k for k in range(7)]
    tilt = np.tan(np.radians(15))
    yield "axial", ["even", "1", "0.3x0.4x0.5", "3"], slices(
        "axial", AXIAL, along(*even), values=noise("<u2", 0, 4000), RescaleSlope="0.5", RescaleIntercept="-3")
    yield "oblique", ["even", "0.6x0.8x1", "0.9", "100"], slices("oblique", OBLIQUE, along(*even))
    yield "own", ["0.6x0.8x2.5"], slices("own", OBLIQUE, along(*even))
    yield "pet", ["1"], slices(
        "pet", AXIAL, along(*even), values=noise("<i2", 0, 3000), Modality="PT",
        tags=lambda n: dict(RescaleSlope=f"{0.25 * (n + 1)}", RescaleIntercept="0"))
    table = Dataset()
    table.LUTDescriptor, table.ModalityLUTType = [256, 0, 16], "US"
    table.LUTData = (np.arange(256) ** 2).astype("<u2").tobytes()
    yield "lut", ["1"], slices(
        "lut", AXIAL, along(*even[:3]), values=noise("u1", 0, 255), ModalityLUTSequence=[table])
    yield "one", ["even", "1"], slices("one", OBLIQUE, along(0), SpacingBetweenSlices="3.5")
    gantry = dict(CT, Manufacturer="SIEMENS", GantryDetectorTilt="15")
    yield "tilt", ["even", "1"], slices("tilt", TILTED, along(*even, shift=(0, -tilt)), **gantry)
    yield "back", ["even"], slices("back", BACK, along(*even, shift=(0, tilt)), **gantry)
    # No gantry does this: along columns and rows at once, in an oblique plane.
    yield "sheared", ["even", "0.7x0.9x1.1"], slices("sheared", OBLIQUE, along(*even, shift=(-0.31, 0.43)))
    # 2.5 mm through the skull base, then 5 mm, then 3.
    steps = [0, 2.5, 5, 7.5, 12.5, 17.5, 22.5, 25.5, 28.5]
    yield "uneven", ["even", "1.25"], slices("uneven", AXIAL, along(*steps), **CT)
    yield "thick", ["even"], slices("thick", AXIAL, along(0, 5, 10, 15, 17.5, 20, 22.5, 25, 27.5), **CT)
    yield "both", ["even", "1"], slices("both", BACK, along(*steps, shift=(0, tilt)), **CT)
    padding = dict(CT, PixelRepresentation=1, PixelPaddingValue=-2000, PixelPaddingRangeLimit=-1998)
    yield "padding", ["1", "0.6x0.8x1.7"], slices("padding", OBLIQUE, along(*even), values=disc, **padding)
    yield "padtilt", ["even", "0.7"], slices(
        "padtilt", TILTED, along(*even, shift=(0, -tilt)), values=disc, **padding)
    yield "nan", ["1"], slices("nan", AXIAL, along(*even), values=holes, **FLOAT)
    yield "blank", ["1"], slices(
        "blank", AXIAL, along(0, 2), values=lambda n: np.full((ROWS, COLUMNS), -2000, "<i2"), **padding)
    # A plane is missing, and beside it the step is another one.
    yield "gap", ["even", "1"], slices("gap", AXIAL, along(0, 2, 4, 8, 10, 12, 15, 17), **CT)
    yield "echo", ["even", "1"], [
        ds for echo in (1, 2) for ds in slices(
            "echo", OBLIQUE, along(0, 2, 4, 7, shift=(0.1, 0)), EchoNumbers=echo, EchoTime=f"{10 * echo}",
            tags=lambda n, echo=echo: dict(InstanceNumber=4 * echo + n), values=noise("<i2", 100 * echo, 400 * echo))]
    yield "wide", [], slices("wide", AXIAL, along(0, 400), spacing=(20, 20), **CT)
    colours = list(slices("colours", AXIAL, along(0, 2, 5), SamplesPerPixel=3, PhotometricInterpretation="RGB",
                          PlanarConfiguration=0, values=lambda n: np.full((ROWS, COLUMNS, 3), n, "u1")))
    yield "colours", ["1"], colours
    yield "placeless", ["1"], [pixels(image("placeless", 0, Modality="CR"), noise("<u2", 0, 4095)(0))]


def make(folder):
    for name, spacings, series in cases():
        (folder / name).mkdir(parents=True)
        for number, ds in enumerate(series):
            pydicom.dcmwrite(folder / name / f"{number:02}.dcm", ds, enforce_file_format=True)
        for spacing in spacings:
            print(name, spacing)


def pictures(ds):
    """Modality values of a plane, and which of them are picture."""
    if "FloatPixelData" in ds:
        values = np.frombuffer(ds.FloatPixelData, "<f4").reshape(ROWS, COLUMNS).astype("f8")
        return values, np.isfinite(values)
    kind = f"<{'ui'[ds.PixelRepresentation]}{ds.BitsAllocated // 8}"
    stored = np.frombuffer(ds.PixelData, kind)[: ROWS * COLUMNS].reshape(ROWS, COLUMNS)
    low = ds.get("PixelPaddingValue")
    high = ds.get("PixelPaddingRangeLimit", low)
    shown = np.ones(stored.shape, bool) if low is None else ~((stored >= min(low, high)) & (stored <= max(low, high)))
    if "ModalityLUTSequence" in ds:
        return np.frombuffer(ds.ModalityLUTSequence[0].LUTData, "<u2").astype("f8")[stored], shown
    return stored * float(ds.get("RescaleSlope", 1)) + float(ds.get("RescaleIntercept", 0)), shown


def lps(affine):
    return np.diag([-1, -1, 1, 1]) @ affine


def reference(series, affine, shape, fill):
    first = series[0]
    x, y = np.array(first.ImageOrientationPatient[:3], float), np.array(first.ImageOrientationPatient[3:], float)
    frame = np.linalg.inv(np.array([x, y, np.cross(x, y)]).T)
    begin = np.array(first.ImagePositionPatient, float)
    places = np.array([frame @ (np.array(ds.ImagePositionPatient, float) - begin) for ds in series])
    voxels = np.indices(shape).reshape(3, -1)
    at = frame @ ((affine[:3, :3] @ voxels + affine[:3, 3:]) - begin[:, None])
    heights = places[:, 2]
    z = np.clip(at[2], heights[0], heights[-1])
    lower = np.clip(np.searchsorted(heights, z + 1e-7, side="right") - 1, 0, max(len(series) - 2, 0))
    upper = np.minimum(lower + 1, len(series) - 1)
    step = np.where(upper > lower, heights[upper] - heights[lower], 1)
    share = (z - heights[lower]) / step
    total, weight, nearest = np.zeros(z.size), np.zeros(z.size), np.zeros(z.size, bool)
    for number, ds in enumerate(series):
        values, shown = pictures(ds)
        column, row = (at[0] - places[number, 0]) / ds.PixelSpacing[1], (at[1] - places[number, 1]) / ds.PixelSpacing[0]
        # Of a pixel half of its width lies beyond its centre; in the middle of two the upper one is nearer. The
        # affine has float32.
        r, c = np.floor(row + 0.5001).astype(int), np.floor(column + 0.5001).astype(int)
        inside = (r >= 0) & (r < ROWS) & (c >= 0) & (c < COLUMNS)
        where = [np.clip(row, 0, ROWS - 1), np.clip(column, 0, COLUMNS - 1)]
        part = np.where(lower == number, 1 - share, 0) + np.where(upper == number, share, 0)
        part = np.where(upper == lower, lower == number, part) * inside
        total += part * map_coordinates(np.where(shown, values, 0), where, order=1)
        weight += part * map_coordinates(shown.astype("f8"), where, order=1)
        is_near = np.where(share < 0.4999, lower, upper) == number
        nearest |= is_near & inside & shown[np.clip(r, 0, ROWS - 1), np.clip(c, 0, COLUMNS - 1)]
    return np.where(nearest, total / np.where(weight > 0, weight, 1), fill).reshape(shape)


def by_itk(names, affine, shape):
    source = sitk.ReadImage([str(n) for n in names], sitk.sitkFloat64)
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    grid = sitk.Image([int(n) for n in shape], sitk.sitkFloat64)
    grid.SetOrigin(affine[:3, 3].tolist())
    grid.SetSpacing(spacing.tolist())
    grid.SetDirection((affine[:3, :3] / spacing).flatten().tolist())
    made = sitk.Resample(source, grid, sitk.Transform(), sitk.sitkLinear, -1e9, sitk.sitkFloat64)
    return source, sitk.GetArrayFromImage(made).transpose(2, 1, 0)


def counted(mine, theirs, tolerance, where=None):
    close = np.abs(mine - theirs) <= tolerance
    where = np.ones(mine.shape, bool) if where is None else where
    right, all_ = np.count_nonzero(close & where), np.count_nonzero(where)
    return f"all {all_}" if right == all_ else f"{right} of {all_}"


def by_dcm2niix(folder, mine, affine, fill):
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            ["dcm2niix", "-b", "n", "-z", "n", "-f", "v", "-o", scratch, folder], check=True, capture_output=True
        )
        before, after = (nib.load(f"{scratch}/{name}.nii") for name in ("v", "v_Tilt_1"))
        stored, values = before.get_fdata(), after.get_fdata()
    # Slices that were shifted by whole pixels, or not at all, hold what was stored.
    apart = np.inf
    for i, j, k in np.argwhere(values != values.min()):
        for row in np.flatnonzero(stored[i, :, k] == values[i, j, k]):
            apart = min(apart, np.linalg.norm(after.affine @ [i, j, k, 1] - before.affine @ [i, row, k, 1]))
    if values.shape != mine.shape or np.abs(after.affine - affine).max() > 1e-4:
        return f"elsewhere, {apart:.1f} mm apart"
    return counted(mine, values, 1, (mine != fill) & (values != values.min())) + f", {apart:.1f} mm apart"


def check(folder, out):
    for path in sorted(out.glob("*.nii")):
        case, spacing = path.name.removesuffix(".nii").split("_")[0].split("@")
        said = json.loads(path.with_suffix(".json").read_text())
        nifti = nib.load(path)
        resampled = said["resampled"]
        print(path.stem, "x".join(map(str, nifti.shape)), end=" ")
        if not resampled:
            print("as it is" if said["values"]["kind"] == "stored" else "not as it is")
            continue
        affine = lps(nifti.affine)
        mine = nifti.get_fdata()
        mine = mine[..., None] if mine.ndim == 3 else mine
        datasets = {p: pydicom.dcmread(p) for p in (folder / case).glob("*.dcm")}
        normal = np.cross(affine[:3, 0], -affine[:3, 1])
        height = lambda ds: np.dot(normal, np.array(ds.ImagePositionPatient, float))
        named = sorted(datasets, key=lambda p: (datasets[p].get("EchoNumbers", 0), height(datasets[p])))
        if said["part"]:
            begin = said["part"]["first_plane"]
            named = named[begin : begin + said["sources"]["planes"]]
        each = len(named) // mine.shape[3]
        shown = [pictures(datasets[p]) for p in named]
        values = np.concatenate([v[s] for v, s in shown])
        fill = values.min() if values.size else 0
        extent = np.ptp(values) if values.size else 1
        notes = [
            "+".join(resampled["mended"]), str(resampled["voxels_outside"]),
            "grid " + grid(nifti, affine, said, datasets[named[0]], spacing, fill),
        ]
        theirs = np.stack(
            [
                reference([datasets[p] for p in named[v * each : (v + 1) * each]], affine, mine.shape[:3], fill)
                for v in range(mine.shape[3])
            ], -1)
        notes.append("reference " + counted(mine, theirs, 1e-4 * extent))
        if resampled["mended"] == ["spacing"] and all(s.all() for _, s in shown) and len(named) == each > 1 and case != "lut":
            source, made = by_itk(named, affine, mine.shape[:3])
            size = [
                int(np.floor((n - 1) * s / t + 1e-3)) + 1
                for n, s, t in zip(source.GetSize(), source.GetSpacing(), resampled["to_mm"])
            ]
            begin = affine @ [0, mine.shape[1] - 1, 0, 1]
            same = size == list(mine.shape[:3]) and np.abs(begin[:3] - source.GetOrigin()).max() < 1e-4
            notes.append(f"itk {counted(mine[..., 0], made, 1e-4 * extent)}" + (" on its grid" if same else " elsewhere"))
        if case in ("tilt", "back") and spacing == "even":
            notes.append("dcm2niix " + by_dcm2niix(folder / case, mine[..., 0], nifti.affine, resampled["fill"]))
        print(*notes)


def grid(nifti, affine, said, first, spacing, fill):
    header = nifti.header
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    square = (affine[:3, :3] / lengths).T @ (affine[:3, :3] / lengths)
    at = np.linalg.inv(affine) @ np.append(np.array(first.ImagePositionPatient, float), 1)
    wished = said["resampled"]["to_mm"]
    if spacing != "even" and nifti.shape[2] > 1:
        numbers = [float(n) for n in spacing.split("x")]
        wished = numbers * (3 // len(numbers))
    right = [
        np.abs(square - np.eye(3)).max() < 1e-5, header["sform_code"] == header["qform_code"] == 1,
        np.abs(nifti.get_qform() - nifti.affine).max() < 1e-3, np.abs(at - np.rint(at)).max() < 1e-3,
        np.allclose(lengths, wished, rtol=1e-5), np.allclose(said["spacing_mm"], wished, rtol=1e-5),
        (nifti.dataobj.slope, nifti.dataobj.inter) == (1, 0), header.get_data_dtype() == np.float32,
        said["resampled"]["fill"] == np.float32(fill),
    ]
    return "yes" if all(right) else str([bool(r) for r in right])


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(pathlib.Path(sys.argv[2]))
    else:
        check(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))

"""Pictures of NIfTI and Analyze volumes beside what nibabel makes of their files.

  volume_pictures.py SET SOURCES    every picture of SET whose source lies in SOURCES and is a volume
  volume_pictures.py 48             one volume, stored in 48 ways, written into the working directory
  volume_pictures.py dicom          the same 48 as series of DICOM

Each picture must be the slice of its frame, turned to how it is shown, through its own mapping, in every
byte, or where its pixels are not square SimpleITK's linear resampling of its values; source_from_pixel must lead to the voxels, and pixel_to_patient to where nibabel says they are.
"""

import glob
import hashlib
import io
import itertools
import json
import os
import sys
import warnings

import nibabel
import numpy as np
import pydicom
import SimpleITK
import webdataset
from PIL import Image

warnings.simplefilter("ignore")
nibabel.imageglobals.logger.disabled = True


def ways():
    random = np.random.default_rng(3)
    voxels = random.integers(0, 4000, (5, 6, 7)).astype("<i2")
    affine = np.diag([1.5, 2.0, 2.5, 1.0])
    affine[:3, 3] = [-20, 30, 40]
    image = nibabel.Nifti1Image(voxels, affine)
    for axes, flips in itertools.product(itertools.permutations(range(3)), itertools.product([1, -1], repeat=3)):
        turned = image.as_reoriented(np.array(list(zip(axes, flips))))
        yield np.asarray(turned.dataobj), turned.affine


def write_48():
    for number, (voxels, affine) in enumerate(ways()):
        nibabel.Nifti1Image(voxels, affine).to_filename(f"{number:02}.nii")


def write_dicom():
    for number, (voxels, affine) in enumerate(ways()):
        lps = np.diag([-1, -1, 1, 1]) @ affine
        axes = lps[:3, :3] / np.linalg.norm(lps[:3, :3], axis=0)
        spacing = np.linalg.norm(lps[:3, :3], axis=0)
        for k in range(voxels.shape[2]):
            ds = pydicom.Dataset()
            ds.SOPClassUID = pydicom.uid.CTImageStorage
            ds.SOPInstanceUID = f"1.2.3.{number + 1}.{k + 1}"
            ds.StudyInstanceUID = ds.SeriesInstanceUID = f"1.2.3.{number + 1}"
            # Not CT: no unit, so that the values decide on the grey, as they do of NIfTI.
            ds.Modality, ds.PatientID = "OT", f"P{number}"
            ds.Rows, ds.Columns = voxels.shape[1], voxels.shape[0]
            ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
            ds.BitsAllocated = ds.BitsStored = 16
            ds.HighBit, ds.PixelRepresentation = 15, 1
            ds.PixelSpacing = [spacing[1], spacing[0]]
            ds.ImageOrientationPatient = [float(x) for x in np.concatenate([axes[:, 0], axes[:, 1]])]
            ds.ImagePositionPatient = [float(x) for x in (lps @ [0, 0, k, 1])[:3]]
            ds.PixelData = voxels[:, :, k].T.tobytes()
            ds.file_meta = pydicom.dataset.FileMetaDataset()
            ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
            ds.save_as(f"{number:02}-{k}.dcm", enforce_file_format=True)


def shown(plane, codes):
    """A slice (columns, rows) as rows of columns: left or back to the right, back or feet below."""
    if codes is None:
        return plane.swapaxes(0, 1)
    codes = list(codes[:2])
    is_sagittal = not set(codes) & set("LR")
    across = next(i for i in (0, 1) if codes[i] in ("AP" if is_sagittal else "LR"))
    if across == 1:
        plane, codes = plane.swapaxes(0, 1), codes[::-1]
    if codes[0] in "RA":
        plane = plane[::-1]
    if codes[1] in "AS":
        plane = plane[:, ::-1]
    return plane.swapaxes(0, 1)


# Of RAS: which axis goes through the sections, down and across, and which way.
PLANES = {
    "axial": ((2, 1), (1, -1), (0, -1)),
    "coronal": ((1, -1), (2, -1), (0, -1)),
    "sagittal": ((0, -1), (2, -1), (1, -1)),
}


def grey(values, display):
    channel = display["channels"][0] if display["channels"] else None
    if display["kind"] == "none":
        t = np.clip(values / 255, 0, 1)
    else:
        low, high = channel["low"], channel["high"]
        t = np.clip((values - low) / (high - low), 0, 1) if high > low else (values > low) * 1.0
    return np.floor(255 * np.nan_to_num(t, nan=0) + 0.5).astype("u1")


def resampled(values, size):
    """Values as SimpleITK resamples them, edges upon edges; size is of columns, rows."""
    image = SimpleITK.GetImageFromArray(np.ascontiguousarray(values.astype("f8")))
    steps = [old / new for old, new in zip(image.GetSize(), size)]
    out = SimpleITK.Resample(
        image, [int(n) for n in size], SimpleITK.Transform(), SimpleITK.sitkLinear,
        [(step - 1) / 2 for step in steps], steps,
    )
    return SimpleITK.GetArrayFromImage(out)


def compare(picture, values, display):
    """Greys of values; of resampled ones they may part by a step where a half is rounded."""
    if picture.shape == values.shape:
        assert np.array_equal(picture, grey(values, display)), "pixels"
        return
    expected = grey(resampled(values, picture.shape[::-1]), display).astype(int)
    off = np.abs(expected - picture)
    assert off.max() <= 1 and (off > 0).mean() < 0.02, ("resampled pixels", off.max(), (off > 0).mean())


class Volume:
    def __init__(self, path):
        image = nibabel.load(path)
        if isinstance(image, nibabel.Cifti2Image):
            image = nibabel.Nifti2Image.from_filename(path)
        header = image.header
        is_nifti = isinstance(header, nibabel.Nifti1Header)
        has_place = header["sform_code"] > 0 or header["qform_code"] > 0 if is_nifti else False
        if not is_nifti and "mat" in image.file_map:
            has_place = os.path.exists(image.file_map["mat"].filename)
        unit = {"meter": 1e3, "micron": 1e-3}.get(header.get_xyzt_units()[0], 1) if is_nifti else 1
        self.affine = np.diag([-unit, -unit, unit, 1]) @ image.affine if has_place else None
        self.codes = nibabel.aff2axcodes(image.affine) if has_place else None
        stored = np.asanyarray(image.dataobj.get_unscaled())
        if stored.dtype.kind == "c":
            stored = np.hypot(stored.real, stored.imag)
        self.slope, self.inter = float(image.dataobj.slope), float(image.dataobj.inter)
        shape = (list(stored.shape) + [1, 1])[: max(stored.ndim, 3)]
        self.stored = stored.reshape(shape[:2] + [-1], order="F")
        self.slices = shape[2]

    def section(self, plane, index):
        """Voxels of a section across the slices, each by its three indices."""
        shape = self.stored.shape[:2] + (self.slices,)
        orientation = nibabel.io_orientation(np.diag([-1, -1, 1, 1]) @ self.affine)
        voxels = nibabel.apply_orientation(np.arange(np.prod(shape)).reshape(shape, order="F"), orientation)
        ways = PLANES[plane]
        sections = voxels.transpose([axis for axis, _ in ways])
        chosen = sections[tuple(slice(None, None, way) for _, way in ways)][index]
        return np.unravel_index(chosen, shape, order="F")

    def check_section(self, entry, picture):
        i, j, k = self.section(entry["selection"]["plane"], entry["selection"]["index"])
        values = self.stored[i, j, k].astype("f8") * entry["modality_values"]["slope"]
        compare(picture, values + entry["modality_values"]["intercept"], entry["display"])
        matrix = np.array(entry["pixel_to_patient"])
        scale = np.array(i.shape[::-1]) / picture.shape[::-1]
        for line, column in [(0, 0), (i.shape[0] - 1, 0), (0, i.shape[1] - 1)]:
            voxel = [i[line, column], j[line, column], k[line, column], 1]
            pixel = (np.array([column, line]) - (scale - 1) / 2) / scale
            assert np.allclose(matrix @ [*pixel, 0, 1], self.affine @ voxel, atol=1e-4, rtol=1e-6)

    def check(self, row, picture):
        entry = row["pictures"][0]
        if entry["source_from_pixel"] is None:
            return self.check_section(entry, picture)
        # A file of one slice has no frame to tell.
        frame = entry["selection"]["frame"] or 0
        plane = self.stored[:, :, frame]
        pixels = shown(plane, self.codes)
        assert (entry["height"], entry["width"]) == picture.shape[:2], "size"
        if plane.dtype.names:
            assert np.array_equal(picture, np.stack([pixels[c] for c in "RGB"], -1)), "pixels"
        else:
            values = entry["modality_values"]
            compare(picture, pixels.astype("f8") * values["slope"] + values["intercept"], entry["display"])
            assert abs(values["slope"] - abs(self.slope)) < 1e-9 * abs(self.slope) or values["slope"] == self.slope
        # Every pixel leads back to its voxel.
        y, x = np.indices(pixels.shape)
        scale = np.array(pixels.shape[::-1]) / picture.shape[1::-1]
        to_source = np.array(entry["source_from_pixel"])
        if tuple(scale) != (1, 1):
            assert self.affine is not None, "resampled without a place"
            # From the slice to the picture that was made of it: edges upon edges.
            to_source = to_source @ np.array(
                [[1 / scale[0], 0, (1 / scale[0] - 1) / 2], [0, 1 / scale[1], (1 / scale[1] - 1) / 2], [0, 0, 1]]
            )
        i, j, _ = np.tensordot(to_source, np.stack([x, y, x * 0 + 1]), 1).round(6)
        found = plane[i.astype(int), j.astype(int)]
        assert found.tobytes() == pixels.tobytes(), "source_from_pixel"
        if self.affine is None:
            assert entry["pixel_to_patient"] is None, "a place where none is known"
            return
        matrix = np.array(entry["pixel_to_patient"])
        for column, line in [(0, 0), (pixels.shape[1] - 1, 0), (0, pixels.shape[0] - 1)]:
            voxel = [i[line, column], j[line, column], frame % self.slices, 1]
            pixel = (np.array([column, line]) - (scale - 1) / 2) / scale
            ours, theirs = matrix @ [*pixel, 0, 1], self.affine @ voxel
            assert np.allclose(ours, theirs, atol=1e-4, rtol=1e-6), (ours, theirs)


def main(data_set, sources):
    paths = {}
    for folder, _, names in os.walk(sources):
        for name in names:
            if name.lower().endswith((".nii", ".nii.gz", ".hdr", ".hdr.gz")):
                path = os.path.join(folder, name)
                paths[hashlib.sha256(open(path, "rb").read()).hexdigest()] = path
    volumes, counts = {}, {"pictures": 0, "volumes": 0, "placed": 0}
    for shard in sorted(glob.glob(data_set + "/shards/*.tar")):
        for sample in webdataset.WebDataset(shard, shardshuffle=False):
            row = json.loads(sample["json"])
            path = paths.get(row["pictures"][0]["source_sha256"][-1])
            if path is None:
                continue
            if path not in volumes:
                volumes[path] = Volume(path)
            picture = np.asarray(Image.open(io.BytesIO(sample["0.png"])))
            try:
                volumes[path].check(row, picture)
            except AssertionError as error:
                sys.exit(f"{path}, frame {row['pictures'][0]['selection']['frame']}: {error}")
            counts["pictures"] += 1
            counts["placed"] += volumes[path].affine is not None
    counts["volumes"] = len(volumes)
    print(json.dumps(counts))


{"48": write_48, "dicom": write_dicom}.get(sys.argv[1], lambda: main(*sys.argv[1:]))()

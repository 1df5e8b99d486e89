"""Pictures of MR beside what the package intensity-normalization makes of the sources' pixels.

    mr_pictures.py DATASET SOURCES z_score LOW HIGH | landmarks FINGERPRINT

SOURCES holds series of one volume each, their pixels as they are shown. Every picture of MR is 255 t of the
z-score between LOW and HIGH, or of the scale of the landmarks of FINGERPRINT, within rounding of a half. Prints
how many pictures were compared.
"""

import glob
import hashlib
import io
import json
import pathlib
import sys
import tarfile

import numpy as np
import pydicom
from exact_image import ExactImage
from intensity_normalization import NyulNormalizer, ZScoreNormalizer
from PIL import Image
from skimage.filters import threshold_otsu

series = {}
for path in sorted(pathlib.Path(sys.argv[2]).rglob("*")):
    if path.is_file():
        ds = pydicom.dcmread(path)
        if ds.Modality == "MR":
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            series.setdefault(ds.SeriesInstanceUID, {})[digest] = ds.pixel_array.astype(float)


def shares(volume, mask):
    """t of every voxel, and modality values that become black and white."""
    image, mask = ExactImage(volume), ExactImage(mask)
    if sys.argv[3] == "z_score":
        low, high = map(float, sys.argv[4:])
        fitted = ZScoreNormalizer().fit(image, mask)
        ends = [fitted.mean + z * fitted.std for z in (low, high)]
        return (fitted.transform(image).get_data() - low) / (high - low), ends
    (group,) = [g for g in json.load(open(sys.argv[4])) if g["dicom_modality"] == "MR"]
    percentiles, scale = np.array(group["landmarks"]).T
    np.save("scale.npy", np.vstack([scale, percentiles]))
    given = NyulNormalizer()
    given.load_standard_histogram("scale.npy")
    return given.transform(image, mask).get_data() / 100, np.percentile(volume[mask.get_data() > 0], [1, 99])


wanted = {}
for slices in series.values():
    volume = np.stack(list(slices.values()))
    t, ends = shares(volume, (volume > threshold_otsu(volume.astype(int))).astype(float))
    wanted |= {digest: (255 * np.clip(plane, 0, 1), ends) for digest, plane in zip(slices, t)}

compared = 0
for path in glob.glob(sys.argv[1] + "/shards/*.tar"):
    with tarfile.open(path) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}
    for name, data in members.items():
        row = json.loads(data) if name.endswith(".json") else {"dicom_modality": None}
        if row["dicom_modality"] != "MR":
            continue
        exact, ends = wanted[row["pictures"][0]["source_sha256"][0]]
        grey = np.asarray(Image.open(io.BytesIO(members[row["image"]]))).astype(float)
        display = row["pictures"][0]["display"]
        (channel,) = display["channels"]
        kind = {"z_score": "range"}.get(sys.argv[3], sys.argv[3])
        assert display["kind"] == kind and (display["landmarks"] is None) == (kind == "range"), display
        if kind == "range" or display["landmarks"][0][1] == 0 == display["landmarks"][0][0] - ends[0]:
            assert np.allclose([channel["low"], channel["high"]], ends, rtol=1e-12), (channel, ends)
        other = grey != np.floor(exact + 0.5)
        tie = (np.abs(exact - np.floor(exact) - 0.5) < 1e-9) & (np.abs(grey - exact) < 0.5 + 1e-9)
        assert grey.shape == exact.shape and (tie | ~other).all(), (name, np.abs(grey - exact).max())
        compared += 1
print(compared)

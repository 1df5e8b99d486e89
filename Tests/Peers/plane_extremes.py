"""Pictures of a data set beside numpy's min-max of each plane, padding included: SA-Med2D-20M, arXiv 2311.11969,
formula 1, (v - min) / (max - min) x 255.

    plane_extremes.py DATASET SOURCES

SOURCES holds grey DICOM pictures, and volumes of axial slices. Prints how many acquired planes and how many
coronal sections were compared, all of them byte for byte.
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
from PIL import Image
from pydicom.pixels import apply_modality_lut

planes, volumes = {}, {}
for path in sorted(pathlib.Path(sys.argv[2]).rglob("*")):
    if path.is_file():
        ds = pydicom.dcmread(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        planes[digest] = apply_modality_lut(ds.pixel_array, ds).astype(float)
        place = ds.get("ImagePositionPatient", [0, 0, 0])[2]
        volumes.setdefault(ds.SeriesInstanceUID, {})[place] = digest
stacks = {}
for slices in volumes.values():
    stack = np.stack([planes[digest] for _, digest in sorted(slices.items())])
    stacks |= {digest: stack for digest in slices.values()}


def shown(values):
    low, high = values.min(), values.max()
    t = (values - low) / (high - low) if high > low else values * 0
    return np.floor(255 * t + 0.5).astype(np.uint8), [low, high]


compared = {"acquired": 0, "coronal": 0}
for path in glob.glob(sys.argv[1] + "/shards/*.tar"):
    with tarfile.open(path) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}
    for name, data in members.items():
        if not name.endswith(".json"):
            continue
        row = json.loads(data)
        entry = row["pictures"][0]
        picture = np.asarray(Image.open(io.BytesIO(members[row["image"]])))
        assert entry["display"]["kind"] == "range", name
        (channel,) = entry["display"]["channels"]
        ends = [channel["low"], channel["high"]]
        if entry["selection"]["plane"] == "coronal":
            stack = stacks[entry["source_sha256"][0]]
            # The patient's head is up, which is the last slice; front and back may count either way.
            index = entry["selection"]["index"]
            either = [shown(stack[::-1, i]) for i in (index, stack.shape[1] - 1 - index)]
            assert any((picture == grey).all() and ends == theirs for grey, theirs in either), name
            compared["coronal"] += 1
            continue
        grey, theirs = shown(planes[entry["source_sha256"][0]])
        assert ends == theirs and (picture == grey).all(), (name, ends, theirs)
        compared["acquired"] += 1
print(compared["acquired"], compared["coronal"])

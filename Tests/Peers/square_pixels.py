"""What Pillow makes of pictures whose pixels are not square.

    square_pixels.py DATASET SOURCE

For every sample of the data set: its picture is that of its frame, which is grey of 8 bits without any mapping but the
window that the record names, or colour, resized by Pillow where the record's matrix is not the identity. Prints a line
for each: the name of the source, columns and rows of the picture, and the matrix's first two scales.
"""

import glob
import hashlib
import io
import json
import os
import sys
import tarfile

import numpy as np
import pydicom
from PIL import Image

files = {}
for path in glob.glob(os.path.join(sys.argv[2], "*")):
    files[hashlib.sha256(open(path, "rb").read()).hexdigest()] = path

for path in sorted(glob.glob(os.path.join(sys.argv[1], "shards", "*.tar"))):
    with tarfile.open(path) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}
    for name, data in sorted(members.items()):
        if not name.endswith(".json"):
            continue
        row = json.loads(data)
        record = row["pictures"][0]
        source = files[record["source_sha256"][0]]
        stored = pydicom.dcmread(source).pixel_array
        if stored.ndim == 2:
            low, high = (record["display"]["channels"][0][end] for end in ("low", "high"))
            stored = np.floor(255 * np.clip((stored - low) / (high - low), 0, 1) + 0.5).astype(np.uint8)
        (across, _, column), (_, down, line), _ = record["source_from_pixel"]
        rows, columns = stored.shape[:2]
        size = (record["width"], record["height"])
        # The edges of both are the same.
        assert abs(size[0] * across - columns) < 1e-9 and abs(size[1] * down - rows) < 1e-9
        assert abs(column - (across - 1) / 2) < 1e-9 and abs(line - (down - 1) / 2) < 1e-9
        theirs = Image.fromarray(stored).resize(size, Image.Resampling.BICUBIC)
        ours = Image.open(io.BytesIO(members[row["image"]]))
        assert ours.size == size and np.array_equal(np.asarray(ours), np.asarray(theirs)), source
        print(os.path.basename(source), *size, across, down)

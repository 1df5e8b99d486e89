"""Pictures of PNG, JPEG, TIFF and JPEG 2000 files beside what Pillow makes of them.

  ordinary_pictures.py SET SOURCES    every picture of SET that Pillow reads as 8-bit grey or colours

Each must have Pillow's pixels, upright, and source_from_pixel must lead to the pixels as they are
stored.
"""

import glob
import hashlib
import io
import json
import os
import sys
import warnings

import numpy as np
import webdataset
from PIL import Image, ImageOps

warnings.simplefilter("ignore")


def main(data_set, sources):
    paths = {}
    for folder, _, names in os.walk(sources):
        for name in names:
            path = os.path.join(folder, name)
            paths[hashlib.sha256(open(path, "rb").read()).hexdigest()] = path
    counts = {"pictures": 0, "compared": 0, "turned": 0, "pages": 0}
    for shard in sorted(glob.glob(data_set + "/shards/*.tar")):
        for sample in webdataset.WebDataset(shard, shardshuffle=False):
            row = json.loads(sample["json"])
            entry = row["pictures"][0]
            path = paths[entry["source_sha256"][0]]
            counts["pictures"] += 1
            ours = np.asarray(Image.open(io.BytesIO(sample["0.png"])))
            assert ours.shape[:2] == (entry["height"], entry["width"]), path
            assert row["modality"] == "other" and entry["pixel_to_patient"] is None, path
            # Deeper pictures Pillow cuts to 8 bits, in its own way; profiles have a test of their own.
            if entry["display"]["kind"] != "none" or entry["display"]["icc"]:
                continue
            try:
                image = Image.open(path)
                if image.mode not in ("L", "RGB") or image.format not in ("PNG", "JPEG", "TIFF"):
                    continue
                image.seek(entry["selection"]["frame"] or 0)
                # TIFF is turned by Pillow itself; others by their Exif.
                stored = np.asarray(image) if image.format != "TIFF" else None
                # ImageMagick's text chunk of an orientation is Pillow's alone to read.
                has_exif = image.format != "PNG" or "exif" in image.info
                upright = np.asarray(ImageOps.exif_transpose(image) if has_exif else image)
            except (OSError, EOFError, SyntaxError, ValueError):
                continue
            assert ours.shape == upright.shape and np.array_equal(ours, upright), path
            counts["compared"] += 1
            counts["pages"] += (entry["selection"]["frame"] or 0) > 0
            matrix = np.array(entry["source_from_pixel"])
            if stored is None or stored.shape == upright.shape and np.array_equal(stored, upright):
                continue
            y, x = np.indices(ours.shape[:2])
            column, line, _ = np.tensordot(matrix, np.stack([x, y, x * 0 + 1]), 1).astype(int)
            assert np.array_equal(stored[line, column], ours), path
            counts["turned"] += 1
    print(json.dumps(counts))


main(*sys.argv[1:])

"""Pillow opens every .png of the folder and finds the samples of the .raw beside it.

Names are COLUMNSxROWS_LAYOUT. Prints how many were equal.
"""

import glob

import numpy as np
from PIL import Image

count = 0
for path in sorted(glob.glob("*.png")):
    stem = path[: -len(".png")]
    columns, rows, layout = stem.replace("x", "_").split("_")
    raw = np.fromfile(stem + ".raw", "<u2" if layout == "grey16" else "u1")
    with Image.open(path) as image:
        image.load()
        mode = {"grey8": "L", "grey16": "I;16", "rgb8": "RGB"}[layout]
        assert image.size == (int(columns), int(rows)) and image.mode == mode, path
        assert image.info == {}, image.info
        assert np.array_equal(np.asarray(image).reshape(-1), raw), path
    count += 1
print(count)

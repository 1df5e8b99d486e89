"""The decoded pixels of every .jpg equal those of Pillow's own encoder for the .raw beside it.

Names are COLUMNSxROWS_QUALITY_LAYOUT. Prints how many were equal.
"""

import glob
import io

import numpy as np
from PIL import Image

count = 0
for path in sorted(glob.glob("*.jpg")):
    stem = path[: -len(".jpg")]
    columns, rows, quality, layout = stem.replace("x", "_").split("_")
    quality = int(quality)
    shape = (int(rows), int(columns)) + ((3,) if layout == "rgb8" else ())
    raw = np.fromfile(stem + ".raw", "u1").reshape(shape)
    own = io.BytesIO()
    Image.fromarray(raw).save(own, "JPEG", quality=quality, subsampling=0 if quality > 90 else 2)
    ours = np.asarray(Image.open(path))
    assert ours.shape == shape, path
    assert np.array_equal(ours, np.asarray(Image.open(own))), path
    count += 1
print(count)

#!/usr/bin/env python3
"""What is done today: tiles of a slide with openslide-python, scikit-image, Pillow and webdataset, in one process.

    peer_tiles.py SLIDE OUT MICRONS SIZE

The mask of tissue is that of Tests/Peers/tissue.py; tiles of which half is tissue are read, resized and written at PNG
level 1. Prints how many there are."""
import io, json, os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Peers"))
import webdataset as wds
from PIL import Image

import slide_tiles

path, out, microns, size = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
slide = slide_tiles.Maker(path)
recipe = {"microns": microns, "size": size, "overlap": 0, "least": 0.5, "most": None, "pens": True}
level, _, found = slide_tiles.expected(slide, recipe)
os.makedirs(out, exist_ok=True)
with wds.TarWriter(os.path.join(out, "000000.tar")) as sink:
    for number, ((x0, y0, x1, y1), share) in sorted(found.items()):
        region = slide.region(level, x0, y0, x1 - x0, y1 - y0).resize((size, size), Image.Resampling.BICUBIC)
        picture = io.BytesIO()
        region.save(picture, "png", compress_level=1)
        row = {"image": f"{number}.png", "rect": [x0, y0, x1, y1], "tissue": share}
        sink.write({"__key__": f"{number:06d}", "json": json.dumps(row).encode(), "0.png": picture.getvalue()})
print(len(found))

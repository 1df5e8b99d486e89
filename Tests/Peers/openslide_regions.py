"""openslide-python reads the regions of regions.txt from the slide named: region i goes to i.rgb.

A line is level, x, y (in that level), columns, rows. Pixels are laid over the slide's background
colour, else white, as OpenSlide's manual tells: from its own premultiplied words, and where nothing is
half transparent also by Pillow's paste from openslide-python's picture; both must agree. Prints JSON:
what the slide says of itself, and how many pixels of each region are wholly transparent.
"""

import json
import math
import sys

import numpy as np
import openslide
from openslide import lowlevel
from PIL import Image

slide = openslide.OpenSlide(sys.argv[1])
color = slide.properties.get("openslide.background-color", "FFFFFF")
background = [int(color[i : i + 2], 16) for i in (0, 2, 4)]
transparent = []
for i, line in enumerate(open("regions.txt")):
    level, x, y, columns, rows = map(int, line.split())
    down = slide.level_downsamples[level]
    place = tuple(math.floor(v * down + 0.5) for v in (x, y))
    words = np.zeros((rows, columns), np.uint32)
    lowlevel._read_region(
        slide._osr, words.ctypes.data_as(lowlevel.POINTER(lowlevel.c_uint32)), *place, level, columns, rows
    )
    # Where the downsample is no whole number, OpenSlide shifts a level by a part of a pixel, and its
    # last ones are smeared over the edge of the level: what lies outside is no part of the slide.
    size = slide.level_dimensions[level]
    words[max(size[1] - y, 0) :] = 0
    words[:, max(size[0] - x, 0) :] = 0
    alpha = (words >> 24).astype(np.int64)
    channels = [(words >> shift & 255).astype(np.int64) for shift in (16, 8, 0)]
    # round(n / 255) of whole numbers, in whole numbers.
    flat = [c + ((255 - alpha) * b * 2 + 255) // 510 for c, b in zip(channels, background)]
    pixels = np.minimum(np.stack(flat, -1), 255).astype(np.uint8)
    if np.isin(alpha, (0, 255)).all():
        picture = slide.read_region(place, level, (columns, rows))
        inside = (min(columns, size[0] - x), min(rows, size[1] - y))
        picture = picture.crop((0, 0) + inside).crop((0, 0, columns, rows))
        paper = Image.new("RGB", (columns, rows), tuple(background))
        paper.paste(picture, mask=picture)
        assert np.array_equal(np.asarray(paper), pixels), line
    pixels.tofile(f"{i}.rgb")
    transparent.append(int((alpha == 0).sum()))

properties = slide.properties


def number(name):
    value = properties.get(name)
    return None if value is None else float(value)


print(
    json.dumps(
        {
            "version": openslide.__library_version__,
            "vendor": properties["openslide.vendor"],
            "levels": [list(size) for size in slide.level_dimensions],
            "downsamples": list(slide.level_downsamples),
            "mpp": [number("openslide.mpp-x"), number("openslide.mpp-y")],
            "power": number("openslide.objective-power"),
            "pictures": list(slide.associated_images),
            "transparent": transparent,
        }
    )
)

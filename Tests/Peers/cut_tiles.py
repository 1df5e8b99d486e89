"""Tiles of a set that was cut beside the pictures of the same set that was not.

    cut_tiles.py WHOLE CUT

Both are sets of the same sources, by InternVL's policy. Of every picture Pillow makes the tiles anew: resized to the grid and cut
row by row, and the thumbnail last; grey of 16 bits in floating point (mode F), rounded half up. Tiles must have these bytes, and
the way from each back to its source must be the picture's after the tile's own place and scale.
"""

import glob
import io
import json
import sys

import numpy as np
import webdataset
from PIL import Image


def samples(folder):
    return {
        record["__key__"]: record
        for shard in sorted(glob.glob(folder + "/shards/*.tar"))
        for record in webdataset.WebDataset(shard, shardshuffle=False)
    }


def resized(pixels, width, height):
    if pixels.dtype != np.uint8:
        values = Image.fromarray(pixels.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
        return np.clip(np.floor(np.asarray(values) + 0.5), 0, 65535).astype(np.uint16)
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC))


def read(record, number):
    return np.asarray(Image.open(io.BytesIO(record[f"{number}.png"])))


def chained(matrix, scale_x, scale_y, left, top):
    """Of pixel centres: a tile's column is left + column in a grid that is so much larger than the picture."""
    step = np.array([[1 / scale_x, 0, (left + 0.5) / scale_x - 0.5], [0, 1 / scale_y, (top + 0.5) / scale_y - 0.5], [0, 0, 1]])
    return np.array(matrix) @ step


counts = {"samples": 0, "tiles": 0, "cut": 0, "deep": 0}
whole, cut = samples(sys.argv[1]), samples(sys.argv[2])
assert whole.keys() == cut.keys()
for key in whole:
    one, other = json.loads(whole[key]["json"]), json.loads(cut[key]["json"])
    picture, tiles = one["pictures"][0], other["pictures"]
    layout = picture["tiles"]
    pixels = read(whole[key], 0)
    height, width = pixels.shape[:2]
    size, columns, rows = layout["tile_size"], layout["columns"], layout["rows"]
    assert layout["tile"] is None and layout["canvas"] == [columns * size, rows * size]
    assert layout["content"] == [0, 0, columns * size, rows * size]
    grid = resized(pixels, columns * size, rows * size)
    wanted = [
        (grid[y * size:(y + 1) * size, x * size:(x + 1) * size], columns * size / width, rows * size / height, x * size, y * size)
        for y in range(rows) for x in range(columns)
    ]
    if layout["thumbnail"]:
        wanted.append((resized(pixels, size, size), size / width, size / height, 0, 0))
    assert len(tiles) == len(wanted) == len(other["image"]), key
    assert other["conversations"][0]["value"] == "<image>\n" * (len(wanted) - 1) + one["conversations"][0]["value"]
    for number, (want, scale_x, scale_y, left, top) in enumerate(wanted):
        assert np.array_equal(read(cut[key], number), want), f"{key}: tile {number}"
        tile = tiles[number]
        assert tile["tiles"] == {**layout, "tile": number}, key
        assert (tile["width"], tile["height"]) == (size, size)
        for field, shape in (("source_from_pixel", 3), ("pixel_to_patient", 4)):
            if picture[field] is None:
                assert tile[field] is None
                continue
            matrix = np.array(picture[field])
            flat = matrix[:, [0, 1, shape - 1]]
            got = np.array(tile[field])[:, [0, 1, shape - 1]]
            assert np.allclose(got, flat @ chained(np.eye(3), scale_x, scale_y, left, top), atol=1e-9), f"{key}: {field}"
        same = {k: v for k, v in tile.items() if k not in ("width", "height", "tiles", "source_from_pixel", "pixel_to_patient", "selection")}
        assert same == {k: picture[k] for k in same}, key
        counts["tiles"] += 1
    counts["samples"] += 1
    counts["cut"] += len(wanted) > 1
    counts["deep"] += pixels.dtype != np.uint8
print(json.dumps(counts))

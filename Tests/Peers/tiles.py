"""Tiles of ordinary pictures by InternVL's published preprocessing (model card of OpenGVLab/InternVL2,
dynamic_preprocess) and Pillow's own resize and crop.

    tiles.py make DIR                                 writes pictures of many kinds
    tiles.py compare DIR MIN MAX SIZE THUMBNAIL PICTURE...
    tiles.py tensors DIR

The second compares every tile and layout.json below DIR, and says of each page its mode, size, grid and tiles.
Grey of 16 bits is resized in Pillow's mode F, which knows no rounding, and rounded half up. The third compares the
numbers below DIR with those of the tiles beside them, made in the order of operations of transformers.
"""

import json
import os
import pathlib
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

from internvl import candidates, closest


def make():
    import imagecodecs
    import tifffile

    random = np.random.default_rng(20240416)

    def noise(rows, columns, channels, dtype=np.uint8):
        shape = (rows, columns) if channels == 1 else (rows, columns, channels)
        return random.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)

    Image.fromarray(noise(61, 130, 3)).save("rgb.png")
    Image.fromarray(noise(200, 45, 1)).save("grey.png")
    Image.fromarray(noise(64, 97, 1, np.uint16)).save("deep.png")
    Image.fromarray(noise(1, 1, 1)).save("one.png")
    Image.fromarray(noise(20, 300, 1)).save("wide.jpg")
    Image.fromarray(noise(40, 40, 1)).quantize(16).save("palette.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(noise(50, 84, 3)).save("turned.jpg", exif=exif)
    tifffile.imwrite("colours.tif", noise(33, 71, 3, np.uint16), photometric="rgb", metadata=None)
    wavelets = imagecodecs.jpeg2k_encode(noise(44, 47, 3), codecformat="jp2", reversible=True, level=0)
    open("wavelets.jp2", "wb").write(wavelets)
    with tifffile.TiffWriter("pages.tif") as file:
        for page in range(4):
            # The third is a smaller version, which is no picture of its own.
            array = noise(30, 20 + 10 * page, 3)
            file.write(array, photometric="rgb", metadata=None, subfiletype=int(page == 2))
    tifffile.imwrite("float.tif", noise(9, 9, 1).astype(np.float32), photometric="minisblack", metadata=None)
    tifffile.imwrite("signed.tif", noise(9, 9, 1, np.int16), photometric="minisblack", metadata=None)
    open("cut.png", "wb").write(open("rgb.png", "rb").read()[:2000])
    open("words.png", "w").write("no picture")
    # 60,000 x 60,000 pixels of red, green and blue.
    head = b"IHDR" + struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    chunks = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (head, data)]
    open("huge.png", "wb").write(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def resized(array, columns, rows):
    if array.dtype == np.uint16:
        image = Image.fromarray(array.astype(np.float32), "F")
        values = np.asarray(image.resize((columns, rows), Image.Resampling.BICUBIC))
        return np.clip(np.floor(values + np.float32(0.5)), 0, 65535).astype(np.uint16)
    return np.asarray(Image.fromarray(array).resize((columns, rows), Image.Resampling.BICUBIC))


def compare(folder, array, minimum, maximum, size, thumbnail):
    rows, columns = array.shape[:2]
    grid = closest(columns, rows, candidates(minimum, maximum), size)
    whole = resized(array, size * grid[0], size * grid[1])
    count = grid[0] * grid[1]
    wanted, rects = [], []
    for tile in range(count):
        across, down = tile % grid[0], tile // grid[0]
        wanted.append(whole[down * size : (down + 1) * size, across * size : (across + 1) * size])
        width, height = columns / grid[0], rows / grid[1]
        rects.append([across * width, down * height, (across + 1) * width, (down + 1) * height])
    if thumbnail and count > 1:
        wanted.append(resized(array, size, size))
        rects.append([0, 0, columns, rows])
    names = [f"tile_{tile:02}.png" for tile in range(len(wanted))]
    assert sorted(p.name for p in folder.iterdir()) == ["layout.json"] + names
    layout = json.load(open(folder / "layout.json"))
    assert layout["policy"] == "internvl" and layout["size"] == [columns, rows]
    assert layout["channels"] == (3 if array.ndim == 3 else 1)
    assert layout["depth"] == 8 * array.itemsize
    assert layout["tokens"] == len(wanted) * ((size // 14) ** 2 // 4)
    assert [t["file"] for t in layout["tiles"]] == names
    for name, pixels, rect, told in zip(names, wanted, rects, layout["tiles"]):
        tile = np.asarray(Image.open(folder / name))
        assert tile.dtype == pixels.dtype and np.array_equal(tile, pixels), (folder, name)
        assert np.allclose(told["rect"], rect, rtol=0, atol=1e-9), (told, rect)
        # Edges lie upon edges: the middle of a tile's first pixel is half a pixel from its corner.
        (across, zero, left), (nil, down, top), last = told["source_from_pixel"]
        assert (zero, nil, last) == (0, 0, [0, 0, 1])
        assert np.allclose([across, down], [(rect[2] - rect[0]) / size, (rect[3] - rect[1]) / size], atol=1e-12)
        assert np.allclose([left, top], [rect[0] + (across - 1) / 2, rect[1] + (down - 1) / 2], atol=1e-9)
    return f"{columns}x{rows} in {grid[0]}x{grid[1]}, {len(wanted)} tiles"


def main(folder, minimum, maximum, size, thumbnail, *pictures):
    for path in map(pathlib.Path, pictures):
        below = pathlib.Path(folder) / path.stem
        pages = sorted(p.name for p in below.iterdir() if p.is_dir()) or [""]
        with Image.open(path) as image:
            for page in pages:
                image.seek(int(page[5:] or 0))
                # Of a picture turned upright no page but the first is asked for.
                upright = image.copy() if page else ImageOps.exif_transpose(image)
                if upright.mode not in ("L", "RGB", "I;16"):
                    upright = upright.convert("RGB")
                said = compare(below / page, np.asarray(upright), int(minimum), int(maximum), int(size), thumbnail == "yes")
                print("/".join(filter(None, [path.stem, page])), upright.mode, said)


MEANS = {
    "clip": ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]),
    "imagenet": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    "siglip": ([0.5] * 3, [0.5] * 3),
    "none": ([0.0] * 3, [1.0] * 3),
}


def numbers(folder, layout):
    """Of the tiles, as float32: tiles x 3 x rows x columns, or patches."""
    tiles = [np.asarray(Image.open(folder / tile["file"]).convert("RGB")) for tile in layout["tiles"]]
    mean, deviation = (np.array(values, np.float32) for values in MEANS[layout["tensor"]["statistics"]])
    values = [((tile * (1 / 255)).astype(np.float32) - mean) / deviation for tile in tiles]
    values = np.stack([value.transpose(2, 0, 1) for value in values])
    if layout["policy"] != "smart-resize":
        return values
    # Two frames, and blocks of 2 x 2 patches of 14 pixels, as in Qwen2VLImageProcessor._preprocess.
    rows, columns = values.shape[2] // 14, values.shape[3] // 14
    film = np.concatenate([values, values]).reshape(1, 2, 3, rows // 2, 2, 14, columns // 2, 2, 14)
    patches = film.transpose(0, 3, 6, 4, 7, 2, 1, 5, 8).reshape(rows * columns, -1)
    assert np.load(folder / "grid.npy").tolist() == [[1, rows, columns]]
    return patches


def tensors(folder):
    import safetensors

    for path in sorted(pathlib.Path(folder).rglob("layout.json")):
        layout = json.load(open(path))
        told = layout["tensor"]
        wanted = numbers(path.parent, layout)
        file = path.parent / told["file"]
        if file.suffix == ".npy":
            values = np.load(file)
            kind = values.dtype.name
        else:
            ((name, entry),) = safetensors.deserialize(file.read_bytes())
            assert name == "pixel_values"
            kind = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}[entry["dtype"]]
            type_ = np.uint16 if kind == "bfloat16" else kind
            values = np.frombuffer(bytes(entry["data"]), type_).reshape(entry["shape"])
        assert kind == told["scalar"] and list(values.shape) == told["shape"]
        if kind == "bfloat16":
            bits = wanted.view(np.uint32)
            wanted = ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(np.uint16)
        else:
            wanted = wanted.astype(kind)
        assert np.array_equal(values, wanted), path
        print(path.parent.name, kind, told["statistics"], "x".join(map(str, values.shape)))


if sys.argv[1] == "make":
    os.chdir(sys.argv[2])
    make()
else:
    {"compare": main, "tensors": tensors}[sys.argv[1]](*sys.argv[2:])

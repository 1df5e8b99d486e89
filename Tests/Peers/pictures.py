"""What Pillow, tifffile and imagecodecs make of every picture of the corpus.

    pictures.py CORPUS

Writes into the working directory answers.jsonl, a line for each page and peer: {"peer", "path", "page", "tiled"} and either
{"columns", "rows", "channels", "dtype", "high", "values"}, where `values` names a file of the samples (C order, little
endian) and `high` says that they are only the higher byte of samples of 16 bits, or {"error"}. Samples are upright,
grey or RGB, without transparency and not blended; grey of 1, 2 and 4 bits is spread over 8, palettes are resolved.
"""
import csv
import json
import os
import sys
import warnings

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageOps

warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = None
# Messages of libtiff inside of Pillow.
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)

corpus = sys.argv[1]
out = open("answers.jsonl", "w")
count = 0


def give(peer, path, page, make, tiled=False):
    global count
    answer = {"peer": peer, "path": path, "page": page, "tiled": tiled}
    try:
        array, high = make()
        array = np.ascontiguousarray(array)
        if array.ndim == 2:
            array = array[..., None]
        values = f"{count}.raw"
        array.astype(array.dtype.newbyteorder("<")).tofile(values)
        answer |= {
            "rows": array.shape[0], "columns": array.shape[1], "channels": array.shape[2],
            "dtype": array.dtype.name, "high": high, "values": values,
        }
    except Exception as error:
        answer["error"] = type(error).__name__ + ": " + str(error)[:100]
    count += 1
    out.write(json.dumps(answer) + "\n")


def inks(array):
    """C, M, Y, K to RGB as Pillow does it, at any number of bits."""
    most = int(np.iinfo(array.dtype).max)
    array = array.astype(np.int64)
    rest = most - array[..., 3:4]
    return (rest - (array[..., :3] * rest + most // 2) // most).astype(np.uint8 if most == 255 else np.uint16)


def pillow(path, page):
    with Image.open(corpus + "/" + path) as image:
        if page:
            image.seek(page)
        raw = image.tile[0][3] if image.tile else None
        raw = raw if isinstance(raw, str) else raw[0] if raw else ""
        bits, form = 8, 1
        if image.format == "TIFF":
            bits = image.tag_v2.get(258, (1,))[0]
            form = image.tag_v2.get(339, (1,))[0]
        image.load()
        # TIFF was turned when it was loaded; of others, the orientation in an Exif block counts.
        if image.format != "TIFF" and "exif" in image.info:
            image = ImageOps.exif_transpose(image)
        mode = image.mode
        if mode == "LAB":
            raise ValueError("LAB is not compared")
        high = ";16" in raw and mode in ("RGB", "RGBA", "LA", "CMYK")
        if high and raw.startswith(("RGBa", "CMYK")):
            raise ValueError("computed with 8 bits")
        if high and mode == "RGBA" and raw.startswith("LA"):
            return np.asarray(image)[..., 0], True
        if mode == "1":
            return np.asarray(image.convert("L")), False
        if mode in ("P", "PA", "CMYK", "YCbCr"):
            return np.asarray(image.convert("RGB")), False
        if mode == "RGBA" and raw in ("LA", "LA;16B"):
            return np.asarray(image)[..., 0], high
        array = np.asarray(image)
        if mode == "RGBA":
            array = array[..., :3]
        if mode in ("LA", "La"):
            array = array[..., 0]
        if mode == "I":
            array = array.astype({(16, 2): np.int16, (32, 1): np.uint32, (32, 2): np.int32}[bits, form])
        return array.astype(array.dtype.newbyteorder("=")), high


def upright(array, orientation):
    if orientation in (5, 6, 7, 8):
        array = array.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    return array


def tiff(page):
    if page.photometric not in (0, 1, 2, 3, 4, 5, 6) or page.imagedepth > 1:
        raise ValueError("a colour model of its own")
    array = page.asarray()
    samples, bits = page.samplesperpixel, page.bitspersample
    if samples > 1 and page.planarconfig == 2:
        array = np.moveaxis(array, 0, -1)
    array = array.reshape(page.imagelength, page.imagewidth, samples)
    if array.dtype == bool:
        array = array.astype(np.uint8)
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    colours = {2: 3, 5: 4, 6: 3 if samples == 3 else 1}.get(page.photometric, 1)
    extra = [int(e) for e in page.extrasamples]
    if 1 in extra:
        at = colours + extra.index(1)
        alpha = array[..., at : at + 1].astype(np.uint64)
        most = np.iinfo(array.dtype).max
        value = array[..., :colours].astype(np.uint64) * most // np.maximum(alpha, 1)
        array = np.where(alpha == 0, 0, np.minimum(value, most)).astype(array.dtype)
    array = array[..., :colours]
    if page.photometric == 0 and array.dtype.kind == "u":
        array = ((1 << bits) - 1 - array.astype(np.int64)).astype(array.dtype)
    if colours == 1 and page.photometric != 3 and bits in (1, 2, 4):
        array = array * (255 // ((1 << bits) - 1))
    if page.photometric == 3:
        array = (page.colormap >> 8).astype(np.uint8).T[array[..., 0]]
    if page.photometric == 5:
        array = inks(array)
    return upright(array, int(page.tags.valueof(274, 1))), False


for row in csv.DictReader(open(corpus + "/inventory.csv")):
    kind, path = row["kind"], row["path"]
    if not any(word in kind for word in ("PNG", "JPEG", "TIFF", "JP2")):
        continue
    pages = 1
    if "TIFF" in kind:
        try:
            with tifffile.TiffFile(corpus + "/" + path) as file:
                listed = list(file.pages)
                pages = len(listed)
                for index, page in enumerate(listed):
                    give("tifffile", path, index, lambda: tiff(page), page.is_tiled)
        except Exception as error:
            give("tifffile", path, 0, lambda: (_ for _ in ()).throw(error))
        try:
            with Image.open(corpus + "/" + path) as image:
                pages = image.n_frames
        except Exception:
            pages = 1
    for index in range(pages):
        give("Pillow", path, index, lambda: pillow(path, index))
    if kind == "PNG":
        head = open(corpus + "/" + path, "rb").read(26)
        if head[24] == 16:

            def png():
                array = imagecodecs.png_decode(open(corpus + "/" + path, "rb").read())
                return (array[..., :3] if array.ndim == 3 and array.shape[2] > 2 else array[..., :1] if array.ndim == 3 else array), False

            give("imagecodecs", path, 0, png)
    if kind == "JP2":

        def j2k():
            array = imagecodecs.jpeg2k_decode(open(corpus + "/" + path, "rb").read())
            return (array[..., :3] if array.ndim == 3 and array.shape[2] > 2 else array[..., :1] if array.ndim == 3 else array), False

        give("imagecodecs", path, 0, j2k)

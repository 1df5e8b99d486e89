"""Tensors that the slow processors of transformers make of pictures, as digests.

    tensors.py POLICY

Reads jobs.txt, a line each: name, columns, rows, channels, columns and rows of the grid, tiles in all; NAME.in holds
the samples. Prints a line each: shape and SHA-256 of the tensor's float32, and the patch grid where there is one.
expand2square comes before CLIP's processor as in LLaVA (llava/mm_utils.py); InternVL, which this release has not, is
its published preprocessing with Pillow's resize and crop and with the normalisation of transformers.
"""

import hashlib
import sys

import numpy as np
from PIL import Image
from transformers import CLIPImageProcessor, LlavaNextImageProcessor, Qwen2VLImageProcessor
from transformers.image_transforms import normalize, rescale
from transformers.image_utils import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD, ChannelDimension

SHORTEST, CROP = {"shortest_edge": 336}, {"height": 336, "width": 336}
clip = CLIPImageProcessor(size=SHORTEST, crop_size=CROP)
llava = LlavaNextImageProcessor(size=SHORTEST, crop_size=CROP)
qwen = Qwen2VLImageProcessor()


def expand2square(picture):
    width, height = picture.size
    if width == height:
        return picture
    side = max(width, height)
    ground = tuple(int(mean * 255) for mean in clip.image_mean)
    square = Image.new(picture.mode, (side, side), ground)
    square.paste(picture, ((side - width) // 2, (side - height) // 2))
    return square


def internvl(picture, columns, rows, tiles, side=448):
    whole = picture.resize((side * columns, side * rows), Image.Resampling.BICUBIC)
    boxes = [(side * i, side * j, side * (i + 1), side * (j + 1)) for j in range(rows) for i in range(columns)]
    parts = [whole.crop(box) for box in boxes]
    if len(parts) < tiles:
        parts.append(picture.resize((side, side), Image.Resampling.BICUBIC))
    last = ChannelDimension.LAST
    return np.stack([
        normalize(
            rescale(np.array(part), 1 / 255, input_data_format=last), IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD,
            data_format=ChannelDimension.FIRST, input_data_format=last)
        for part in parts
    ])


def tensor(policy, picture, columns, rows, tiles):
    if policy == "internvl":
        return internvl(picture, columns, rows, tiles), ()
    if policy == "anyres":
        return llava(picture, return_tensors="np")["pixel_values"][0], ()
    if policy == "smart-resize":
        values = qwen(picture, return_tensors="np")
        assert values["image_grid_thw"].dtype == np.int64
        return values["pixel_values"], values["image_grid_thw"][0].tolist()
    square = expand2square(picture) if policy == "expand2square" else picture
    return clip(square, return_tensors="np")["pixel_values"], ()


for line in open("jobs.txt"):
    name, *numbers = line.split()
    width, height, channels, columns, rows, tiles = map(int, numbers)
    mode = "L" if channels == 1 else "RGB"
    picture = Image.frombytes(mode, (width, height), open(name + ".in", "rb").read()).convert("RGB")
    values, grid = tensor(sys.argv[1], picture, columns, rows, tiles)
    assert values.dtype == np.float32
    words = ["x".join(map(str, values.shape)), hashlib.sha256(np.ascontiguousarray(values)).hexdigest()]
    print(*words, *grid)

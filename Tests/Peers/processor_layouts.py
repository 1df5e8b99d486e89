"""What the slow processors of transformers do to pictures of many sizes, without the pictures.

processor_layouts.py POLICY PARAMETERS reads sizes.i32 (width, height) and writes steps.i64. Their own code runs on
arrays that have a shape and take no memory, and what it asks of Pillow and numpy is written down: for each size, for
each tile that the encoder gets, the steps from the picture to it, and -1; then the tokens, and -2. A step is
0 width height (resize), 1 left top right bottom (pad) or 2 left right top bottom (crop); those that change nothing are
left out. A size that the processor refuses is -3 and -2.
"""

import functools
import json
import sys
import types

import numpy as np
from transformers.image_utils import ChannelDimension
from transformers.models.clip import image_processing_clip as clip
from transformers.models.llava_next import image_processing_llava_next as llava
from transformers.models.llava_next.processing_llava_next import LlavaNextProcessor
from transformers.models.qwen2_vl.image_processing_qwen2_vl import smart_resize

policy, parameters = sys.argv[1], json.loads(sys.argv[2])
FIRST = {"data_format": ChannelDimension.FIRST, "input_data_format": ChannelDimension.FIRST}
side = parameters.get("size", 336)
shortest, crop = {"shortest_edge": side}, {"height": side, "width": side}


class Picture(np.ndarray):
    """3 x height x width of one zero, which knows the steps that led to it."""

    def __new__(cls, height, width, steps=()):
        self = np.broadcast_to(np.uint8(0), (3, height, width)).view(cls)
        self.steps = list(steps)
        return self

    def __array_finalize__(self, source):
        self.steps = getattr(source, "steps", [])

    def __getitem__(self, key):
        part = super().__getitem__(key)
        if isinstance(key, tuple) and all(isinstance(k, slice) for k in key[-2:]) and part.size:
            rows, columns = (range(n)[k] for n, k in zip(self.shape[-2:], key[-2:]))
            if part.shape != self.shape:
                ends = [columns[0], columns[-1] + 1, rows[0], rows[-1] + 1]
                part.steps = self.steps + [2, *ends]
        return part


def resize(image, size, **_):
    height, width = size
    if min(size) < 1:
        raise ValueError("height and width must be > 0")
    same = image.shape[-2:] == (height, width)
    return Picture(height, width, image.steps + ([] if same else [0, width, height]))


def pad(image, padding, *_):
    (top, bottom), (left, right) = padding
    height, width = image.shape[-2:]
    same = not any([left, top, right, bottom])
    steps = image.steps + ([] if same else [1, left, top, right, bottom])
    return Picture(height + top + bottom, width + left + right, steps)


class Square:
    """Stands for numpy where a picture is laid on a square."""

    def ones(self, shape, dtype):
        self.shape = shape
        return self

    def __mul__(self, ground):
        self.ground = ground
        return self

    def __setitem__(self, key, image):
        height, width = image.shape[:2]
        rows, columns = (range(n)[k] for n, k in zip(self.shape, key))
        assert (len(rows), len(columns)) == (height, width)
        self.pad = [columns[0], rows[0], self.shape[1] - width - columns[0], self.shape[0] - height - rows[0]]


clip.resize = llava.resize = resize
llava.pad = pad


def fixed(width, height, image=None):
    processor = clip.CLIPImageProcessor(size=shortest, crop_size=crop)
    image = Picture(height, width) if image is None else image
    image = processor.resize(image, shortest, **FIRST)
    return [processor.center_crop(image, crop, **FIRST)], (side // 14) ** 2


def expand2square(width, height):
    ground = tuple(int(mean * 255) for mean in clip.CLIPImageProcessor().image_mean)
    llava.np = Square()
    image = types.SimpleNamespace(shape=(height, width, 3), dtype=np.uint8)
    square = llava.expand_to_square(image, ground, ChannelDimension.LAST)
    llava.np = np
    if square is image:
        return fixed(width, height)
    assert square.ground == ground
    long = max(width, height)
    assert square.shape == (long, long, 3)
    return fixed(width, height, Picture(long, long, [1, *square.pad]))


def anyres(width, height):
    pinpoints = parameters["pinpoints"]
    processor = llava.LlavaNextImageProcessor(image_grid_pinpoints=pinpoints)
    tiles = processor.get_image_patches(
        Picture(height, width), pinpoints, size=(side, side), patch_size=side, resample=None, **FIRST
    )
    tiles = processor._preprocess(
        tiles, do_resize=True, size=shortest, do_center_crop=True, crop_size=crop, **FIRST
    )
    model = types.SimpleNamespace(image_processor=processor, patch_size=14)
    model._get_unpadded_features = functools.partial(LlavaNextProcessor._get_unpadded_features, model)
    tokens = LlavaNextProcessor._get_number_of_features(model, height, width, side, side)
    # The strategy "default" leaves out the class token.
    return tiles, tokens - 1


def smart(width, height):
    factor = parameters.get("factor", 28)
    bounds = {key: value for key, value in parameters.items() if key.endswith("pixels")}
    size = smart_resize(height, width, factor=factor, **bounds)
    tile = resize(Picture(height, width), size)
    # grid_t * grid_h * grid_w patches, merged 2 x 2.
    patch = factor // 2
    return [tile], (size[0] // patch) * (size[1] // patch) // 4


rule = {"fixed": fixed, "expand2square": expand2square, "anyres": anyres, "smart-resize": smart}[policy]
numbers = []
for width, height in np.fromfile("sizes.i32", np.int32).reshape(-1, 2).tolist():
    try:
        tiles, tokens = rule(width, height)
        for tile in tiles:
            assert tile.shape[1:] == (side, side) or policy == "smart-resize"
            numbers += [*tile.steps, -1]
        numbers += [tokens, -2]
    except ValueError:
        numbers += [-3, -2]
np.array(numbers, np.int64).tofile("steps.i64")
print(json.dumps([int(mean * 255) for mean in clip.CLIPImageProcessor().image_mean]))

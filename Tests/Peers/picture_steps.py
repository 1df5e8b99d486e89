"""Masks through crops, turns and resizes, by Pillow: picture_steps.py

Reads jobs.json, a list of masks (any bytes), the steps that are made on them, and what this package made of them. Prints how
many masks were compared.
"""

import json

import numpy as np
from PIL import Image, ImageOps


def made(picture, step):
    kind, *numbers = step
    if kind == 0:
        return ImageOps.mirror(picture)
    if kind == 1:
        return ImageOps.flip(picture)
    if kind == 2:
        return picture.transpose(Image.Transpose.TRANSPOSE)
    if kind == 3:
        return picture.crop(tuple(numbers))
    if kind == 4:
        left, top, right, bottom = numbers
        larger = Image.new("L", (picture.width + left + right, picture.height + top + bottom))
        larger.paste(picture, (left, top))
        return larger
    return picture.resize(tuple(numbers), Image.Resampling.NEAREST)


total = 0
for i, job in enumerate(json.load(open("jobs.json"))):
    mask = np.array(job["mask"], np.uint8).reshape(job["rows"], job["columns"])
    picture = Image.fromarray(mask)
    for step in job["steps"]:
        picture = made(picture, step)
    assert picture.size == (job["pictureColumns"], job["pictureRows"]), (i, picture.size)
    assert picture.tobytes() == bytes(job["picture"]), (i, job["steps"], picture.size)
    total += 1
print(total)

"""Tiles of slides beside OpenSlide, pydicom, Pillow and `tissue.py`.

  slide_tiles.py make NAME...                 slides NAME of this folder: see CASES
  slide_tiles.py check SET SOURCES RECIPE     every picture of SET, and which there are

RECIPE is JSON: microns, size, overlap, least, most (null: all), pens. Of each slide with pictures the tiles are worked
out anew: the level, the grid, the mask of tissue, the share in each tile. A picture must be the region of its rectangle,
resized by Pillow. Prints a row a slide: name, level, tiles, tiles of the grid, and the micrometres of a pixel.
"""

import glob
import hashlib
import io
import json
import math
import os
import sys

import numpy as np
import openslide
import pydicom
import tifffile
import webdataset
from PIL import Image

import dicom_slide
import make_dicom_slides
import tissue

# A glass of 1,440 x 1,120 micrometres: pixels of 0.5.
COLUMNS, ROWS = 2880, 2240


def painted(name):
    """`Glass` is painted at 4 micrometres and enlarged eight times; grain is laid over it."""
    glass = tissue.Glass(COLUMNS // 8, ROWS // 8, seed=sum(name.encode()))
    {"glass": lambda glass: None, "crumbs": lambda glass: glass.stain(glass.disk(112, 112, 30))}.get(name, tissue.holes)(glass)
    if name == "marked":
        glass.pen([40, 130, 80], [(10, 140), (350, 130)], width=50)
    picture = Image.fromarray(glass.picture()).resize((COLUMNS, ROWS), Image.Resampling.BICUBIC)
    grain = np.random.default_rng(1).normal(0, 3, (ROWS, COLUMNS, 3))
    return np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8)


def aperio(name, full, microns=0.5, steps=(1, 4, 16)):
    rows, columns = full.shape[:2]
    words = f"Aperio Image Library v1\r\n{columns}x{rows} [0,0 {columns}x{rows}] (256x256) JPEG/RGB Q=90|MPP = {microns}"
    with tifffile.TiffWriter(name + ".svs") as file:
        for step in steps:
            file.write(
                np.asarray(Image.fromarray(full).reduce(step)), tile=(256, 256), compression="jpeg",
                compressionargs={"level": 92}, photometric="rgb", description=words, metadata=None,
                subfiletype=0 if step == 1 else 1,
            )


def dicom(name, full, grey=False):
    """Three levels in four instances: the largest in two."""
    slide = make_dicom_slides.Slide(name)
    if grey:
        full = full[..., 1]
    across = len(list(make_dicom_slides.tiles(full)))
    slide.write([[full]], only=range(0, across // 2), concatenation="1")
    slide.write([[full]], only=range(across // 2, across), concatenation="1")
    for step in (4, 16):
        slide.write([[np.asarray(Image.fromarray(full).reduce(step))]], spacing=0.0005 * step)


def stack(name):
    """Two optical paths of other tissue, in three focal planes of another brightness, and one small picture of each."""
    full = painted("section")
    paths = [full[:1000, :1300], full[1000:2000, :1300]]
    slide = make_dicom_slides.Slide(name)
    slide.write([[part - np.uint8(3 * z) for z in range(3)] for part in paths], names=("b", "a"))
    small = [np.asarray(Image.fromarray(part).reduce(16)) for part in paths]
    slide.write([[part - np.uint8(3 * z) for z in range(3)] for part in small], names=("b", "a"), spacing=0.008)


def twice(name):
    """Two scans of one size, of which tissue is told by one small picture."""
    full = painted("section")
    slide = make_dicom_slides.Slide(name)
    slide.write([[full[:1000, :1300]]])
    slide.write([[full[:1000, :1300] - np.uint8(5)]])
    slide.write([[np.asarray(Image.fromarray(full[:1000, :1300]).reduce(16))]], spacing=0.008)


def huge(name):
    """A header that claims more pixels than any glass has; of its tiles two are there."""
    slide = make_dicom_slides.Slide(name)
    slide.write([[painted("section")[:64, :128]]])
    data = pydicom.dcmread(f"{name}_0.dcm")
    data.TotalPixelMatrixColumns, data.TotalPixelMatrixRows = 2**31 - 1, 2**31 - 1
    data.save_as(f"{name}_0.dcm")


def damaged(name):
    """Of the JPEG tile at 1024, 1024 of the largest level nothing is left but zeros."""
    aperio(name, painted("section"))
    with tifffile.TiffFile(name + ".svs") as file:
        page = file.pages[0]
        across = -(-page.imagewidth // 256)
        start, count = page.dataoffsets[4 * across + 4], page.databytecounts[4 * across + 4]
    with open(name + ".svs", "r+b") as file:
        file.seek(start)
        file.write(bytes(count))


CASES = {
    "section": lambda: aperio("section", painted("section")),
    "marked": lambda: aperio("marked", painted("marked")),
    "glass": lambda: aperio("glass", painted("glass")),
    "crumbs": lambda: aperio("crumbs", painted("crumbs")),
    "single": lambda: aperio("single", painted("section")[:1500, :1700], steps=(1,)),
    "coarse": lambda: aperio("coarse", painted("section"), microns=1.3),
    "small": lambda: aperio("small", painted("section")[:200, :2000], steps=(1,)),
    "dicom": lambda: dicom("dicom", painted("section")),
    "stack": lambda: stack("stack"),
    "twice": lambda: twice("twice"),
    "huge": lambda: huge("huge"),
    "damaged": lambda: damaged("damaged"),
    "grey": lambda: dicom("grey", painted("section"), grey=True),
}


class Maker:
    def __init__(self, path):
        self.slide = openslide.OpenSlide(path)
        self.sizes = list(zip(self.slide.level_dimensions, self.slide.level_downsamples))
        self.microns = float(self.slide.properties["openslide.mpp-x"])

    def region(self, level, x, y, columns, rows):
        down = self.slide.level_downsamples[level]
        region = self.slide.read_region((round(x * down), round(y * down)), level, (columns, rows))
        paper = Image.new("RGB", region.size, (255, 255, 255))
        paper.paste(region, mask=region)
        return paper


class Series:
    """`used` are the instances that pictures name, `beside` all of the slide."""

    def __init__(self, used, beside, selection):
        files = {}
        for path in beside:
            data = pydicom.dcmread(path)
            files.setdefault((data.TotalPixelMatrixColumns, data.TotalPixelMatrixRows), []).append((path, data))
        sizes = sorted(files, reverse=True)
        self.sizes = [(size, (sizes[0][0] / size[0] + sizes[0][1] / size[1]) / 2) for size in sizes]
        measures = files[sizes[0]][0][1].SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
        self.microns = 1000 * float(measures.PixelSpacing[0])
        number, names = selection["optical_path"], set()
        for _, data in sum(files.values(), []):
            names |= set(dicom_slide.paths_of(data))
        name = None if number is None else sorted(names)[number]
        self.levels = []
        for size in sizes:
            mine = [data for path, data in files[size] if path in used]
            level = dicom_slide.level(mine, name, selection["focal_plane"] or 0, 255)[0] if mine else None
            self.levels.append(level if level is None else Image.fromarray(level))

    def region(self, level, x, y, columns, rows):
        return self.levels[level].crop((x, y, x + columns, y + rows))


def half_up(value):
    return math.floor(value + 0.5)


def expected(slide, recipe):
    """Level, columns and rows of the grid, and by its number each tile that holds enough tissue: its rectangle."""
    microns = [slide.microns * down for _, down in slide.sizes]
    level = max(i for i, size in enumerate(microns) if size <= recipe["microns"] * 1.02)
    ratio = recipe["microns"] / microns[level]
    ratio = 1 if abs(ratio - 1) <= 0.02 else ratio
    side, step = half_up(recipe["size"] * ratio), (recipe["size"] - recipe["overlap"]) * ratio
    (columns, rows), down = slide.sizes[level]
    xs, ys = ([half_up(i * step) for i in range(whole) if half_up(i * step) + side <= whole] for whole in (columns, rows))

    small = max((i for i, size in enumerate(microns) if size <= 10), default=0)
    factor = max(1, half_up(8 / microns[small]))
    (across, below), small_down = slide.sizes[small]
    picture = np.asarray(slide.region(small, 0, 0, across, below).reduce(factor))
    size = slide.microns * small_down * factor
    mask, _, _ = tissue.mask(picture, (size, size), recipe["pens"])
    # Areas of the mask up to a corner, along both sides: what a rectangle holds is a difference of four.
    sums = np.pad(mask.astype(float).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    scale = down / (small_down * factor)

    def up_to(x, y):
        x, y = min(x * scale, mask.shape[1]), min(y * scale, mask.shape[0])
        i, j = min(int(x), mask.shape[1] - 1), min(int(y), mask.shape[0] - 1)
        u, v = x - i, y - j
        corners = sums[j : j + 2, i : i + 2]
        return corners[0, 0] * (1 - u) * (1 - v) + corners[0, 1] * u * (1 - v) + corners[1, 0] * (1 - u) * v + corners[1, 1] * u * v

    found = {}
    for j, y in enumerate(ys):
        for i, x in enumerate(xs):
            area = up_to(x + side, y + side) - up_to(x, y + side) - up_to(x + side, y) + up_to(x, y)
            share = area / (side * scale) ** 2
            if round(share, 6) >= recipe["least"]:
                found[j * len(xs) + i] = ([x, y, x + side, y + side], share)
    return level, len(xs) * len(ys), found


def check(data_set, sources, recipe):
    recipe = json.loads(recipe)
    paths = {}
    for folder, _, names in os.walk(sources):
        for name in names:
            path = os.path.join(folder, name)
            paths[hashlib.sha256(open(path, "rb").read()).hexdigest()] = path
    pictures, keys = {}, set()
    for shard in sorted(glob.glob(data_set + "/shards/*.tar")):
        for sample in webdataset.WebDataset(shard, shardshuffle=False):
            keys.add(sample["__key__"])
            entry = json.loads(sample["json"])["pictures"][0]
            files = tuple(sorted(paths[digest] for digest in entry["source_sha256"]))
            group = (files, entry["selection"]["optical_path"] or 0)
            pictures.setdefault(group, []).append((entry, Image.open(io.BytesIO(sample["0.png"]))))
    assert len(keys) == sum(map(len, pictures.values())), "keys are not distinct"
    rows = []
    for (files, path), entries in sorted(pictures.items(), key=lambda item: item[0]):
        name = os.path.basename(files[0]).split(".")[0].rsplit("_", 1)[0]
        beside = [path for path in paths.values() if os.path.basename(path).startswith(name + "_")]
        first = entries[0][0]["selection"]
        slide = Series(files, beside, first) if files[0].endswith(".dcm") else Maker(files[0])
        level, count, wanted = expected(slide, recipe)
        numbers = [entry["selection"]["index"] for entry, _ in entries]
        assert len(set(numbers)) == len(numbers), numbers
        if recipe["most"] is None:
            assert sorted(numbers) == sorted(wanted), (name, sorted(numbers), sorted(wanted))
        else:
            assert set(numbers) <= set(wanted) and len(numbers) == min(recipe["most"], len(wanted)), name
        for entry, picture in entries:
            selection = entry["selection"]
            x0, y0, x1, y1 = rect = selection["rect"]
            assert selection["kind"] == "region" and selection["level"] == level, selection
            assert all(selection[what] == first[what] for what in ("optical_path", "focal_plane")), selection
            theirs, share = wanted[selection["index"]]
            assert rect == theirs, (rect, selection["index"])
            assert abs(selection["tissue"] - share) < 1e-6, (selection, share)
            size = recipe["size"]
            assert picture.size == (size, size) == (entry["width"], entry["height"]), picture.size
            region = slide.region(level, x0, y0, x1 - x0, y1 - y0)
            if region.size != (size, size):
                region = region.resize((size, size), Image.Resampling.BICUBIC)
            assert np.array_equal(np.asarray(region), np.asarray(picture)), (name, rect)
            # Corners of the picture lie on corners of the rectangle.
            matrix = np.array(entry["source_from_pixel"])
            corners = matrix @ np.array([[-0.5, -0.5, 1], [size - 0.5, size - 0.5, 1]]).T
            assert np.allclose(corners[:2].T.ravel(), np.array(rect) - 0.5, atol=1e-9), (corners, rect)
            microns = slide.microns * slide.sizes[level][1] * (x1 - x0) / size
            assert abs(selection["microns_per_pixel"] - microns) < 1e-9, (selection, microns)
        rows.append([name, level, len(numbers), count, round(microns, 6)])
        rows[-1] += [f"{what} {first[what]}" for what in ("optical_path", "focal_plane") if first[what] is not None]
    print(json.dumps(rows))


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[0] == "make":
        for name in words[1:]:
            CASES[name]()
    else:
        check(*words[1:])

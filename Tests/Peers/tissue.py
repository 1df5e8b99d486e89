"""Tissue masks beside scikit-image and SciPy.

  tissue.py make [SLIDE...]   pictures i.rgb, what is known of them i.truth, and pictures.txt; slides through OpenSlide
  tissue.py check             found.json and i.mask of the library beside `mask` here; prints JSON, a row a picture:
                              name, Otsu's threshold, threshold, share of tissue, and of made pictures the overlap
                              (intersection over union) with the truth
  tissue.py regions           found.json: masks whose regions were removed, holes filled, and that were widened
  tissue.py reduce            i.in of jobs.txt through Pillow's reduce, to i.out
"""

import json
import sys

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.color import rgb2hsv
from skimage.filters import threshold_otsu
from skimage.morphology import remove_small_holes, remove_small_objects


def ink(rgb, size, smallest=50_000, margin=48):
    hsv = rgb2hsv(rgb)
    hue, saturation, value = hsv[..., 0] * 360, hsv[..., 1], hsv[..., 2]
    most, least = rgb.max(-1).astype(int), rgb.min(-1).astype(int)
    found = (most < 100) & (most - least < 24)
    found |= (hue >= 70) & (hue <= 190) & (saturation >= 0.15)
    found |= (hue >= 190) & (hue <= 248) & (saturation >= 0.5)
    red = ((hue >= 350) | (hue <= 12)) & (saturation >= 0.45) & (value >= 0.45)
    numbers, count = ndimage.label(red, np.ones((3, 3)))
    areas = np.bincount(numbers.ravel(), minlength=count + 1)
    strong = np.bincount(numbers[red & (saturation >= 0.75)], minlength=count + 1)
    found |= red & (strong >= 0.25 * areas)[numbers]
    found = remove_small_objects(found, max_size=int(smallest / (size[0] * size[1])), connectivity=2)
    across, down = (int(np.ceil(margin / side)) for side in size)
    return ndimage.binary_dilation(found, np.ones((2 * down + 1, 2 * across + 1)))


def mask(rgb, size, pens=True):
    """The mask of a picture whose pixels are size[0] x size[1] micrometres, Otsu's threshold, and the one used."""
    marks = ink(rgb, size) if pens else np.zeros(rgb.shape[:2], bool)
    most, least = rgb.max(-1).astype(int), rgb.min(-1).astype(int)
    saturation = np.rint(rgb2hsv(rgb)[..., 1] * 255).astype(np.uint8)
    open_ = ~marks & (most >= 40)
    values = saturation[open_]
    otsu = int(threshold_otsu(values)) if len(np.unique(values)) > 1 else None
    threshold = min(max(15 if otsu is None else otsu, 15), 40)
    tissue = open_ & (most - least >= 16) & (saturation > threshold)
    area = int(16_384 / (size[0] * size[1]))
    tissue = remove_small_holes(tissue, max_size=area, connectivity=1) & ~marks
    return remove_small_objects(tissue, max_size=area, connectivity=2), otsu, threshold


# Optical densities of haematoxylin and eosin in red, green and blue (Ruifrok, Johnston 2001).
HAEMATOXYLIN, EOSIN = np.array([0.650, 0.704, 0.286]), np.array([0.072, 0.990, 0.105])


class Glass:
    """A picture of a slide at 8 micrometres a pixel, painted step by step; `truth` is where tissue is."""

    def __init__(self, columns=360, rows=280, seed=0):
        self.generator = np.random.default_rng(seed)
        self.y, self.x = np.mgrid[0:rows, 0:columns]
        # Brighter in the middle, a little yellow.
        shade = 246 - 8 * np.hypot(self.x / columns - 0.5, self.y / rows - 0.5)
        self.rgb = shade[..., None] * np.array([1, 0.995, 0.985])
        self.truth = np.zeros((rows, columns), bool)

    def disk(self, x, y, radius, flat=1.0):
        return np.hypot(self.x - x, (self.y - y) / flat) < radius

    def smooth(self, sigma, low, high):
        grain = ndimage.gaussian_filter(self.generator.standard_normal(self.truth.shape), sigma)
        grain = (grain - grain.min()) / np.ptp(grain)
        return low + (high - low) * grain

    def stain(self, where, pale=1.0):
        """Haematoxylin and eosin, as much as there may be in a section."""
        density = self.smooth(4, 0.08, 0.7)[..., None] * HAEMATOXYLIN + self.smooth(9, 0.12, 0.5)[..., None] * EOSIN
        self.rgb[where] = (self.rgb * 10 ** -(pale * density))[where]
        self.truth |= where

    def clear(self, where, is_hole):
        """Glass again; a hole too small to count stays tissue in the truth."""
        self.rgb[where] = [244, 243, 241]
        if not is_hole:
            self.truth &= ~where

    def pen(self, color, points, width=28):
        """A stroke along straight lines, thicker here and there, its edge blurred; tissue below it is lost."""
        distance = np.full(self.truth.shape, np.inf)
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            t = ((self.x - x0) * (x1 - x0) + (self.y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
            t = np.clip(t, 0, 1)
            distance = np.minimum(distance, np.hypot(self.x - x0 - t * (x1 - x0), self.y - y0 - t * (y1 - y0)))
        cover = np.clip((width / 2 - distance) / 3 + 0.5, 0, 1) * self.smooth(6, 0.75, 1)
        self.rgb = self.rgb * (1 - cover[..., None]) + np.array(color) * cover[..., None]
        self.truth &= cover == 0

    def picture(self):
        rgb = ndimage.gaussian_filter(self.rgb, (0.6, 0.6, 0)) + self.generator.normal(0, 1.5, self.rgb.shape)
        return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


def section(glass, pale=1.0):
    glass.stain(glass.disk(130, 140, 80, 1.2), pale)
    glass.stain(glass.disk(265, 120, 50, 0.8), pale)


def holes(glass):
    section(glass)
    # 4 pixels are 32 micrometres: 3,200 square micrometres. 20 are 160: 80,000.
    glass.clear(glass.disk(110, 110, 4), True)
    glass.clear(glass.disk(150, 190, 20), False)
    # A crumb of tissue as small as that, and dust.
    kept = glass.truth.copy()
    glass.stain(glass.disk(330, 30, 5))
    glass.rgb[glass.disk(40, 250, 3)] = [70, 70, 72]
    glass.truth = kept


def border(glass):
    section(glass)
    outside = (glass.x < 60) | (glass.y > 220)
    glass.rgb[outside] = [4, 1, 3]
    glass.truth &= ~outside


def pens(color, over=False):
    def paint(glass):
        section(glass)
        points = [(20, 20), (340, 30), (335, 255)] if not over else [(20, 140), (300, 130)]
        glass.pen(color, points)

    return paint


def blood(glass):
    """A vessel full of blood, 320 micrometres across, which is as red as many pens."""
    section(glass)
    glass.rgb[glass.disk(130, 140, 20)] = [189, 72, 80]


def all_tissue(glass):
    glass.stain(glass.disk(0, 0, 1e9))


CASES = {
    "section": section,
    "pale": lambda glass: section(glass, 0.45),
    "holes": holes,
    "border": border,
    "green": pens([40, 130, 80]),
    "blue": pens([40, 60, 165]),
    "red": pens([205, 25, 35]),
    "black": pens([48, 46, 52]),
    "green_over": pens([60, 150, 95], over=True),
    "blood": blood,
    "all": all_tissue,
    "glass": lambda glass: None,
}


def make(slides):
    lines = []
    for number, (name, paint) in enumerate(CASES.items()):
        glass = Glass(seed=number)
        paint(glass)
        glass.picture().tofile(f"{number}.rgb")
        glass.truth.astype(np.uint8).tofile(f"{number}.truth")
        lines.append(f"{name} {glass.truth.shape[1]} {glass.truth.shape[0]} 8 8")
    for path in slides:
        import openslide

        slide = openslide.OpenSlide(path)
        size = [float(slide.properties[f"openslide.mpp-{side}"]) * 16 for side in "xy"]
        rgb = slide.read_region((0, 0), 0, slide.dimensions).convert("RGB").reduce(16)
        np.asarray(rgb).tofile(f"{len(lines)}.rgb")
        lines.append(f"slide {rgb.width} {rgb.height} {size[0]} {size[1]}")
    open("pictures.txt", "w").write("\n".join(lines))


def check():
    rows = []
    for number, (line, found) in enumerate(zip(open("pictures.txt"), json.load(open("found.json")))):
        name, columns, rows_, *size = line.split()
        shape, size = (int(rows_), int(columns)), [float(side) for side in size]
        rgb = np.fromfile(f"{number}.rgb", np.uint8).reshape(*shape, 3)
        ours = np.fromfile(f"{number}.mask", np.uint8).reshape(shape) == 1
        theirs, otsu, threshold = mask(rgb, size)
        assert found == [otsu, threshold, int(ink(rgb, size).sum())], (name, found, otsu, threshold)
        assert np.array_equal(ours, theirs), (name, np.argwhere(ours != theirs)[:5])
        assert np.array_equal(mask(rgb, size, pens=False)[0], np.fromfile(f"{number}.kept", np.uint8).reshape(shape) == 1)
        overlap = None
        if name in CASES:
            truth = np.fromfile(f"{number}.truth", np.uint8).reshape(shape) == 1
            union = (ours | truth).sum()
            overlap = 1.0 if union == 0 else float((ours & truth).sum() / union)
        rows.append([name, otsu, threshold, float(ours.mean()), overlap])
    print(json.dumps(rows))


def regions():
    total = 0
    for found in json.load(open("found.json")):
        shape = (found["rows"], found["columns"])
        plane, removed, filled, widened = (
            np.array(found[name], np.uint8).reshape(shape) == 1 for name in ("plane", "removed", "filled", "widened")
        )
        area, across, down = found["area"], found["across"], found["down"]
        assert np.array_equal(removed, remove_small_objects(plane, max_size=area, connectivity=2))
        assert np.array_equal(filled, remove_small_holes(plane, max_size=area, connectivity=1))
        assert np.array_equal(widened, ndimage.binary_dilation(plane, np.ones((2 * down + 1, 2 * across + 1))))
        total += 1
    print(total)


def reduce():
    for line in open("jobs.txt"):
        number, columns, rows, channels, factor = map(int, line.split())
        shape = (rows, columns, 3) if channels == 3 else (rows, columns)
        picture = Image.fromarray(np.fromfile(f"{number}.in", np.uint8).reshape(shape))
        np.asarray(picture.reduce(factor)).tofile(f"{number}.out")


if __name__ == "__main__":
    words = sys.argv[1:]
    {"make": lambda: make(words[1:]), "check": check, "regions": regions, "reduce": reduce}[words[0]]()

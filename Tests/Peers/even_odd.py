"""Polygons filled by exact arithmetic, and by scikit-image: even_odd.py FILL.json...

Each file holds columns, rows, polygons of [column, row] and the mask that is to be compared, as rows of
0 and 1. A pixel is inside where its centre is, by the even-odd rule, or where it lies on a path. Vertices are
rounded to 2^-20. Prints how many pixels were compared.
"""

import json
import sys

import numpy as np
from skimage.measure import grid_points_in_poly

ONE = 1 << 20


def exact(columns, rows, polygons):
    mask = np.zeros((rows, columns), np.uint8)
    for row in range(rows):
        for column in range(columns):
            x, y = column * ONE, row * ONE
            inside = path = False
            for polygon in polygons:
                for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]):
                    turn = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
                    if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
                        path = True
                    # A ray to the left meets the edge.
                    if (y1 <= y) != (y2 <= y) and (turn > 0) == (y2 < y1):
                        inside = not inside
            mask[row, column] = inside or path
    return mask


def area(polygon):
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]))


def peer(columns, rows, polygons):
    inside = np.zeros((rows, columns), bool)
    path = np.zeros((rows, columns), bool)
    for polygon in polygons:
        vertices = np.array([(y / ONE, x / ONE) for x, y in polygon])
        labels = grid_points_in_poly((rows, columns), vertices, binarize=False)
        inside ^= labels == 1
        path |= labels > 1
    return inside | path


total = 0
for name in sys.argv[1:]:
    fill = json.load(open(name))
    polygons = [[(int(np.rint(x * ONE)), int(np.rint(y * ONE))) for x, y in p] for p in fill["polygons"]]
    ours = np.array(fill["mask"], np.uint8).reshape(fill["rows"], fill["columns"])
    wanted = exact(fill["columns"], fill["rows"], polygons)
    assert (ours == wanted).all(), (name, np.argwhere(ours != wanted)[:5])
    # scikit-image is asked where it has the same rule: about one polygon that does not cross itself and has an area.
    if fill["simple"] and area(polygons[0]) != 0:
        other = peer(fill["columns"], fill["rows"], polygons)
        assert (ours == other).all(), (name, "scikit-image", np.argwhere(ours != other)[:5])
    total += ours.size
print(total)

"""The grid that InternVL's published preprocessing chooses (model card of OpenGVLab/InternVL2, dynamic_preprocess),
without the pictures: internvl.py MIN MAX SIZE reads sizes.i32 (width, height), writes grids.i32 (columns, rows,
tiles that the encoder gets with use_thumbnail)."""

import sys

import numpy as np


def candidates(minimum, maximum):
    found = set(
        (i, j)
        for n in range(minimum, maximum + 1)
        for i in range(1, n + 1)
        for j in range(1, n + 1)
        if minimum <= i * j <= maximum
    )
    return sorted(found, key=lambda grid: grid[0] * grid[1])


def closest(width, height, grids, size):
    aspect = width / height
    least = float("inf")
    best = (1, 1)
    for grid in grids:
        difference = abs(aspect - grid[0] / grid[1])
        if difference < least:
            least = difference
            best = grid
        elif difference == least and width * height > 0.5 * size * size * grid[0] * grid[1]:
            best = grid
    return best


if __name__ == "__main__":
    minimum, maximum, size = map(int, sys.argv[1:])
    grids = candidates(minimum, maximum)
    answers = []
    for width, height in np.fromfile("sizes.i32", np.int32).reshape(-1, 2).tolist():
        columns, rows = closest(width, height, grids, size)
        tiles = columns * rows
        answers.append((columns, rows, tiles + (tiles != 1)))
    np.array(answers, np.int32).tofile("grids.i32")

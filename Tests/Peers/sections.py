"""Sections of volumes as nibabel and numpy show them.

    sections.py

Writes volumes into the working directory: N.json (shape, affine of RAS, bytes a voxel), N.in (voxels, the first index
fastest), and for each plane N.PLANE.out (section by section, row by row) with their size and nibabel's place of three of
their pixels in N.PLANE.json.
"""

import itertools
import json

import nibabel
import numpy as np

# Of RAS: which axis goes through the sections, down and across, and which way, as a radiologist looks at them.
PLANES = {
    "axial": ((2, 1), (1, -1), (0, -1)),
    "coronal": ((1, -1), (2, -1), (0, -1)),
    "sagittal": ((0, -1), (2, -1), (1, -1)),
}

random = np.random.default_rng(5)
types = ["u1", "<i2", "<f4", "<f8", [("R", "u1"), ("G", "u1"), ("B", "u1")]]
number = 0
for axes, flips in itertools.product(itertools.permutations(range(3)), itertools.product([1, -1], repeat=3)):
    shape = tuple(random.integers(1, 9, 3)) if number % 4 else tuple(random.integers(65, 80, 3))
    dtype = np.dtype(types[number % 5])
    data = random.integers(0, 256, int(np.prod(shape)) * dtype.itemsize, dtype="u1")
    voxels = data.view(dtype).reshape(shape, order="F")
    # A head that is turned by up to 15 degrees about each axis.
    turn = np.eye(3)
    for axis, angle in enumerate(random.uniform(-np.pi / 12, np.pi / 12, 3) * (number % 3 > 0)):
        i, j = [k for k in range(3) if k != axis]
        one = np.eye(3)
        one[[i, j], [i, j]], one[i, j], one[j, i] = np.cos(angle), -np.sin(angle), np.sin(angle)
        turn = turn @ one
    permuted = np.zeros((3, 3))
    permuted[axes, range(3)] = flips
    affine = np.eye(4)
    affine[:3, :3] = turn @ permuted @ np.diag(random.uniform(0.5, 3, 3))
    affine[:3, 3] = random.uniform(-100, 100, 3)
    open(f"{number}.in", "wb").write(data.tobytes())
    json.dump(
        {"shape": [int(n) for n in shape], "affine": affine.tolist(), "voxel": dtype.itemsize},
        open(f"{number}.json", "w"),
    )
    orientation = nibabel.io_orientation(affine)
    place = affine @ nibabel.orientations.inv_ornt_aff(orientation, shape)
    # Indices, so that any type of voxel goes the same way.
    canonical = nibabel.apply_orientation(np.arange(voxels.size).reshape(shape, order="F"), orientation)
    for plane, ways in PLANES.items():
        order = [axis for axis, _ in ways]
        steps = tuple(slice(None, None, way) for _, way in ways)
        sections = canonical.transpose(order)[steps]
        out = voxels.ravel(order="F")[sections.ravel()]
        open(f"{number}.{plane}.out", "wb").write(out.tobytes())
        corners = []
        for pixel in [(0, 0, 0), (sections.shape[0] - 1, 0, sections.shape[2] - 1), (0, sections.shape[1] - 1, 0)]:
            index = np.zeros(4)
            index[3] = 1
            for (axis, way), n, size in zip(ways, pixel, sections.shape):
                index[axis] = n if way > 0 else size - 1 - n
            # The place of a pixel by its section, row and column: LPS.
            corners.append({"pixel": [int(n) for n in pixel], "lps": (np.diag([-1, -1, 1, 1]) @ place @ index)[:3].tolist()})
        json.dump({"size": [int(n) for n in sections.shape], "corners": corners}, open(f"{number}.{plane}.json", "w"))
    number += 1

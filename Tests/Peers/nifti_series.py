"""nibabel reads REF/<stem>.nii for every <stem>.raw of the folder and finds the same voxels.

x.raw has int16 in the order time, slice, row, column, and x.affine 16 float64: column, row, slice ->
LPS. A NIfTI file of dcm2niix has its rows from the bottom up and its world in RAS.
"""

import glob
import os
import sys

import nibabel
import numpy as np

count = 0
for path in sorted(glob.glob("*.raw")):
    stem = path[: -len(".raw")]
    image = nibabel.load(os.path.join(sys.argv[1], stem + ".nii"))
    columns, rows, slices, times = image.shape
    assert (columns, rows, slices, times) == (64, 64, 15, 10), image.shape
    ours = np.fromfile(path, "<i2").reshape(times, slices, rows, columns)
    theirs = np.asarray(image.dataobj).transpose(3, 2, 1, 0)[:, :, ::-1, :]
    assert np.array_equal(ours, theirs), stem

    lps = np.fromfile(stem + ".affine", "<f8").reshape(4, 4)
    flip = np.eye(4)
    flip[1, 1], flip[1, 3] = -1, rows - 1
    ras = np.diag([-1.0, -1, 1, 1]) @ lps @ flip
    assert np.allclose(ras, image.affine, atol=1e-4), (stem, ras, image.affine)
    count += 1
print(count, "series equal")

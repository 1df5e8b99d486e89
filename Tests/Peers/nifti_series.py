"""nibabel reads a NIfTI file for every <stem>.raw of the folder and finds the same voxels in the world.

x.raw has integers of two bytes in the order time, slice, row, column; x.affine 16 float64: column, row,
slice -> LPS; x.shape columns, rows, slices and times as int32. The files lie in the folder named, as
<stem>.nii, or are made of the DICOM in <stem>.dicom by the converter named. Axes may run other ways.
"""

import glob
import os
import subprocess
import sys

import nibabel
import numpy as np

where = sys.argv[1]
count = 0
for path in sorted(glob.glob("*.raw")):
    stem = path[: -len(".raw")]
    if where == "dcm2niix":
        subprocess.run(
            [where, "-z", "n", "-f", stem, "-o", ".", stem + ".dicom"], check=True, stdout=subprocess.DEVNULL)
        image = nibabel.load(stem + ".nii")
    else:
        image = nibabel.load(os.path.join(where, stem + ".nii"))
    columns, rows, slices, times = np.fromfile(stem + ".shape", "<i4")
    theirs = np.asarray(image.dataobj)
    theirs = theirs.reshape(theirs.shape + (1,) * (4 - theirs.ndim))
    ours = np.fromfile(path, "<i2").reshape(times, slices, rows, columns).transpose(3, 2, 1, 0)
    ras = np.diag([-1.0, -1, 1, 1]) @ np.fromfile(stem + ".affine", "<f8").reshape(4, 4)

    # Where our voxels lie in theirs: axes are exchanged and reversed, and nothing else.
    between = np.linalg.inv(image.affine) @ ras
    turn = np.rint(between[:3, :3]).astype(int)
    assert np.allclose(between[:3, :3], turn, atol=1e-4), (stem, between)
    assert (np.abs(turn).sum(0) == 1).all() and (np.abs(turn).sum(1) == 1).all(), (stem, between)
    for axis in range(3):
        to = int(np.argmax(np.abs(turn[axis])))
        if turn[axis, to] < 0:
            ours = np.flip(ours, to)
    ours = ours.transpose([int(np.argmax(np.abs(turn[a]))) for a in range(3)] + [3])
    assert ours.shape == theirs.shape, (stem, ours.shape, theirs.shape)
    assert np.array_equal(ours, theirs.astype(ours.dtype)), stem
    # The corner that our first voxel is in theirs, in millimetres.
    corner = np.array([0 if turn[a].sum() > 0 else theirs.shape[a] - 1 for a in range(3)] + [1])
    assert np.allclose(image.affine @ corner, ras[:, 3], atol=1e-4), (stem, image.affine @ corner, ras[:, 3])
    count += 1
print(count, "series equal")

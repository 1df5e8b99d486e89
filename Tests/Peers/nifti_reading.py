"""nibabel reads every .nii of the folder and finds the affine and voxels written beside it.

x.nii has x.affine (16 float64, voxel -> LPS) and x.raw (its type is that of the header). Prints a line
a file: stem, type, intent, qform and sform codes, and whether the qform says the same.
"""

import glob

import nibabel
import numpy as np

for path in sorted(glob.glob("*.nii")):
    stem = path[: -len(".nii")]
    image = nibabel.load(path)
    lps = np.fromfile(stem + ".affine", "<f8").reshape(4, 4)
    ras = np.diag([-1.0, -1, 1, 1]) @ lps
    assert np.allclose(image.get_sform(), ras, atol=1e-4), (path, image.get_sform(), ras)
    raw = np.fromfile(stem + ".raw", image.get_data_dtype())
    assert np.array_equal(np.asarray(image.dataobj).reshape(-1, order="F"), raw), path
    qform, code = image.get_qform(coded=True)
    same = qform is not None and np.allclose(qform, ras, atol=1e-3)
    print(
        stem,
        image.get_data_dtype(),
        int(image.header["intent_code"]),
        int(code),
        int(image.header["sform_code"]),
        image.header.get_xyzt_units()[0],
        same,
    )

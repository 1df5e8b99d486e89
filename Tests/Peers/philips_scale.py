"""Slopes of MR images of Philips, by dcm2niix.

    philips_scale.py

Converts the working directory's DICOM files with dcm2niix's defaults; prints for each NIfTI file slope and intercept.
"""

import glob
import subprocess

import nibabel

subprocess.run(["dcm2niix", "-b", "n", "-f", "out_%s", "."], check=True, capture_output=True)
for path in sorted(glob.glob("out_*.nii")):
    proxy = nibabel.load(path).dataobj
    print(float(proxy.slope), float(proxy.inter))

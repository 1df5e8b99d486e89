"""numpy's percentiles and scikit-image's Otsu threshold.

Reads from the working directory: <i>.f64 modality values, percentiles.f64, and where it exists <i>.i32, the
stored values behind them. Writes <i>.answers.f64: the percentiles, Otsu's threshold (of the stored values where
they are there, else of the distinct modality values weighted by how often they occur), and the percentiles of the
modality values strictly above that threshold.
"""
import glob
import os
import sys

import numpy as np
from skimage.filters import threshold_otsu

q = np.fromfile("percentiles.f64")
for path in sorted(glob.glob("*.f64")):
    name = path[:-4]
    if not name.isdigit():
        continue
    values = np.fromfile(path)
    if os.path.exists(name + ".i32"):
        stored = np.fromfile(name + ".i32", np.int32)
        threshold = threshold_otsu(stored)
        foreground = values[stored > threshold]
    else:
        distinct, counts = np.unique(values, return_counts=True)
        threshold = threshold_otsu(hist=(counts, distinct))
        foreground = values[values > threshold]
    answers = np.concatenate([np.percentile(values, q), [threshold], np.percentile(foreground, q)])
    answers.astype(np.float64).tofile(name + ".answers.f64")

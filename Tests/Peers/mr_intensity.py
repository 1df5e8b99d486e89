"""MR normalisation by the package intensity-normalization: z-scores, and landmarks of Nyul and Udupa.

Reads from the working directory <i>.f64, the modality values of volume i, <i>.i32, the stored values behind
them, and landmarks.f64: percentiles, then their places on the scale from 0 to 100. The foreground is what lies
above scikit-image's Otsu threshold of the stored values. Writes <i>.moments.f64: mean and deviation of the
foreground, then those of all values; <i>.trained.f64: where training puts the percentiles of the volume's
foreground; <i>.shown.f64: 255 t of every value by the landmarks given.
"""
import glob

import numpy as np
from exact_image import ExactImage
from intensity_normalization import NyulNormalizer, ZScoreNormalizer
from skimage.filters import threshold_otsu

percentiles, scale = np.fromfile("landmarks.f64").reshape(2, -1)
np.save("scale.npy", np.vstack([scale, percentiles]))


def moments(values, mask):
    fitted = ZScoreNormalizer().fit(ExactImage(values), ExactImage(mask))
    return [fitted.mean, fitted.std]


for path in glob.glob("*.f64"):
    name = path[:-4]
    if not name.isdigit():
        continue
    values = np.fromfile(path)
    stored = np.fromfile(name + ".i32", np.int32)
    mask = (stored > threshold_otsu(stored)).astype(float)
    np.array(moments(values, mask) + moments(values, mask * 0 + 1)).tofile(name + ".moments.f64")
    image, inside = ExactImage(values), ExactImage(mask)
    trained = NyulNormalizer(output_min_value=0).fit_population([image], [inside])
    trained.standard_scale.astype(np.float64).tofile(name + ".trained.f64")
    given = NyulNormalizer()
    given.load_standard_histogram("scale.npy")
    shown = given.transform(image, inside).get_data()
    (255 * np.clip(shown / 100, 0, 1)).tofile(name + ".shown.f64")

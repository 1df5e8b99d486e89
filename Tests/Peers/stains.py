"""Colours of stained slides by torchstain (Macenko), and by the formulas of HistomicsTK (Reinhard).

    stains.py colours                 of the working directory's <i>.rgb
    stains.py set PLAIN SET METHOD    of the slides of two data sets, the first without normalisation

Statistics are of tissue alone: pixels of which every colour has an optical density of at least 0.15, which is
what Macenko's method calls tissue. torchstain is given these pixels as a picture of their own; what it found
goes for the glass too, by the step of its `normalize` that goes for all pixels. `colours` writes
<i>.macenko.f64 and <i>.reinhard.f64, the two rows that were found and 256 greys exactly, and
<i>.torchstain, what torchstain's own `normalize` makes of tissue. `set` prints how many slides were compared,
the largest difference from torchstain's own greys of tissue, and how many slides were left as they are.
"""

import glob
import io
import json
import sys
import tarfile

import numpy as np
from PIL import Image
from torchstain.numpy.normalizers import NumpyMacenkoNormalizer

# Amgad et al. 2019, as HistomicsTK's test_normalization_and_augmentation.py has it.
TARGET = np.array([[8.74108109, -0.12440419, 0.0444982], [0.6135447, 0.10989545, 0.0286032]])
# HistomicsTK's rgb_to_lab.py.
RGB2LMS = np.array([[0.3811, 0.5783, 0.0402], [0.1967, 0.7244, 0.0782], [0.0241, 0.1288, 0.8444]])
LMS2LAB = np.diag([3**-0.5, 6**-0.5, 2**-0.5]) @ np.array([[1, 1, 1], [1, 1, -2], [1, -1, 0]])


def tissue(pixels):
    return ~(-np.log((pixels.astype(float) + 1) / 240) < 0.15).any(axis=1)


def macenko(pixels):
    """Rows that were found, exact greys, torchstain's own greys of tissue."""
    target, found = NumpyMacenkoNormalizer(), NumpyMacenkoNormalizer()
    inside = pixels[tissue(pixels)][:, np.newaxis]
    found.fit(inside)
    density = -np.log((pixels.astype(float) + 1) / 240)
    amounts = np.linalg.lstsq(found.HERef, density.T, rcond=None)[0]
    amounts *= (target.maxCRef / found.maxCRef)[:, np.newaxis]
    exact = np.minimum(240 * np.exp(-target.HERef @ amounts), 255).T
    rows = np.vstack([found.HERef, found.maxCRef]).T
    return rows, exact, target.normalize(inside, stains=False)[0][:, 0]


def to_lab(pixels):
    return LMS2LAB @ np.log(np.maximum(RGB2LMS @ pixels.T.astype(float), np.spacing(1)))


def reinhard(pixels):
    inside = to_lab(pixels[tissue(pixels) & pixels.any(axis=1)])
    rows = np.array([inside.mean(axis=1), inside.std(axis=1)])
    means, deviations = rows[:, :, np.newaxis]
    lab = (to_lab(pixels) - means) / deviations * TARGET[1][:, np.newaxis] + TARGET[0][:, np.newaxis]
    exact = np.linalg.inv(RGB2LMS) @ np.exp(np.linalg.inv(LMS2LAB) @ lab)
    return rows, np.clip(exact.T, 0, 255), None


METHODS = {"macenko": macenko, "reinhard": reinhard}


def colours():
    for path in glob.glob("*.rgb"):
        pixels = np.fromfile(path, np.uint8).reshape(-1, 3)
        for name, method in METHODS.items():
            rows, exact, whole = method(pixels)
            np.concatenate([rows.ravel(), exact.ravel()]).tofile(f"{path[:-4]}.{name}.f64")
            if whole is not None:
                whole.tofile(path[:-4] + ".torchstain")


def slides(folder):
    found = {}
    for path in glob.glob(folder + "/shards/*.tar"):
        with tarfile.open(path) as tar:
            members = {member.name: tar.extractfile(member).read() for member in tar}
        for name, data in members.items():
            if name.endswith(".json"):
                row = json.loads(data)
                picture = np.asarray(Image.open(io.BytesIO(members[row["image"]])))
                found[name] = (row["pictures"][0]["display"]["stain"], picture)
    return found


def compare(plain, stained, method):
    before, after = slides(plain), slides(stained)
    assert before.keys() == after.keys()
    compared, worst, same = 0, 0, 0
    for name, (stain, shown) in after.items():
        _, source = before[name]
        assert before[name][0] is None and shown.shape == source.shape
        if stain is None:
            assert (shown == source).all(), name
            same += 1
            continue
        assert stain["method"] == method and shown.ndim == 3
        pixels = source.reshape(-1, 3)
        rows, exact, whole = METHODS[method](pixels)
        assert np.allclose(stain["source"], rows, rtol=1e-9, atol=1e-9), (stain["source"], rows)
        # A hair from a half both neighbours are right.
        assert np.abs(shown.reshape(-1, 3) - exact).max() <= 0.5 + 1e-6, name
        if whole is not None:
            apart = np.abs(shown.reshape(-1, 3)[tissue(pixels)].astype(int) - whole)
            worst = max(worst, int(apart.max()))
        assert (shown != source).any(), name
        compared += 1
    print(compared, worst, same)


colours() if sys.argv[1] == "colours" else compare(*sys.argv[2:])

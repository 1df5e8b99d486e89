"""Reading a volume beside nibabel, and beside reading its bytes, in alternating runs of one thread.

  nifti.py BENCH [ROUNDS]    BENCH: the built program BenchNIfTI

Each run is a process of its own that says how long reading took; the first round warms the page cache
and is not counted.
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time


def peer(path):
    import nibabel
    import numpy as np

    start = time.perf_counter()
    voxels = np.asanyarray(nibabel.load(path, mmap=False).dataobj)
    print(time.perf_counter() - start, voxels.nbytes)


def make(folder):
    """512 x 512 x 300 of int16 like a CT: air, soft tissue and bone, all with grain."""
    import nibabel
    import numpy as np

    random = np.random.default_rng(1)
    y, x, z = np.ogrid[-1:1:512j, -1:1:512j, -1:1:300j]
    radius = (x / 0.8) ** 2 + (y / 0.6) ** 2 + 0 * z
    bone = (x**2 + (y - 0.4) ** 2 + 0 * z) < 0.01
    voxels = np.where(bone, 700, np.where(radius < 1, 40, -1000)).astype("i2")
    voxels += random.normal(0, 15, voxels.shape).astype("i2")
    image = nibabel.Nifti1Image(voxels, np.diag([0.8, 0.8, 1, 1]))
    paths = [str(folder / "volume.nii"), str(folder / "volume.nii.gz")]
    for path in paths:
        nibabel.save(image, path)
    return paths


def run(words):
    return float(subprocess.run(words, capture_output=True, check=True, text=True).stdout.split()[0])


def main():
    bench = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    nibabel = [sys.executable, __file__, "--peer"]
    with tempfile.TemporaryDirectory() as folder:
        plain, gzip = make(pathlib.Path(folder))
        pairs = [
            ("bytes of .nii / .nii", [bench, "bytes", plain], [bench, "volume", plain]),
            ("bytes of .nii / .nii by slices", [bench, "bytes", plain], [bench, "slices", plain]),
            ("nibabel / .nii", nibabel + [plain], [bench, "volume", plain]),
            ("nibabel / .nii.gz", nibabel + [gzip], [bench, "volume", gzip]),
            ("nibabel / .nii.gz by slices", nibabel + [gzip], [bench, "slices", gzip]),
        ]
        for name, theirs, ours in pairs:
            times = [(run(theirs), run(ours)) for _ in range(rounds + 1)][1:]
            ratios = sorted(a / b for a, b in times)
            a, b = (statistics.median(t[i] for t in times) for i in (0, 1))
            print(
                f"{name:32} median {statistics.median(ratios):.2f} times, pairs {ratios[0]:.2f} to"
                f" {ratios[-1]:.2f} ({a:.3f} s, {b:.3f} s)"
            )


if sys.argv[1] == "--peer":
    peer(sys.argv[2])
else:
    main()

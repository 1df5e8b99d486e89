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

from ct_volume import ct_volume


def peer(path):
    import nibabel
    import numpy as np

    start = time.perf_counter()
    voxels = np.asanyarray(nibabel.load(path, mmap=False).dataobj)
    print(time.perf_counter() - start, voxels.nbytes)


def make(folder):
    import nibabel
    import numpy as np

    image = nibabel.Nifti1Image(ct_volume(), np.diag([0.8, 0.8, 1, 1]))
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

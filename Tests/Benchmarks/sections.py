"""8-bit pictures of all slices of a CT volume in memory, beside numpy, MONAI and TorchIO, in alternating runs of one
thread.

  sections.py BENCH [ROUNDS]    BENCH: the built program BenchSections

Needs numpy and nibabel; MONAI and TorchIO where they are installed, in an environment of your own: they are not among
the tests' peers. Each run is a process of its own that says how long making the pictures took, reading not counted;
the first round is not counted. All make soft tissue's window, 40/400; the peers give slices as they lie in their array.
"""

import importlib.util
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from ct_volume import ct_volume

# LINEAR of center 40 and width 400: from -160 to 239 (PS3.3 C.11.2.1.2).
LOW, HIGH = -160.0, 239.0


def numpy_slices(voxels):
    import numpy as np

    out = np.empty(voxels.shape[::-1], np.uint8)
    for k in range(voxels.shape[2]):
        t = (voxels[:, :, k].T.astype(np.float64) - LOW) / (HIGH - LOW)
        out[k] = np.floor(255 * np.clip(t, 0, 1) + 0.5)
    return out


def monai_slices(voxels):
    import numpy as np
    from monai.transforms import ScaleIntensityRange

    scale = ScaleIntensityRange(LOW, HIGH, 0.0, 255.0, clip=True)
    shown = scale(voxels[None]).numpy()[0]
    return np.ascontiguousarray((shown + 0.5).astype(np.uint8).T)


def torchio_slices(voxels):
    import numpy as np
    import torch
    import torchio

    image = torchio.ScalarImage(tensor=torch.from_numpy(voxels[None]))
    shown = torchio.RescaleIntensity((0, 255), in_min_max=(LOW, HIGH))(torchio.Clamp(LOW, HIGH)(image))
    return np.ascontiguousarray((shown.data[0].numpy() + 0.5).astype(np.uint8).T)


PEERS = {"numpy": numpy_slices, "monai": monai_slices, "torchio": torchio_slices}


def peer(name, path):
    import nibabel
    import numpy as np

    if name != "numpy":
        import torch

        torch.set_num_threads(1)
    voxels = np.asfortranarray(nibabel.load(path).dataobj)
    PEERS[name](np.zeros((4, 4, 4), "i2"))
    start = time.perf_counter()
    pictures = PEERS[name](voxels)
    print(time.perf_counter() - start, pictures.shape)


def make(path):
    import nibabel
    import numpy as np

    nibabel.save(nibabel.Nifti1Image(ct_volume(), np.diag([-0.8, -0.8, 1, 1])), path)


def run(words):
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    said = subprocess.run(words, capture_output=True, check=True, text=True, env=environment)
    return float(said.stdout.split()[0])


def main():
    bench = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "volume.nii")
        make(path)
        ours = [bench, "axial", path]
        pairs = [
            (f"{name} / axial", [sys.executable, __file__, "--peer", name, path], ours)
            for name in PEERS
            if importlib.util.find_spec(name)
        ]
        pairs += [(f"{plane} / axial", [bench, plane, path], ours) for plane in ("coronal", "sagittal")]
        for name, theirs, ours in pairs:
            times = [(run(theirs), run(ours)) for _ in range(rounds + 1)][1:]
            ratios = sorted(a / b for a, b in times)
            a, b = (statistics.median(t[i] for t in times) for i in (0, 1))
            print(
                f"{name:20} median {statistics.median(ratios):.2f} times, pairs {ratios[0]:.2f} to"
                f" {ratios[-1]:.2f} ({a:.3f} s, {b:.3f} s)",
                flush=True,
            )


if sys.argv[1] == "--peer":
    peer(*sys.argv[2:])
else:
    main()

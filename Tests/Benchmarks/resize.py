#!/usr/bin/env python3
"""PictureResize against Pillow's Image.resize (bicubic), in alternating runs, one thread each; and two threads, a picture
each, against one.

    resize.py BENCH_RESIZE [RUNS]

Pixels to pixels in memory, the weights counted on both sides. Prints versions, medians, and ratios run by run (above 1: this
package is faster)."""
import os, platform, statistics, subprocess, sys, tempfile, time

import numpy as np
import PIL
from PIL import Image

CASES = [
    ("RGB", (2048, 2048), (1344, 896)),
    ("RGB", (512, 512), (448, 448)),
    ("L", (512, 512), (448, 448)),
    ("L", (2048, 2048), (1344, 896)),
    ("RGBA", (2048, 2048), (1344, 896)),
    ("F", (2048, 2048), (1344, 896)),
    ("F", (512, 512), (448, 448)),
]
CHANNELS = {"L": 1, "RGB": 3, "RGBA": 4, "F": 1}
# How long a run is, so that starting threads does not count.
SECONDS = 0.2


def spread(ratios):
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    print(f"Pillow {PIL.__version__}, Python {platform.python_version()}, numpy {np.__version__}")
    random = np.random.default_rng(1)
    bench = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "samples")

        def ours(threads, pictures, mode, size, new):
            bench.stdin.write(f"{threads} {pictures} {mode} {size[0]} {size[1]} {new[0]} {new[1]} {path}\n")
            bench.stdin.flush()
            return float(bench.stdout.readline()) / pictures

        def theirs(pictures, picture, new):
            before = time.perf_counter()
            for _ in range(pictures):
                picture.resize(new, Image.Resampling.BICUBIC)
            return (time.perf_counter() - before) / pictures

        for mode, size, new in CASES:
            samples = random.integers(0, 256, size[0] * size[1] * CHANNELS[mode], dtype=np.uint8)
            if mode == "F":
                samples = samples.astype(np.float32)
            samples.tofile(path)
            picture = Image.frombytes(mode, size, samples.tobytes())
            # The first pair warms up, and says how many make a run.
            pictures = max(1, round(SECONDS / 4 / ours(1, 4, mode, size, new)))
            theirs(1, picture, new)
            us, them, two = [], [], []
            for run in range(runs):
                us.append(ours(1, pictures, mode, size, new))
                them.append(theirs(max(1, pictures // 4), picture, new))
                two.append(ours(2, pictures, mode, size, new))
            print(
                f"{mode:4} {size[0]} x {size[1]} to {new[0]} x {new[1]}: {1000 * statistics.median(us):6.2f} ms, "
                f"Pillow {1000 * statistics.median(them):6.2f} ms, ratio {spread([b / a for a, b in zip(us, them)])}; "
                f"two threads {spread([2 * a / b for a, b in zip(us, two)])} times one"
            )

#!/usr/bin/env python3
"""Components and outlines of label planes of 512 x 512 and 20 classes against scikit-image, in alternating runs, one thread each.

    labels.py BENCH_LABELS [RUNS]

The peer labels the plane, takes box, area and centroid of every region, and its contours at 0.5 (find_contours of its padded
image). Prints the medians of both and of their ratio run by run (above 1: this package is faster)."""
import os, statistics, subprocess, sys, tempfile, time

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.measure import find_contours, label, regionprops

SIDE = 512


def planes():
    random = np.random.default_rng(1)

    def classes(blur):
        fields = np.stack([gaussian_filter(random.normal(size=(SIDE, SIDE)), blur) for _ in range(21)])
        return fields.argmax(0).astype(np.uint8)

    smooth = classes(16)
    grainy = smooth.copy()
    noise = random.random((SIDE, SIDE)) < 0.02
    grainy[noise] = random.integers(0, 21, noise.sum())
    return {"organs": smooth, "small parts": classes(3), "organs with 2 % of noise": grainy}


def peer(plane):
    numbers = label(plane)
    points = 0
    regions = regionprops(numbers)
    for region in regions:
        region.bbox, region.area, region.centroid
        points += sum(len(c) for c in find_contours(np.pad(region.image, 1).astype(float), 0.5))
    return len(regions)


if __name__ == "__main__":
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    ours = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    with tempfile.TemporaryDirectory() as folder:
        for kind, plane in planes().items():
            path = os.path.join(folder, "plane")
            plane.tofile(path)
            us, them = [], []
            for run in range(runs + 1):
                ours.stdin.write(path + "\n")
                ours.stdin.flush()
                seconds, components, points = ours.stdout.readline().split()
                us.append(float(seconds))
                before = time.perf_counter()
                found = peer(plane)
                them.append(time.perf_counter() - before)
                assert found == int(components)
            # The first pair warms up.
            ratios = [b / a for a, b in zip(us[1:], them[1:])]
            print(
                f"{kind:26} {components} components, {points} points: {1000 * statistics.median(us[1:]):6.2f} ms, "
                f"scikit-image {1000 * statistics.median(them[1:]):8.1f} ms, "
                f"ratio {statistics.median(ratios):.0f} ({min(ratios):.0f} to {max(ratios):.0f})"
            )

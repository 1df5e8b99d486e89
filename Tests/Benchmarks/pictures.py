#!/usr/bin/env python3
"""Reading pictures of 2048 x 2048 against Pillow, in alternating runs, one thread each.

    pictures.py BENCH_PICTURES [RUNS]

Prints for each kind of picture the medians of both and of their ratio run by run (above 1: the reader of this package is
faster)."""
import os, statistics, subprocess, sys, tempfile, time

import numpy as np
import tifffile
from PIL import Image

SIDE = 2048


def pictures(folder):
    """Slopes and edges with grain: neither flat nor noise."""
    random = np.random.default_rng(1)
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    base = 128 + 90 * np.sin(x / 97) * np.cos(y / 61) + 30 * ((x // 128 + y // 128) % 2)
    colour = np.stack([base, base * 0.8 + 20, base * 0.6 + 50], -1) + random.normal(0, 2, (SIDE, SIDE, 3))
    colour = np.clip(colour, 0, 255).astype(np.uint8)
    deep = np.clip(base * 200 + random.normal(0, 40, base.shape), 0, 65535).astype(np.uint16)
    rgb, grey = Image.fromarray(colour), Image.fromarray(deep)
    palette = rgb.quantize(64)
    names = {}

    def add(kind, name, write):
        names[kind] = os.path.join(folder, name)
        write(names[kind])

    add("PNG, RGB", "rgb.png", lambda p: rgb.save(p))
    add("PNG, grey of 16 bits", "deep.png", lambda p: grey.save(p))
    add("PNG, palette", "palette.png", lambda p: palette.save(p))
    add("JPEG, 4:2:0", "420.jpg", lambda p: rgb.save(p, quality=90))
    add("JPEG, 4:4:4, progressive", "444.jpg", lambda p: rgb.save(p, quality=90, subsampling=0, progressive=True))
    add("TIFF, RGB, not compressed", "raw.tif", lambda p: rgb.save(p))
    add("TIFF, RGB, LZW with predictor", "lzw.tif", lambda p: tifffile.imwrite(p, colour, compression="lzw", predictor=True))
    add("TIFF, 16 bits, Deflate, tiles", "tiles.tif", lambda p: tifffile.imwrite(p, deep, compression="zlib", tile=(256, 256)))
    add("TIFF, RGB, JPEG, tiles", "jpeg.tif", lambda p: tifffile.imwrite(p, colour, compression="jpeg", photometric="rgb", tile=(256, 256)))
    add("JPEG 2000, lossless", "lossless.jp2", lambda p: rgb.save(p))
    return names


if __name__ == "__main__":
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    ours = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    with tempfile.TemporaryDirectory() as folder:
        for kind, path in pictures(folder).items():
            us, them = [], []
            for run in range(runs + 1):
                ours.stdin.write(path + "\n")
                ours.stdin.flush()
                us.append(float(ours.stdout.readline()))
                before = time.perf_counter()
                with Image.open(path) as image:
                    image.load()
                them.append(time.perf_counter() - before)
            # The first pair warms the page cache.
            ratios = [b / a for a, b in zip(us[1:], them[1:])]
            print(
                f"{kind:32} {1000 * statistics.median(us[1:]):7.1f} ms, Pillow {1000 * statistics.median(them[1:]):7.1f} ms, "
                f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
            )

#!/usr/bin/env python3
"""`gmai-prep convert` of a slide into tiles against `peer_tiles.py`, one process each, in alternating runs.

    tiles.py GMAI_PREP [--runs N] [--size N]

The slide is made here: 25,920 x 15,680 pixels of 0.25 micrometres in three levels, JPEG in an Aperio file. Tiles have
0.5 micrometres a pixel, so that each is shrunk by two. Prints tiles per second of both and their ratio, run by run."""
import argparse, json, os, statistics, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Peers"))
import numpy as np

import slide_tiles
from convert import timed

if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("tool")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--size", type=int, default=448)
    a = arguments.parse_args()
    tool = os.path.abspath(a.tool)
    peer = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer_tiles.py")
    ratios, ours, theirs = [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        os.mkdir("slides")
        # Sections as they are at 0.5 micrometres, twice as large: there is more tissue side by side.
        part = np.asarray(slide_tiles.painted("section"))
        slide_tiles.aperio("slides/x", np.tile(part, (7, 9, 1)), microns=0.25)
        recipe = {"slides": {"pictures": "tiles", "tile_size": a.size}}
        open("recipe.json5", "w").write(json.dumps(recipe))
        for run in range(a.runs + 1):
            us = timed([tool, "convert", "slides", "--out", f"set{run}", "--recipe", "recipe.json5", "--jobs", "1", "--quiet"])
            made = json.load(open(f"set{run}/dataset.json"))["samples"]
            them = timed([sys.executable, peer, "slides/x.svs", f"peer{run}", "0.5", str(a.size)])
            if run == 0:
                continue  # the first warms the page cache
            ours.append(us)
            theirs.append(them)
            ratios.append(them[0] / us[0])
            print(f"run {run}: {made / us[0]:6.1f} tiles/s, peer {made / them[0]:6.1f}, ratio {ratios[-1]:.2f}", flush=True)
        print(f"{made} tiles; ratio median {statistics.median(ratios):.2f}, least {min(ratios):.2f}, most {max(ratios):.2f}; "
              f"largest process {max(m for _, m in ours):.0f} MiB, peer's {max(m for _, m in theirs):.0f} MiB")

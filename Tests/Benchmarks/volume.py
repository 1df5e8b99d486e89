#!/usr/bin/env python3
"""`gmai-prep volume` against dcm2niix on the same series, alternating.

  volume.py GMAI_PREP [SLICES ...]    SLICES: of each CT series that is timed (default: 100 400 1000)

The series come from `gmai-prep sample-data`: 512 x 512 of 16 bits with grain. Of .nii eleven pairs, of
.nii.gz three; before each run the output of the one before is gone from the disk's queue. dcm2niix
compresses by itself (-z i, level 6), and by pigz (-z y) where that is installed. Prints the median ratio,
the pairs, and the sizes."""
import os, pathlib, shutil, statistics, subprocess, sys, tempfile, time


def timed(words, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.sync()
    start = time.monotonic()
    run = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    seconds = time.monotonic() - start
    if run.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}: exit {run.returncode}\n{run.stderr}")
    sizes = [p.stat().st_size for p in folder.iterdir() if ".nii" in p.name]
    assert len(sizes) == 1, sizes
    return seconds, sizes[0]


def compare(what, tool, source, scratch, gzip, rounds, extension):
    pairs = []
    for _ in range(rounds + 1):
        them = timed(["dcm2niix", "-b", "n", "-z", gzip, "-f", "v", "-o", scratch / "out", source], scratch / "out")
        us = timed([tool, "volume", source, "--quiet", "--out", scratch / "out" / f"v.{extension}"], scratch / "out")
        pairs.append((them, us))
    # The first pair warms the page cache.
    ratios = sorted(a[0] / b[0] for a, b in pairs[1:])
    seconds = [statistics.median(p[side][0] for p in pairs[1:]) for side in (0, 1)]
    size = pairs[0][1][1] / pairs[0][0][1]
    print(
        f"{what}: median {statistics.median(ratios):.2f} times as fast, pairs {ratios[0]:.2f} to {ratios[-1]:.2f}"
        f" ({seconds[0]:.2f} and {seconds[1]:.2f} s), size {100 * (size - 1):+.2f} %", flush=True
    )


if __name__ == "__main__":
    tool = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for slices in map(int, sys.argv[2:] or ["100", "400", "1000"]):
            export = scratch / f"export{slices}"
            words = [tool, "sample-data", "--out", export, "--ct-slices", str(slices)]
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
            # The thirteenth patient is the long CT series.
            source = export / "DICOM" / "PAT013"
            compare(f"{slices} slices, .nii", tool, source, scratch, "n", 11, "nii")
            compare(f"{slices} slices, .nii.gz", tool, source, scratch, "i", 3, "nii.gz")
            if shutil.which("pigz"):
                compare(f"{slices} slices, .nii.gz, pigz", tool, source, scratch, "y", 3, "nii.gz")
            shutil.rmtree(export)

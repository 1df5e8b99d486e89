#!/usr/bin/env python3
"""How busy `gmai-prep convert` keeps the cores with JPEG 2000, of which nearly all time is decoding.

    jobs.py GMAI_PREP [--slices N] [--jobs N] [--runs N]

Writes CT slices of 512 x 512 with `sample-data`, makes JPEG 2000 Lossless of them, and converts them with one job and
with N, in turn. Prints processor seconds per second of N jobs, and how many times as fast they are as one."""
import argparse, os, resource, statistics, subprocess, sys, tempfile, time

import imagecodecs
import pydicom
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless


def transcode(folder):
    count = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            data = pydicom.dcmread(path)
            coded = imagecodecs.jpeg2k_encode(
                data.pixel_array, level=0, reversible=True, codecformat="J2K", bitspersample=data.BitsStored)
            data.PixelData = encapsulate([coded])
            data["PixelData"].VR = "OB"
            data["PixelData"].is_undefined_length = True
            data.file_meta.TransferSyntaxUID = JPEG2000Lossless
            data.save_as(path, enforce_file_format=True)
            count += 1
    return count


def timed(tool, source, jobs):
    """Seconds of the run, and of all its processes on any core."""
    with tempfile.TemporaryDirectory() as scratch:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [tool, "convert", source, "--out", scratch + "/set", "--jobs", str(jobs), "--quiet"]
        code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
        seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if code != 0:
        sys.exit(f"convert ended with {code}")
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("tool")
    arguments.add_argument("--slices", type=int, default=200)
    arguments.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments.add_argument("--runs", type=int, default=3)
    a = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([a.tool, "sample-data", "--out", folder + "/export", "--ct-slices", str(a.slices)],
                       stdout=subprocess.DEVNULL, check=True)
        # The thirteenth patient is the long CT series.
        source = folder + "/export/DICOM/PAT013"
        print(transcode(source), "slices of JPEG 2000")
        busy, faster = [], []
        for run in range(a.runs):
            one = timed(a.tool, source, 1)
            many = timed(a.tool, source, a.jobs)
            busy.append(many[1] / many[0])
            faster.append(one[0] / many[0])
            print(f"run {run + 1}: {a.jobs} jobs keep {busy[-1]:.2f} cores busy, one keeps {one[1] / one[0]:.2f}; "
                  f"{faster[-1]:.2f} times as fast")
        print(f"median: {statistics.median(busy):.2f} of {a.jobs} cores, {statistics.median(faster):.2f} times as fast")

#!/usr/bin/env python3
"""`gmai-prep convert` against pydicom + numpy + Pillow + webdataset on one folder, in alternating runs.

    convert.py GMAI_PREP FOLDER [--runs N] [--processes N]

Prints pictures per second of both, their ratio run by run, and the largest process of each."""
import argparse, json, os, shutil, statistics, subprocess, sys, tempfile, time


def timed(command):
    """Seconds, and the peak resident memory in MiB of the largest process below the command."""
    before = time.monotonic()
    # GNU time's figure is that of the largest single process that was waited for.
    run = subprocess.run([sys.executable, "-c", CHILD, json.dumps(command)], capture_output=True, text=True)
    seconds = time.monotonic() - before
    if run.returncode not in (0, 3):
        sys.exit(f"{' '.join(command)}: exit {run.returncode}\n{run.stderr}")
    return seconds, int(run.stdout.strip().splitlines()[-1]) / 1024


CHILD = """
import json, resource, subprocess, sys
code = subprocess.run(json.loads(sys.argv[1]), stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""

if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("tool")
    arguments.add_argument("folder")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--processes", type=int, default=2)
    a = arguments.parse_args()
    peer = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer_convert.py")
    count = sum(len([f for f in fs if f != "DICOMDIR"]) for _, _, fs in os.walk(a.folder))
    ratios, ours, theirs = [], [], []
    for run in range(a.runs + 1):
        with tempfile.TemporaryDirectory() as scratch:
            us = timed([a.tool, "convert", a.folder, "--out", scratch + "/set", "--jobs", str(a.processes), "--quiet"])
            made = json.load(open(scratch + "/set/dataset.json"))["samples"]
            them = timed([sys.executable, peer, a.folder, scratch + "/peer", str(a.processes)])
        if run == 0:
            continue  # the first warms the page cache
        ours.append(us)
        theirs.append(them)
        ratios.append(them[0] / us[0] * made / count)
        print(f"run {run}: {made / us[0]:7.0f} pictures/s, peer {count / them[0]:7.0f}, ratio {ratios[-1]:.2f}")
    print(f"{made} of {count} files; ratio median {statistics.median(ratios):.2f}, least {min(ratios):.2f}, most {max(ratios):.2f}; "
          f"largest process {max(m for _, m in ours):.0f} MiB, peer's {max(m for _, m in theirs):.0f} MiB")

"""A radiograph of 2048 x 2048 and 16 bits, from stored values through a window to an encoder's tensor, beside the
processors of transformers, in alternating runs of one thread each.

  tiling.py BENCH [ROUNDS]    BENCH: the built program BenchTiles

Run it with the tests' peers, which have the slow processors. The fast ones want torch, which is no peer of the tests:
an environment of their own is made under .build/benchmarks, once. Each side is one process that answers in turn; the
first round is not counted. Medians of the pairs of a round, their span, and the ratio of the least times of each side,
which says most where others use the machine too.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
POLICIES = ["anyres", "internvl", "smart-resize", "fixed"]


def fast_python():
    """A Python with torch and a release of transformers that has fast processors; None where that cannot be had."""
    folder = ROOT / ".build/benchmarks/transformers"
    python = folder / "bin/python"
    if (folder / "complete").exists():
        return python
    run = lambda *words: subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        run(sys.executable, "-m", "venv", "--clear", folder)
        # The build for CPUs where the index has it.
        if subprocess.run([*pip, "torch==2.13.0+cpu"], stderr=subprocess.DEVNULL).returncode:
            run(*pip, "torch==2.13.0")
        run(*pip, "--no-deps", "torchvision==0.28.0")
        run(*pip, "transformers==5.24.0", "Pillow==13.0.0", "numpy==2.4.6")
    except subprocess.CalledProcessError as error:
        print(f"no fast processors: {error}", file=sys.stderr)
        return None
    (folder / "complete").touch()
    return python


class Side:
    def __init__(self, *words):
        threads = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        self.process = subprocess.Popen(
            list(map(str, words)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=dict(os.environ, **threads))

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


def make(folder):
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:2048, 0:2048] / 2048
    grain = rng.normal(0, 60, (2048, 2048))
    chest = 2000 + 1500 * np.sin(5 * x) * np.cos(4 * y) + grain
    chest.clip(0, 4095).astype(np.uint16).tofile(f"{folder}/radiograph.u16")


def compare(what, rounds, asks):
    """Ratios of every other side's seconds to the first one's, in alternating runs."""
    times = [[float(side.ask(line)) for side, line in asks.values()] for _ in range(rounds + 1)][1:]
    least = [min(t[i] for t in times) for i in range(len(asks))]
    print(f"{what}: {statistics.median(t[0] for t in times) * 1000:.1f} ms, at least {least[0] * 1000:.1f}", flush=True)
    for i, name in list(enumerate(asks))[1:]:
        ratios = sorted(t[i] / t[0] for t in times)
        print(
            f"  {name:8} median {statistics.median(ratios):5.2f} times, pairs {ratios[0]:.2f} to {ratios[-1]:.2f},"
            f" least {least[i] / least[0]:.2f}", flush=True)


def main():
    bench = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    with tempfile.TemporaryDirectory() as folder:
        make(folder)
        peer = pathlib.Path(__file__).parent / "tiling_peer.py"
        ours = Side(bench, folder)
        peers = {"slow": Side(sys.executable, peer, "slow", folder)}
        if python := fast_python():
            peers["fast"] = Side(python, peer, "fast", folder)
        for name, side in peers.items():
            print(f"{name}: {side.ask('versions')}")
        for policy in POLICIES:
            shape = ours.ask(f"write {policy}")
            pixels = np.fromfile(f"{folder}/ours.f32", np.float32)
            for name, side in peers.items():
                theirs = side.ask(f"write {policy}")
                values = np.fromfile(f"{folder}/{name}.f32", np.float32)
                far = np.abs(values - pixels).max() if values.size == pixels.size else np.nan
                print(f"{policy}: {shape}, {name} {theirs}, largest difference {far:.3g}")
            asks = {"ours": (ours, f"tensor {policy} 1")}
            asks |= {name: (side, f"tensor {policy}") for name, side in peers.items()}
            compare(f"radiograph to tensor, {policy}", rounds, asks)
            # So many pictures in the time of one.
            one, two = f"tensor {policy} 1", f"tensor {policy} 2"
            times = [(float(ours.ask(one)), float(ours.ask(two))) for _ in range(2 * rounds)]
            ratios = sorted(2 * a / b for a, b in times)
            least = [min(t[i] for t in times) for i in range(2)]
            print(
                f"  2 threads median {statistics.median(ratios):.2f} times one, least {2 * least[0] / least[1]:.2f}",
                flush=True)


main()

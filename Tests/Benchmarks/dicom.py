"""Parsing and decoding DICOM slices beside pydicom and its best plugin, one thread each, alternating.

  dicom.py BENCH [ROUNDS]    BENCH: the built program BenchDICOM

One 512 x 512 slice of 16 bits, like a CT, in each transfer syntax that a Python encoder writes; the same
files for both. Each run is a process of its own that says how many milliseconds a slice took; the first
round warms the page cache and is not counted.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

PLUGINS = {
    "explicit": None,
    "rle": ["pylibjpeg", "pydicom"],
    "jpeg-lossless": ["pylibjpeg"],
    "jpeg-ls": ["pylibjpeg"],
    "jpeg-2000": ["pylibjpeg"],
}


def peer(plugin, repeats, path):
    import pydicom
    from pydicom.pixels import get_decoder

    def once():
        dataset = pydicom.dcmread(path)
        if plugin == "none":
            return dataset.pixel_array
        return get_decoder(dataset.file_meta.TransferSyntaxUID).as_array(dataset, decoding_plugin=plugin)[0]

    once()
    start = time.perf_counter()
    for _ in range(repeats):
        array = once()
    print((time.perf_counter() - start) * 1e3 / repeats, array.nbytes)


def make(folder):
    """Air, a body and bone, all with grain; the other syntaxes by dcmtk's and OpenJPEG's encoders."""
    import numpy as np
    import pydicom
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, RLELossless

    random = np.random.default_rng(1)
    y, x = np.ogrid[-1:1:512j, -1:1:512j]
    values = np.where((x / 0.8) ** 2 + (y / 0.6) ** 2 < 1, 1064, 24)
    values = np.where(x**2 + (y - 0.4) ** 2 < 0.01, 1724, values) + random.normal(0, 15, (512, 512))
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.826.0.1.77.9.1"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.826.0.1.77.9.2", "1.2.826.0.1.77.9.3"
    dataset.Modality, dataset.PatientID = "CT", "BENCH"
    dataset.ImagePositionPatient, dataset.ImageOrientationPatient = [0, 0, 0], [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing, dataset.RescaleSlope, dataset.RescaleIntercept = [0.8, 0.8], 1, -1024
    dataset.Rows = dataset.Columns = 512
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PixelData = np.clip(values, 0, 4095).astype("<u2").tobytes()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    paths = {name: str(folder / (name + ".dcm")) for name in PLUGINS}
    pydicom.dcmwrite(paths["explicit"], dataset, enforce_file_format=True)
    for name, uid, plugin in [("rle", RLELossless, "pydicom"), ("jpeg-2000", JPEG2000Lossless, "pylibjpeg")]:
        coded = pydicom.dcmread(paths["explicit"])
        coded.compress(uid, encoding_plugin=plugin, generate_instance_uid=False)
        coded.save_as(paths[name])
    for name, words in [("jpeg-lossless", ["dcmcjpeg", "+e1"]), ("jpeg-ls", ["dcmcjpls", "+el"])]:
        subprocess.run(words + [paths["explicit"], paths[name]], check=True)
    return paths


def run(words):
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    out = subprocess.run(words, capture_output=True, check=True, text=True, env=environment).stdout.split()
    return float(out[0]), int(out[1])


def main():
    bench = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with tempfile.TemporaryDirectory() as folder:
        paths = make(pathlib.Path(folder))
        for name, plugins in PLUGINS.items():
            repeats = 200 if name in ("explicit", "rle") else 40
            theirs = [
                [sys.executable, __file__, "--peer", plugin, str(repeats), paths[name]]
                for plugin in plugins or ["none"]
            ]
            # Of several plugins the faster one.
            best = min(theirs, key=lambda words: run(words)[0])
            times = []
            for _ in range(rounds + 1):
                (them, size), (us, ours) = run(best), run([bench, str(repeats), paths[name]])
                assert ours == size * repeats, (name, ours, size)
                times.append((them, us))
            ratios = sorted(a / b for a, b in times[1:])
            a, b = (statistics.median(t[i] for t in times[1:]) for i in (0, 1))
            print(
                f"{name:14} median {statistics.median(ratios):.2f} times, pairs {ratios[0]:.2f} to"
                f" {ratios[-1]:.2f} ({a:.2f} and {b:.2f} ms; peer: {best[3]})"
            )


if sys.argv[1] == "--peer":
    peer(sys.argv[2], int(sys.argv[3]), sys.argv[4])
else:
    main()

"""`BenchSlide` against openslide-python, and pydicom with Pillow's decoder: see `slide`."""

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import openslide
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import iter_pixels

SIDE = 448


def by_openslide(path):
    slide = openslide.OpenSlide(path)
    columns, rows = slide.dimensions
    total = 0
    for y in range(0, rows, SIDE):
        for x in range(0, columns, SIDE):
            picture = slide.read_region((x, y), 0, (SIDE, SIDE))
            paper = Image.new("RGB", (SIDE, SIDE), (255, 255, 255))
            paper.paste(picture, mask=picture)
            total += int(np.asarray(paper).reshape(-1)[SIDE * SIDE * 3 // 2])
    return total


def by_pydicom(path):
    data = pydicom.dcmread(path)
    rows, columns = data.TotalPixelMatrixRows, data.TotalPixelMatrixColumns
    level = np.full((rows + SIDE, columns + SIDE, 3), 255, np.uint8)
    across = -(-columns // data.Columns)
    for i, frame in enumerate(iter_pixels(data, decoding_plugin="pillow")):
        r, c = i // across * data.Rows, i % across * data.Columns
        part = level[r : min(r + data.Rows, rows), c : min(c + data.Columns, columns)]
        part[:] = frame[: part.shape[0], : part.shape[1]]
    total = 0
    for y in range(0, rows, SIDE):
        for x in range(0, columns, SIDE):
            region = np.ascontiguousarray(level[y : y + SIDE, x : x + SIDE])
            total += int(region.reshape(-1)[SIDE * SIDE * 3 // 2])
    return total


def make_dicom(source, path, tile=256):
    slide = openslide.OpenSlide(source)
    columns, rows = slide.dimensions
    frames = []
    for y in range(0, rows, tile):
        for x in range(0, columns, tile):
            out = io.BytesIO()
            slide.read_region((x, y), 0, (tile, tile)).convert("RGB").save(out, "JPEG", quality=90)
            frames.append(out.getvalue())
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = pydicom.uid.JPEGBaseline8Bit
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.6"
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    data.SeriesInstanceUID, data.Modality = "1.2.3", "SM"
    data.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    data.DimensionOrganizationType = "TILED_FULL"
    data.SamplesPerPixel, data.PhotometricInterpretation, data.PlanarConfiguration = 3, "YBR_FULL_422", 0
    data.Rows = data.Columns = tile
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation, data.NumberOfFrames = 7, 0, len(frames)
    data.TotalPixelMatrixColumns, data.TotalPixelMatrixRows = columns, rows
    data.PixelData = encapsulate(frames)
    data["PixelData"].is_undefined_length = True
    data.save_as(path, enforce_file_format=True)


def compare(name, tool, path, peer):
    ratios = []
    for run in range(11):
        words = subprocess.run([tool, path], capture_output=True, text=True, check=True).stdout.split()
        before = time.perf_counter()
        total = peer(path)
        theirs = time.perf_counter() - before
        if run > 0:  # the first warms the page cache
            ratios.append(theirs / float(words[0]))
    print(f"{name}: ratio median {statistics.median(ratios):.2f}, least {min(ratios):.2f}, most {max(ratios):.2f}; "
          f"sums {words[1]} and {total}")


if __name__ == "__main__":
    tool, slide = sys.argv[1:]
    compare("OpenSlide", tool, slide, by_openslide)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.dcm")
        make_dicom(slide, path)
        compare("DICOM", tool, path, by_pydicom)

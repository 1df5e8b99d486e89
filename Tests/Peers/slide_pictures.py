"""Pictures of slides beside what OpenSlide and pydicom make of their files.

  slide_pictures.py SET SOURCES    every picture of SET that is a region of a slide
  slide_pictures.py pyramid        a slide of three levels in an Aperio file, written here

A picture must be the whole of its level, byte for byte, of all the files that it names, or as its record
says where it is grey; its resolution that of the source, or of the table beside it.
"""

import glob
import hashlib
import io
import json
import os
import sys

import numpy as np
import openslide
import pydicom
import webdataset
from PIL import Image

import dicom_slide


def dicom(paths, beside, selection):
    """The matrix of the instances of a level, and the micrometres of a pixel; `beside` are all of the slide."""
    files = [pydicom.dcmread(path) for path in paths]
    names = sorted({name for data in files for name in dicom_slide.paths_of(data)}, key=lambda name: name or "")
    series = sorted(
        {name for path in beside for name in dicom_slide.paths_of(pydicom.dcmread(path, stop_before_pixels=True))}
    )
    # The number of a path counts the paths of the whole slide, which may be in other files.
    name = None if selection["optical_path"] is None else series[selection["optical_path"]]
    assert name is None or name in names, paths
    background = 0 if files[0].SamplesPerPixel == 1 else 255
    matrix, _ = dicom_slide.level(files, name, selection["focal_plane"] or 0, background)
    measures = files[0].SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    spacing = measures.get("PixelSpacing", ["nan", "nan"])
    return matrix, 1000 * (float(spacing[0]) + float(spacing[1])) / 2


def compare_grey(path, entry, ours, values):
    """Shown from the level's percentiles on, with the mapping recorded; light where values are large."""
    (channel,) = entry["display"]["channels"]
    assert entry["display"]["kind"] == "range" and not entry["display"]["inverted"], path
    assert entry["modality_values"]["slope"] == 1 and entry["modality_values"]["intercept"] == 0, path
    low, high = np.percentile(values, [0.5, 99.5])
    assert np.allclose([channel["low"], channel["high"]], [low, high], rtol=1e-9), (path, channel, low, high)
    shown = 255 * np.clip((values - low) / (high - low), 0, 1)
    assert ours.shape == values.shape and np.abs(ours - shown).max() <= 0.5 + 1e-6, path


def maker(path, level):
    slide = openslide.OpenSlide(path)
    region = slide.read_region((0, 0), level, slide.level_dimensions[level])
    size = float(slide.properties.get("openslide.mpp-x", "nan"))
    paper = Image.new("RGB", region.size, "#" + slide.properties.get("openslide.background-color", "FFFFFF"))
    paper.paste(region, mask=region)
    return np.asarray(paper), size * slide.level_downsamples[level]


def pyramid():
    """Aperio by its description; levels of 600 x 400, 300 x 200 and 150 x 100 pixels."""
    import tifffile

    random = np.random.default_rng(5)
    full = random.integers(0, 256, (400, 600, 3)).astype("u1")
    words = "Aperio Image Library v1\r\n600x400 [0,0 600x400] (256x256) JPEG/RGB Q=90"
    for name, more in [("stated", "|AppMag = 20|MPP = 0.5"), ("silent", "|AppMag = 20")]:
        with tifffile.TiffWriter(name + ".svs") as file:
            for step in (1, 2, 4):
                file.write(
                    full[::step, ::step], tile=(256, 256), compression="jpeg",
                    compressionargs={"level": 95}, photometric="rgb", description=words + more,
                    metadata=None, subfiletype=0 if step == 1 else 1,
                )


def main(data_set, sources):
    paths = {}
    for folder, _, names in os.walk(sources):
        for name in names:
            path = os.path.join(folder, name)
            paths[hashlib.sha256(open(path, "rb").read()).hexdigest()] = path
    found = []
    for shard in sorted(glob.glob(data_set + "/shards/*.tar")):
        for sample in webdataset.WebDataset(shard, shardshuffle=False):
            entry = json.loads(sample["json"])["pictures"][0]
            selection = entry["selection"]
            if selection["kind"] != "region":
                continue
            files = [paths[digest] for digest in entry["source_sha256"]]
            path = min(files)
            is_dicom = path.endswith(".dcm")
            beside = [p for p in paths.values() if p.rsplit("_", 1)[0] == path.rsplit("_", 1)[0] and p.endswith(".dcm")]
            theirs, size = dicom(sorted(files), beside, selection) if is_dicom else maker(files[0], selection["level"])
            ours = np.asarray(Image.open(io.BytesIO(sample["0.png"])))
            if theirs.ndim == 2:
                compare_grey(path, entry, ours, theirs)
            else:
                assert np.array_equal(ours, theirs), path
            assert selection["rect"] == [0, 0, ours.shape[1], ours.shape[0]], path
            if not np.isnan(size):
                assert abs(selection["microns_per_pixel"] - size) < 1e-6, (path, size)
            row = [os.path.basename(path), selection["level"], selection["microns_per_pixel"]]
            for what in ("optical_path", "focal_plane"):
                if selection[what] is not None:
                    row.append(f"{what} {selection[what]}")
            found.append(row)
    print(json.dumps(sorted(found)))


pyramid() if sys.argv[1] == "pyramid" else main(*sys.argv[1:])

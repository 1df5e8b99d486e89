"""Series of several slices, volumes and frames, and what a data set shows of them as one beside numpy.

  projections.py make FOLDER                     writes FOLDER/<case>/*.dcm
  projections.py check FOLDER DATASET RECIPE     the recipe as JSON; reads every picture of DATASET

Of each pixel numpy's maximum, minimum or mean of the modality values that pydicom's pixels have, in float64, then the
window by PS3.3 C.11.2.1.2 or the range, in every byte; records must name the files that it was made of, the nearest
first, the middle of the slab, and what it is of how many. Prints a case, plane and number of pictures a line.
"""

import glob
import hashlib
import io
import json
import pathlib
import sys
import tarfile

import numpy as np
import pydicom
from PIL import Image

from volume_resampled import AXIAL, along, disc, noise, pictures, slices

CT = dict(SOPClassUID="1.2.840.10008.5.1.4.1.1.2", Modality="CT", RescaleSlope="1", RescaleIntercept="-1024",
          RescaleType="HU", BodyPartExamined="CHEST")
PADDING = dict(PixelRepresentation=1, PixelPaddingValue=-2000, PixelPaddingRangeLimit=-1998)
PLACES = along(0, 2, 4, 6, 8, 10, 12)


def repeated(case, tags):
    """Volumes of four slices, each with its tags and numbers of its own, in the order in which they were taken."""
    for time, more in enumerate(tags):
        for ds in slices(case, AXIAL, along(0, 3, 6, 9), values=lambda n: noise("<i2", 100, 900)(1000 * time + n),
                         tags=lambda n: dict(InstanceNumber=10 * time + n + 1, **more)):
            yield ds


def film(case, values, modality, storage, **more):
    ds = next(slices(case, AXIAL, along(0), values=lambda n: values, Modality=modality, SOPClassUID=storage, **more))
    ds.NumberOfFrames = len(values)
    del ds.ImagePositionPatient, ds.ImageOrientationPatient
    return [ds]


def cases():
    yield "ct", slices("ct", AXIAL, PLACES, values=noise("<i2", 0, 2500), **CT)
    yield "pet", slices(
        "pet", AXIAL, PLACES, values=noise("<i2", 0, 3000), Modality="PT", Units="BQML",
        tags=lambda n: dict(RescaleSlope=f"{0.25 * (n + 1)}", RescaleIntercept="0"))
    yield "padding", slices("padding", AXIAL, PLACES, values=disc, Modality="OT", **PADDING)
    yield "time", repeated("time", [dict(TemporalPositionIdentifier=k + 1) for k in range(3)])
    yield "echo", repeated("echo", [dict(EchoNumbers=k + 1, EchoTime=str(10 * k + 10)) for k in range(2)])
    # One without diffusion and three of one strength, which nothing tells apart.
    yield "diffusion", repeated("diffusion", [dict(DiffusionBValue=b) for b in (0.0, 800.0, 800.0, 800.0)])
    frames = np.random.default_rng(3).integers(0, 1024, (5, 19, 23)).astype("<u2")
    yield "angiogram", film("angiogram", frames, "XA", "1.2.840.10008.5.1.4.1.1.12.1", WindowCenter="500", WindowWidth="801")
    frames = np.random.default_rng(4).integers(0, 256, (6, 19, 23)).astype("u1")
    yield "echoes", film("echoes", frames, "US", "1.2.840.10008.5.1.4.1.1.3.1")


def make(folder):
    for name, series in cases():
        (folder / name).mkdir(parents=True)
        for number, ds in enumerate(series):
            ds.PatientID, ds.StudyInstanceUID = name, ds.SeriesInstanceUID + ".1"
            pydicom.dcmwrite(folder / name / f"{number:02}.dcm", ds, enforce_file_format=True)


def together(kind, values):
    """Along the first axis; no numbers take no part."""
    shown = np.isfinite(values)
    if kind == "max":
        made = np.where(shown, values, -np.inf).max(0)
    elif kind == "min":
        made = np.where(shown, values, np.inf).min(0)
    else:
        made = np.where(shown, values, 0).sum(0) / np.maximum(shown.sum(0), 1)
    return np.where(shown.any(0), made, np.nan)


def grey(values, display):
    with np.errstate(invalid="ignore"):
        if display["kind"] == "none":
            t = values / 255
        else:
            channel = display["channels"][0]
            c, w, low, high = (channel[k] for k in ("center", "width", "low", "high"))
            t = (values - low) / (high - low) if c is None else (values - (c - 0.5)) / (w - 1) + 0.5
        return np.floor(255 * np.nan_to_num(np.clip(t, 0, 1), nan=0) + 0.5).astype("u1")


class Series:
    """Modality values of its volumes, [volume, slice, row, column], and the files that hold them."""

    def __init__(self, folder):
        self.paths = sorted(folder.glob("*.dcm"))
        self.datasets = [pydicom.dcmread(p) for p in self.paths]
        first = self.datasets[0]
        self.is_film = "NumberOfFrames" in first
        if self.is_film:
            self.values = first.pixel_array.astype("f8")[None]
            self.files = [self.paths * len(self.values[0])]
            return
        heights = sorted({float(ds.ImagePositionPatient[2]) for ds in self.datasets})
        count = len(self.datasets) // len(heights)
        order = sorted(range(len(self.datasets)), key=lambda i: (self.datasets[i].InstanceNumber - 1) // 10)
        table = [order[v * len(heights):(v + 1) * len(heights)] for v in range(count)]
        table = [sorted(v, key=lambda i: float(self.datasets[i].ImagePositionPatient[2])) for v in table]
        shown = [[pictures(self.datasets[i]) for i in v] for v in table]
        self.values = np.array([[np.where(mask, values, np.nan) for values, mask in v] for v in shown])
        self.files = [[self.paths[i] for i in v] for v in table]
        self.echoes = [(self.datasets[v[0]].get("EchoNumbers"), self.datasets[v[0]].get("DiffusionBValue")) for v in table]
        self.origin = np.array(first.ImagePositionPatient, float) if len(heights) else None
        self.origin[2] = heights[0]
        self.steps = np.array([0.6, 0.8, heights[1] - heights[0]])
        slopes = {(ds.get("RescaleSlope"), ds.get("RescaleIntercept")) for ds in self.datasets}
        self.is_mixed = len(slopes) > 1

    def expected(self, recipe):
        """By volume, plane and index: values, files, centre of the first pixel, projections."""
        part = lambda group, key, default: recipe.get(group, {}).get(key, default)
        found = {}
        if self.is_film:
            kind = part("frames", "projection", "none")
            frames = self.values[0]
            if kind != "none":
                found[0, None, 0] = (together(kind, frames), self.paths, None, [(kind, "frames", len(frames))])
            return found
        volumes = [(v, self.values[v], [[f] for f in self.files[v]], []) for v in range(len(self.values))]
        kind, select = part("volumes", "projection", "none"), part("volumes", "select", "all")
        if kind != "none" and len(volumes) > 1:
            made = []
            for echo in dict.fromkeys(self.echoes):
                same = [v for v, e in enumerate(self.echoes) if e == echo]
                files = [[self.files[v][k] for v in same] for k in range(len(self.files[0]))]
                note = [(kind, "volumes", len(same))] if len(same) > 1 else []
                values = together(kind, self.values[same]) if len(same) > 1 else self.values[same[0]]
                made.append((same[0], values, files, note))
            volumes = made
        elif select != "all":
            volumes = [volumes[{"first": 0, "middle": len(volumes) // 2, "last": len(volumes) - 1}[select]]]
        kind, slab = part("slices", "projection", "none"), part("slices", "slab_mm", None)
        for volume, values, files, notes in volumes:
            if kind != "none" and self.is_mixed:
                values = values.astype("f4").astype("f8")
            # Sections towards left, back and head; across and down in each: left, back, feet.
            for plane, axis in (("axial", 0), ("coronal", 1), ("sagittal", 2)):
                if plane not in part("slices", "planes", ["acquired"]) and not (
                        plane == "axial" and "acquired" in part("slices", "planes", ["acquired"])):
                    continue
                lines = np.moveaxis(values, axis, 0)
                if plane != "axial":
                    lines = lines[:, ::-1]
                step, count = self.steps[2 - axis], len(lines)
                reach = count if slab is None else int(np.floor(slab / 2 / step + 1e-9))
                for k in [count // 2] if kind != "none" and slab is None else range(count):
                    here = [i for i in range(count) if abs(i - k) <= (reach if kind != "none" else 0)]
                    picture = together(kind, lines[here]) if kind != "none" else lines[k]
                    needed = [f for line in files for f in line]
                    if plane == "axial":
                        middle = (here[0] + here[-1]) / 2
                        needed = [f for i in sorted(here, key=lambda i: (abs(i - middle), i)) for f in files[i]]
                    at = self.origin.copy()
                    at[2 - axis] += step * (here[0] + here[-1]) / 2
                    if plane != "axial":
                        at[2] += self.steps[2] * (len(files) - 1)
                    note = notes + ([(kind, "slices", len(here))] if kind != "none" else [])
                    found[volume, plane, k] = (picture, needed, at, note)
        return found


def check(folder, data_set, recipe):
    digest = lambda p: hashlib.sha256(p.read_bytes()).hexdigest()
    series = {p.name: Series(p) for p in folder.iterdir()}
    cases = {digest(p): name for name, s in series.items() for p in s.paths}
    numbers = {digest(p): v for s in series.values() for v, line in enumerate(s.files) for p in line}
    expected = {name: s.expected(recipe) for name, s in series.items()}
    counts = {}
    for shard in sorted(glob.glob(data_set + "/shards/*.tar")):
        with tarfile.open(shard) as tar:
            for name in tar.getnames():
                if not name.endswith(".json"):
                    continue
                row = json.loads(tar.extractfile(name).read())
                picture = np.asarray(Image.open(io.BytesIO(tar.extractfile(name[:-5] + ".0.png").read())))
                entry = row["pictures"][0]
                chosen = entry["selection"]
                case = cases[entry["source_sha256"][0]]
                if not chosen["projections"] and series[case].is_film:
                    continue
                key = min(numbers[f] for f in entry["source_sha256"]), chosen["plane"], chosen["index"]
                values, files, at, note = expected[case].pop(key)
                where = (case, key)
                assert np.array_equal(picture, grey(values, entry["display"])), (where, "pixels")
                assert [(p["kind"], p["over"], p["count"]) for p in chosen["projections"]] == note, (where, note)
                one = list(dict.fromkeys(digest(p) for p in files))
                # Of what is across the slices the order is that of the volume.
                assert entry["source_sha256"] == one if chosen["plane"] in (None, "axial") else set(entry["source_sha256"]) == set(one), where
                assert len(entry["instances"]) == len(one), where
                if series[case].is_film:
                    assert entry["source_from_pixel"] == np.eye(3).tolist() and chosen["frame"] is None, where
                else:
                    assert np.allclose(np.array(entry["pixel_to_patient"])[:3, 3], at, atol=1e-5), (where, at)
                    is_own = not note and chosen["plane"] == "axial"
                    assert (entry["source_from_pixel"] is None) != is_own, where
                text = row["conversations"][1]["value"]
                assert not note or " slice" not in text and " frame" not in text, (where, text)
                counts[case, chosen["plane"]] = counts.get((case, chosen["plane"]), 0) + 1
    assert not any(expected.values()), {k: list(v) for k, v in expected.items() if v}
    for (case, plane), count in sorted(counts.items(), key=str):
        print(case, plane or "-", count)


if __name__ == "__main__":
    make(pathlib.Path(sys.argv[2])) if sys.argv[1] == "make" else check(pathlib.Path(sys.argv[2]), sys.argv[3], json.loads(sys.argv[4]))

"""Pictures that are cropped, made by pydicom and cropped once more by numpy.

    cropped_pictures.py make FOLDER
    cropped_pictures.py check DATASET FOLDER RECIPE

`make` writes phantoms with regions of ultrasound, collimators, shutters and empty margins. `check` works out for every
sample what RECIPE (words of regions, collimator, background) leaves of its frame, with shapes by exact integers,
percentiles by numpy, Otsu's threshold by scikit-image and square pixels by Pillow: the picture must be that byte for
byte, and the record's matrix must lead from every pixel to where it came from. Prints a line for each sample: its source,
the rectangle, how many pixels of it are blank, and what cropped it.
"""

import glob
import hashlib
import io
import json
import math
import os
import sys
import tarfile

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid
from skimage.filters import threshold_otsu

US, US_MULTI, CR, DX, MG = (
    "1.2.840.10008.5.1.4.1.1." + end for end in ("6.1", "3.1", "1", "1.1", "1.2")
)
random = np.random.default_rng(6011)


def region(left, top, right, bottom, space=1, data=1, delta=None):
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = space, data, 0
    item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
    if delta:
        item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = 3
        item.PhysicalDeltaX, item.PhysicalDeltaY = delta
    return item


def give(folder, name, kind, modality, pixels, regions=None, frames=1, bits=None, **more):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID = kind, generate_uid(entropy_srcs=["crop", name])
    ds.StudyInstanceUID = generate_uid(entropy_srcs=["study", name])
    ds.SeriesInstanceUID = generate_uid(entropy_srcs=["series", name])
    ds.PatientID, ds.Modality, ds.BurnedInAnnotation = name, modality, "NO"
    ds.ImageType = ["ORIGINAL", "PRIMARY"]
    colour = pixels.shape[-1] == 3
    if frames > 1:
        ds.NumberOfFrames = frames
    ds.Rows, ds.Columns = pixels.shape[-3:-1] if colour else pixels.shape[-2:]
    ds.SamplesPerPixel = 3 if colour else 1
    ds.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated = 8 * pixels.dtype.itemsize
    ds.BitsStored = bits or ds.BitsAllocated
    ds.HighBit, ds.PixelRepresentation = ds.BitsStored - 1, 0
    if regions:
        ds.SequenceOfUltrasoundRegions = Sequence(regions)
    for word, value in more.items():
        setattr(ds, word, value)
    ds.PixelData = pixels.tobytes() + b"\0" * (pixels.nbytes % 2)
    ds.save_as(os.path.join(folder, name), enforce_file_format=True)


def make(folder):
    def echo(*shape):
        # Bright outside of what the regions show: percentiles of the whole would be others.
        grey = random.integers(20, 90, shape, np.uint8)
        grey[..., :4, :] = 250
        return grey

    def twelve(rows, columns):
        return random.integers(100, 4000, (rows, columns)).astype(np.uint16)

    def ultrasound(name, pixels, regions, **more):
        give(folder, name, US_MULTI if more.get("frames") else US, "US", pixels, regions, **more)

    ecg = region(10, 50, 60, 58, 4, 10)
    ultrasound("us_one", echo(60, 71), [region(8, 5, 50, 44), ecg])
    ultrasound("us_two", echo(60, 71), [region(3, 6, 30, 40), region(36, 10, 69, 35, 1, 2)])
    ultrasound("us_doppler", echo(60, 71), [region(8, 5, 50, 24), region(5, 30, 69, 55, 3, 3), ecg])
    ultrasound("us_white", echo(60, 71), [region(3, 6, 30, 40), region(36, 10, 69, 35)], PhotometricInterpretation="MONOCHROME1")
    ultrasound("us_film", random.integers(0, 256, (3, 50, 61, 3), np.uint8), [region(7, 9, 41, 33), region(20, 30, 60, 49)], frames=3)
    ultrasound("us_window", twelve(60, 71), [region(8, 5, 50, 44)], bits=12, WindowCenter=2000, WindowWidth=3000)
    ultrasound("us_high", echo(60, 71), [region(8, 5, 50, 44, delta=(0.01, 0.02)), region(30, 20, 66, 58, delta=(0.01, 0.02))])
    ultrasound("us_all", echo(60, 71), [region(0, 0, 70, 59)])
    ultrasound("us_edge", echo(60, 71), [region(8, 5, 71, 60)])
    # What fits nothing, and what is no echo.
    ultrasound("us_outside", echo(60, 71), [region(8, 5, 50, 44), region(8, 5, 72, 44)])
    ultrasound("us_reversed", echo(60, 71), [region(50, 5, 8, 44)])
    ultrasound("us_thin", echo(60, 71), [region(8, 5, 50, 19)])
    ultrasound("us_huge", echo(60, 71), [region(8, 5, 2**32 - 1, 2**32 - 1)])
    ultrasound("us_trace", echo(60, 71), [ecg])
    for place in range(3):
        # Slices of a volume that are turned to be shown: cropped before that.
        ultrasound(
            f"us_slice{place}", echo(60, 71), [region(8, 5, 50, 44), region(40, 30, 70, 59)],
            StudyInstanceUID="1.2.6011.1", SeriesInstanceUID="1.2.6011.2", PatientID="us_slice", FrameOfReferenceUID="1.2.6011.3",
            ImagePositionPatient=[10, 20, 2 * place], ImageOrientationPatient=[-1, 0, 0, 0, -1, 0], PixelSpacing=[1, 1], WindowCenter=60, WindowWidth=80,
        )

    left, right, upper, lower = (f"Collimator{side}Edge" for side in ("LeftVertical", "RightVertical", "UpperHorizontal", "LowerHorizontal"))
    edges = {left: 11, right: 60, upper: 6, lower: 40}
    whole = {left: -20, right: 90, upper: 0, lower: 61}
    circle = {"CenterOfCircularCollimator": [28, 33], "RadiusOfCircularCollimator": 22}
    polygon = {"VerticesOfThePolygonalCollimator": [5, 9, 20, 66, 52, 60, 40, 30, 55, 12]}
    give(folder, "dx_rectangle", DX, "DX", twelve(60, 71), bits=12, CollimatorShape="RECTANGULAR", **edges)
    give(folder, "dx_circle", DX, "DX", twelve(60, 71), bits=12, CollimatorShape="CIRCULAR", **circle, PhotometricInterpretation="MONOCHROME1")
    give(folder, "dx_polygon", DX, "DX", twelve(60, 71), bits=12, CollimatorShape="POLYGONAL", **polygon)
    give(
        folder, "dx_all", DX, "DX", twelve(60, 71), bits=12, CollimatorShape=["RECTANGULAR", "CIRCULAR", "POLYGONAL"], **edges, **circle, **polygon,
        ShutterShape="RECTANGULAR", ShutterLeftVerticalEdge=15, ShutterRightVerticalEdge=50, ShutterUpperHorizontalEdge=1, ShutterLowerHorizontalEdge=33,
    )
    give(folder, "cr_high", CR, "CR", twelve(60, 71), bits=12, CollimatorShape="CIRCULAR", **circle, ImagerPixelSpacing=[0.3, 0.2])
    give(folder, "dx_whole", DX, "DX", twelve(60, 71), bits=12, CollimatorShape="RECTANGULAR", **whole)
    give(folder, "dx_nothing", DX, "DX", twelve(60, 71), bits=12, CollimatorShape="RECTANGULAR", **edges | {right: 13})
    give(folder, "dx_broken", DX, "DX", twelve(60, 71), bits=12, CollimatorShape=["CIRCULAR", "RECTANGULAR"], **edges)

    row, column = np.indices((120, 90))
    breast = ((row - 55) / 40) ** 2 + (column / 38) ** 2 < 1
    grain = random.integers(0, 30, (120, 90))
    letters = (row > 100) & (row < 110) & (column > 70) & (column < 84)
    mammogram = (40 + grain + 900 * breast + 2500 * letters).astype(np.uint16)
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "R-10242", "SNM3", "cranio-caudal"
    give(
        folder, "mg_letters", MG, "MG", mammogram, bits=12, BodyPartExamined="BREAST", ImageLaterality="R", ViewPosition="CC",
        ViewCodeSequence=Sequence([code]), PatientOrientation=["P", "L"],
    )
    give(folder, "mg_inverse", MG, "MG", (4000 - mammogram).astype(np.uint16), bits=12, PhotometricInterpretation="MONOCHROME1")
    hands = (abs(row - 60) < 25) & ((abs(column - 20) < 9) | (abs(column - 66) < 12))
    give(folder, "dx_hands", DX, "DX", (60 + grain + 1500 * hands).astype(np.uint16), bits=12, CollimatorShape="RECTANGULAR", **{left: 5, right: 88, upper: 10, lower: 115})
    finger = (abs(row - 20) < 12) & (abs(column - 70) < 15)
    give(folder, "cr_corner", CR, "CR", (60 + grain + 1500 * finger).astype(np.uint16), bits=12, PixelPaddingValue=61)
    give(folder, "dx_noise", DX, "DX", random.integers(0, 4096, (120, 90)).astype(np.uint16), bits=12)
    give(folder, "dx_flat", DX, "DX", np.full((120, 90), 7, np.uint16), bits=12)


def rectangle(shape, left, top, right, bottom):
    row, column = np.indices(shape)
    return (column >= left) & (column <= right) & (row >= top) & (row <= bottom)


def inside_polygon(shape, points):
    """Even-odd by whole numbers; what lies on an edge is inside."""
    y, x = np.indices(shape)
    inside, edge = np.zeros(shape, bool), np.zeros(shape, bool)
    for (y0, x0), (y1, x1) in zip(points, points[1:] + points[:1]):
        cross = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
        edge |= (cross == 0) & (np.minimum(x0, x1) <= x) & (x <= np.maximum(x0, x1)) & (np.minimum(y0, y1) <= y) & (y <= np.maximum(y0, y1))
        inside ^= ((y0 <= y) != (y1 <= y)) & ((cross < 0) == (y1 > y0)) & (cross != 0)
    return inside | edge


def seen_by(ds, module, aspect):
    """What a collimator or shutter leaves; None where there is none that can be read."""
    shape = (ds.Rows, ds.Columns)
    words = ds.get(module + "Shape") or []
    seen = np.ones(shape, bool)
    for word in [words] if isinstance(words, str) else words:
        if word == "RECTANGULAR":
            left, right, upper, lower = (
                int(ds[module + side + "Edge"].value) - 1 for side in ("LeftVertical", "RightVertical", "UpperHorizontal", "LowerHorizontal")
            )
            seen &= rectangle(shape, left, upper, right, lower)
        elif word == "CIRCULAR":
            if "CenterOfCircular" + module not in ds:
                return None
            y0, x0 = (int(v) - 1 for v in ds["CenterOfCircular" + module].value)
            row, column = np.indices(shape)
            seen &= (column - x0) ** 2 + ((row - y0) * aspect) ** 2 <= int(ds["RadiusOfCircular" + module].value) ** 2
        else:
            numbers = [int(v) - 1 for v in ds["VerticesOfThePolygonal" + module].value]
            seen &= inside_polygon(shape, list(zip(numbers[::2], numbers[1::2])))
    return seen


def runs(lines):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], lines.astype(int), [0]])))
    return list(zip(edges[::2], edges[1::2]))


def margins(values, known, inverted, mammogram):
    """First and last column and row that hold the foreground and its margin; None where it is not sure."""
    counted = values[known]
    if len(np.unique(counted)) < 2:
        return None
    threshold = threshold_otsu(counted)
    upper = counted > threshold
    parts = [counted[upper], counted[~upper]]
    between = sum(len(part) / len(counted) * (part.mean() - counted.mean()) ** 2 for part in parts)
    if between / counted.var() <= 0.8:
        return None
    foreground = known & ((values <= threshold) if inverted else (values > threshold))
    if foreground.mean() < 0.05:
        return None

    def kept(part):
        counts = part.sum(0)
        found = runs(counts * 100 >= part.shape[0])
        if mammogram:
            return max(found, key=lambda run: counts[run[0] : run[1]].sum())
        return found[0][0], found[-1][1]

    columns = kept(foreground)
    rows = kept(foreground[:, columns[0] : columns[1]].T)
    margin = math.ceil(0.02 * max(values.shape))
    result = []
    for (low, high), count in zip((columns, rows), values.shape[::-1]):
        low, high = max(low - margin, 0), min(high + margin, count)
        half = math.ceil(count / 2)
        if high - low < half:
            low = max(low - (half - (high - low)) // 2, 0)
            high = min(low + half, count)
            low = high - half
        result.append((low, high))
    return result


def expected(ds, words):
    """What is seen of a frame, and what said so."""
    shape, sources = (ds.Rows, ds.Columns), []
    aspect = 1.0
    if "ImagerPixelSpacing" in ds:
        aspect = float(ds.ImagerPixelSpacing[0]) / float(ds.ImagerPixelSpacing[1])
    seen = np.ones(shape, bool)
    if "regions" in words and ds.Modality == "US":
        echoes = [r for r in ds.get("SequenceOfUltrasoundRegions", []) if r.RegionSpatialFormat in (1, 2, 3) and r.RegionDataType in (1, 2, 3, 4)]
        places = [(r.RegionLocationMinX0, r.RegionLocationMinY0, r.RegionLocationMaxX1, r.RegionLocationMaxY1) for r in echoes]
        # One pixel too far is what some scanners write.
        if all(x1 <= ds.Columns and y1 <= ds.Rows for _, _, x1, y1 in places):
            places = [(x0, y0, min(x1, ds.Columns - 1), min(y1, ds.Rows - 1)) for x0, y0, x1, y1 in places]
        if places and all(x1 - x0 >= 15 and y1 - y0 >= 15 and x1 < ds.Columns and y1 < ds.Rows for x0, y0, x1, y1 in places):
            seen = np.any([rectangle(shape, *place) for place in places], 0)
            sources += ["ultrasound"] * len(places)
    if "collimator" in words and ds.Modality != "US":
        masks = {module: seen_by(ds, module, aspect) for module in ("Collimator", "Shutter") if ds.get(module + "Shape")}
        masks = {module: mask for module, mask in masks.items() if mask is not None}
        both = np.all([seen, *masks.values()], 0)
        if both.sum() >= seen.sum() / 16:
            seen = both
            for module in masks:
                words_of = ds[module + "Shape"].value
                sources += [module.lower()] * (1 if isinstance(words_of, str) else len(words_of))
    if "background" in words and ds.Modality in ("CR", "DX", "MG"):
        rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        known = seen[box].copy()
        if "PixelPaddingValue" in ds:
            known &= ds.pixel_array[box] != ds.PixelPaddingValue
        found = margins(ds.pixel_array[box], known, ds.PhotometricInterpretation == "MONOCHROME1", ds.Modality == "MG")
        if found:
            (left, right), (top, bottom) = found
            seen &= rectangle(shape, left + columns[0], top + rows[0], right - 1 + columns[0], bottom - 1 + rows[0])
            sources.append("background")
    return seen, sources if not seen.all() else []


def check(data_set, folder, words):
    files = {}
    for name in sorted(os.listdir(folder)):
        files[hashlib.sha256(open(os.path.join(folder, name), "rb").read()).hexdigest()] = name
    for path in sorted(glob.glob(os.path.join(data_set, "shards", "*.tar"))):
        with tarfile.open(path) as tar:
            members = {member.name: tar.extractfile(member).read() for member in tar}
        for member in sorted(members):
            if member.endswith(".json"):
                row = json.loads(members[member])
                record = row["pictures"][0]
                name = files[record["source_sha256"][0]]
                if name == "mg_letters":
                    said = [turn["value"] for turn in row["conversations"]]
                    assert "craniocaudal X-ray image of the right breast." in said[1], said
                    assert "craniocaudal" in said[-3] and "right side" in said[-1], said
                    assert record["patient_orientation"] == ["P", "L"], record
                else:
                    assert record["patient_orientation"] is None
                check_picture(name, pydicom.dcmread(os.path.join(folder, name)), record, members[row["image"]], words)


def check_picture(name, ds, record, picture, words):
    selection, display = record["selection"], record["display"]
    stored = ds.pixel_array
    if ds.get("NumberOfFrames", 1) > 1:
        stored = stored[selection["frame"]]
    seen, sources = expected(ds, words)
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    assert selection["rect"] == (None if seen.all() else [left, top, right, bottom]), (name, selection, left, top, right, bottom)
    assert [area["source"] for area in selection["areas"]] == sources, (name, selection)
    shown = stored
    if stored.ndim == 2 and display["kind"] == "none":
        # Grey of 8 bits without a window, as cameras and ultrasound give it.
        assert ds.Modality == "US" and ds.BitsStored == 8, name
        shown = 255 - stored if display["inverted"] else stored
        shown = np.where(stored == ds.get("PixelPaddingValue", -1), 0, shown)
    elif stored.ndim == 2:
        channel = display["channels"][0]
        low, high = channel["low"], channel["high"]
        if display["kind"] == "range":
            counted = stored[seen & (stored != ds.get("PixelPaddingValue", -1))]
            assert np.allclose((low, high), np.percentile(counted, (0.5, 99.5)), rtol=0, atol=1e-9), (name, low, high)
        t = np.clip((stored - low) / max(high - low, 1e-9), 0, 1)
        shown = np.floor(255 * (1 - t if display["inverted"] else t) + 0.5).astype(np.uint8)
        shown[stored == ds.get("PixelPaddingValue", -1)] = 0
    # Blank is black, also where black and white are exchanged.
    shown = np.where(seen if shown.ndim == 2 else seen[..., None], shown, 0).astype(np.uint8)
    ours = np.asarray(Image.open(io.BytesIO(picture)))
    matrix = np.array(record["source_from_pixel"])
    cut = shown[top:bottom, left:right]
    if np.isin(abs(matrix[:2, :2]), (0, 1)).all():
        y, x = np.indices(ours.shape[:2])
        column, line, _ = np.tensordot(matrix, np.stack([x, y, x * 0 + 1]), 1)
        assert (column == column.round()).all() and (line == line.round()).all()
        assert np.array_equal(ours, shown[line.astype(int), column.astype(int)]), name
        assert (column.min(), column.max(), line.min(), line.max()) == (left, right - 1, top, bottom - 1), name
        assert ours.shape[:2] == cut.shape[:2] and len(set(zip(column.flat, line.flat))) == column.size
    else:
        theirs = Image.fromarray(cut).resize((record["width"], record["height"]), Image.Resampling.BICUBIC)
        assert np.array_equal(ours, np.asarray(theirs)), name
        # The outer edges of the picture are those of the rectangle.
        corners = matrix @ np.array([[-0.5, -0.5, 1], [record["width"] - 0.5, record["height"] - 0.5, 1]]).T
        assert np.allclose(corners[:2].T, [[left - 0.5, top - 0.5], [right - 0.5, bottom - 0.5]], rtol=0, atol=1e-9), name
    if record["pixel_to_patient"]:
        # The place of the first pixel that is shown, through where it is stored.
        column, line, _ = matrix @ [0, 0, 1]
        place = np.array(ds.ImagePositionPatient, float) - [column, line, 0]
        assert np.allclose(np.array(record["pixel_to_patient"])[:3, 3], place, rtol=0, atol=1e-9), name
    check_areas(name, ds, seen, selection)
    blank = int((~seen[top:bottom, left:right]).sum())
    print(name, left, top, right, bottom, blank, ",".join(sources) or "-")


def check_areas(name, ds, seen, selection):
    """The record alone says what is blank."""
    shape = seen.shape
    said = {}
    for area in selection["areas"]:
        numbers = area["numbers"]
        if area["shape"] == "rectangle":
            mask = rectangle(shape, numbers[0], numbers[1], numbers[2] - 1, numbers[3] - 1)
        elif area["shape"] == "polygon":
            mask = inside_polygon(shape, list(zip(map(int, numbers[1::2]), map(int, numbers[::2]))))
        else:
            aspect = float(ds.ImagerPixelSpacing[0]) / float(ds.ImagerPixelSpacing[1]) if "ImagerPixelSpacing" in ds else 1
            y, x = np.indices(shape)
            mask = (x - numbers[0]) ** 2 + ((y - numbers[1]) * aspect) ** 2 <= numbers[2] ** 2
        union = area["source"] == "ultrasound"
        old = said.get(area["source"])
        said[area["source"]] = mask if old is None else old | mask if union else old & mask
    assert np.array_equal(np.all([np.ones(shape, bool), *said.values()], 0), seen), name


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    check(sys.argv[2], sys.argv[3], sys.argv[4].split(","))

"""Labels of a converted set beside its annotations, as pydicom and nibabel read them.

    label_pictures.py SET SOURCES [NAMES]

Of every picture whose place in the patient is known (of others by their frames) each pixel's centre is looked up in every
segmentation, structure set and volume of labels in SOURCES that is of its images and is no reject: what the labels' rings enclose
must be the same pixels, name by name. Boxes, shares of area and, where no pixel was resized, the number of components
(scikit-image) must follow from them. NAMES: JSON, names in structure sets and segments -> in the set; all others have none.
"""

import glob
import hashlib
import json
import os
import sys
import warnings

import nibabel
import numpy as np
import pydicom
import webdataset
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping
from skimage.measure import label as components
from skimage.measure import points_in_poly

warnings.simplefilter("ignore")
SET, SOURCES = sys.argv[1], sys.argv[2]
NAMES = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
SEGMENTATIONS = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")
STRUCTURES = "1.2.840.10008.5.1.4.1.1.481.3"

files, datasets, volumes = {}, {}, {}
for path in glob.glob(SOURCES + "/**/*", recursive=True):
    if os.path.isfile(path):
        digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
        files[digest] = path
        try:
            datasets[digest] = pydicom.dcmread(path)
        except Exception:
            if path.endswith((".nii", ".nii.gz")):
                volumes[digest] = nibabel.load(path)
rejected = {json.loads(line)["source_sha256"] for line in open(SET + "/rejects.jsonl")}


def meaning(code):
    """The standard's words for a code, current or former; None for what is no code of a structure."""
    scheme, value = code.CodingSchemeDesignator, code.CodeValue
    if scheme in ("SRT", "SNM3", "99SDM"):
        scheme, value = "SCT", mapping["SRT"].get(value, "")
    for name, codes in concepts.get(scheme, {}).items():
        if value in codes and (7151 in codes[value][1] or name == "Bone"):
            return codes[value][0]
    return None


def plane(position, orientation, spacing):
    row, column = np.array(orientation[:3], float), np.array(orientation[3:], float)
    return np.array(position, float), row, column, np.array(spacing, float)


def pixels(points, where):
    """Column and row of points, nearest pixel, and how far they are along the normal."""
    position, row, column, spacing = where
    offset = points - position
    return (offset @ row / spacing[1], offset @ column / spacing[0], offset @ np.cross(row, column))


def between(index):
    """Where a place is as near to one pixel as to the next: either may be taken."""
    return np.abs(index - np.floor(index) - 0.5) < 1e-6


class Segmentation:
    def __init__(self, ds):
        self.ds = ds
        array = ds.pixel_array
        self.frames = array[None] if array.ndim == 2 else array
        self.uids = {
            item.ReferencedSOPInstanceUID
            for series in ds.get("ReferencedSeriesSequence", []) for item in series.ReferencedInstanceSequence
        }
        shared = ds.SharedFunctionalGroupsSequence[0]

        def group(own, name):
            return (own.get(name) or shared.get(name) or [None])[0]

        self.places, self.drawn_on, self.segments = [], [], []
        for own in ds.PerFrameFunctionalGroupsSequence:
            position, orientation = group(own, "PlanePositionSequence"), group(own, "PlaneOrientationSequence")
            measures = group(own, "PixelMeasuresSequence")
            self.places.append(
                position and orientation
                and plane(position.ImagePositionPatient, orientation.ImageOrientationPatient, measures.PixelSpacing))
            named = {
                (source.ReferencedSOPInstanceUID)
                for derived in own.get("DerivationImageSequence", []) for source in derived.get("SourceImageSequence", [])
            }
            self.drawn_on.append(named)
            self.uids |= named
            identified = group(own, "SegmentIdentificationSequence")
            self.segments.append(identified and identified.ReferencedSegmentNumber)
        least = (ds.MaximumFractionalValue + 1) // 2 if ds.SegmentationType == "FRACTIONAL" else 1
        self.structures = []
        for segment in ds.SegmentSequence:
            code = segment.SegmentedPropertyTypeCodeSequence[0]
            if code.CodeValue == "125040" or segment.SegmentNumber == 0:
                continue
            name = NAMES.get(segment.SegmentLabel) or meaning(code)
            if ds.SegmentationType == "LABELMAP":
                masks = {i: frame == segment.SegmentNumber for i, frame in enumerate(self.frames)}
            else:
                masks = {i: self.frames[i] >= least for i, s in enumerate(self.segments) if s == segment.SegmentNumber}
            self.structures.append((name, masks))

    def look(self, points, slices, uid, shape):
        """name -> mask, at points of slices that are so far apart; and which points lie between two pixels."""
        found, tied = {}, np.zeros(len(points), bool)
        for name, masks in self.structures:
            mask = np.zeros(len(points), bool)
            for index, frame in masks.items():
                if self.places[index] is None:
                    if uid in self.drawn_on[index] or (not self.drawn_on[index] and uid in self.uids):
                        mask |= frame.ravel()[shape]
                    continue
                x, y, far = pixels(points, self.places[index])
                tied |= between(x) | between(y) | between(far / slices)
                x, y = np.rint(x).astype(int), np.rint(y).astype(int)
                near = np.abs(far) < slices / 2
                inside = near & (x >= 0) & (y >= 0) & (x < frame.shape[1]) & (y < frame.shape[0])
                mask[inside] |= frame[y[inside], x[inside]]
            found[name] = found.get(name, False) | mask
        return found, tied


class Structures:
    def __init__(self, ds):
        self.uids = {
            item.ReferencedSOPInstanceUID
            for frame in ds.get("ReferencedFrameOfReferenceSequence", [])
            for study in frame.get("RTReferencedStudySequence", [])
            for series in study.get("RTReferencedSeriesSequence", []) for item in series.ContourImageSequence
        }
        self.frame = ds.ReferencedFrameOfReferenceSequence[0].FrameOfReferenceUID
        types = {o.ReferencedROINumber: o.RTROIInterpretedType for o in ds.RTROIObservationsSequence}
        names = {roi.ROINumber: roi.ROIName for roi in ds.StructureSetROISequence}
        self.structures = []
        for roi in ds.ROIContourSequence:
            contours = [
                np.array(c.ContourData, float).reshape(-1, 3) for c in roi.get("ContourSequence", [])
                if c.ContourGeometricType.startswith("CLOSED")
            ]
            name = names[roi.ReferencedROINumber]
            self.structures.append((NAMES.get(name, NAMES.get(types[roi.ReferencedROINumber])), contours))

    def masks(self, where, columns, rows):
        """name -> mask of an image's slice; the pixels whose centre is nearly on a path are left open."""
        found, open_ = {}, np.zeros((rows, columns), bool)
        grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).reshape(-1, 2).astype(float)
        for name, contours in self.structures:
            mask = np.zeros((rows, columns), bool)
            for contour in contours:
                x, y, far = pixels(contour, where)
                if np.abs(far).max() > 0.1:
                    continue
                ring = np.stack([x, y], -1)
                mask ^= points_in_poly(grid, ring).reshape(rows, columns)
                for a, b in zip(ring, np.roll(ring, -1, 0)):
                    for t in np.linspace(0, 1, 2 + int(4 * np.abs(b - a).max())):
                        at = a + t * (b - a)
                        near = np.rint(at).astype(int)
                        if np.abs(at - near).max() < 0.3 and 0 <= near[0] < columns and 0 <= near[1] < rows:
                            open_[near[1], near[0]] = True
            found[name] = found.get(name, False) | mask
        return found, open_


class Labels:
    def __init__(self, path, image):
        self.stem = path.split(".nii")[0]
        self.image, self.voxels = image, np.asarray(image.dataobj)
        self.names = {}
        table = self.stem + ".csv"
        if os.path.exists(table):
            for line in open(table).read().splitlines()[1:]:
                number, name = line.split(",")[:2]
                self.names[int(number)] = name

    def look(self, points):
        inverse = np.linalg.inv(np.diag([-1, -1, 1, 1]) @ self.image.affine)
        at = points @ inverse[:3, :3].T + inverse[:3, 3]
        tied = between(at).any(axis=1)
        at = np.rint(at).astype(int)
        inside = np.all((at >= 0) & (at < self.voxels.shape), axis=1)
        values = np.zeros(len(points), int)
        values[inside] = self.voxels[tuple(at[inside].T)]
        found = {}
        for number in set(np.unique(self.voxels)) - {0}:
            name = self.names.get(number)
            found[name] = found.get(name, False) | (values == number)
        return found, tied


segmentations = [Segmentation(d) for k, d in datasets.items() if d.SOPClassUID in SEGMENTATIONS and k not in rejected]
structures = [Structures(d) for d in datasets.values() if d.get("SOPClassUID") == STRUCTURES]
labels = [Labels(files[k], v) for k, v in volumes.items() if v.header.get_intent()[0] == "label"]


def fill(rings, width, height):
    """The pixels whose centres rings enclose, by the even-odd rule."""
    mask = np.zeros((height, width), bool)
    for ring in rings:
        ring = np.array(ring)
        other = np.roll(ring, -1, 0)
        for row in range(max(0, int(ring[:, 1].min()) - 1), min(height, int(ring[:, 1].max()) + 2)):
            y = row + 0.5
            (crossed,) = np.nonzero((ring[:, 1] <= y) != (other[:, 1] <= y))
            a, b = ring[crossed], other[crossed]
            xs = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
            for x in xs:
                mask[row] ^= np.arange(width) + 0.5 > x
    return mask


def area(rings):
    total = 0.0
    for ring in rings:
        x, y = np.array(ring).T
        total += (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2
    return total


def expected(sample, picture, width, height):
    matrix = picture["pixel_to_patient"]
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    columns, rows = columns.ravel(), rows.ravel()
    digests = [d for d in picture["source_sha256"] if d in datasets or d in volumes]
    images = [datasets[d] for d in digests if d in datasets and "PixelData" in datasets[d]
              and datasets[d].SOPClassUID not in SEGMENTATIONS]
    found, open_ = {}, np.zeros(width * height, bool)

    def take(masks):
        for name, mask in masks.items():
            found[name] = found.get(name, np.zeros(width * height, bool)) | mask

    points = None
    if matrix is not None:
        matrix = np.array(matrix)
        points = np.stack([columns, rows, 0 * rows, 0 * rows + 1], -1) @ matrix.T
        points = points[:, :3]
    back = picture["source_from_pixel"]
    for image in images[:1]:
        uids = {i.SOPInstanceUID for i in images}
        slices = float(image.get("SpacingBetweenSlices") or image.get("SliceThickness") or 1)
        for seg in segmentations:
            if not uids & seg.uids:
                continue
            place = None
            if points is None:
                at = np.array(back)[:2] @ np.stack([columns, rows, 0 * rows + 1])
                at = np.rint(at).astype(int)
                place = at[1] * image.Columns + at[0]
            found_here, tied = seg.look(
                points if points is not None else np.zeros((width * height, 3)), slices, image.SOPInstanceUID, place)
            take(found_here)
            open_ |= tied
        for one in structures:
            if points is None or back is None:
                continue
            if not (uids & one.uids) and one.frame != image.get("FrameOfReferenceUID"):
                continue
            where = plane(image.ImagePositionPatient, image.ImageOrientationPatient, image.PixelSpacing)
            masks, near = one.masks(where, image.Columns, image.Rows)
            x, y, _ = pixels(points, where)
            x, y = np.rint(x).astype(int), np.rint(y).astype(int)
            take({name: mask[y, x] for name, mask in masks.items()})
            open_ |= near[y, x]
    for digest in digests:
        if digest in volumes and volumes[digest].header.get_intent()[0] != "label":
            stem = files[digest].split(".nii")[0]
            for one in labels:
                if one.stem.startswith(stem + "_"):
                    found_here, tied = one.look(points)
                    take(found_here)
                    open_ |= tied
    return found, open_


counts = {"pictures": 0, "labelled": 0, "labels": 0, "pixels": 0, "open": 0, "all": 0, "names": []}
names = set()


def compare(sample, number, picture):
    """One picture of a sample with the labels that are of it."""
    width, height = picture["width"], picture["height"]
    where = f"{sample['id']} picture {number}"
    wanted, open_ = expected(sample, picture, width, height)
    counts["pictures"] += 1
    shown = [one for one in sample["labels"] if one["picture"] == number]
    counts["labelled"] += bool(shown)
    got = {}
    for one in shown:
        counts["labels"] += 1
        names.add((one["name"], one["code"]))
        rings = one["polygon"]
        mask = fill(rings, width, height)
        got.setdefault(one["name"], []).append(mask)
        flat = np.array([p for ring in rings for p in ring])
        box = [*flat.min(0), *flat.max(0)]
        assert np.allclose(one["box"], box, atol=1e-9), f"{where}: box {one['box']}, rings {box}"
        assert abs(area(rings) / (width * height) - one["area_fraction"]) < 1e-9, f"{where}: area"
    for name in set(got) | set(wanted):
        have = np.any(got.get(name, [np.zeros((height, width), bool)]), axis=0).ravel()
        want = wanted.get(name, np.zeros(width * height, bool))
        wrong = (have != want) & ~open_
        assert not wrong.any(), f"{where}: {name}: {wrong.sum()} of {want.sum()} pixels differ"
        counts["pixels"] += int((want & ~open_).sum())
        counts["open"] += int((want & open_).sum())
        counts["all"] += int(want.sum())
        matrix = picture["source_from_pixel"]
        exact = matrix is not None and all(abs(v) in (0, 1) for row in matrix[:2] for v in row[:2])
        if exact and not open_.any() and len(segmentations) < 2 and len(got.get(name, [])) > 0:
            count = components(want.reshape(height, width), connectivity=2).max()
            assert len(got[name]) == count, f"{where}: {name}: {len(got[name])} labels, {count} components"


for shard in sorted(glob.glob(SET + "/shards/*.tar")):
    for record in webdataset.WebDataset(shard, shardshuffle=False):
        sample = json.loads(record["json"])
        for number, picture in enumerate(sample["pictures"]):
            compare(sample, number, picture)
assert counts["open"] * 4 <= counts["all"], "too much is left open"
counts["names"] = sorted([n or "", c or ""] for n, c in names)
print(json.dumps(counts))

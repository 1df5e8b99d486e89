"""Segmentations by pydicom, and the label volumes that they were made from.

  segmentation.py describe FILE...      a line of JSON a file: kind, segments, and each frame's own
  segmentation.py compare PADDING VOLUME.nrrd...  masks of the folder against label volumes, in the world

A mask is <frame>.raw, rows x columns of one byte, its place <frame>.affine, 16 float64 of column, row, 0, 1
-> LPS, and columns, rows and segment <frame>.shape, three int32. A label of the volumes is a segment's number, or PADDING.
"""

import glob
import gzip
import json
import sys

import numpy as np


def describe(path):
    import pydicom

    dataset = pydicom.dcmread(path, stop_before_pixels=True)

    def code(item, name):
        found = getattr(item, name, None)
        return [found[0].CodeValue, found[0].CodingSchemeDesignator, found[0].CodeMeaning] if found else []

    shared = dataset.SharedFunctionalGroupsSequence[0] if "SharedFunctionalGroupsSequence" in dataset else None
    frames = []
    for group in dataset.get("PerFrameFunctionalGroupsSequence", []):
        named = group.get("SegmentIdentificationSequence") or (shared and shared.get("SegmentIdentificationSequence"))
        derived = group.get("DerivationImageSequence") or (shared and shared.get("DerivationImageSequence")) or []
        sources = [s for d in derived for s in d.get("SourceImageSequence", [])]
        uids = []
        for source in sources:
            numbers = source.get("ReferencedFrameNumber")
            numbers = [numbers] if isinstance(numbers, int) else numbers
            uids += [[source.ReferencedSOPInstanceUID, int(n) - 1] for n in numbers or [0]]
        frames.append([named[0].ReferencedSegmentNumber if named else -1, uids])
    kind = dataset.SegmentationType
    segments = [
        [s.SegmentNumber, s.SegmentLabel, code(s, "SegmentedPropertyCategoryCodeSequence"),
         code(s, "SegmentedPropertyTypeCodeSequence")]
        for s in dataset.SegmentSequence
    ]
    return {"kind": kind, "segments": segments, "frames": frames}


def nrrd(path):
    head, data = open(path, "rb").read().split(b"\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.decode().split("\n")[1:] if ": " in line)
    assert fields["space"] == "left-posterior-superior" and fields["encoding"] in ("gzip", "raw")
    types = {"short": "<i2", "unsigned char": "u1", "uchar": "u1", "unsigned short": "<u2", "ushort": "<u2"}
    values = np.frombuffer(gzip.decompress(data) if fields["encoding"] == "gzip" else data, types[fields["type"]])
    values = values.reshape([int(n) for n in fields["sizes"].split()], order="F")
    vectors = [[float(n) for n in v.strip("()").split(",")] for v in fields["space directions"].split()]
    origin = [float(n) for n in fields["space origin"].strip("()").split(",")]
    places = np.argwhere(values > 0)
    return values[values > 0], places @ np.array(vectors) + origin



def compare(padding, paths):
    theirs = {}
    for path in paths:
        labels, points = nrrd(path)
        for label in set(np.unique(labels)) - {padding}:
            theirs.setdefault(int(label), []).append(points[labels == label])
    ours = {}
    for path in sorted(glob.glob("*.raw")):
        stem = path[: -len(".raw")]
        affine = np.fromfile(stem + ".affine", "<f8").reshape(4, 4)
        columns, rows, segment = np.fromfile(stem + ".shape", "<i4")
        mask = np.fromfile(path, "u1").reshape(rows, columns)
        at = np.argwhere(mask > 0)[:, ::-1]
        points = np.c_[at, np.zeros(len(at)), np.ones(len(at))] @ affine[:3].T
        ours.setdefault(int(segment), []).append(points)
    ours = {s: np.concatenate(p) for s, p in ours.items() if sum(map(len, p))}
    assert sorted(ours) == sorted(theirs), (sorted(ours), sorted(theirs))
    total = 0
    for segment, points in ours.items():
        other = np.concatenate(theirs[segment])
        assert len(points) == len(other), (segment, len(points), len(other))
        # In one order, each is where the other is.
        order = lambda p: p[np.lexsort(np.rint(p * 10).T)]
        assert np.abs(order(points) - order(other)).max() < 1e-3, segment
        total += len(points)
    print(total)


if sys.argv[1] == "describe":
    for path in sys.argv[2:]:
        print(json.dumps(describe(path)))
else:
    compare(int(sys.argv[2]), sys.argv[3:])

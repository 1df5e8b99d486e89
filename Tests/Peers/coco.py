"""COCO's JSON and run lengths by pycocotools: coco.py [polygons]

Loads ours.json. Without a word: compares every annotation with masks.json, prints how many, and writes the same masks to
theirs.json, as texts and as numbers by turns. With `polygons`: writes the mask of every annotation to masks.u8.
"""

import contextlib
import io
import json
import sys

import numpy as np
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

with contextlib.redirect_stdout(io.StringIO()):
    ours = COCO("ours.json")
annotations = ours.loadAnns(sorted(ours.anns))

if sys.argv[1:] == ["polygons"]:
    with open("masks.u8", "wb") as file:
        for annotation in annotations:
            file.write(ours.annToMask(annotation).astype(np.uint8).tobytes())
    sys.exit()

wanted = json.load(open("masks.json"))
shape = (wanted["rows"], wanted["columns"])
theirs = []
for i, (annotation, mask) in enumerate(zip(annotations, wanted["masks"], strict=True)):
    mask = np.array(mask, np.uint8).reshape(shape)
    runs = coco_mask.encode(np.asfortranarray(mask))
    assert (ours.annToMask(annotation) == mask).all(), (i, annotation)
    assert annotation["area"] == coco_mask.area(runs), (i, annotation)
    if mask.any():
        assert annotation["bbox"] == coco_mask.toBbox(runs).tolist(), (i, annotation)
    counts = runs["counts"].decode()
    if isinstance(annotation["segmentation"], dict):
        assert annotation["segmentation"]["counts"] == counts, i
    flat = mask.flatten(order="F")
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat]))).tolist()
    numbers = np.diff([0, *edges, flat.size]).tolist()
    theirs.append(
        {
            "id": i,
            "image_id": "x",
            "category_id": 1,
            "bbox": [0.0, 0.0, 1.0, 1.0],
            "segmentation": {"size": list(shape), "counts": counts if i % 2 else numbers},
        }
    )
json.dump(
    {
        "images": [{"id": "x", "file_name": "x.png", "width": shape[1], "height": shape[0]}],
        "categories": [{"id": 1, "name": "a"}],
        "annotations": theirs,
    },
    open("theirs.json", "w"),
)
print(len(theirs))

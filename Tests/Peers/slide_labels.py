"""Shapes on slides, and the labels that a converted set has of them.

    slide_labels.py draw SLIDE...                 writes SLIDE's shapes beside it: NAME.geojson, and of the first NAME.xml of ASAP
    slide_labels.py check SET SOURCES NAMES       labels of every picture beside the shapes of its slide, as json, ElementTree
                                                  and highdicom read them; NAMES: JSON, names in files -> in the set

Every pixel's centre is led back to the largest level by source_from_pixel and the sizes of the levels: what the labels' rings
enclose there must be what the shapes enclose, name by name. A pixel whose centre is nearly on an outline may be either.
"""

import glob
import hashlib
import json
import os
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
import openslide
import pydicom
import webdataset
from skimage.measure import points_in_poly

ROOT = "1.2.840.10008.5.1.4.1.1."


def draw(slides):
    for number, path in enumerate(slides):
        width, height = openslide.OpenSlide(path).dimensions
        random = np.random.default_rng(number + 5)

        def ring(x, y, size, corners=9):
            angles = np.sort(random.uniform(0, 2 * np.pi, corners))
            radii = size * random.uniform(0.6, 1, corners)
            points = [[x + r * np.cos(a), y + r * np.sin(a)] for a, r in zip(angles, radii)]
            return points + points[:1]

        def feature(kind, coordinates, name):
            return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates},
                    "properties": {"objectType": "annotation", "classification": {"name": name}}}

        side = min(width, height)
        x, y = width * 0.45, height * 0.5
        hole = [[x - 9, y - 9], [x + 11, y - 8], [x + 10.5, y + 10.5], [x - 9, y - 9]]
        rows = [
            feature("Polygon", [ring(x, y, side * 0.3), hole], "Tumor"),
            feature("MultiPolygon", [[ring(side * 0.15, side * 0.15, side * 0.1)], [ring(x, side * 0.1, side * 0.08)]],
                    "Necrosis of Señora Alonsina"),
            # Out of the slide in part.
            feature("Polygon", [ring(width - 5, height * 0.6, side * 0.2)], "Tumor"),
            feature("Point", [x, y], "Tumor"),
        ]
        stem = os.path.splitext(path)[0]
        json.dump({"type": "FeatureCollection", "features": rows}, open(stem + ".geojson", "w"))
        if number == 0:
            root = ElementTree.Element("ASAP_Annotations")
            one = ElementTree.SubElement(ElementTree.SubElement(root, "Annotations"), "Annotation",
                                         Name="a", Type="Polygon", PartOfGroup="metastases", Color="#F4FA58")
            places = ElementTree.SubElement(one, "Coordinates")
            for order, (px, py) in enumerate(ring(x * 1.2, y * 0.8, side * 0.2)[:-1]):
                ElementTree.SubElement(places, "Coordinate", Order=str(order), X=repr(float(px)), Y=repr(float(py)))
            ElementTree.SubElement(root, "AnnotationGroups")
            ElementTree.ElementTree(root).write(stem + ".xml")


def shapes_beside(path):
    """Name and rings of every area that is drawn on a slide."""
    found = []
    stem = os.path.splitext(path)[0]
    if os.path.exists(stem + ".geojson"):
        for row in json.load(open(stem + ".geojson"))["features"]:
            kind, parts = row["geometry"]["type"], row["geometry"]["coordinates"]
            if kind not in ("Polygon", "MultiPolygon"):
                continue
            name = row["properties"]["classification"]["name"]
            rings = parts if kind == "Polygon" else [ring for part in parts for ring in part]
            found.append((name, [np.array(ring)[:-1] for ring in rings]))
    if os.path.exists(stem + ".xml"):
        for row in ElementTree.parse(stem + ".xml").iter("Annotation"):
            places = sorted(row.iter("Coordinate"), key=lambda c: int(c.get("Order")))
            ring = np.array([[float(c.get("X")), float(c.get("Y"))] for c in places])
            found.append((row.get("PartOfGroup"), [ring]))
    return found


def bulk_shapes(image, datasets):
    """The same of DICOM's, in pixels of the image's total matrix; ellipses by a thousand corners."""
    import highdicom
    from highdicom.spatial import ReferenceToImageTransformer

    found = []
    for ds in datasets:
        if ds.SOPClassUID != ROOT + "91.1":
            continue
        uids = [i.ReferencedSOPInstanceUID for i in ds.get("ReferencedImageSequence", [])]
        space = ds.AnnotationCoordinateType
        if space == "2D" and image.SOPInstanceUID not in uids:
            continue
        if space == "3D":
            to_image = ReferenceToImageTransformer.for_image(image, for_total_pixel_matrix=True)
        made = highdicom.ann.MicroscopyBulkSimpleAnnotations.from_dataset(ds)
        for group in made.get_annotation_groups():
            kind = group.graphic_type.value
            if kind not in ("POLYGON", "RECTANGLE", "ELLIPSE"):
                continue
            name = group.annotated_property_type.meaning
            for data in group.get_graphic_data(coordinate_type=space):
                ring = (to_image(data) if space == "3D" else np.array(data))[:, :2].astype(float)
                if kind == "ELLIPSE":
                    turn = np.linspace(0, 2 * np.pi, 1000, endpoint=False)[:, None]
                    ring = ring.mean(0) + np.cos(turn) * (ring[1] - ring[0]) / 2 + np.sin(turn) * (ring[3] - ring[2]) / 2
                found.append((name, [ring]))
    return found


def inside(points, rings):
    mask = np.zeros(len(points), bool)
    for ring in rings:
        mask ^= points_in_poly(points, ring)
    return mask


def near(points, rings, far):
    """Points that are less than so far from an outline."""
    mask = np.zeros(len(points), bool)
    for ring in rings:
        for a, b in zip(ring, np.roll(ring, -1, 0)):
            length = max(((b - a) ** 2).sum(), 1e-12)
            t = np.clip(((points - a) @ (b - a)) / length, 0, 1)[:, None]
            mask |= ((points - a - t * (b - a)) ** 2).sum(1) < far * far
    return mask


def check(folder, sources, names):
    paths, datasets = {}, {}
    for path in glob.glob(sources + "/**/*", recursive=True):
        if os.path.isfile(path):
            digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
            paths[digest] = path
            try:
                datasets[digest] = pydicom.dcmread(path)
            except Exception:
                pass
    counts = {"pictures": 0, "labelled": 0, "labels": 0, "pixels": 0, "names": []}
    said = set()
    for shard in sorted(glob.glob(folder + "/shards/*.tar")):
        for record in webdataset.WebDataset(shard, shardshuffle=False):
            sample = json.loads(record["json"])
            picture = sample["pictures"][0]
            if picture["selection"]["level"] is None:
                continue
            digest = picture["source_sha256"][0]
            path = paths[digest]
            if digest in datasets:
                shapes, scale = bulk_shapes(datasets[digest], datasets.values()), (1, 1)
            else:
                slide = openslide.OpenSlide(path)
                level = slide.level_dimensions[picture["selection"]["level"]]
                scale = [a / b for a, b in zip(slide.dimensions, level)]
                shapes = shapes_beside(path)
            width, height = sample["width"], sample["height"]
            columns, rows = np.meshgrid(np.arange(width), np.arange(height))
            pixels = np.stack([columns.ravel(), rows.ravel(), np.ones(width * height)])
            at = (np.array(picture["source_from_pixel"])[:2] @ pixels).T
            points = (at + 0.5) * scale
            wanted, open_ = {}, np.zeros(width * height, bool)
            for name, rings in shapes:
                name = names.get(name)
                wanted[name] = wanted.get(name, False) | inside(points, rings)
                # Ellipses of labels are polygons that may be off by a tenth of a pixel.
                open_ |= near(points, rings, 0.11 if len(rings[0]) == 1000 else 1e-3)
            got = {}
            centres = np.stack([columns.ravel() + 0.5, rows.ravel() + 0.5], 1)
            for one in sample["labels"]:
                rings = [np.array(ring) for ring in one["polygon"]]
                said.add((one["name"] or "", one["code"] or ""))
                got[one["name"]] = got.get(one["name"], False) | inside(centres, rings)
                flat = np.concatenate(rings)
                assert np.allclose(one["box"], [*flat.min(0), *flat.max(0)], atol=1e-9), "box"
                areas = [0.5 * np.sum(r[:, 0] * np.roll(r[:, 1], -1) - np.roll(r[:, 0], -1) * r[:, 1]) for r in rings]
                assert abs(sum(areas) / (width * height) - one["area_fraction"]) < 1e-9, "area"
            none = np.zeros(width * height, bool)
            for name in set(got) | set(wanted):
                have, want = got.get(name, none), wanted.get(name, none)
                wrong = (have != want) & ~open_
                # What is left of a shape that covers less than a pixel is no label.
                if name not in got and want.sum() <= 1:
                    continue
                assert not wrong.any(), f"{sample['id']}: {name}: {wrong.sum()} of {want.sum()} pixels differ"
                counts["pixels"] += int(want.sum())
            counts["pictures"] += 1
            counts["labelled"] += bool(sample["labels"])
            counts["labels"] += len(sample["labels"])
    counts["names"] = sorted(map(list, said))
    print(json.dumps(counts))


if sys.argv[1] == "draw":
    draw(sys.argv[2:])
else:
    check(sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))

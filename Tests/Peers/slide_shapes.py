"""Shapes on slides as other readers have them: json and ElementTree, areas by the shoelace formula, pixels by
scikit-image.

  slide_shapes.py make         writes qupath.geojson and asap.xml of random shapes
  slide_shapes.py read FILE    a line of JSON a shape: name, group, kind, points, area, pixels of a 64 x 48 picture

Pixels are a list of those whose centres are inside, by the even-odd rule over all rings.
"""

import json
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
from skimage.measure import points_in_poly

COLUMNS, ROWS = 64, 48
CENTRES = np.stack(np.meshgrid(np.arange(COLUMNS) + 0.5, np.arange(ROWS) + 0.5), -1).reshape(-1, 2)
random = np.random.default_rng(4)


def shoelace(ring):
    x, y = np.array(ring, float).T[:2]
    return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def told(name, group, kind, points, parts=()):
    area, inside = 0.0, np.zeros(len(CENTRES), bool)
    for part in parts:
        area += shoelace(part[0]) - sum(shoelace(hole) for hole in part[1:])
        for ring in part:
            inside ^= points_in_poly(CENTRES, np.array(ring, float)[:, :2])
    print(json.dumps({"name": name, "group": group, "kind": kind, "points": points, "area": area,
                      "pixels": np.flatnonzero(inside).tolist()}))


def star(x, y, radius, corners=9, low=0.5):
    angles = 2 * np.pi * (np.arange(corners) + random.random(corners) * 0.8) / corners
    reach = radius * (low + (1 - low) * random.random(corners))
    return np.round(np.stack([x + reach * np.cos(angles), y + reach * np.sin(angles)], 1), 3).tolist()


def closed(ring, turned):
    ring = ring[::-1] if turned else ring
    return ring + ring[:1]


def make():
    features = []
    for number in range(60):
        x, y = 18 + 28 * random.random(), 16 + 16 * random.random()
        outer = star(x, y, 15)
        # The star holds a circle of 6 about its middle, and the holes end at most 4 from there.
        rings = [outer] + ([star(x - 1, y, 2), star(x + 2.2, y + 0.5, 1)] if number % 3 == 0 else [])
        # RFC 7946 wants outer rings one way and holes the other; writers do as they like.
        polygon = [closed(ring, random.random() < 0.5) for ring in rings]
        kind, coordinates = "Polygon", polygon
        if number % 5 == 1:
            kind, coordinates = "MultiPolygon", [polygon, [closed(star(5, 5, 4), number % 2)]]
        elif number % 5 == 2:
            kind, coordinates = "MultiPoint", outer
        elif number % 5 == 3 and number % 2:
            kind, coordinates = "LineString", outer
        elif number % 5 == 3:
            kind, coordinates = "Point", outer[0] + [7]
        properties = {"objectType": ["annotation", "detection", "cell"][number % 3]}
        if number % 4 == 1:
            properties["classification"] = {"name": f"Tumör \"{number}\"", "color": [200, 0, 0]}
        elif number % 4 == 2:
            properties["classification"] = {"names": ["Tumor", "Positive"], "colorRGB": -3670016}
        properties["measurements"] = {"Area": 1.5, "Mean": float("nan"), "Max": float("-inf")}
        feature = {"type": "Feature", "id": f"{number}", "geometry": {"type": kind, "coordinates": coordinates},
                   "properties": properties}
        # Members in any order.
        features.append(dict(reversed(feature.items())) if number % 2 else feature)
    with open("qupath.geojson", "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file, ensure_ascii=False)

    root = ElementTree.Element("ASAP_Annotations")
    annotations, groups = ElementTree.SubElement(root, "Annotations"), ElementTree.SubElement(root, "AnnotationGroups")
    kinds = ["Polygon", "Spline", "Rectangle", "Dot", "PointSet", "Measurement"]
    for number in range(60):
        kind = kinds[number % 6]
        group = ["Tumor", "Exclusion", "None", "_2"][number % 4]
        points = star(18 + 28 * random.random(), 16 + 16 * random.random(), 14)
        if kind == "Rectangle":
            (x0, y0), (x1, y1) = np.min(points, 0), np.max(points, 0)
            points = [[x0, y0], [x0, y1], [x1, y1], [x1, y0]]
        points = points[:{"Dot": 1, "Measurement": 2}.get(kind)]
        node = ElementTree.SubElement(annotations, "Annotation", Name=f"Annotation {number}", Type=kind,
                                      PartOfGroup=group, Color="#F4FA58")
        list_ = ElementTree.SubElement(node, "Coordinates")
        rows = [{"Order": str(i), "X": str(x), "Y": str(y)} for i, (x, y) in enumerate(points)]
        if number % 7 == 0:
            rows = rows[::-1]
        for row in rows:
            if number % 5 == 0:
                row = {key: text.replace(".", ",") for key, text in row.items()}
            ElementTree.SubElement(list_, "Coordinate", row)
    for name, parent in [("Tumor", "Lesions"), ("Exclusion", "None"), ("_2", "Tumor"), ("Lesions", "None")]:
        node = ElementTree.SubElement(groups, "Group", Name=name, PartOfGroup=parent, Color="#00ff00")
        ElementTree.SubElement(node, "Attributes")
    ElementTree.ElementTree(root).write("asap.xml", encoding="utf-8", xml_declaration=True)


def read_geojson(path):
    for feature in json.load(open(path, encoding="utf-8"))["features"]:
        shape, properties = feature["geometry"], feature["properties"]
        label = properties.get("classification", {})
        name = label.get("name") or ": ".join(label.get("names", []))
        coordinates, kind = shape["coordinates"], shape["type"]
        if kind.endswith("Polygon"):
            parts = [coordinates] if kind == "Polygon" else coordinates
            points = sum(len(ring) - 1 for part in parts for ring in part)
            told(name, properties["objectType"], "polygon", points, parts)
        elif kind == "LineString":
            told(name, properties["objectType"], "lines", len(coordinates))
        else:
            told(name, properties["objectType"], "points", 1 if kind == "Point" else len(coordinates))


def read_asap(path):
    root = ElementTree.parse(path).getroot()
    parents = {g.get("Name"): g.get("PartOfGroup") for g in root.find("AnnotationGroups")}
    for node in root.find("Annotations"):
        group = node.get("PartOfGroup")
        points = [[float(c.get(axis).replace(",", ".")) for axis in "XY"]
                  for c in sorted(node.iter("Coordinate"), key=lambda c: int(c.get("Order")))]
        kind = {"Dot": "points", "PointSet": "points", "Measurement": "lines"}.get(node.get("Type"), "polygon")
        parent = parents.get(group, "None")
        told("" if group == "None" else group, "" if parent == "None" else parent, kind, len(points),
             [[points]] if kind == "polygon" else ())


if sys.argv[1] == "make":
    make()
elif sys.argv[2].endswith(".xml"):
    read_asap(sys.argv[2])
else:
    read_geojson(sys.argv[2])

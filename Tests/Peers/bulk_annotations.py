"""Microscopy bulk simple annotations by highdicom.

  bulk_annotations.py make IMAGE             2d-f4.dcm, 2d-f8.dcm, 3d-f4.dcm, 3d-f8.dcm (in one plane of the slide a group),
                                             space-f4.dcm, space-f8.dcm (points of a group in several planes), each with a
                                             group of every graphic type
  bulk_annotations.py read FILE [IMAGE]      a line of JSON a group; points of 3D also as pixels of the image's whole matrix
  bulk_annotations.py change FILE NAME JSON  a copy whose first group of a polygon has other elements: {keyword: value};
                                             "FILE." before a keyword means the object, a list after "<u4" raw bytes

Pixels count from the outer corner of the first one.
"""

import json
import sys

import highdicom as hd
import numpy as np
import pydicom
from highdicom.spatial import ImageToReferenceTransformer, ReferenceToImageTransformer
from pydicom.sr.codedict import codes

random = np.random.default_rng(7)
GRAPHICS = hd.ann.GraphicTypeValues


def shapes(graphic):
    for _ in range({"POINT": 7}.get(graphic.name, 5)):
        x, y = random.uniform(12, 38, 2)
        a, b, turn = random.uniform(4, 9), random.uniform(2, 4), random.uniform(0, np.pi)
        u, v = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        centre = np.array([x, y])
        if graphic == GRAPHICS.POINT:
            yield centre[None]
        elif graphic == GRAPHICS.ELLIPSE:
            yield np.stack([centre - a * u, centre + a * u, centre - b * v, centre + b * v])
        elif graphic == GRAPHICS.RECTANGLE:
            yield np.stack([centre - a * u - b * v, centre + a * u - b * v, centre + a * u + b * v, centre - a * u + b * v])
        else:
            count = random.integers(3, 9)
            angles = 2 * np.pi * (np.arange(count) + random.random(count) * 0.7) / count
            ring = centre + a * np.stack([np.cos(angles), np.sin(angles)], 1)
            yield ring[::-1] if random.random() < 0.5 else ring


def make(image):
    to_slide = ImageToReferenceTransformer.for_image(image, for_total_pixel_matrix=True)
    for space in ("2d", "3d", "space"):
        for dtype in (np.float32, np.float64):
            groups = []
            for number, graphic in enumerate([g for g in GRAPHICS], 1):
                data = []
                for index, points in enumerate(shapes(graphic)):
                    if space != "2d":
                        points = to_slide(points)
                        points[:, 2] = 0.25 * number + (0.5 * index if space == "space" else 0)
                    data.append(points.astype(dtype))
                groups.append(hd.ann.AnnotationGroup(
                    number=number, uid=hd.UID(), label=f"Doe's {graphic.name.lower()}",
                    annotated_property_category=codes.SCT.AnatomicalStructure,
                    annotated_property_type=codes.SCT.Nucleus, graphic_type=graphic, graphic_data=data,
                    algorithm_type="MANUAL"))
            made = hd.ann.MicroscopyBulkSimpleAnnotations(
                source_images=[image], annotation_coordinate_type="2D" if space == "2d" else "3D",
                annotation_groups=groups, series_instance_uid=hd.UID(), series_number=1, sop_instance_uid=hd.UID(),
                instance_number=1, manufacturer="M", manufacturer_model_name="M", software_versions="1",
                device_serial_number="1", content_label="DOE")
            made.save_as(f"{space}-f{np.dtype(dtype).itemsize}.dcm")


def read(path, image):
    found = hd.ann.annread(path)
    # Of 2D points are pixels.
    image = image if found.annotation_coordinate_type.value == "3D" else None
    if image:
        to_image = ReferenceToImageTransformer.for_image(image, for_total_pixel_matrix=True)
    for group in found.get_annotation_groups():
        data = group.get_graphic_data(found.annotation_coordinate_type)
        told = {"number": group.number, "label": group.label, "type": [group.annotated_property_type.value,
                group.annotated_property_type.scheme_designator, group.annotated_property_type.meaning],
                "graphic": group.graphic_type.value, "points": [points.tolist() for points in data]}
        if image:
            told["pixels"] = [to_image(points.astype(float))[:, :2].tolist() for points in data]
        print(json.dumps(told))


def change(path, name, changes):
    d = pydicom.dcmread(path)
    group = next(g for g in d.AnnotationGroupSequence if g.GraphicType == "POLYGON")
    for keyword, value in changes.items():
        target = d if keyword.startswith("FILE.") else group
        keyword = keyword.removeprefix("FILE.")
        if value is None:
            delattr(target, keyword)
        elif isinstance(value, list):
            setattr(target, keyword, np.array(value[1:], value[0]).tobytes())
        else:
            setattr(target, keyword, value)
    d.save_as(name)


images = [pydicom.dcmread(path) for path in sys.argv[2:] if path.endswith("sm_image.dcm")]
if sys.argv[1] == "make":
    make(images[0])
elif sys.argv[1] == "read":
    read(sys.argv[2], images[0] if images else None)
else:
    change(sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))

"""Annotations of a folder and what they are of, by pydicom.

    annotations.py FOLDER

A line of JSON for each annotation: path, kind, holds, settings, images and objects as [named, here], and series as
{Series Instance UID: images that are here}. Here is what pydicom finds in a file of the folder.
"""

import json
import os
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")

STORAGE = "1.2.840.10008.5.1.4.1.1."
# Studies and procedure steps: no objects with contents.
MANAGEMENT = "1.2.840.10008.3.1."
# Sequences that name instances which an annotation is not of.
NOT_OF = ("ReferencedPerformedProcedureStepSequence", "ReferencedStudySequence", "PredecessorDocumentsSequence",
          "IdenticalDocumentsSequence", "ReferencedFractionGroupSequence", "PredecessorStructureSetSequence")


def kind(uid):
    tail = uid[len(STORAGE):] if uid.startswith(STORAGE) else ""
    if tail in ("66.4", "66.7"):
        return "segmentation"
    if tail == "481.3":
        return "structure_set"
    if tail == "91.1":
        return "bulk_annotations"
    if tail == "88.59":
        return "key_object_selection"
    if tail.startswith("88."):
        return "structured_report"
    return "presentation_state" if tail in ("11.1", "11.2") else None


def walk(dataset, found):
    """Every instance that is named below, whatever names it: UID -> class."""
    for element in dataset:
        if element.VR != "SQ" or element.keyword in NOT_OF:
            continue
        for item in element.value:
            uid, sop_class = item.get("ReferencedSOPInstanceUID"), item.get("ReferencedSOPClassUID", "")
            if uid and not sop_class.startswith(MANAGEMENT):
                found.setdefault(str(uid), str(sop_class))
            # An image item of a report names the state that it was shown with: it is not of that.
            if element.keyword != "ReferencedSOPSequence":
                walk(item, found)


def is_image(uid):
    """By the standard's name of the class; one that has none is taken for an image."""
    name = pydicom.uid.UID(uid).name
    return name == uid or "Image Storage" in name


def groups(item):
    concept = item.get("ConceptNameCodeSequence")
    own = item.get("ValueType") == "CONTAINER" and concept and concept[0].get("CodeValue") == "125007"
    return bool(own) + sum(groups(child) for child in item.get("ContentSequence", []))


def settings(d):
    transforms = d.get("SoftcopyVOILUTSequence", [])
    shape = d.get("PresentationLUTShape", "")
    there = {
        "window": any("WindowCenter" in t for t in transforms), "table": any("VOILUTSequence" in t for t in transforms),
        "inverted": shape == "INVERSE", "presentation_table": "PresentationLUTSequence" in d,
        "shutter": bool(d.get("ShutterShape")), "displayed_area": bool(d.get("DisplayedAreaSelectionSequence")),
        "rotation": bool(d.get("ImageRotation")), "flip": d.get("ImageHorizontalFlip") == "Y",
        "graphics": bool(d.get("GraphicAnnotationSequence")),
    }
    return [name for name, value in there.items() if value]


def holds(name, d, found):
    return {
        "segmentation": lambda: len(d.SegmentSequence), "structure_set": lambda: len(d.get("StructureSetROISequence", [])),
        "structured_report": lambda: groups(d), "key_object_selection": lambda: len(found),
        "presentation_state": lambda: len(settings(d)), "bulk_annotations": lambda: len(d.AnnotationGroupSequence),
    }[name]()


here, annotations = {}, []
root = sys.argv[1]
for folder, _, files in os.walk(root):
    for file in sorted(files):
        path = os.path.join(folder, file)
        try:
            with open(path, "rb") as source:
                head = source.read(132)
            # What begins with neither may be anything; pydicom takes it for DICOM where it is told to.
            d = pydicom.dcmread(path, stop_before_pixels=True, force=head[:2] == b"\x08\x00")
            uid = d.get("SOPInstanceUID") or d.file_meta.get("MediaStorageSOPInstanceUID")
        except Exception:
            continue
        if not uid:
            continue
        here.setdefault(str(uid), str(d.get("SeriesInstanceUID", "")))
        name = kind(str(d.get("SOPClassUID", "")))
        if name:
            annotations.append((os.path.relpath(path, root), name, d))

for path, name, d in annotations:
    found = {}
    if name == "key_object_selection":
        for item in d.ContentSequence:
            if item.ValueType in ("IMAGE", "COMPOSITE", "WAVEFORM"):
                walk(item, found)
    else:
        walk(d, found)
    images = {uid for uid, sop_class in found.items() if is_image(sop_class)}
    objects = set(found) - images
    series = {}
    for uid in images & set(here):
        series[here[uid]] = series.get(here[uid], 0) + 1
    print(json.dumps({
        "path": path, "kind": name, "holds": holds(name, d, found),
        "settings": settings(d) if name == "presentation_state" else [],
        "images": [len(images), len(images & set(here))], "objects": [len(objects), len(objects & set(here))],
        "series": series,
    }))

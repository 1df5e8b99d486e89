"""Other people's readers look at a converted data set.

    data_set.py DATASET [--source DIR] [--inventory FILE]

webdataset reads every shard, Pillow opens every picture, json reads every row of both layouts: keys,
fields, their order and types, sizes, digests. No header value or file name of DIR that could tell who
someone is stands in any output. Every DICOM file of FILE with rows and columns is in a sample or among
the rejects. Prints counts, or what is wrong and exits with 1.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import re
import sys
import tarfile
import warnings

import webdataset
from PIL import Image

warnings.filterwarnings("ignore")
problems = []


def check(good, *what):
    if not good and len(problems) < 40:
        problems.append(" ".join(map(str, what)))


# A type: a Python type, [element], {field: type}; in a tuple, or None.
NUMBER = (float, None)
TEXT = (str, None)
PICTURE = {
    "width": int,
    "height": int,
    "source_sha256": [str],
    "instances": [str],
    "selection": {
        "kind": str,
        "plane": TEXT,
        "index": (int, None),
        "frame": (int, None),
        "level": (int, None),
        "rect": ([int], None),
        "areas": [{"source": str, "shape": str, "numbers": [float]}],
        "mended": [str],
        "projections": [{"kind": str, "over": str, "count": int}],
        "channels": [int],
        "microns_per_pixel": NUMBER,
        "optical_path": (int, None),
        "focal_plane": (int, None),
        "tissue": NUMBER,
    },
    "modality_values": (
        {"kind": str, "slope": NUMBER, "intercept": NUMBER, "units": TEXT, "lut": TEXT},
        None,
    ),
    "display": {
        "kind": str,
        "channels": [
            {"low": NUMBER, "high": NUMBER, "center": NUMBER, "width": NUMBER, "function": TEXT}
        ],
        "inverted": bool,
        "lut": TEXT,
        "icc": bool,
        "landmarks": ([[float]], None),
        "stain": ({"method": str, "source": [[float]], "target": [[float]]}, None),
    },
    "source_from_pixel": ([[float]], None),
    "pixel_to_patient": ([[float]], None),
    "patient_orientation": ([str], None),
    "tiles": {
        "policy": str,
        "tile_size": int,
        "columns": int,
        "rows": int,
        "thumbnail": bool,
        "tokens": int,
        "tile": (int, None),
        "canvas": [int],
        "content": [float],
        "millimetres_per_pixel": ([float], None),
    },
}
SAMPLE = {
    "id": str,
    "image": str,
    "width": int,
    "height": int,
    "conversations": [{"from": str, "value": str}],
    "modality": str,
    "dicom_modality": TEXT,
    "department": TEXT,
    "task": TEXT,
    "granularity": TEXT,
    "language": TEXT,
    "split": str,
    "labels": [dict],
    "pictures": [PICTURE],
    "provenance": {
        "subject": str,
        "study": str,
        "series": str,
        "gaps": [{"kind": str, "after": int, "planes": int, "millimetres": float}],
        "text": {
            "method": str,
            "template": TEXT,
            "model": TEXT,
            "prompt_sha256": TEXT,
            "seed": (int, None),
        },
        "recipe_sha256": str,
        "tool_version": str,
    },
}


def typed(value, kind, where):
    if isinstance(kind, tuple):
        return value is None or typed(value, kind[0], where)
    if isinstance(kind, list):
        check(isinstance(value, list), where, "is no list")
        for element in value if isinstance(value, list) else []:
            typed(element, kind[0], where)
    elif isinstance(kind, dict):
        check(isinstance(value, dict), where, "is no object")
        if isinstance(value, dict):
            check(list(value) == list(kind), where, "has other fields:", list(value))
            for name in kind:
                if name in value:
                    typed(value[name], kind[name], where + "." + name)
    else:
        check(type(value) is kind, where, "is", repr(value)[:40])


used = set()


def sample(where, row, picture):
    typed(row, SAMPLE, where)
    check(len(row["id"].split("#")) >= 6, where, "id", row["id"])
    turns = row["conversations"]
    check(turns and len(turns) % 2 == 0, where, "turns", len(turns))
    for number, turn in enumerate(turns):
        check(turn["from"] == ("human", "gpt")[number % 2], where, "turn", number)
        check(turn["value"].strip(), where, "turn", number, "is empty")
    check(turns[0]["value"].startswith("<image>\n"), where, "does not start with the picture")
    check(sum(t["value"].count("<image>") for t in turns) == 1, where, "<image> is not there once")
    entry = row["pictures"][0]
    image = Image.open(io.BytesIO(picture))
    image.load()
    check(image.mode in ("L", "RGB"), where, "mode", image.mode)
    check(image.size == (row["width"], row["height"]), where, "size", image.size)
    check(image.size == (entry["width"], entry["height"]), where, "size of its entry")
    # Annotations stand behind what the picture was made of.
    check(len(entry["source_sha256"]) in (1, 2) or row["labels"], where, "sources", entry["source_sha256"])
    used.update(entry["source_sha256"])


def shards(root):
    card = json.load(open(os.path.join(root, "dataset.json")))
    listed = {os.path.basename(shard["path"]): shard for shard in card["shards"]}
    folder = os.path.join(root, "shards")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    check(names == sorted(listed), "shards are", names, "and not", sorted(listed))
    numbers = {}
    for name in names:
        split, number = name[: -len(".tar")].rsplit("-", 1)
        numbers.setdefault(split, []).append(int(number))
    for split, found in numbers.items():
        check(found == list(range(len(found))), split, "has gaps in its numbers:", found)
    keys = {}
    for name in names:
        path = os.path.join(root, "shards", name)
        data = open(path, "rb").read()
        check(hashlib.sha256(data).hexdigest() == listed[name]["sha256"], name, "digest")
        check(len(data) == listed[name]["bytes"], name, "bytes")
        for member in tarfile.open(path):
            check((member.mtime, member.uid, member.gid) == (0, 0, 0), name, "is not anonymous")
        count = 0
        for record in webdataset.WebDataset(path, shardshuffle=False):
            key = record["__key__"]
            check(re.fullmatch(r"[a-z0-9_-]+", key), "key", key)
            check(key not in keys, key, "stands twice")
            row = json.loads(record["json"])
            keys[key] = row["split"]
            pictures = [e for e in record if re.fullmatch(r"\d+\.(png|jpg)", e)]
            check(pictures in (["0.png"], ["0.jpg"]), key, "pictures", pictures)
            check(row["image"] == key + "." + pictures[0], key, "image", row["image"])
            check(row["split"] == listed[name]["split"], key, "split")
            sample(key, row, record[pictures[0]])
            count += 1
        check(count == listed[name]["samples"], name, "samples", count)
    return len(keys)


def llava(root):
    count = 0
    lists = [n for n in sorted(os.listdir(root)) if re.fullmatch(r"data_list(\..+)?\.json", n)]
    for name in lists:
        for entry in json.load(open(os.path.join(root, name))).values():
            rows = json.load(open(os.path.join(root, entry["annotations"])))
            check(len(rows) == entry["length"], name, "length", entry["length"], len(rows))
            for row in rows:
                path = os.path.join(root, entry["image_dir"], row["image"])
                sample(row["id"], row, open(path, "rb").read())
                count += 1
    pictures = sum(len(files) for _, _, files in os.walk(os.path.join(root, "images")))
    check(pictures == count, pictures, "pictures in images for", count, "rows")
    return count


KEYWORDS = """PatientName PatientID OtherPatientIDs OtherPatientNames PatientBirthDate PatientAddress
PatientTelephoneNumbers AccessionNumber StudyID InstitutionName InstitutionAddress StationName
ReferringPhysicianName PerformingPhysicianName OperatorsName PhysiciansOfRecord RequestingPhysician
NameOfPhysiciansReadingStudy DeviceSerialNumber StudyInstanceUID SeriesInstanceUID SOPInstanceUID
FrameOfReferenceUID StudyDate SeriesDate AcquisitionDate ContentDate SeriesDescription StudyDescription
PatientComments""".split()
# Words of headers that say nothing about anyone, and that a data set may hold for other reasons.
INNOCENT = """patient modality breast first last name doctor physician operator station institution test
hospital clinic unknown none anonymous series image images study phantom general radiology medical systems
university imaging chest abdomen pelvis brain head neck spine center centre research number device
samples slice slices axial sagittal coronal oblique plane tumor lung volume window width scale display
source sources values value frame frames range local original derived primary secondary other label
labels segmentation report reports standard without white black sharp simple medium color colour
perfusion pattern samples invasive complex64 jpeg2000 philips siemens toshiba connected drive building
regional community stroke surgery server northwest earth firstname lastname foundation memorial healthcare
citizen regression""".split()


def telling(part):
    if re.fullmatch(r"[\d.]+", part):
        return len(part.replace(".", "")) >= 6 and len(set(part)) > 2
    return len(part) >= 5 and part.lower() not in INNOCENT and not part.lower().startswith("anonym")


def strings(source):
    import pydicom

    found = set()

    def walk(data_set):
        for element in data_set:
            try:
                if element.VR == "SQ":
                    for item in element.value:
                        walk(item)
                elif element.keyword in KEYWORDS:
                    for value in element.value if element.VM > 1 else [element.value]:
                        text = str(value).strip()
                        if len(text) >= 5 and re.search(r"[\^ ]", text):
                            found.add(text)
                        parts = re.split(r"[\^= ]+", text)
                        # Free text is looked for as a whole.
                        if "Description" not in element.keyword and "Comment" not in element.keyword:
                            found.update(p for p in [text, *parts] if telling(p))
            except Exception:
                pass

    for folder, _, files in os.walk(source):
        for name in files:
            stem = os.path.splitext(name)[0]
            if len(stem) >= 8 and re.search(r"\d", stem):
                found.add(stem)
            try:
                walk(pydicom.dcmread(os.path.join(folder, name), stop_before_pixels=True))
            except Exception:
                pass
    return found


def identity(root, source):
    outputs = []
    for folder, _, files in os.walk(root):
        for name in files:
            path = os.path.join(folder, name)
            outputs.append(("a name", os.path.relpath(path, root).encode()))
            if name.endswith(".tar"):
                with tarfile.open(path) as tar:
                    for member in tar:
                        outputs.append(("a member's name", member.name.encode()))
                        if member.name.endswith(".json"):
                            outputs.append((name, tar.extractfile(member).read()))
            elif not name.endswith((".png", ".jpg")):
                outputs.append((name, open(path, "rb").read()))
    words = set()
    for _, data in outputs:
        words.update(re.split(rb"[^A-Za-z0-9]+", data))

    wanted = strings(source)
    # Only a string whose every word is somewhere can be anywhere.
    possible = [
        w for w in wanted if words.issuperset(re.split(rb"[^A-Za-z0-9]+", w.encode()))
    ]
    for text in possible:
        pattern = re.compile(b"(?<![A-Za-z0-9])" + re.escape(text.encode()) + b"(?![A-Za-z0-9])")
        for where, data in outputs:
            check(not pattern.search(data), "identity:", len(text), "characters in", where)
    return len(wanted)


def inventory(root, path):
    rejects = [json.loads(line) for line in open(os.path.join(root, "rejects.jsonl"))]
    tokens = [reject["source"] for reject in rejects]
    check(len(tokens) == len(set(tokens)), "a source is rejected twice")
    for reject in rejects:
        check(
            list(reject) == ["source_sha256", "source", "code", "message", "remedy"],
            "fields of a reject:",
            list(reject),
        )
        check(reject["message"].endswith(".") and reject["remedy"].endswith("."), reject["code"])
    rejected = {reject["source_sha256"] for reject in rejects}
    rows = [
        row
        for row in csv.DictReader(open(path))
        if row["kind"].startswith("DICOM") and row["rows"] and row["cols"]
    ]
    for row in rows:
        check(row["sha256"] in used | rejected, "lost:", row["path"])
    return len(rows)


parser = argparse.ArgumentParser()
parser.add_argument("data_set")
parser.add_argument("--source")
parser.add_argument("--inventory")
given = parser.parse_args()
counts = [f"{shards(given.data_set)} samples", f"{llava(given.data_set)} rows"]
if given.inventory:
    counts.append(f"{inventory(given.data_set, given.inventory)} pictures accounted for")
if given.source:
    counts.append(f"{identity(given.data_set, given.source)} strings absent")
for problem in problems:
    print(problem, file=sys.stderr)
print(", ".join(counts))
sys.exit(1 if problems else 0)

"""Three real pictures with the grids that policies lay over them.

    tile_grids.py GMAI-PREP                     the table of Docs/Concepts/tiles.md, a row a line
    tile_grids.py GMAI-PREP --pictures FOLDER   its pictures

GMAI-PREP is the built program, GMAI_PREP_CORPUS the folder of real files. Pictures are made by `gmai-prep slice`, of the
slide by `gmai-prep convert`; where the tiles lie is what `gmai-prep tile` writes to layout.json.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CORPUS = pathlib.Path(os.environ.get("GMAI_PREP_CORPUS") or ROOT.parent / "shared/corpus")
POLICIES = ["internvl", "anyres", "physical"]
# Name, picture's file, source, how it becomes a picture, millimetres a pixel, edge of a tile in millimetres, height
# to be drawn in. The radiograph's header leaves its pixels' size open: 0.2 mm is usual for such plates. The scan of the
# body is laid on its side: the corpus holds no panorama, and it is as wide as one.
SOURCES = [
    ("radiograph of a chest", "tiles-radiograph.png", "pydicom__pydicom-data/data_store/data/RG1_J2KI.dcm", "slice", 0.2, 200, 260),
    ("slide of a tissue", "tiles-slide.jpg", "libvips__libvips/test/test-suite/images/CMU-1-Small-Region.svs", "convert", 0.000499, 0.224, 280),
    ("scan of a whole body, lying", "tiles-body.png", "pydicom__pydicom-data/data_store/data/JPEG-LL.dcm", "slice", 2.26, 200, 150),
]
LINE, GROUND, AROUND = (255, 176, 0), (70, 70, 70), 8


def run(*words):
    end = subprocess.run([*map(str, words)], capture_output=True)
    assert end.returncode == 0, end.stderr.decode()


def shown(tool, source, command):
    """A source as one picture."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["--quiet", "--out", f"{folder}/out"]
        if command == "convert":
            words += ["--format", "llava"]
        run(tool, command, CORPUS / source, *words)
        (file,) = pathlib.Path(folder, "out").rglob("*.png")
        picture = Image.open(file).convert("RGB")
        return picture.transpose(Image.Transpose.ROTATE_90) if picture.height > 2 * picture.width else picture


def layout(tool, picture, policy, size, edge):
    with tempfile.TemporaryDirectory() as folder:
        picture.save(f"{folder}/picture.png")
        words = ["--pixel-size", size, "--edge", edge] if policy == "physical" else []
        run(tool, "tile", f"{folder}/picture.png", "--policy", policy, *words, "--out", f"{folder}/out")
        return json.load(open(f"{folder}/out/picture/layout.json"))


def places(made):
    """Edges of the grid's tiles in the picture, with what of them is ground: left, top, right, bottom."""
    found = []
    for tile in made["tiles"]:
        canvas = made["canvases"][tile["canvas"]]
        if canvas["kind"] != "grid":
            continue
        (a, _, c), (_, e, f), _ = tile["source_from_pixel"]
        width, height = canvas["tile_size"]
        # Centres of pixels are half a pixel from their edges.
        found.append([a * (x - 0.5) + c + 0.5 for x in (0, width)] + [e * (y - 0.5) + f + 0.5 for y in (0, height)])
    return [(left, top, right, bottom) for left, right, top, bottom in found]


def grid(made):
    (canvas,) = [c for c in made["canvases"] if c["kind"] == "grid"]
    return f"{canvas['columns']} x {canvas['rows']}"


def row(name, policy, picture, made, size):
    (canvas,) = [c for c in made["canvases"] if c["kind"] == "grid"]
    # The size of a grid's pixel in the picture's own is the same however large that is.
    (a, _, _), (_, e, _), _ = next(t for t in made["tiles"] if made["canvases"][t["canvas"]] == canvas)["source_from_pixel"]
    unit, factor = ("µm", 1000) if size < 0.01 else ("mm", 1)
    scale = " x ".join(f"{factor * size * s:#.3g}" for s in (a, e))
    tokens = made["tokens"]
    print(f"| {name}, {picture.width} x {picture.height} | `{policy}` | {grid(made)} | {len(made['tiles'])} | {tokens} | {scale} {unit} |")


def figure(picture, layouts, height, path):
    """The picture once for each policy, with what is laid around it and the edges of tiles."""
    boxes = [places(made) for made in layouts]
    left, top = (min(min(b[i] for b in box) for box in boxes) for i in (0, 1))
    right, bottom = (max(max(b[i] for b in box) for box in boxes) for i in (2, 3))
    scale = height / (bottom - top)
    width, text = round((right - left) * scale), 16
    # Wide pictures below each other, others side by side.
    step = (0, height + text + AROUND) if width > 2 * height else (width + AROUND, 0)
    last = len(boxes) - 1
    sheet = Image.new("RGB", (width + last * step[0], height + text + last * step[1]), "white")
    draw = ImageDraw.Draw(sheet)
    small = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
    for number, (box, made) in enumerate(zip(boxes, layouts)):
        x, y = number * step[0], number * step[1]
        x0, y0 = x - left * scale, y - top * scale
        edges = [[(x0 + b[0] * scale, y0 + b[1] * scale), (x0 + b[2] * scale, y0 + b[3] * scale)] for b in box]
        for edge in edges:
            draw.rectangle(edge, fill=GROUND)
        sheet.paste(small, (round(x0), round(y0)))
        for edge in edges:
            draw.rectangle(edge, outline=LINE, width=2)
        draw.text((x0, y + height + 2), f"{made['policy']}: {grid(made)}", fill="black")
    sheet.save(path, optimize=True, **({"quality": 82} if str(path).endswith("jpg") else {}))


def main(tool, folder=None):
    for name, file, source, command, size, edge, height in SOURCES:
        picture = shown(tool, source, command)
        layouts = [layout(tool, picture, policy, size, edge) for policy in POLICIES]
        if folder:
            figure(picture, layouts, height, pathlib.Path(folder, file))
            continue
        for policy, made in zip(POLICIES, layouts):
            row(name, policy, picture, made, size)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[3] if "--pictures" in sys.argv else None)

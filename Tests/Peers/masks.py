"""PNG masks of every kind, and ours by Pillow: masks.py

Writes KIND.png and KIND.i32 (the numbers of its pixels) for grey and palettes of every depth, and colours.png with
colours.u8. Compares ours8.png, ours16.png and oursRGB.png with their numbers in files of the same name. Prints the kinds.
"""

import struct
import zlib

import numpy as np
from PIL import Image

COLUMNS, ROWS = 21, 13
random = np.random.default_rng(3)


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(depth, colour_type, numbers, palette=b""):
    """ISO/IEC 15948, without filters."""
    bits = (numbers[:, :, None] >> np.arange(depth - 1, -1, -1)) & 1
    rows = np.packbits(bits.reshape(ROWS, -1).astype(np.uint8), axis=1)
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", COLUMNS, ROWS, depth, colour_type, 0, 0, 0)
    content = chunk(b"IHDR", head) + (chunk(b"PLTE", palette) if palette else b"")
    # A transparent entry changes no number.
    content += chunk(b"tRNS", b"\0") if palette else b""
    return b"\x89PNG\r\n\x1a\n" + content + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


kinds = []
for colour_type, depths in [(0, [1, 2, 4, 8, 16]), (3, [1, 2, 4, 8])]:
    for depth in depths:
        kind = f"{'grey' if colour_type == 0 else 'palette'}{depth}"
        numbers = random.integers(0, 1 << depth, (ROWS, COLUMNS)).astype(np.int32)
        # Colours in an order that no number could be guessed from.
        palette = random.integers(0, 256, (1 << depth, 3)).astype(np.uint8).tobytes() if colour_type else b""
        open(kind + ".png", "wb").write(png(depth, colour_type, numbers, palette))
        numbers.tofile(kind + ".i32")
        if colour_type:
            assert (np.array(Image.open(kind + ".png")) == numbers).all()
        kinds.append(kind)

colours = np.array([[0, 0, 0], [128, 0, 0], [0, 128, 0]], np.uint8)[random.integers(0, 3, (ROWS, COLUMNS))]
Image.fromarray(colours).save("colours.png")
colours.tofile("colours.u8")

for name, kind in [("ours8", np.uint8), ("ours16", np.uint16), ("oursRGB", np.uint8)]:
    picture = np.array(Image.open(name + ".png")).astype(kind)
    assert picture.tobytes() == np.fromfile(name + ".raw", kind).tobytes(), name
print(" ".join(kinds))

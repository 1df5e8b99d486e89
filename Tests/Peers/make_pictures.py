"""Pictures that the corpus lacks, and what is to be read from each.

Writes into the working directory the files, and answers.jsonl as pictures.py does, "path" without a corpus. Samples of
lossless files are those that went in; of lossy ones, those that Pillow reads. {"refused": CODE} in place of samples
stands for a file that is to be refused; "findings" are the codes of what is to be noted.
"""
import itertools
import json
import struct
import zlib

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageOps

random = np.random.default_rng(5)
answers = open("answers.jsonl", "w")
count = 0


def say(name, data, array=None, page=0, **more):
    """A file (None: it is there already) and what its page holds."""
    global count
    if data is not None:
        open(name, "wb").write(data)
    answer = {"peer": "made", "path": name, "page": page, **more}
    if array is not None:
        array = np.ascontiguousarray(array if array.ndim == 3 else array[..., None])
        values = f"{count}.raw"
        array.astype(array.dtype.newbyteorder("<")).tofile(values)
        answer |= {
            "rows": array.shape[0], "columns": array.shape[1], "channels": array.shape[2],
            "dtype": array.dtype.name, "high": False, "values": values,
        }
    count += 1
    answers.write(json.dumps(answer) + "\n")


def noise(rows, columns, channels, bits, dtype=None):
    dtype = dtype or (np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32)
    return random.integers(0, 1 << bits, (rows, columns, channels), np.uint64).astype(dtype)


def spread(array, bits):
    return array * (255 // ((1 << bits) - 1)) if bits in (1, 2, 4) else array


def packed(array, bits):
    """Rows of numbers, highest bit first, each row begun at a byte."""
    rows = array.reshape(array.shape[0], -1).astype(np.uint64)
    shifts = np.arange(bits - 1, -1, -1, dtype=np.uint64)
    planes = ((rows[..., None] >> shifts) & 1).astype(np.uint8).reshape(len(rows), -1)
    return np.packbits(planes, axis=1)


# PNG (ISO/IEC 15948): written here, since no writer at hand interlaces.
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def filtered(rows, distance):
    """Each row behind its filter's number; all five filters in turn."""
    out, above = b"", None
    for number, row in enumerate(rows.astype(np.int64)):
        left = np.concatenate([np.zeros(distance, np.int64), row[:-distance]])[: len(row)]
        up = above if above is not None else np.zeros_like(row)
        corner = np.concatenate([np.zeros(distance, np.int64), up[:-distance]])[: len(row)]
        kind = number % 5
        if kind == 4:
            guess = left + up - corner
            a, b, c = abs(guess - left), abs(guess - up), abs(guess - corner)
            base = np.where((a <= b) & (a <= c), left, np.where(b <= c, up, corner))
        else:
            base = [0, left, up, (left + up) // 2][kind]
        out += bytes([kind]) + ((row - base) & 255).astype(np.uint8).tobytes()
        above = row
    return out


def png(array, bits, colour, interlaced, extra=b""):
    rows, columns, channels = array.shape
    head = struct.pack(">IIBBBBB", columns, rows, bits, colour, 0, 0, interlaced)
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    data = b""
    for top, left, down, across in passes if interlaced else [(0, 0, 1, 1)]:
        part = array[top::down, left::across]
        if part.size:
            data += filtered(packed(part, bits), max(bits * channels // 8, 1))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    )


for rows, columns in [(1, 1), (3, 5), (9, 13), (33, 40)]:
    for interlaced in (0, 1):
        for colour, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
            for bits in depths:
                channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
                array = noise(rows, columns, channels, bits)
                extra, wanted = b"", array[..., : 1 if channels < 3 else 3]
                if colour == 3:
                    palette = noise(1 << bits, 3, 1, 8)[..., 0]
                    extra = chunk(b"PLTE", palette.tobytes())
                    if interlaced:
                        extra += chunk(b"tRNS", b"\x80")
                    wanted = palette[array[..., 0]]
                elif colour == 0:
                    wanted = spread(array, bits)
                    if interlaced:
                        extra = chunk(b"tRNS", struct.pack(">H", int(array[0, 0, 0])))
                stem = f"png_{rows}x{columns}_{colour}_{bits}_{interlaced}.png"
                say(stem, png(array, bits, colour, interlaced, extra), wanted)
fog = noise(6, 7, 4, 8)
solid = np.where([False, False, False, True], 255, fog).astype(np.uint8)
say("fog.png", png(fog, 8, 6, 0), fog[..., :3], findings=["alpha"])
say("solid.png", png(solid, 8, 6, 0), solid[..., :3], findings=[])
moving = chunk(b"acTL", struct.pack(">II", 1, 0))
say("moving.png", png(solid, 8, 6, 0, moving), solid[..., :3], findings=["animation"])
# A tRNS of the wrong length is passed over (ISO/IEC 15948 11.3.2).
say("odd.png", png(fog[..., :3], 8, 2, 0, chunk(b"tRNS", b"12345")), fog[..., :3], findings=["png_warning"])

# JPEG through Pillow and imagecodecs, read by Pillow.
smooth = np.add.outer(np.arange(149), np.arange(227))


def scene(rows, columns, channels):
    """Slopes with grain: chrominance that differs from pixel to pixel."""
    base = smooth[:rows, :columns, None] * np.arange(1, channels + 1)
    return ((base + random.integers(0, 60, (rows, columns, channels))) % 256).astype(np.uint8)


def pillow(name):
    with Image.open(name) as image:
        image = ImageOps.exif_transpose(image)
        return np.asarray(image if image.mode in ("L", "RGB") else image.convert("RGB"))


for rows, columns in [(1, 1), (9, 17), (48, 64), (149, 227)]:
    for mode, channels in {"L": 1, "RGB": 3, "CMYK": 4}.items():
        array = scene(rows, columns, channels)
        image = Image.fromarray(array[..., 0] if channels == 1 else array, mode)
        for number, options in enumerate(
            [
                {"quality": 60}, {"quality": 95, "subsampling": 0}, {"subsampling": 1}, {"progressive": True},
                {"restart_marker_blocks": 3}, {"progressive": True, "subsampling": 1, "optimize": True}, {"keep_rgb": True},
            ]
        ):
            name = f"jpeg_{rows}x{columns}_{mode}_{number}.jpg"
            image.save(name, "JPEG", **options)
            say(name, None, pillow(name))
    for subsampling in ("444", "422", "420", "411", "440"):
        name = f"jpeg_{rows}x{columns}_{subsampling}.jpg"
        open(name, "wb").write(imagecodecs.jpeg8_encode(scene(rows, columns, 3), level=80, subsampling=subsampling))
        say(name, None, pillow(name))
    name = f"jpeg_{rows}x{columns}_ycck.jpg"
    open(name, "wb").write(
        imagecodecs.jpeg8_encode(scene(rows, columns, 4), level=80, colorspace="CMYK", outcolorspace="YCCK")
    )
    say(name, None, pillow(name))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    for kind in ("jpg", "png"):
        name = f"exif_{orientation}.{kind}"
        Image.fromarray(scene(9, 17, 3)).save(name, exif=exif)
        say(name, None, pillow(name), findings=["picture_orientation"] if orientation > 1 else [])
deep = noise(16, 24, 1, 12)[..., 0]
say("twelve.jpg", imagecodecs.jpeg8_encode(deep, level=90, bitspersample=12), refused="unsupported_pixels")
say("lossless.jpg", imagecodecs.ljpeg_encode(deep, bitspersample=12), refused="unsupported_pixels")
say("ls.jpg", imagecodecs.jpegls_encode(deep), refused="unsupported_pixels")

# TIFF through tifffile: types, codecs, byte orders, tiles, planes.
kinds = [np.uint8, np.uint16, np.uint32, np.int8, np.int16, np.int32, np.float16, np.float32, np.float64]
for dtype, (order, big, tile, planar) in itertools.product(
    kinds, [("<", False, None, 1), (">", True, (16, 32), 2), (">", False, None, 2), ("<", True, (32, 16), 1)]
):
    for channels in (1, 3):
        shape = (37, 45, channels)
        if np.dtype(dtype).kind == "f":
            array = random.normal(0, 100, shape).astype(dtype)
        else:
            span = np.iinfo(dtype)
            array = random.integers(span.min, span.max, shape, dtype, endpoint=True)
        name = f"tiff_{np.dtype(dtype).name}_{order == '<'}_{big}_{planar}_{channels}.tif"
        stored = array[..., 0] if channels == 1 else np.moveaxis(array, -1, 0) if planar == 2 else array
        options = {} if channels == 1 else {"planarconfig": "separate" if planar == 2 else "contig"}
        tifffile.imwrite(
            name, stored, byteorder=order, bigtiff=big, tile=tile, photometric="rgb" if channels == 3 else "minisblack",
            metadata=None, **options,
        )
        say(name, None, array.astype(np.float32) if dtype == np.float16 else array)
for codec, dtype, predictor in [
    ("lzw", np.uint8, True), ("lzw", np.uint16, True), ("zlib", np.uint16, False), ("deflate", np.float32, True),
    ("zstd", np.uint8, True), ("zstd", np.int16, False), ("packbits", np.uint8, False), ("lzma", np.uint16, False),
    ("lerc", np.float32, False), ("zlib", np.float64, True), ("zlib", np.float16, True),
]:
    for tile in (None, (16, 16)):
        array = (smooth[:50, :70, None] * np.arange(1, 4)).astype(dtype)
        name = f"tiff_{codec}_{np.dtype(dtype).name}_{tile is None}.tif"
        tifffile.imwrite(
            name, array, compression=codec, predictor=predictor, tile=tile, rowsperstrip=None if tile else 7,
            photometric="rgb", metadata=None,
        )
        say(name, None, array.astype(np.float32) if dtype == np.float16 else array)


# TIFF by hand: what writers do not write (TIFF 6.0).
def tiff(array, bits, photometric, *, form=1, planar=1, fill=1, orientation=1, extra=(), tags=(), tile=None):
    rows, columns, channels = array.shape
    parts = [array[..., c : c + 1] for c in range(channels)] if planar == 2 else [array]
    blocks = []
    for part in parts:
        for top in range(0, rows, tile or rows):
            for left in range(0, columns, tile or columns):
                block = part[top : top + (tile or rows), left : left + (tile or columns)]
                if tile:
                    block = np.pad(block, ((0, tile - block.shape[0]), (0, tile - block.shape[1]), (0, 0)))
                # Numbers of whole bytes are in the file's order, others packed.
                if bits in (16, 32):
                    data = block.astype(f"<u{bits // 8}").tobytes()
                elif bits == 24:
                    data = block.astype("<u4").reshape(-1, 1).view(np.uint8)[:, :3].tobytes()
                else:
                    data = packed(block, bits).tobytes()
                if fill == 2:
                    data = np.packbits(np.unpackbits(np.frombuffer(data, np.uint8)).reshape(-1, 8)[:, ::-1]).tobytes()
                blocks.append(data)
    body, offsets = b"", []
    for data in blocks:
        offsets.append(8 + len(body))
        body += data + b"\0" * (len(data) % 2)
    where, sizes = (324, 325) if tile else (273, 279)
    entries = {
        256: [columns], 257: [rows], 258: [bits] * channels, 259: [1], 262: [photometric], 266: [fill],
        274: [orientation], 277: [channels], 284: [planar], 339: [form] * channels,
        where: offsets, sizes: [len(data) for data in blocks],
    }
    if tile:
        entries |= {322: [tile], 323: [tile]}
    else:
        entries[278] = [rows]
    if extra:
        entries[338] = list(extra)
    entries |= dict(tags)
    if photometric is None:
        del entries[262]
    directory = b""
    for tag in sorted(entries):
        values = entries[tag]
        wide = tag in (where, sizes, 256, 257)
        value = struct.pack(f"<{len(values)}{'I' if wide else 'H'}", *values)
        if len(value) > 4:
            at = 8 + len(body)
            body += value + b"\0" * (len(value) % 2)
            value = struct.pack("<I", at)
        directory += struct.pack("<HHI", tag, 4 if wide else 3, len(values)) + value.ljust(4, b"\0")
    return (
        struct.pack("<2sHI", b"II", 42, 8 + len(body)) + body + struct.pack("<H", len(entries)) + directory + bytes(4)
    )


for bits in range(1, 33):
    for photometric, planar, tile in [(1, 1, None), (0, 1, 16), (2, 1, None), (2, 2, 32)]:
        array = noise(19, 23, 3 if photometric == 2 else 1, bits)
        wanted = array
        if photometric == 0:
            wanted = (((1 << bits) - 1) - array.astype(np.int64)).astype(array.dtype)
        if photometric < 2:
            wanted = spread(wanted, bits)
        # libtiff swaps numbers of whole bytes alone, and turns the bits of bytes for any.
        for fill in (1, 2):
            say(
                f"bits_{bits}_{photometric}_{planar}_{fill}.tif",
                tiff(array, bits, photometric, planar=planar, tile=tile, fill=fill), wanted,
            )
for orientation in range(1, 9):
    for bits, channels in [(1, 1), (8, 1), (8, 3), (16, 1), (16, 3), (32, 1), (32, 3)]:
        array = noise(5, 7, channels, bits)
        wanted = spread(array, bits)
        if orientation in (5, 6, 7, 8):
            wanted = wanted.swapaxes(0, 1)
        if orientation in (2, 3, 6, 7):
            wanted = wanted[:, ::-1]
        if orientation in (3, 4, 7, 8):
            wanted = wanted[::-1]
        data = tiff(array, bits, 2 if channels == 3 else 1, orientation=orientation)
        say(f"orientation_{orientation}_{bits}_{channels}.tif", data, wanted)
for bits in (1, 2, 4, 8):
    for wide in (True, False):
        colormap = noise(3, 1 << bits, 1, 16 if wide else 8, np.uint16)[..., 0]
        colormap[0, 0] = 40000 if wide else 255
        array = noise(11, 13, 1, bits)
        wanted = (colormap >> 8 if wide else colormap).astype(np.uint8).T[array[..., 0]]
        data = tiff(array, bits, 3, tags={320: [int(v) for v in colormap.reshape(-1)]})
        say(f"palette_{bits}_{wide}.tif", data, wanted, findings=[] if wide else ["palette_bits"])
for planar, bits, (photometric, extra) in itertools.product(
    (1, 2), (8, 16), [(1, (2,)), (1, (0,)), (2, (2,)), (2, (0,)), (2, (1,)), (2, (0, 2)), (2, (1, 0)), (5, ()), (5, (2,))]
):
    colours = {1: 1, 2: 3, 5: 4}[photometric]
    array = noise(12, 10, colours + len(extra), bits)
    wanted, most = array[..., :colours], (1 << bits) - 1
    if 1 in extra:
        alpha = array[..., colours + extra.index(1)][..., None].astype(np.int64)
        value = np.minimum(wanted.astype(np.int64) * most // np.maximum(alpha, 1), most)
        wanted = np.where(alpha == 0, 0, value).astype(array.dtype)
    if photometric == 5:
        rest = most - array[..., 3:4].astype(np.int64)
        wanted = (rest - (array[..., :3] * rest + most // 2) // most).astype(array.dtype)
    name = f"extra_{planar}_{bits}_{photometric}_{'_'.join(map(str, extra))}.tif"
    findings = [code for code, told in [
        ("extra_samples", 0 in extra), ("alpha", {1, 2} & set(extra)), ("alpha_associated", 1 in extra),
        ("inks", photometric == 5),
    ] if told]
    say(name, tiff(array, bits, photometric, planar=planar, extra=extra), wanted, findings=findings)
hole = np.array([[1, np.nan], [np.inf, -np.inf]], np.float32)
say("hole.tif", tiff(hole[..., None].view(np.uint32), 32, 0, form=3), hole, findings=["white_is_zero", "non_finite"])
array = noise(4, 6, 1, 8)
say("no_photometric.tif", tiff(array, 8, None), array, findings=["photometric_interpretation"])
for name, photometric, channels in [("lab", 8, 3), ("raw", 32803, 1), ("log", 32845, 3)]:
    say(f"{name}.tif", tiff(noise(4, 6, channels, 8), 8, photometric), refused="unsupported_pixels")
say("channels.tif", tiff(noise(4, 6, 5, 8), 8, 1, extra=(0, 0, 0, 0)), refused="unsupported_pixels")
say("complex.tif", tiff(noise(4, 6, 1, 32), 32, 1, form=5), refused="unsupported_pixels")
say("inks.tif", tiff(noise(4, 6, 4, 8), 8, 5, tags={332: [2]}), refused="unsupported_pixels")

mask = noise(6, 11, 1, 1)
say("mask.tif", tiff(mask, 1, 4, tags={254: [4]}), mask * 255)

# Many pages, of which every third is a smaller version.
pages = noise(200, 6, 8, 8)
with tifffile.TiffWriter("pages.tif") as file:
    for index, page in enumerate(pages):
        kind = int(index % 3 == 2)
        file.write(page[: 3 if kind == 1 else 6], photometric="minisblack", metadata=None, subfiletype=kind)
for index in (0, 1, 2, 6, 77, 199):
    kind = int(index % 3 == 2)
    say("pages.tif", None, pages[index][: 3 if kind == 1 else 6], page=index)
say("pages.tif", None, page=200, refused="no_pixels")

# JPEG 2000, reversible.
for codec, bits, channels in itertools.product(("jp2", "j2k"), (8, 10, 12, 16), (1, 3, 4)):
    array = noise(40, 56, channels, bits)
    data = imagecodecs.jpeg2k_encode(
        array[..., 0] if channels == 1 else array, codecformat=codec, bitspersample=bits, reversible=True, level=0
    )
    say(f"j2k_{codec}_{bits}_{channels}.{codec}", data, array[..., :3])

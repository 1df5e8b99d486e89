"""DICOM files with pydicom and encoders that are not ours, whose stored values are known since they were put in.

    make_phantoms.py

Writes into the working directory NAME.dcm, NAME.raw (what must come out: all frames, C order, little endian) and
phantoms.jsonl, a line each: {"name", "dtype", "findings"}.
"""

import json
import zlib

import imagecodecs
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended, fragment_frame, itemize_fragment
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.uid import generate_uid

PREFIX = "1.2.840.10008.1.2"
ROWS, COLUMNS, FRAMES = 21, 26, 3
random = np.random.default_rng(20240601)
index = open("phantoms.jsonl", "w")


def header(frames, **more):
    ds = Dataset()
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7.3"
    ds.SOPInstanceUID = generate_uid(entropy_srcs=[json.dumps(sorted(more.items())), str(frames)])
    ds.Modality = "OT"
    ds.Rows, ds.Columns, ds.NumberOfFrames = ROWS, COLUMNS, frames
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    for name, value in more.items():
        setattr(ds, name, value)
    return ds


def give(name, ds, syntax, values, findings=()):
    ds.file_meta = FileMetaDataset()
    # pydicom knows nothing of deflated frames; the UID that stands in for it is of the same length, padded.
    deflated = syntax == ".8.1"
    ds.file_meta.TransferSyntaxUID = PREFIX + (".1.98" if deflated else syntax)
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    big = syntax == ".2"
    ds.save_as(name + ".dcm", implicit_vr=syntax == "", little_endian=not big, enforce_file_format=True)
    if deflated:
        data = open(name + ".dcm", "rb").read()
        open(name + ".dcm", "wb").write(data.replace((PREFIX + ".1.98").encode(), (PREFIX + ".8.1\0").encode(), 1))
    values = np.ascontiguousarray(values)
    values.astype(values.dtype.newbyteorder("<")).tofile(name + ".raw")
    index.write(json.dumps({"name": name, "dtype": values.dtype.name, "findings": list(findings)}) + "\n")


def compressed(ds, frames):
    ds.PixelData = encapsulate(frames)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True


def raw_deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


# 12 bits in words of 16, signed and not, with the high bit at 11, 13 and 15; what lies in the other bits is
# garbage, an embedded overlay, or nothing; overlays of their own lie in a group of their own.
for signed in (False, True):
    for high in (11, 13, 15):
        for rest in ("clean", "garbage", "overlay", "separate"):
            low = high - 11
            values = random.integers(-2048 if signed else 0, 2048 if signed else 4096, (FRAMES, ROWS, COLUMNS))
            words = (values & 0xFFF) << low
            other = 0xFFFF ^ (0xFFF << low)
            if rest == "garbage":
                words |= random.integers(0, 65536, words.shape) & other
            place = 12 + low if high < 15 else 0
            if rest == "overlay":
                words |= random.integers(0, 2, words.shape) << place
            more = {"HighBit": high, "PixelRepresentation": int(signed)}
            values = values.astype(np.int16 if signed else np.uint16)
            words = words.astype(np.uint16)
            shifted = ["high_bit_shifted"] if high != 11 else []
            stem = f"bits_{'signed' if signed else 'unsigned'}_{high}_{rest}"

            def fresh():
                ds = header(FRAMES, **more)
                if rest == "overlay":
                    ds.add_new(0x60000010, "US", ROWS)
                    ds.add_new(0x60000011, "US", COLUMNS)
                    ds.add_new(0x60000040, "CS", "G")
                    ds.add_new(0x60000050, "SS", [1, 1])
                    ds.add_new(0x60000100, "US", 16)
                    ds.add_new(0x60000102, "US", place)
                if rest == "separate":
                    ds.add_new(0x60020010, "US", ROWS)
                    ds.add_new(0x60020011, "US", COLUMNS)
                    ds.add_new(0x60020040, "CS", "G")
                    ds.add_new(0x60020050, "SS", [1, 1])
                    ds.add_new(0x60020100, "US", 1)
                    ds.add_new(0x60020102, "US", 0)
                    ds.add_new(0x60023000, "OW", random.bytes((ROWS * COLUMNS + 15) // 16 * 2))
                return ds

            for name, syntax, order in (("implicit", "", "<"), ("explicit", ".1", "<"), ("big", ".2", ">"), ("deflated", ".1.99", "<")):
                ds = fresh()
                ds.PixelData = words.astype(order + "u2").tobytes()
                ds["PixelData"].VR = "OW"
                give(f"{stem}_{name}", ds, syntax, values, shifted)
            frames = [frame.astype("<u2").tobytes() for frame in words]
            for name, syntax, code in (
                ("encapsulated", ".1.98", bytes),
                ("deflatedframe", ".8.1", raw_deflate),
                ("rle", ".5", None),
            ):
                ds = fresh()
                if code is None:
                    options = dict(rows=ROWS, columns=COLUMNS, samples_per_pixel=1, number_of_frames=1, bits_allocated=16,
                                   bits_stored=16, pixel_representation=0, photometric_interpretation="MONOCHROME2")
                    coded = [RLELosslessEncoder.encode(frame, encoding_plugin="pydicom", **options) for frame in frames]
                else:
                    coded = [code(frame) for frame in frames]
                compressed(ds, coded)
                give(f"{stem}_{name}", ds, syntax, values, shifted)
            if rest in ("clean", "separate") and high == 11:
                plain = values & 0xFFF
                coders = (
                    ("ljpeg", ".4.70", lambda f: imagecodecs.ljpeg_encode(f, bitspersample=12)),
                    ("jpegls", ".4.80", imagecodecs.jpegls_encode),
                    ("htj2k", ".4.201", imagecodecs.htj2k_encode),
                )
                for name, syntax, code in coders:
                    ds = fresh()
                    compressed(ds, [code(frame.astype(np.uint16)) for frame in plain])
                    # Some encoders know nothing of 12 bits and code whole words, and OpenJPH no sign in them.
                    odd = {"ljpeg": [], "jpegls": ["precision"], "htj2k": ["signedness"] * signed + ["precision"]}
                    give(f"{stem}_{name}", ds, syntax, values, odd[name])
                ds = fresh()
                compressed(ds, [imagecodecs.jpeg2k_encode(f, level=0, reversible=True, codecformat="J2K", bitspersample=12) for f in values])
                give(f"{stem}_j2k", ds, ".4.90", values)
            if rest == "overlay" and high == 11:
                # Encoders that were given whole words: the overlay is inside of the bitstream.
                for name, syntax, code in (
                    ("ljpeg", ".4.70", lambda f: imagecodecs.ljpeg_encode(f, bitspersample=16)),
                    ("jpegls", ".4.80", imagecodecs.jpegls_encode),
                    ("j2k", ".4.90", lambda f: imagecodecs.jpeg2k_encode(f, level=0, reversible=True, codecformat="J2K")),
                ):
                    ds = fresh()
                    compressed(ds, [code(frame) for frame in words])
                    give(f"{stem}_{name}", ds, syntax, values, ["signedness"] * (signed and name == "j2k") + ["precision"])

# Frames in one fragment and in many, with offset tables that are right, wrong, or not there.
values = random.integers(0, 4096, (FRAMES, ROWS, COLUMNS)).astype(np.uint16)
codecs = {
    "ljpeg": (".4.70", lambda f: imagecodecs.ljpeg_encode(f, bitspersample=12)),
    "jpegls": (".4.80", imagecodecs.jpegls_encode),
    "j2k": (".4.90", lambda f: imagecodecs.jpeg2k_encode(f, level=0, reversible=True, codecformat="J2K", bitspersample=12)),
    "deflatedframe": (".8.1", lambda f: raw_deflate(f.astype("<u2").tobytes())),
    "encapsulated": (".1.98", lambda f: f.astype("<u2").tobytes()),
}


def items(frames, pieces):
    """Fragments of each frame as items, and the offset of each frame's first."""
    data, offsets = b"", []
    for frame in frames:
        offsets.append(len(data))
        for fragment in fragment_frame(frame, pieces):
            data += itemize_fragment(fragment)
    return data, offsets


def table(offsets):
    entries = np.array(offsets, "<u4").tobytes()
    return b"\xfe\xff\x00\xe0" + len(entries).to_bytes(4, "little") + entries


for codec, (syntax, code) in codecs.items():
    frames = [code(frame) for frame in values]
    # A stream of odd length is padded by whoever writes it.
    frames = [frame + b"\0" * (len(frame) % 2) for frame in frames]
    # It codes whole words.
    odd = ["precision"] if codec == "jpegls" else []
    for pieces in (1, 4):
        data, offsets = items(frames, pieces)
        # Without a start marker, nothing but a table tells frames of several fragments apart.
        told = codec in ("ljpeg", "jpegls", "j2k") or pieces == 1
        marks = ["frame_boundaries"] if pieces > 1 else []
        kinds = {
            "none": ([], None, marks) if told else None,
            "basic": (offsets, None, []),
            "basicwrong": ([offset + 2 for offset in offsets], None, ["offset_table"] + marks) if told else None,
            "basicshort": (offsets[:-1], None, ["offset_table"] + marks) if told else None,
            "extended": ([], offsets, []),
            "extendedwrong": ([], [offset + 4 for offset in offsets], ["offset_table"] + marks) if told else None,
        }
        for kind, row in kinds.items():
            if row is None:
                continue
            basic, extended, findings = row
            ds = header(FRAMES, ImageComments=f"{codec}{pieces}{kind}")
            if extended is not None:
                ds.ExtendedOffsetTable = np.array(extended, "<u8").tobytes()
                ds.ExtendedOffsetTableLengths = np.array([len(frame) for frame in frames], "<u8").tobytes()
            ds.PixelData = table(basic) + data + b"\xfe\xff\xdd\xe0\0\0\0\0"
            ds["PixelData"].VR = "OB"
            ds["PixelData"].is_undefined_length = True
            give(f"fragments_{codec}_{pieces}_{kind}", ds, syntax, values, odd + findings)
    # One frame, in as many fragments as it has.
    ds = header(1, ImageComments=codec)
    data, _ = items(frames[:1], 7)
    ds.PixelData = table([]) + data + b"\xfe\xff\xdd\xe0\0\0\0\0"
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    give(f"fragments_{codec}_single", ds, syntax, values[:1], odd)

# Colours: side by side and in planes, in every way that holds what was put in.
for planar in (0, 1):
    for bits in (8, 16):
        dtype = np.uint8 if bits == 8 else np.uint16
        values = random.integers(0, 1 << bits, (FRAMES, ROWS, COLUMNS, 3)).astype(dtype)
        stored = np.moveaxis(values, -1, 1) if planar else values
        more = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": planar,
                "BitsAllocated": bits, "BitsStored": bits, "HighBit": bits - 1}
        for name, syntax, order in (("implicit", "", "<"), ("explicit", ".1", "<"), ("big", ".2", ">"), ("deflated", ".1.99", "<")):
            ds = header(FRAMES, **more)
            ds.PixelData = stored.astype(f"{order}u{bits // 8}").tobytes()
            ds["PixelData"].VR = "OW" if bits == 16 else "OB"
            if bits == 8 and len(ds.PixelData) % 2:
                ds.PixelData += b"\0"
            give(f"colour_{planar}_{bits}_{name}", ds, syntax, values)
        for name, syntax, code in (("encapsulated", ".1.98", bytes), ("deflatedframe", ".8.1", raw_deflate)):
            ds = header(FRAMES, **more)
            compressed(ds, [code(np.ascontiguousarray(frame).astype(f"<u{bits // 8}").tobytes()) for frame in stored])
            give(f"colour_{planar}_{bits}_{name}", ds, syntax, values)
        ds = header(FRAMES, **(more | {"PhotometricInterpretation": "YBR_RCT", "PlanarConfiguration": 0}))
        compressed(ds, [imagecodecs.jpeg2k_encode(f, level=0, reversible=True, codecformat="J2K", mct=True) for f in values])
        give(f"colour_{planar}_{bits}_j2k", ds, ".4.90", values)
        ds = header(FRAMES, **(more | {"PlanarConfiguration": 0}))
        compressed(ds, [imagecodecs.jpegls_encode(f) for f in values])
        give(f"colour_{planar}_{bits}_jpegls", ds, ".4.80", values)

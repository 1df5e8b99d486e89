"""Writes x.zip for the case named by the argument."""

import sys
import zipfile


def regular(z):
    z.writestr("DICOM/IM0001", b"abc" * 1000, zipfile.ZIP_DEFLATED)
    z.writestr("DICOM/", b"")
    z.writestr("empty", b"")
    z.writestr("B\u00e4r.dcm", b"xyz", zipfile.ZIP_STORED)
    z.writestr("packed.lzma", b"q" * 500, zipfile.ZIP_LZMA)
    z.writestr("packed.bz2", b"r" * 500, zipfile.ZIP_BZIP2)


def climbing(z):
    z.writestr("../../etc/passwd", b"1")
    z.writestr("/abs", b"2")
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    z.writestr(link, b"/etc/passwd")


def damaged(z):
    z.writestr("a", b"good")
    z.writestr("b", b"hurt")
    z.writestr("c", b"fine")


def encrypted(z):
    z.writestr("a", b"secret")


def bomb(z):
    z.writestr("a", bytes(50_000_000), zipfile.ZIP_DEFLATED)


def liar(z):
    z.writestr("a", bytes(1000), zipfile.ZIP_DEFLATED)


case = sys.argv[1]
with zipfile.ZipFile("x.zip", "w") as z:
    globals()[case](z)

data = bytearray(open("x.zip", "rb").read())
directory = data.index(b"PK\1\2")
if case == "damaged":
    data = data.replace(b"hurt", b"hurl")
if case == "encrypted":
    # Bit 0 of the general purpose flags, in the local header and in the directory.
    data[6] |= 1
    data[directory + 8] |= 1
if case == "liar":
    # The directory's uncompressed size, raised to nearly 4 GiB.
    data[directory + 24 : directory + 28] = bytes([255, 255, 255, 254])
open("x.zip", "wb").write(data)

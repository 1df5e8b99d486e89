"""Writes the file, with tarfile's mode, for the case: arguments FILE MODE CASE."""

import gzip
import io
import random
import sys
import tarfile


def add(t, name, data=b"", kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(data), kind, link
    t.addfile(info, io.BytesIO(data))


def regular(t):
    add(t, "DICOM", kind=tarfile.DIRTYPE)
    add(t, "DICOM/IM0001", b"abc" * 1_000_000)
    add(t, "B\u00e4r/" + "d" * 150, b"x")
    add(t, "empty")


def climbing(t):
    add(t, "../../escaped", b"1")
    add(t, "/absolute", b"2")
    add(t, "link", kind=tarfile.SYMTYPE, link="/etc/passwd")
    add(t, "link/inside", b"3")
    add(t, "hard", kind=tarfile.LNKTYPE, link="../../escaped")
    add(t, "pipe", kind=tarfile.FIFOTYPE)
    add(t, "device", kind=tarfile.CHRTYPE)


def noise(t):
    random.seed(1)
    add(t, "a", random.randbytes(50_000))
    add(t, "b", random.randbytes(50_000))


def large(t):
    random.seed(2)
    add(t, "a", random.randbytes(2_200_000))


def bomb(t):
    add(t, "a", b"1")
    add(t, "bomb", bytes(100_000_000))


path, mode, case = sys.argv[1:]
if case == "nifti":
    with gzip.open(path, "wb") as f:
        f.write(bytes(348) + b"n+1" + bytes(2000))
elif case == "parts":
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:") as t:
        noise(t)
    whole = whole.getvalue()
    with open(path, "wb") as f:
        f.write(gzip.compress(whole[:60_000]) + gzip.compress(whole[60_000:]) + b"trailing")
else:
    with tarfile.open(path, mode) as t:
        globals()[case](t)

"""Packs the files below a folder into an archive inside another one, and so on.

Arguments: FOLDER FILE KIND ..., the outermost kind first: zip, stored (a zip that packs nothing),
tar, tar.gz, tar.bz2 or tar.xz. Names climb, as no export's should, where the folder is called so.
"""

import io
import pathlib
import sys
import tarfile
import zipfile


def pack(kind, members):
    whole = io.BytesIO()
    if kind in ("zip", "stored"):
        method = zipfile.ZIP_STORED if kind == "stored" else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(whole, "w", method) as z:
            for name, data in members:
                z.writestr(zipfile.ZipInfo(name), data, method)
    else:
        with tarfile.open(fileobj=whole, mode="w:" + kind[4:]) as t:
            for name, data in members:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                t.addfile(info, io.BytesIO(data))
    return whole.getvalue()


folder, file, *kinds = sys.argv[1:]
folder = pathlib.Path(folder)
climb = "../../" if folder.name == "climbing" else ""
members = [
    (climb + path.relative_to(folder).as_posix(), path.read_bytes())
    for path in sorted(folder.rglob("*"))
    if path.is_file()
]
while kinds:
    kind = kinds.pop()
    data = pack(kind, members)
    members = [(f"{climb}Quixotic/inner.{kind.replace('stored', 'zip')}", data)]
pathlib.Path(file).write_bytes(data)

"""What nibabel makes of NIfTI and Analyze files: a JSON line each.

  nifti_voxels.py corpus ROOT    every file of ROOT/inventory.csv that is one, or is named as one
  nifti_voxels.py phantoms       files that are written here first, into the working directory

`stored` is the SHA-256 of the stored values: little-endian, first axis fastest, magnitudes of complex
ones; `scaled` that of get_fdata as float64. `affine` is nibabel's, in millimetres of the header's unit
of length, RAS; null where neither code is above 0. `error` is what nibabel said instead.
"""

import csv
import gzip
import hashlib
import io
import itertools
import json
import sys
import warnings

import nibabel
import numpy as np
from scipy.io import savemat

warnings.simplefilter("ignore")
nibabel.imageglobals.logger.disabled = True


def body(array, endian):
    if array.dtype.kind != "V":
        array = array.astype(array.dtype.newbyteorder(endian))
    return array.tobytes(order="F")


def digest(array):
    return hashlib.sha256(body(array, "<")).hexdigest()


def facts(path):
    image = nibabel.load(path)
    if isinstance(image, nibabel.Cifti2Image):
        image = nibabel.Nifti2Image.from_filename(path)
    header = image.header
    is_nifti = isinstance(header, nibabel.Nifti1Header)
    has_place = is_nifti and (header["sform_code"] > 0 or header["qform_code"] > 0)
    answer = {
        "kind": type(header).__name__,
        "shape": list(image.shape),
        "big": header.endianness == ">",
        "affine": None,
        "slope": float(image.dataobj.slope),
        "intercept": float(image.dataobj.inter),
    }
    if has_place:
        unit = {"meter": 1000.0, "micron": 0.001}.get(header.get_xyzt_units()[0], 1.0)
        answer["affine"] = (np.diag([unit, unit, unit, 1]) @ image.affine).tolist()
    elif not is_nifti and "mat" in image.file_map:
        try:
            image.file_map["mat"].get_prepare_fileobj().close()
            answer["affine"] = image.affine.tolist()
        except OSError:
            pass
    try:
        stored = np.asanyarray(image.dataobj.get_unscaled())
    except FileNotFoundError:
        return answer | {"missing": True}
    kind = stored.dtype.kind
    if kind == "c":
        # numpy's own abs differs from the C library's in the last bit.
        stored = np.hypot(stored.real, stored.imag)
    answer["dtype"] = "uint8" if kind == "V" else stored.dtype.newbyteorder("=").name
    answer["samples"] = len(stored.dtype.names) if kind == "V" else 1
    answer["stored"] = digest(stored)
    if kind in "iuf" and stored.size < 2_000_000:
        answer["scaled"] = digest(image.get_fdata())
    return answer


def say(path, name):
    try:
        answer = facts(path)
    except Exception as error:
        answer = {"error": type(error).__name__}
    print(json.dumps({"path": name} | answer))


def corpus(root):
    endings = (".nii", ".nii.gz", ".hdr", ".hdr.gz", ".img", ".img.gz")
    for row in csv.DictReader(open(root + "/inventory.csv")):
        path = row["path"]
        is_one = row["kind"].startswith(("NIfTI", "Analyze")) or path.endswith(endings)
        if is_one or "nifti-rs/resources/fuzz" in path:
            say(root + "/" + path, path)


def rotation(random):
    q, _ = np.linalg.qr(random.normal(size=(3, 3)))
    return q if np.linalg.det(q) > 0 else -q


def phantoms():
    random = np.random.default_rng(7)
    types = "u1 i1 u2 i2 u4 i4 u8 i8 f4 f8 c8 c16 rgb rgba".split()
    rgb = np.dtype([(c, "u1") for c in "RGB"])
    rgba = np.dtype([(c, "u1") for c in "RGBA"])
    shapes = [(5,), (5, 4), (5, 4, 3), (5, 4, 3, 2), (5, 4, 3, 1, 2)]
    shapes += [(3, 2, 2, 2, 1, 2), (3, 2, 2, 2, 1, 2, 2)]
    units = ["unknown", "meter", "mm", "micron"]
    images = {
        ("nii", 1): nibabel.Nifti1Image,
        ("nii", 2): nibabel.Nifti2Image,
        ("img", 1): nibabel.Nifti1Pair,
        ("img", 2): nibabel.Nifti2Pair,
    }
    names = []

    def values(kind, shape):
        dtype = {"rgb": rgb, "rgba": rgba}.get(kind) or np.dtype(kind)
        count = int(np.prod(shape))
        raw = random.bytes(count * dtype.itemsize)
        array = np.frombuffer(raw, dtype)
        if dtype.kind in "fc":
            numbers = random.normal(scale=1000, size=(2, count))
            array = (numbers[0] + (1j * numbers[1] if dtype.kind == "c" else 0)).astype(dtype)
        if dtype.kind == "f":
            array[:3] = [np.nan, np.inf, -np.inf]
        return array.reshape(shape, order="F")

    for number, (kind, endian, (layout, compressed)) in enumerate(
        itertools.product(types, "<>", itertools.product(images, [False, True]))
    ):
        image_class = images[layout]
        array = values(kind, shapes[number % len(shapes)])
        header = image_class.header_class(endianness=endian)
        header.set_data_dtype(array.dtype)
        header.set_data_shape(array.shape)
        header["xyzt_units"] = 0
        header.set_xyzt_units(units[number % 4], "sec")
        header["pixdim"][1:4] = random.uniform(0.3, 4, 3)
        # Either form, both alike, or none; one of eight both and different.
        which = number // 2 % 8
        affine = np.eye(4)
        affine[:3, :3] = rotation(random) * header["pixdim"][1:4] * random.choice([1, -1])
        affine[:3, 3] = random.uniform(-200, 200, 3)
        if which in (0, 1, 2, 3, 4):
            header.set_qform(affine, code=which % 4 + 1)
        if which in (2, 3, 4, 5, 6):
            if which == 4:
                affine[:3, :3] += random.uniform(-0.2, 0.2, (3, 3))
            header.set_sform(affine, code=which % 4 + 1)
        if kind not in ("rgb", "rgba") and number % 3:
            header["scl_slope"] = [0, 0.1, np.nan][number % 3] if number % 5 else -2.5
            header["scl_inter"] = 0 if kind.startswith("c") else 7.25
        if number % 4 == 0:
            for code in (6, 4, 6)[: 1 + number % 3]:
                content = random.bytes(5 + number)
                header.extensions.append(nibabel.nifti1.Nifti1Extension(code, content))
        if layout == ("nii", 1) and number % 5 == 0 and number % 4:
            header.set_data_offset(1024)
        # Written by hand, since nibabel would choose a scale and an offset of its own.
        is_single = layout[0] == "nii"
        header["magic"] = header.single_magic if is_single else header.pair_magic
        offset = int(header["vox_offset"])
        if is_single:
            offset = max(offset, header.single_vox_offset + header.extensions.get_sizeondisk())
            header["vox_offset"] = offset
        head = io.BytesIO()
        header.write_to(head)
        head = head.getvalue()
        name = f"p{number:03}_{kind}_{'be' if endian == '>' else 'le'}_{layout[1]}"
        ending = ".gz" if compressed else ""
        opened = gzip.open if compressed else open
        with opened(f"{name}.{layout[0]}{ending}", "wb") as file:
            if is_single:
                file.write(head)
            file.write(bytes(offset - file.tell()) + body(array, endian))
        names.append(f"{name}.{layout[0]}{ending}")
        if not is_single:
            with opened(f"{name}.hdr{ending}", "wb") as file:
                file.write(head)
            names.append(f"{name}.hdr{ending}")

    analyze = [nibabel.AnalyzeImage, nibabel.Spm2AnalyzeImage]
    for number, (kind, endian, image_class) in enumerate(
        itertools.product("u1 i2 i4 f4 f8 c8 rgb".split(), "<>", analyze)
    ):
        array = values(kind, shapes[number % 4 if number % 4 else 2])
        if array.dtype.kind == "f":
            array = np.nan_to_num(array, posinf=1, neginf=-1)
        header = image_class.header_class(endianness=endian)
        header.set_data_dtype(array.dtype)
        header.set_data_shape(array.shape)
        header.set_zooms([0.5 + i for i in range(array.ndim)])
        is_spm = image_class is nibabel.Spm2AnalyzeImage
        name = f"a{number:03}_{kind}_{'be' if endian == '>' else 'le'}"
        if is_spm:
            affine = np.eye(4)
            affine[:3] = random.normal(size=(3, 4))
            image = image_class(array, affine if kind != "i2" else None, header)
            if kind in ("u1", "i4"):
                image.header["scl_slope"], image.header["scl_inter"] = 0.5, 3
            if kind == "i2":
                image.header["cal_max"], image.header["cal_min"] = 12, 2
                image.header["glmax"], image.header["glmin"] = 500, -500
        else:
            image = image_class(array, None, header)
        with open(f"{name}.img", "wb") as file:
            file.write(body(array, endian))
        with open(f"{name}.hdr", "wb") as file:
            image.header.write_to(file)
        if is_spm and kind != "i2":
            to_one = np.eye(4)
            to_one[:3, 3] = -1
            matrix = affine @ to_one
            flip = np.diag([-1, 1, 1, 1])
            both = {"M": np.eye(4), "mat": matrix}
            savemat(f"{name}.mat", both if number % 3 else {"M": flip @ matrix}, format="4")
        names += [f"{name}.hdr", f"{name}.img"]

    for name in names:
        say(name, name)


if sys.argv[1] == "corpus":
    corpus(sys.argv[2])
else:
    phantoms()

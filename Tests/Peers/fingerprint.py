"""Compares a data set's fingerprint.json with what pydicom and numpy make of its sources.

Arguments: DATASET SOURCES. Every DICOM file below SOURCES is a grey picture of the data set. Prints the
number of groups that were compared."""

import json
import pathlib
import sys

import numpy
import pydicom
from exact_image import ExactImage
from intensity_normalization import NyulNormalizer
from pydicom.pixels import apply_modality_lut
from skimage.filters import threshold_otsu

groups = {}
for path in sorted(pathlib.Path(sys.argv[2]).rglob("*")):
    if not path.is_file() or path.name == "DICOMDIR":
        continue
    ds = pydicom.dcmread(path)
    stored = ds.pixel_array
    values = apply_modality_lut(stored, ds).astype("f8")
    if "PixelPaddingValue" in ds:
        values = values[stored != ds.PixelPaddingValue]
    group = groups.setdefault(ds.Modality, {"values": [], "rows": [], "columns": [], "spacing": [], "series": {}, "volumes": {}})
    group["values"].append(values.ravel())
    group["volumes"].setdefault(ds.SeriesInstanceUID, []).append(values.ravel())
    group["rows"].append(ds.Rows)
    group["columns"].append(ds.Columns)
    if "PixelSpacing" in ds:
        group["spacing"].append([float(s) for s in ds.PixelSpacing])
    group["series"].setdefault(ds.SeriesInstanceUID, []).append(ds.get("ImagePositionPatient"))

said = {g["dicom_modality"]: g for g in json.load(open(sys.argv[1] + "/fingerprint.json"))}
assert sorted(said) == sorted(groups), (sorted(said), sorted(groups))


def compare(what, said, values):
    values = numpy.asarray(values, "f8")
    if not len(values):
        assert said is None, what
        return
    assert said["count"] == len(values), (what, said["count"], len(values))
    assert said["min"] == values.min() and said["max"] == values.max(), (what, said)
    scale = max(abs(values.min()), abs(values.max()))
    assert abs(said["mean"] - values.mean()) < 1e-9 * scale, what
    assert abs(said["std"] - values.std()) < 1e-6 * scale, (what, said["std"], values.std())
    for name, q in (("percentile_00_5", 0.5), ("median", 50), ("percentile_99_5", 99.5)):
        exact = numpy.percentile(values, q)
        assert abs(said[name] - exact) <= abs(exact) / 1024, (what, name, said[name], exact)


for name, group in groups.items():
    us = said[name]
    assert us["pictures"] == len(group["values"])
    compare(name + " values", us["values"], numpy.concatenate(group["values"]))
    compare(name + " rows", us["size"]["rows"], group["rows"])
    compare(name + " columns", us["size"]["columns"], group["columns"])
    compare(name + " between rows", us["spacing_mm"]["between_rows"], [s[0] for s in group["spacing"]])
    compare(name + " between columns", us["spacing_mm"]["between_columns"], [s[1] for s in group["spacing"]])
    volumes = [p for p in group["series"].values() if all(p)]
    assert us["volumes"] == len(volumes), (name, us["volumes"], len(volumes))
    compare(name + " slices", us["size"]["slices"], [len(v) for v in volumes])
    if name != "MR":
        assert us["landmarks"] is None
        continue
    images = [numpy.concatenate(slices) for slices in group["volumes"].values()]
    foreground = [(image > threshold_otsu(image.astype("i4"))).astype(float) for image in images]
    trained = NyulNormalizer(output_min_value=0)
    trained.fit_population([ExactImage(i) for i in images], [ExactImage(f) for f in foreground])
    theirs = list(zip(trained.percentiles, trained.standard_scale))
    assert numpy.allclose(us["landmarks"], theirs, rtol=0, atol=1e-8), (us["landmarks"], theirs)
print(len(groups))

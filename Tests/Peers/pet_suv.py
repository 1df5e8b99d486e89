"""Standardized uptake values, by an implementation of QIBA's vendor-neutral pseudo-code (2018-06-26) of its own.

    pet_suv.py make          writes NAME.dcm for every case, and prints {NAME: {measure: factor or finding}} as JSON
    pet_suv.py series        writes a volume of several slices, each with a slope of its own, for a conversion
    pet_suv.py check DATASET SOURCE MEASURE LOW HIGH
                             every PET sample: units, slope and greys are those of SUV; prints how many

A factor is what modality values (Rescale applied) are multiplied by.
"""

import datetime
import glob
import hashlib
import io
import json
import os
import sys
import tarfile

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian
from pydicom.valuerep import DA, DT, TM

MEASURES = ["suv_bw", "suv_lbm", "suv_lbm_james", "suv_bsa"]
UNITS = dict(zip(MEASURES, ["g/ml{SUVbw}", "g/ml{SUVlbm(Janma)}", "g/ml{SUVlbm(James128)}", "cm2/ml{SUVbsa}"]))
STORAGE = "1.2.840.10008.5.1.4.1.1."


def body(ds, measure):
    weight = float(ds.PatientWeight)
    if measure == "suv_bw":
        return 1e3 * weight
    metres = float(ds.PatientSize)
    if measure == "suv_bsa":
        return 1e4 * 0.007184 * np.power(weight, 0.425) * np.power(100 * metres, 0.725)
    bmi = weight / metres**2
    if measure == "suv_lbm":
        a, b = {"M": (6680, 216), "F": (8780, 244)}[ds.PatientSex]
        return 1e3 * 9270 * weight / (a + b * bmi)
    a, b = {"M": (1.10, 128), "F": (1.07, 148)}[ds.PatientSex]
    return 1e3 * (a * weight - b * (weight / (100 * metres)) ** 2)


def zone(ds):
    text = ds.get("TimezoneOffsetFromUTC")
    if not text:
        return None
    return datetime.timezone(int(text[0] + "1") * datetime.timedelta(hours=int(text[1:3]), minutes=int(text[3:])))


def both(ds, name):
    date, time = ds.get(name + "Date"), ds.get(name + "Time")
    if not date or not time:
        return None
    return datetime.datetime.combine(DA(date), TM(time)).replace(tzinfo=zone(ds))


def one(ds, text):
    moment = datetime.datetime.fromisoformat(DT(text).isoformat())
    return moment if moment.tzinfo else moment.replace(tzinfo=zone(ds))


def scan_start(ds, half_life):
    if ds.SOPClassUID == STORAGE + "130":
        return one(ds, ds.DecayCorrectionDateTime)
    series, acquisition = both(ds, "Series"), both(ds, "Acquisition")
    if series and series <= acquisition:
        return series
    if (0x0009, 0x0010) in ds and ds[0x0009, 0x0010].value == "GEMS_PETD_01":
        return one(ds, ds[0x0009, 0x100D].value)
    decay = np.log(2) / half_life
    frame = decay * float(ds.ActualFrameDuration) / 1e3
    average = np.log(frame / (1 - np.exp(-frame))) / decay
    return acquisition + datetime.timedelta(seconds=average - float(ds.FrameReferenceTime) / 1e3)


def per_activity(ds, measure):
    (drug,) = ds.RadiopharmaceuticalInformationSequence
    dose = float(drug.RadionuclideTotalDose) * (1e6 if ds.SOPClassUID == STORAGE + "130" else 1)
    if ds.get("DecayCorrection") != "ADMIN":
        half_life = float(drug.RadionuclideHalfLife)
        start = scan_start(ds, half_life)
        if drug.get("RadiopharmaceuticalStartDateTime"):
            injection = one(ds, drug.RadiopharmaceuticalStartDateTime)
        else:
            injection = datetime.datetime.combine(start.date(), TM(drug.RadiopharmaceuticalStartTime))
            injection = injection.replace(tzinfo=zone(ds))
            if injection > start:
                injection -= datetime.timedelta(days=1)
        dose *= np.exp2(-(start - injection).total_seconds() / half_life)
    return body(ds, measure) / dose


def factor(ds, measure):
    units = ds.get("Units")
    if units is None:
        groups = ds.SharedFunctionalGroupsSequence[0]
        code = groups.RealWorldValueMappingSequence[0].MeasurementUnitsCodeSequence[0].CodeValue
        units = {"Bq/ml": "BQML", UNITS[measure]: "GML"}[code]
    if units == "BQML":
        return per_activity(ds, measure)
    if units == "CNTS":
        block = next(b for b in range(0x10, 0x18) if ds.get((0x7053, b)) is not None)
        scale = ds.get((0x7053, block << 8))
        if measure == "suv_bw" and scale is not None:
            return float(scale.value)
        return float(ds[0x7053, block << 8 | 9].value) * per_activity(ds, measure)
    return 1.0


def base():
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = STORAGE + "128"
    ds.SOPInstanceUID, ds.SeriesInstanceUID, ds.StudyInstanceUID = "1.2.3.4.1", "1.2.3.4", "1.2.3"
    ds.PatientID, ds.PatientSex, ds.PatientWeight, ds.PatientSize = "P1", "M", "75", "1.8"
    ds.Modality, ds.ImageType = "PT", ["ORIGINAL", "PRIMARY"]
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = "20370519"
    ds.SeriesTime, ds.AcquisitionTime = "100000", "100130.5"
    ds.FrameReferenceTime, ds.ActualFrameDuration = "182000", "180000"
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [0, 0, 0], [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing, ds.SliceThickness = [4, 4], "3"
    ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.PhotometricInterpretation = 8, 9, 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 1
    ds.RescaleSlope, ds.RescaleIntercept = "0.5", "0"
    ds.Units, ds.DecayCorrection, ds.CorrectedImage = "BQML", "START", ["DECY", "ATTN", "SCAT"]
    drug = Dataset()
    drug.RadionuclideTotalDose, drug.RadionuclideHalfLife = "350000000", "6586.2"
    drug.RadiopharmaceuticalStartTime = "090000"
    ds.RadiopharmaceuticalInformationSequence = Sequence([drug])
    ds.PixelData = (np.arange(72, dtype="<i2") * 400).tobytes()
    return ds


def philips(ds, block=0x10, **factors):
    ds.Units = "CNTS"
    ds.add_new((0x7053, block), "LO", "Philips PET Private Group")
    for name, value in factors.items():
        ds.add_new((0x7053, block << 8 | {"uptake": 0, "activity": 9}[name]), "DS", value)


def enhanced(ds, code="Bq/ml", dose="350"):
    for name in ["Units", "DecayCorrection", "CorrectedImage", "SeriesTime", "AcquisitionTime"]:
        delattr(ds, name)
    ds.SOPClassUID = STORAGE + "130"
    ds.NumberOfFrames = 1
    ds.DecayCorrected = ds.AttenuationCorrected = "YES"
    ds.DecayCorrectionDateTime = "20370519100000"
    drug = ds.RadiopharmaceuticalInformationSequence[0]
    drug.RadionuclideTotalDose, drug.RadiopharmaceuticalStartDateTime = dose, "20370519090000"
    rescale, mapping, unit, groups = Dataset(), Dataset(), Dataset(), Dataset()
    rescale.RescaleSlope, rescale.RescaleIntercept, rescale.RescaleType = "0.5", "0", "US"
    mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept = 0.5, 0.0
    unit.CodeValue, unit.CodingSchemeDesignator, unit.CodeMeaning = code, "UCUM", code
    mapping.MeasurementUnitsCodeSequence = Sequence([unit])
    groups.PixelValueTransformationSequence = Sequence([rescale])
    groups.RealWorldValueMappingSequence = Sequence([mapping])
    ds.SharedFunctionalGroupsSequence = Sequence([groups])


def cases():
    """Name, data set, and what refuses the measures: nothing, one finding for all, or findings by measure."""
    def case(name, *steps, refused=None):
        ds = base()
        drug = ds.RadiopharmaceuticalInformationSequence[0]
        for step in steps:
            step(ds, drug)
        return name, ds, refused if isinstance(refused, dict) else {m: refused for m in MEASURES if refused}

    def put(**values):
        def step(ds, drug):
            for name, value in values.items():
                target = drug if name.startswith("Radio") else ds
                if value is None:
                    delattr(target, name)
                else:
                    setattr(target, name, value)
        return step

    late = put(SeriesTime="153000")
    ge = lambda ds, drug: (ds.add_new((9, 0x10), "LO", "GEMS_PETD_01"), ds.add_new((9, 0x100D), "DT", "20370519100002.00"))
    zirconium = put(RadionuclideHalfLife="282240", RadionuclideTotalDose="37000000")
    not_body = [m for m in MEASURES if m != "suv_bw"]
    lean = ["suv_lbm", "suv_lbm_james"]
    yield case("start_time")
    yield case("start_datetime", put(RadiopharmaceuticalStartTime=None, RadiopharmaceuticalStartDateTime="20370519085500.25"))
    yield case("datetime_first", put(RadiopharmaceuticalStartDateTime="20370519091500"))
    yield case("same_time", put(AcquisitionTime="100000"))
    yield case("midnight_time", put(SeriesTime="001000", AcquisitionTime="001100", RadiopharmaceuticalStartTime="232959.5"))
    yield case("midnight_datetime", put(SeriesTime="001000", AcquisitionTime="001100", RadiopharmaceuticalStartDateTime="20370518233000"))
    yield case("new_year", put(SeriesDate="20370101", AcquisitionDate="20370101", SeriesTime="001000", AcquisitionTime="001100", RadiopharmaceuticalStartDateTime="20361231233000"))
    yield case("leap_day", put(SeriesDate="20360301", AcquisitionDate="20360301", SeriesTime="001000", AcquisitionTime="001100", RadiopharmaceuticalStartDateTime="20360229233000"))
    yield case("frame_over_midnight", put(SeriesTime="235900", AcquisitionDate="20370520", AcquisitionTime="000100", RadiopharmaceuticalStartTime="230000"))
    yield case("zones", put(TimezoneOffsetFromUTC="+0100", RadiopharmaceuticalStartDateTime="20370519110000+0300"))
    yield case("administration", put(DecayCorrection="ADMIN"))
    yield case("administration_alone", put(DecayCorrection="ADMIN", RadiopharmaceuticalStartTime=None, RadionuclideHalfLife=None, SeriesTime=None))
    yield case("later_ge", late, ge)
    yield case("later_frame", late)
    yield case("later_day", put(SeriesDate="20370520", SeriesTime="080000"))
    yield case("no_series_time", put(SeriesTime=None))
    yield case("unused_ge", lambda ds, drug: (ge(ds, drug), ds.add_new((9, 0x100D), "DT", "20370519120000")))
    yield case("woman", put(PatientSex="F", PatientWeight="62.5", PatientSize="1.66"))
    yield case("zirconium", zirconium, put(RadiopharmaceuticalStartDateTime="20370516090000"))
    yield case("counts_uptake", lambda ds, drug: philips(ds, uptake="0.000551"), refused={m: "suv_counts" for m in not_body})
    yield case("counts_activity", lambda ds, drug: philips(ds, activity="1.602563"))
    yield case("counts_both", lambda ds, drug: philips(ds, 0x11, uptake="0.000551", activity="1.602563"))
    yield case("uptake_values", put(Units="GML"), refused={m: "suv_units" for m in not_body})
    yield case("uptake_lean", put(Units="GML", SUVType="LBMJANMA"), refused={m: "suv_units" for m in MEASURES if m != "suv_lbm"})
    yield case("enhanced", lambda ds, drug: enhanced(ds))
    yield case("enhanced_uptake", lambda ds, drug: enhanced(ds, "g/ml{SUVbw}"), refused={m: "suv_units" for m in not_body})

    yield case("no_units", put(Units=None), refused="suv_units")
    yield case("counts_a_second", put(Units="CPS"), refused="suv_units")
    yield case("counts_alone", put(Units="CNTS"), refused="suv_counts")
    yield case("counts_zero", lambda ds, drug: philips(ds, uptake="0", activity="0"), refused="suv_counts")
    yield case("not_attenuation", put(CorrectedImage=["DECY", "SCAT"]), refused="suv_corrections")
    yield case("not_decay", put(CorrectedImage=["ATTN"]), refused="suv_corrections")
    yield case("decay_none", put(DecayCorrection="NONE"), refused="suv_corrections")
    yield case("decay_unsaid", put(DecayCorrection=None), refused="suv_corrections")
    yield case("enhanced_not_decay", lambda ds, drug: (enhanced(ds), setattr(ds, "DecayCorrected", "NO")), refused="suv_corrections")
    yield case("no_dose", put(RadionuclideTotalDose=None), refused="suv_dose")
    yield case("dose_zero", put(RadionuclideTotalDose="0"), refused="suv_dose")
    yield case("dose_in_megabecquerels", put(RadionuclideTotalDose="350"), refused="suv_dose")
    yield case("enhanced_in_becquerels", lambda ds, drug: enhanced(ds, dose="350000000"), refused="suv_dose")
    yield case("two_drugs", lambda ds, drug: ds.RadiopharmaceuticalInformationSequence.append(drug), refused="suv_dose")
    yield case("no_drug", lambda ds, drug: delattr(ds, "RadiopharmaceuticalInformationSequence"), refused="suv_dose")
    yield case("no_half_life", put(RadionuclideHalfLife=None), refused="suv_half_life")
    yield case("half_life_huge", put(RadionuclideHalfLife="8e7"), refused="suv_half_life")
    yield case("half_life_in_minutes", put(RadionuclideHalfLife="109.77"), refused="suv_time")
    yield case("no_injection", put(RadiopharmaceuticalStartTime=None), refused="suv_time")
    yield case("injection_no_time", put(RadiopharmaceuticalStartTime="morning"), refused="suv_time")
    yield case("injection_hour_alone", put(RadiopharmaceuticalStartTime="09"), refused="suv_time")
    yield case("day_shifted", put(RadiopharmaceuticalStartDateTime="20370518090000"), refused="suv_time")
    yield case("injection_after", put(RadiopharmaceuticalStartDateTime="20370519100001"), refused="suv_time")
    yield case("one_zone", put(RadiopharmaceuticalStartDateTime="20370519090000+0100"), refused="suv_time")
    yield case("zirconium_any_day", zirconium, refused="suv_time")
    yield case("no_such_date", put(SeriesDate="20370230", FrameReferenceTime=None), refused="suv_time")
    yield case("later_nothing", late, put(FrameReferenceTime="0"), refused="suv_time")
    yield case("later_other_creator", late, put(FrameReferenceTime=None), ge, lambda ds, drug: ds.add_new((9, 0x10), "LO", "SOMEBODY"), refused="suv_time")
    yield case("no_acquisition", put(AcquisitionTime=None), refused="suv_time")
    yield case("no_weight", put(PatientWeight=None), refused="suv_weight")
    yield case("weight_zero", put(PatientWeight="0"), refused="suv_weight")
    yield case("weight_in_grams", put(PatientWeight="75000"), refused="suv_weight")
    yield case("no_height", put(PatientSize=None), refused={m: "suv_height" for m in not_body})
    yield case("height_in_centimetres", put(PatientSize="180"), refused={m: "suv_height" for m in not_body})
    yield case("other_sex", put(PatientSex="O"), refused={m: "suv_sex" for m in lean})
    # 1.07 x 250 - 148 x (250 / 150)^2 is below zero.
    yield case("james_fails", put(PatientSex="F", PatientWeight="250", PatientSize="1.5"), refused={"suv_lbm_james": "suv_weight"})


def write(path, ds):
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    pydicom.dcmwrite(path, ds, enforce_file_format=True)


def make():
    found = {}
    for name, ds, refused in cases():
        write(name + ".dcm", ds)
        found[name] = {m: refused.get(m) or repr(float(factor(ds, m))) for m in MEASURES}
    print(json.dumps(found))


def series():
    for number in range(6):
        ds = base()
        ds.SOPInstanceUID = f"1.2.3.4.{number + 1}"
        ds.InstanceNumber = number + 1
        ds.ImagePositionPatient = [0, 0, 3 * number]
        # GE's slopes differ from slice to slice.
        ds.RescaleSlope = str(0.5 + 0.125 * number)
        ds.AcquisitionTime = f"10{number:02}30"
        ds.WindowCenter, ds.WindowWidth = str(100 + number), "200"
        # Up to 12 SUV or so, and some below zero.
        values = np.random.default_rng(number).integers(-500, 60000 / float(ds.RescaleSlope), 72)
        ds.PixelData = np.clip(values, -32768, 32767).astype("<i2").tobytes()
        write(f"{number}.dcm", ds)


def check(folder, source, measure, low, high):
    files = {}
    for path in glob.glob(os.path.join(source, "**", "*"), recursive=True):
        if os.path.isfile(path):
            files[hashlib.sha256(open(path, "rb").read()).hexdigest()] = path
    found = inside = 0
    for path in sorted(glob.glob(os.path.join(folder, "shards", "*.tar"))):
        with tarfile.open(path) as tar:
            members = {member.name: tar.extractfile(member).read() for member in tar}
        for name, data in sorted(members.items()):
            row = json.loads(data) if name.endswith(".json") else {}
            if row.get("dicom_modality") != "PT":
                continue
            record = row["pictures"][0]
            ds = pydicom.dcmread(files[record["source_sha256"][0]])
            values, display = record["modality_values"], record["display"]
            assert values["kind"] == "linear" and values["units"] == UNITS[measure], values
            slope = float(ds.RescaleSlope) * factor(ds, measure)
            assert abs(values["slope"] / slope - 1) < 1e-12, (values["slope"], slope)
            assert abs(values["intercept"] - float(ds.RescaleIntercept) * factor(ds, measure)) < 1e-12
            (channel,) = display["channels"]
            assert display["kind"] == "range" and (channel["low"], channel["high"]) == (low, high), display
            # Pixels that are turned to how slices are shown.
            column, line, _ = np.tensordot(
                np.array(record["source_from_pixel"]),
                np.stack([*np.indices((record["height"], record["width"]))[::-1], np.ones((record["height"], record["width"]))]),
                1,
            ).astype(int)
            wanted = ds.pixel_array[line, column] * slope
            grey = np.asarray(Image.open(io.BytesIO(members[row["image"]]))).astype("f8")
            within = (wanted >= low) & (wanted <= high)
            error = np.abs(low + grey / 255 * (high - low) - wanted)
            assert error[within].max(initial=0) <= (high - low) / 510 + 1e-9, error[within].max()
            assert (grey[wanted < low] == 0).all() and (grey[wanted > high] == 255).all()
            found += 1
            inside += int(within.sum())
    print(json.dumps({"pictures": found, "inside": inside}))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make()
    elif sys.argv[1] == "series":
        series()
    else:
        check(*sys.argv[2:5], float(sys.argv[5]), float(sys.argv[6]))

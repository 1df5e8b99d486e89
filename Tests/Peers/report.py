"""Structured reports by pydicom and highdicom.

  report.py tree FILE...       a line an item, "= FILE" before each file: path, relationship, concept, kind, payload
  report.py references FILE... the instances that a report lists as evidence: study, series, class, instance
  report.py groups FILE        measurement groups by highdicom, as lines of JSON
  report.py make FILE          a measurement report of highdicom with shapes of every kind

Texts are written as the hexadecimal digits of their UTF-8, numbers as those of big-endian float64.
"""

import json
import struct
import sys

import numpy as np
import pydicom

BLANK = "".join(map(chr, range(33)))
TOLD_CONTEXT = {("112039", "DCM"), ("C67447", "NCIt"), ("C2348792", "UMLS")}


def digits(text):
    return text.encode().hex()


def number(values):
    return "".join(struct.pack(">d", float(v)).hex() for v in values)


def several(value):
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, (list, pydicom.multival.MultiValue)) else [value]


def concept(sequence):
    if not sequence:
        return None
    code = sequence[0]
    value = code.get("CodeValue") or code.get("LongCodeValue") or code.get("URNCodeValue")
    return (str(value), str(code.get("CodingSchemeDesignator") or ""), str(code.get("CodeMeaning") or "").strip(BLANK)) if value else None


def words(code):
    return "|".join(map(digits, code)) if code else ""


def reference(item):
    found = item.get("ReferencedSOPSequence")
    if not found or not found[0].get("ReferencedSOPInstanceUID"):
        return None
    frames = [str(int(f) - 1) for f in several(found[0].get("ReferencedFrameNumber"))]
    segments = [str(s) for s in several(found[0].get("ReferencedSegmentNumber"))]
    return f"{found[0].ReferencedSOPClassUID} {found[0].ReferencedSOPInstanceUID} {','.join(frames)} {','.join(segments)}"


def value(item, relationship, name):
    kind = item.get("ValueType")
    if kind is None and "ReferencedContentItemIdentifier" in item:
        return "reference", ",".join(map(str, several(item.ReferencedContentItemIdentifier)))
    withheld = "withheld", kind
    if kind == "CONTAINER":
        return "container", ""
    if kind == "TEXT":
        text = item.TextValue.strip(BLANK)
        personal = relationship == "HAS OBS CONTEXT" and (name or ("", ""))[:2] not in TOLD_CONTEXT
        return withheld if personal or not text else ("text", digits(text))
    if kind == "CODE":
        code = concept(item.get("ConceptCodeSequence"))
        return ("code", words(code)) if code else withheld
    if kind == "NUM":
        measured = item.get("MeasuredValueSequence")
        if not measured:
            return withheld
        exact = measured[0].get("FloatingPointValue")
        return "number", " ".join([
            number([exact if exact is not None else measured[0].NumericValue]),
            words(concept(measured[0].get("MeasurementUnitsCodeSequence"))),
            words(concept(item.get("NumericValueQualifierCodeSequence"))),
        ])
    if kind in ("IMAGE", "COMPOSITE", "WAVEFORM"):
        found = reference(item)
        return (kind.lower(), found) if found else withheld
    if kind == "UIDREF":
        return "uid", item.UID
    if kind == "SCOORD":
        return "region", f"{item.GraphicType} {number(v - 0.5 for v in item.GraphicData)}"
    if kind == "SCOORD3D":
        return "spatial", f"{item.GraphicType} {number(item.GraphicData)} {item.get('ReferencedFrameOfReferenceUID', '')}"
    return withheld


def walk(item, path):
    relationship = item.get("RelationshipType", "")
    name = concept(item.get("ConceptNameCodeSequence"))
    print("\t".join([".".join(map(str, path)), relationship, words(name), *value(item, relationship, name)]))
    for index, child in enumerate(item.get("ContentSequence", [])):
        walk(child, path + [index + 1])


def references(dataset):
    for name in ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence"):
        for study in dataset.get(name, []):
            for series in study.ReferencedSeriesSequence:
                for item in series.ReferencedSOPSequence:
                    print(study.StudyInstanceUID, series.SeriesInstanceUID, item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID)


def groups(path):
    import highdicom as hd

    dataset = pydicom.dcmread(path)
    content = hd.sr.srread(path).content if "3D" in dataset.SOPClassUID.name else hd.sr.ComprehensiveSR.from_dataset(dataset).content

    def code(c):
        return [c.value, c.scheme_designator, c.meaning] if c is not None else []

    found = []
    for group in (content.get_planar_roi_measurement_groups() + content.get_volumetric_roi_measurement_groups()
                  + content.get_image_measurement_groups()):
        row = {
            "identifier": group.tracking_identifier, "uid": group.tracking_uid, "finding": code(group.finding_type),
            "category": code(group.finding_category), "method": code(group.method),
            "sites": [[code(s.value), code(s.laterality), code(s.topographical_modifier)] for s in group.finding_sites],
            "measurements": [
                [code(m.name), m.value, code(m.unit), code(m.qualifier), code(m.derivation), code(m.method)]
                for m in group.get_measurements()
            ],
            # It counts the finding's category among them.
            "evaluations": [
                [code(e.name), code(e.value)] for e in group.get_qualitative_evaluations() if e.name.value != "276214006"
            ],
            "shape": [], "points": [],
        }
        roi = getattr(group, "roi", None)
        if isinstance(roi, list):
            roi = roi[0] if roi else None
        if roi is not None and hasattr(roi, "graphic_type"):
            row["shape"] = [roi.graphic_type.value]
            points = np.vstack(roi.graphic_data) if hasattr(roi, "graphic_data") else roi.value
            row["points"] = [float(v) for v in (points - 0.5 if points.shape[1] == 2 else points).ravel()]
        found.append(row)
    for row in sorted(found, key=lambda r: r["uid"] or ""):
        print(json.dumps(row))


def make(path):
    import highdicom as hd
    from highdicom.sr import CodedConcept
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.sr.codedict import codes
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.PatientID, image.PatientName, image.PatientBirthDate, image.PatientSex = "P", "Quixotic^Alonsina", "", "F"
    image.StudyInstanceUID, image.SeriesInstanceUID, image.SOPInstanceUID = "1.2.3", "1.2.3.1", "1.2.3.1.1"
    image.SOPClassUID, image.Modality = "1.2.840.10008.5.1.4.1.1.2", "CT"
    image.FrameOfReferenceUID, image.StudyID, image.StudyDate, image.StudyTime = "1.2.9", "1", "20200101", "120000"
    image.AccessionNumber, image.ReferringPhysicianName = "ACC77", ""
    image.Rows, image.Columns = 64, 48
    source = hd.sr.SourceImageForRegion(image.SOPClassUID, image.SOPInstanceUID)
    side = CodedConcept("24028007", "SCT", "Right")
    shapes = [
        hd.sr.ImageRegion(hd.sr.GraphicTypeValues.POLYLINE, np.array([[2, 3], [10.25, 3], [7, 12.5], [2, 3.0]]), source),
        hd.sr.ImageRegion(hd.sr.GraphicTypeValues.CIRCLE, np.array([[20, 20], [20, 25.5]]), source),
        hd.sr.ImageRegion(hd.sr.GraphicTypeValues.ELLIPSE, np.array([[5, 30], [25, 30], [15, 25], [15, 35.0]]), source),
        hd.sr.ImageRegion(hd.sr.GraphicTypeValues.POINT, np.array([[11.5, 12]]), source),
        hd.sr.ImageRegion3D(hd.sr.GraphicTypeValues3D.POLYGON, np.array(
            [[1, 2, 3], [4.5, 2, 3], [4.5, -8, 3], [1, 2, 3.0]]), image.FrameOfReferenceUID),
    ]
    made = []
    for index, shape in enumerate(shapes):
        made.append(hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
            tracking_identifier=hd.sr.TrackingIdentifier(uid=f"1.2.77.{index}", identifier=f"Lesión {index}"),
            referenced_region=shape, finding_type=codes.SCT.Nodule,
            finding_category=CodedConcept("49755003", "SCT", "Morphologically Abnormal Structure"),
            finding_sites=[hd.sr.FindingSite(
                codes.SCT.Lung, laterality=side if index != 1 else None,
                topographical_modifier=CodedConcept("45653009", "SCT", "Upper lobe") if index == 2 else None)],
            measurements=[hd.sr.Measurement(
                name=codes.SCT.Diameter, value=index + 0.1, unit=codes.UCUM.Millimeter,
                derivation=codes.SCT.Mean if index == 1 else None,
                method=CodedConcept("126030", "DCM", "Sum of segmented voxel volumes") if index == 2 else None)],
            qualitative_evaluations=[hd.sr.QualitativeEvaluation(
                CodedConcept("121403", "DCM", "Level of Significance"),
                CodedConcept("371928007", "SCT", "Not significant"))],
        ))
    context = hd.sr.ObservationContext(observer_person_context=hd.sr.ObserverContext(
        codes.DCM.Person, hd.sr.PersonObserverIdentifyingAttributes(name="Panzarello^Sanchina")))
    report = hd.sr.Comprehensive3DSR(
        evidence=[image], series_instance_uid=generate_uid(), series_number=1, sop_instance_uid=generate_uid(),
        instance_number=1, manufacturer="M", is_complete=True, content=hd.sr.MeasurementReport(
            observation_context=context, procedure_reported=codes.LN.CTUnspecifiedBodyRegion, imaging_measurements=made))
    report.SpecificCharacterSet = "ISO_IR 192"
    report.save_as(path)


if sys.argv[1] == "make":
    make(sys.argv[2])
elif sys.argv[1] == "groups":
    groups(sys.argv[2])
else:
    for path in sys.argv[2:]:
        print("=", path)
        dataset = pydicom.dcmread(path)
        walk(dataset, [1]) if sys.argv[1] == "tree" else references(dataset)

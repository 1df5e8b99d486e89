"""A study with annotations of every kind, made by highdicom and pydicom.

    make_annotations.py FOLDER

Images, all of one frame of reference: ct-0 ... ct-5 (series 3), mr-0 ... mr-2 (series 7), and screen-0 (series 9), whose header
says that text is burned in. Left out of the folder: ct-4 and ct-5, and what is called absent.
"""

import os
import sys

import highdicom as hd
import numpy as np
from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian

FOLDER = sys.argv[1]
STORAGE = "1.2.840.10008.5.1.4.1.1."
ROOT = "1.2.826.0.1.3680043.8.498.77"
ROWS, COLUMNS = 24, 32
MADE = dict(manufacturer="M", manufacturer_model_name="M", software_versions="1", device_serial_number="1")


def base(tail, series, number, modality, study=1):
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = STORAGE + tail
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = f"{ROOT}.{study}.{series}.{number}"
    d.StudyInstanceUID, d.SeriesInstanceUID = f"{ROOT}.{study}", f"{ROOT}.{study}.{series}"
    d.FrameOfReferenceUID = f"{ROOT}.{study}.99"
    d.PatientID, d.PatientName, d.PatientBirthDate, d.PatientSex = f"QX-{study}", "Quixotic^Alonsina", "", "F"
    d.StudyID, d.StudyDate, d.StudyTime = "1", "20200101", "120000"
    d.AccessionNumber, d.ReferringPhysicianName, d.Manufacturer = "ACC77", "", "M"
    d.SeriesNumber, d.InstanceNumber, d.Modality = series, number + 1, modality
    return d


def image(tail, series, number, modality, study=1):
    d = base(tail, series, number, modality, study)
    d.ImageType, d.SamplesPerPixel, d.PhotometricInterpretation = ["ORIGINAL", "PRIMARY", "AXIAL"], 1, "MONOCHROME2"
    d.Rows, d.Columns, d.PixelSpacing, d.SliceThickness = ROWS, COLUMNS, [0.5, 0.5], 2.5
    d.ImageOrientationPatient, d.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [10, 20, 2.5 * number]
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 12, 11, 0
    d.PixelData = (np.arange(ROWS * COLUMNS) + 100 * series + number).astype("<u2").tobytes()
    return d


def save(dataset, name):
    dataset.save_as(os.path.join(FOLDER, name + ".dcm"), enforce_file_format=True)


ct = [image("2", 3, number, "CT") for number in range(6)]
mr = [image("4", 7, number, "MR") for number in range(3)]
screen = image("2", 9, 0, "CT")
screen.BurnedInAnnotation = "YES"
absent = [image("2", 5, number, "CT", study=2) for number in range(4)]
for name, images in [("ct", ct[:4]), ("mr", mr), ("screen", [screen])]:
    for number, one in enumerate(images):
        save(one, f"{name}-{number}")


# MARK: Segmentations
def segmentation(name, images, kind, masks, series):
    count = int(masks.max()) if masks.ndim == 3 and masks.dtype == np.uint8 else 1
    described = [hd.seg.SegmentDescription(
        segment_number=number, segment_label=f"Alonsina's {number}", segmented_property_category=codes.SCT.Organ,
        segmented_property_type=codes.SCT.Liver, algorithm_type="MANUAL") for number in range(1, count + 1)]
    made = hd.seg.Segmentation(
        images, masks, kind, described, f"{ROOT}.1.{series}", series, f"{ROOT}.1.{series}.1", 1, **MADE)
    save(made, name)
    return made


# Two segments, on slices 1 to 3 alone: the others are listed all the same, for nothing was found there.
labels = np.zeros((6, ROWS, COLUMNS), np.uint8)
labels[1:4, 4:9, 5:12], labels[2, 12:15, 20:25] = 1, 2
seg = segmentation("seg-binary", ct, "BINARY", labels, 20)
three = np.zeros((3, ROWS, COLUMNS), np.uint8)
three[:, 2:5, 2:5], three[0, 8:10, 8:10], three[1, 15:20, 15:20] = 1, 2, 3
segmentation("seg-labelmap", mr, "LABELMAP", three, 21)
segmentation("seg-fractional", ct, "FRACTIONAL", (labels == 1) * np.float32(0.5), 22)
segmentation("seg-elsewhere", absent, "BINARY", labels[:4], 23)


# MARK: Reports
def report(name, regions, evidence, series):
    groups = []
    for index, region in enumerate(regions):
        tracking = hd.sr.TrackingIdentifier(uid=f"{ROOT}.5.{series}.{index}", identifier=f"Lesion {index}")
        measured = [hd.sr.Measurement(name=codes.SCT.Diameter, value=index + 1.5, unit=codes.UCUM.Millimeter)]
        if isinstance(region, hd.sr.ReferencedSegment):
            groups.append(hd.sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=tracking, referenced_segment=region, finding_type=codes.SCT.Nodule, measurements=measured))
        else:
            groups.append(hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=tracking, referenced_region=region, finding_type=codes.SCT.Nodule, measurements=measured))
    context = hd.sr.ObservationContext(observer_person_context=hd.sr.ObserverContext(
        codes.DCM.Person, hd.sr.PersonObserverIdentifyingAttributes(name="Panzarello^Sanchina")))
    made = hd.sr.Comprehensive3DSR(
        evidence=evidence, series_instance_uid=f"{ROOT}.1.{series}", series_number=series,
        sop_instance_uid=f"{ROOT}.1.{series}.1", instance_number=1, manufacturer="M", is_complete=True,
        content=hd.sr.MeasurementReport(
            observation_context=context, procedure_reported=codes.LN.CTUnspecifiedBodyRegion, imaging_measurements=groups))
    save(made, name)
    return made


circle = np.array([[20, 20], [20, 25.5]])
measures = report("sr-measurements", [
    hd.sr.ImageRegion(hd.sr.GraphicTypeValues.CIRCLE, circle,
                      hd.sr.SourceImageForRegion(ct[2].SOPClassUID, ct[2].SOPInstanceUID)),
    hd.sr.ReferencedSegment(seg.SOPClassUID, seg.SOPInstanceUID, 1, source_images=[
        hd.sr.SourceImageForSegmentation(one.SOPClassUID, one.SOPInstanceUID) for one in ct[1:5]]),
], ct[1:5] + [seg], 30)
# Drawn in the patient, on pictures that are not here.
for one in absent:
    one.StudyInstanceUID, one.PatientID = ct[0].StudyInstanceUID, ct[0].PatientID
report("sr-space", [hd.sr.ImageRegion3D(
    hd.sr.GraphicTypeValues3D.POLYGON, np.array([[11, 21, 2.5], [14, 21, 2.5], [14, 24, 2.5], [11, 21, 2.5]]),
    ct[0].FrameOfReferenceUID)], absent[:1], 31)

text = base("88.11", 32, 1, "SR")
text.CompletionFlag, text.VerificationFlag, text.ValueType = "COMPLETE", "UNVERIFIED", "CONTAINER"
text.ContinuityOfContent = "SEPARATE"
text.ConceptNameCodeSequence = [CodedConcept("18748-4", "LN", "Diagnostic imaging report")]
finding = Dataset()
finding.RelationshipType, finding.ValueType, finding.TextValue = "CONTAINS", "TEXT", "Señora Alonsina is well."
finding.ConceptNameCodeSequence = [CodedConcept("121071", "DCM", "Finding")]
text.ContentSequence = [finding]
save(text, "sr-text")

# MARK: Key objects and a presentation state
marked = ct[:2] + [absent[0], screen, measures]
save(hd.ko.KeyObjectSelectionDocument(
    marked, hd.ko.KeyObjectSelection(codes.DCM.OfInterest, marked, description="For Alonsina's surgeon"),
    f"{ROOT}.1.40", 40, f"{ROOT}.1.40.1", 1, manufacturer="M"), "ko")
state = hd.pr.GrayscaleSoftcopyPresentationState(
    ct[:3], f"{ROOT}.1.41", 41, f"{ROOT}.1.41.1", 1, **MADE, content_label="SURGEON",
    voi_lut_transformations=[hd.pr.SoftcopyVOILUTTransformation(window_center=40.0, window_width=400.0)])
state.ShutterShape, state.ShutterPresentationValue = "CIRCULAR", 0
state.CenterOfCircularShutter, state.RadiusOfCircularShutter = [12, 16], 9
save(state, "pr")


# MARK: Structure sets
def structures(name, series, images):
    d = base("481.3", series, 1, "RTSTRUCT")
    d.StructureSetLabel, d.StructureSetDate, d.StructureSetTime = "Alonsina", "20200101", "120000"
    frame = Dataset()
    frame.FrameOfReferenceUID = d.FrameOfReferenceUID
    listed = []
    for one in images:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = one.SOPClassUID, one.SOPInstanceUID
        listed.append(item)
    if images:
        study, inner = Dataset(), Dataset()
        study.ReferencedSOPClassUID, study.ReferencedSOPInstanceUID = "1.2.840.10008.3.1.2.3.1", d.StudyInstanceUID
        inner.SeriesInstanceUID, inner.ContourImageSequence = images[0].SeriesInstanceUID, listed
        study.RTReferencedSeriesSequence = [inner]
        frame.RTReferencedStudySequence = [study]
    d.ReferencedFrameOfReferenceSequence = [frame]
    d.StructureSetROISequence, d.ROIContourSequence, d.RTROIObservationsSequence = [], [], []
    for number in (1, 2, 3):
        roi, drawn, contour, seen = Dataset(), Dataset(), Dataset(), Dataset()
        roi.ROINumber, roi.ROIName, roi.ROIGenerationAlgorithm = number, f"Alonsina {number}", "MANUAL"
        roi.ReferencedFrameOfReferenceUID = d.FrameOfReferenceUID
        contour.ContourGeometricType, contour.NumberOfContourPoints = "CLOSED_PLANAR", 3
        contour.ContourData = [11, 21, 2.5, 14, 21, 2.5, 14, 24, 2.5]
        drawn.ReferencedROINumber, drawn.ContourSequence = number, [contour]
        seen.ObservationNumber, seen.ReferencedROINumber, seen.RTROIInterpretedType, seen.ROIInterpreter = number, number, "ORGAN", ""
        d.StructureSetROISequence.append(roi)
        d.ROIContourSequence.append(drawn)
        d.RTROIObservationsSequence.append(seen)
    save(d, name)


structures("rt", 50, ct)
structures("rt-space", 51, [])

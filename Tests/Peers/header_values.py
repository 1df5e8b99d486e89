"""Looks for header values that tell who somebody is, or where and when, in texts.

    header_values.py SOURCE TEXT...

Prints how many values of SOURCE's DICOM headers were looked for, then those that stand in a text
as words of their own, a line each: the text's name, a space, how long the value is. Names of files
below SOURCE are taken out of the texts first: whoever reads them named the folder.
"""

import os
import re
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")

TELLING = """PatientName PatientID OtherPatientIDs OtherPatientNames PatientBirthDate PatientAddress
PatientTelephoneNumbers AccessionNumber StudyID InstitutionName InstitutionAddress StationName
ReferringPhysicianName PerformingPhysicianName OperatorsName PhysiciansOfRecord RequestingPhysician
NameOfPhysiciansReadingStudy DeviceSerialNumber StudyInstanceUID SeriesInstanceUID SOPInstanceUID
FrameOfReferenceUID StudyDate SeriesDate AcquisitionDate ContentDate StudyDescription
SeriesDescription ProtocolName""".split()
# Words that the headers of public files hold and that any text about pictures may hold too.
COMMON = """abdomen acquisition annotation anonymous axial brain breast bytes chest convert coronal
frame heart image images localizer measurements medical missing modality monochrome2 multi multiframe palette
patient phantom picture pixel pixels plane planes public radiology rejected report segmentation
series signed source spine study syntax transfer ultrasound unknown used volume volumes""".split()


def telling(word):
    if re.fullmatch(r"[\d.]+", word):
        return len(word.replace(".", "")) >= 6 and len(set(word)) > 2
    return len(word) >= 5 and word.lower() not in COMMON


def values(data_set):
    for element in data_set:
        if element.VR == "SQ":
            for item in element.value:
                yield from values(item)
        elif element.keyword in TELLING:
            for value in element.value if element.VM > 1 else [element.value]:
                text = str(value).strip()
                yield from {word for word in [text, *re.split(r"[\^=, ]+", text)] if telling(word)}


source, texts = sys.argv[1], sys.argv[2:]
wanted, names = set(), set()
for folder, _, files in os.walk(source):
    for name in files:
        path = os.path.join(folder, name)
        names.add(os.path.relpath(path, source))
        try:
            wanted.update(values(pydicom.dcmread(path, stop_before_pixels=True)))
        except Exception:
            pass  # Not DICOM, or broken: what pydicom cannot read gives no value to look for.

print(len(wanted))
for name in texts:
    with open(name, encoding="utf-8") as file:
        text = file.read()
    for path in sorted(names, key=len, reverse=True):
        text = text.replace(path, "")
    for value in sorted(wanted):
        # The first look is fast; the second wants a word of its own.
        if value in text and re.search(
            f"(?<![A-Za-z0-9.]){re.escape(value)}(?![A-Za-z0-9])", text
        ):
            print(name, len(value))

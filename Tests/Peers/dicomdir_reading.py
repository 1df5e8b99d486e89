"""pydicom's FileSet walks the DICOMDIR of the folder by its offsets.

Prints a line an instance: patient's name and ID, study, series, instance UID and file.
"""

from pydicom.fileset import FileSet

fs = FileSet("DICOMDIR")
print(fs.ID, len(fs))
for patient in fs.find_values("PatientID"):
    for i in fs.find(PatientID=patient):
        read = i.load()
        assert read.SOPInstanceUID == i.SOPInstanceUID
        assert read.SeriesInstanceUID == i.SeriesInstanceUID
        record = i.node._record
        name = record.ReferencedFileID
        name = name if isinstance(name, str) else "/".join(name)
        uids = i.StudyInstanceUID, i.SeriesInstanceUID, i.SOPInstanceUID
        print(i.PatientName, i.PatientID, *uids, record.DirectoryRecordType, name)

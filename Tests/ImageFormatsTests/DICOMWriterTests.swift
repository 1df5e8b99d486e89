import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct DICOMWriterTests {
  /// An object with a value of every kind, of odd and even length.
  static func object() -> DICOMObject {
    var object = DICOMObject()
    // Set out of order on purpose.
    object.set(.pixelWords, .bytes([1, 0, 255, 127]))
    object.set(.rows, 1)
    object.set(.columns, 2)
    object.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.7")
    object.set(.sopInstanceUID, "2.25.12")
    object.set(.patientName, "Ph\u{E4}ntom^J\u{FC}rgen")
    object.set(.specificCharacterSet, "ISO_IR 100")
    object.set(.imageType, .texts(["ORIGINAL", "PRIMARY"]))
    object.set(.instanceNumber, -7)
    object.set(.pixelSpacing, .decimals([0.5, 1.0 / 3]))
    object.set(.imagePosition, .decimals([-1e-7, 123_456.789_012_345_67, 3]))
    object.set(.pixelPaddingValueSigned, -2000)
    object.set(.frameIncrementPointer, 0x0018_1063)
    object.set(.imagedVolumeWidth, .decimals([1.5]))
    object.set(.lutDescriptor, .integers([256, 0, 16]))
    var item = DICOMObject()
    item.set(.codeMeaning, "Gr\u{F6}\u{DF}e")
    var nested = DICOMObject()
    nested.set(.codeValue, "odd")
    item.set(.conceptNameCodeSequence, .items([nested, DICOMObject()]))
    object.set(.contentSequence, .items([item]))
    return object
  }

  @Test(.needsPeers)
  func `pydicom reads every kind of value`() throws {
    let folder = try TemporaryFolder()
    try folder.write(DICOMWriter.file(Self.object()), to: "x.dcm")
    // The group's length: OB 12 + 2, UI 8 + 26, UI 8 + 8, UI 8 + 20, UI 8 + 44, SH 8 + 10 bytes.
    #expect(
      try Peer.run(script: "dicom_reading.py", in: folder) == """
        (0002,0000) UL 162
        (0002,0001) OB b'\\x00\\x01'
        (0002,0002) UI '1.2.840.10008.5.1.4.1.1.7'
        (0002,0003) UI '2.25.12'
        (0002,0010) UI '1.2.840.10008.1.2.1'
        (0002,0012) UI '\(DICOMWriter.implementationClassUID)'
        (0002,0013) SH 'GMAI_PREP'
        (0008,0005) CS 'ISO_IR 100'
        (0008,0008) CS ['ORIGINAL', 'PRIMARY']
        (0008,0016) UI '1.2.840.10008.5.1.4.1.1.7'
        (0008,0018) UI '2.25.12'
        (0010,0010) PN 'Phäntom^Jürgen'
        (0020,0013) IS '-7'
        (0020,0032) DS [-1e-07, 123456.789012346, 3]
        (0028,0009) AT (0018,1063)
        (0028,0010) US 1
        (0028,0011) US 2
        (0028,0030) DS [0.5, 0.33333333333333]
        (0028,0120) SS -2000
        (0028,3002) US [256, 0, 16]
        (0040,A730) SQ
        > (0008,0104) LO 'Größe'
        > (0040,A043) SQ
        > > (0008,0100) SH 'odd'
        (0048,0001) FL 1.5
        (7FE0,0010) OW b'\\x01\\x00\\xff\\x7f'

        """)
  }

  @Test func `equal objects give equal bytes, whatever the order of setting`() throws {
    var other = DICOMObject()
    other.set(.columns, 2)
    other.set(.rows, 1)
    other.set(.sopInstanceUID, "2.25.12")
    other.set(.sopClassUID, "1.2.3")
    var one = DICOMObject()
    one.set(.sopClassUID, "1.2.3")
    one.set(.sopInstanceUID, "2.25.12")
    one.set(.rows, 1)
    one.set(.columns, 2)
    #expect(try DICOMWriter.file(one) == DICOMWriter.file(other))
  }

  @Test func `values that do not fit are refused`() throws {
    func refuses(_ attribute: DICOMAttribute, _ value: DICOMObject.Value) -> ErrorCode? {
      var object = DICOMObject()
      object.set(.sopClassUID, "1.2")
      object.set(.sopInstanceUID, "2.25.12")
      object.set(attribute, value)
      do { _ = try DICOMWriter.file(object) } catch { return error.code }
      return nil
    }
    #expect(refuses(.rows, .integers([65_535])) == nil)
    #expect(refuses(.rows, .integers([65_536])) == .damagedHeader)
    #expect(refuses(.pixelPaddingValueSigned, .integers([-32_769])) == .damagedHeader)
    #expect(refuses(.patientName, .texts(["Ärztin"])) == .damagedHeader)
    #expect(refuses(.specificCharacterSet, .texts(["ISO 2022 IR 87"])) == .damagedHeader)
    #expect(refuses(.sliceThickness, .decimals([.nan])) == .damagedHeader)
    #expect(
      refuses(.patientComments, .texts([String(repeating: "x", count: 65_535)]))
        == .damagedHeader)
  }

  @Test func `a derived UID is a UUID under 2.25`() {
    // python: import hashlib; b = bytearray(hashlib.sha256(b"abc").digest()[:16])
    // b[6] = b[6] & 15 | 128; b[8] = b[8] & 63 | 128; int.from_bytes(b)
    #expect(
      DICOMUID.derived(from: SHA256.hash("abc")) == "2.25.247859944228867097191300499870369849891")
  }

  @Test(.needsPeers)
  func `pydicom walks the directory by its offsets`() throws {
    let folder = try TemporaryFolder()
    var directory = DICOMDirectoryWriter(fileSetID: "SAMPLE")
    var expected = ["SAMPLE 5"]
    // Series 3 comes back to the first patient, after the second.
    for (number, (patient, study, series)) in [
      ("A", 1, 1), ("A", 1, 1), ("A", 1, 2), ("B", 2, 4), ("A", 3, 3),
    ].enumerated() {
      var object = DICOMObject()
      object.set(.specificCharacterSet, "ISO_IR 192")
      object.set(.patientName, "Phantom^\(patient)=\u{5E7B}\u{5F71}")
      object.set(.patientID, patient)
      object.set(.studyDate, "20200101")
      object.set(.studyTime, "120000")
      object.set(.studyID, "\(study)")
      object.set(.accessionNumber, "")
      object.set(.studyInstanceUID, "2.25.1\(study)")
      object.set(.seriesInstanceUID, "2.25.2\(series)")
      object.set(.modality, "OT")
      object.set(.seriesNumber, series)
      object.set(.instanceNumber, number)
      object.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.7")
      object.set(.sopInstanceUID, "2.25.3\(number)")
      object.set(.rows, 1)
      let name = "IM\(number)"
      try folder.write(DICOMWriter.file(object), to: name)
      try directory.add(object, file: [name])
    }
    try folder.write(directory.file(), to: "DICOMDIR")
    for (patient, study, series, number) in [
      ("A", 1, 1, 0), ("A", 1, 1, 1), ("A", 1, 2, 2), ("A", 3, 3, 4), ("B", 2, 4, 3),
    ] {
      expected.append(
        "Phantom^\(patient)=\u{5E7B}\u{5F71} \(patient) 2.25.1\(study) 2.25.2\(series) "
          + "2.25.3\(number) IMAGE IM\(number)")
    }
    let lines = try Peer.run(script: "dicomdir_reading.py", in: folder).split(separator: "\n")
    #expect(lines.first.map(String.init) == expected.first)
    #expect(lines.dropFirst().sorted() == expected.dropFirst().map { Substring($0) }.sorted())
  }

  @Test func `what is neither image nor report has no place in the directory`() throws {
    var directory = DICOMDirectoryWriter(fileSetID: "SAMPLE")
    var object = DICOMObject()
    object.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.66")
    var code: ErrorCode?
    do { try directory.add(object, file: ["X"]) } catch { code = error.code }
    #expect(code == .unsupportedFormat)
  }
}

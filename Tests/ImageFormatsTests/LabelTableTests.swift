import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct LabelTableTests {
  private static func read(_ text: String) throws -> LabelTable {
    try LabelTableReader.read(SourceBytes(Array(text.utf8)))
  }

  private static let organs = LabelTable([0: "background", 1: "liver", 2: "left kidney"])

  @Test(arguments: [
    #"{"background": 0, "liver": 1, "left kidney": 2}"#,
    #"{"0": "background", "1": "liver", "2": "left kidney"}"#,
    #"{"background": "0", "liver": "1", "left kidney": "2"}"#,
    #"{"background": 0, "liver": [1], "left kidney": [2]}"#,
    "\u{FEFF}{\"0\": \"background\", \"1\": \"liver\", \"2\": \"left kidney\"}",
    // nnU-Net, version 2 and 1.
    """
    {"channel_names": {"0": "CT"}, "labels": {"background": 0, "liver": 1, "left kidney": 2},
     "numTraining": 3, "file_ending": ".nii.gz", "training": [{"image": "a"}], "x": 1.5}
    """,
    """
    {"name": "T", "modality": {"0": "CT"},
     "labels": {"0": "background", "1": "liver", "2": "left kidney"}}
    """,
    // ITK-SNAP writes this head.
    """
    ################################################
    # ITK-SnAP Label Description File
    ################################################
        0     0    0    0        0  0  0    "background"
        1   255    0    0        1  1  1    "liver"
        2     0  255    0        0.5  1  1    "left kidney"
    """,
    // FSL's .lut.
    "0 0.00 0.00 0.00 background\r\n1 0.93 0.13 0.10 liver\r\n2 0.5 0.5 1 left kidney\r\n",
    "0 background\n1 liver\n\n2 left kidney\n",
    "value,name\n0,background\n1,\"liver\"\n2,left kidney\n",
    "index\tname\tcolor\n0\tbackground\t#000000\n1\tliver\t#FF0000\n2\tleft kidney\t#00FF00\n",
  ])
  func `each kind of table gives the same names`(text: String) throws {
    let table = try Self.read(text)
    #expect(table == Self.organs)
    #expect(table[1] == "liver")
    #expect(table[3] == nil)
    #expect(table.numbers == [0, 1, 2])
  }

  @Test func `FreeSurfer's colour table has its names before its colours`() throws {
    let table = try Self.read(
      """
      #$Id: FreeSurferColorLUT.txt $
      #No. Label Name:                            R   G   B   A

      0   Unknown                                 0   0   0   0
      4   Left-Lateral-Ventricle                  120 18  134 0
      1002   ctx-lh-caudalanteriorcingulate        125 100 160 0
      """)
    #expect(
      table
        == LabelTable([
          0: "Unknown", 4: "Left-Lateral-Ventricle", 1002: "ctx-lh-caudalanteriorcingulate",
        ]))
  }

  @Test(arguments: [
    "", "{}", "[1, 2]", #"{"EchoTime": 0.03, "Manufacturer": "x"}"#, "liver\nkidney",
    "1 2 3\n4 5 6",
    "1 liver\nkidney", #"{"liver": 1"#, #"{"a": {"b": {"c": 1}}}"#,
  ])
  func `what is no table is refused`(text: String) throws {
    let error = #expect(throws: ImageError.self) { try Self.read(text + "\n") }
    #expect(error?.code == .labelTable)
  }

  @Test(arguments: [
    "1 liver\n1 kidney\n",
    #"{"whole tumour": [1, 2], "core": [2], "background": 0}"#,
    #"{"liver": 1, "hepar": 1}"#,
  ])
  func `a table that contradicts itself is refused`(text: String) throws {
    let error = #expect(throws: ImageError.self) { try Self.read(text) }
    #expect(error?.code == .labelTable)
  }

  @Test func `a region without overlap names all its numbers`() throws {
    let table = try Self.read(#"{"lungs": [1, 2], "heart": 3}"#)
    #expect(table == LabelTable([1: "lungs", 2: "lungs", 3: "heart"]))
  }

  @Test func `the table beside a volume is found`() throws {
    let folder = try TemporaryFolder()
    let volume = folder.url("seg.nii.gz").path
    #expect(try LabelTableReader.read(beside: volume) == nil)
    try folder.write(Array(#"{"labels": {"heart": 7}}"#.utf8), to: "dataset.json")
    #expect(try LabelTableReader.read(beside: volume)?[7] == "heart")
    // A side-car of a converter is no table.
    try folder.write(Array(#"{"EchoTime": 0.03}"#.utf8), to: "seg.json")
    #expect(try LabelTableReader.read(beside: volume)?[7] == "heart")
    try folder.write(Array("7 aorta\n".utf8), to: "seg.txt")
    #expect(try LabelTableReader.read(beside: volume)?[7] == "aorta")
    try folder.write(Array("7 aorta\n7 vein\n".utf8), to: "seg.lut")
    #expect(throws: ImageError.self) { try LabelTableReader.read(beside: volume) }
    #expect(
      try LabelTableReader.read(beside: folder.url("labelsTr/x.nii.gz").path) == nil,
      "the folder does not exist")
  }
}

import Foundation
import TestSupport
import Testing

@testable import TrainingData

/// Labels arrive in samples with the pictures that they are of, pixel on pixel.
@Suite(.needsPeers) struct LabelConversionTests {
  private struct Counts: Decodable {
    var pictures, labelled, labels, pixels: Int
    /// Names and codes, each once.
    var names: [[String]]
  }

  /// What a peer that reads the annotations itself finds in every picture of a set.
  private static func compare(
    _ set: DataSetFolder, _ sources: String, names: String = "{}"
  ) throws -> Counts {
    let said = try Peer.run(
      script: "label_pictures.py", [set.url.path, sources, names], in: TemporaryFolder())
    return try JSONDecoder().decode(Counts.self, from: Data(said.utf8))
  }

  private static func converted(_ folder: String, recipe: String) throws -> (
    rejects: [DataSetFolder.Reject], counts: Counts
  ) {
    let bench = try Bench(recipe: recipe)
    let root = Corpus.location.appending(path: folder).path
    try bench.convert(from: [root])
    return (try bench.dataSet().rejects(), try compare(bench.dataSet(), root))
  }

  @Test(
    .needsCorpus,
    arguments: ["{}", "{slices: {orientation: 'stored', spacing_mm: 1.3}}"])
  func `segmentations of the corpus lie on its pictures as pydicom has them`(_ recipe: String)
    throws
  {
    let (rejects, counts) = try Self.converted("QIICR__dcmqi", recipe: recipe)
    #expect(counts.pictures == 16)
    #expect(counts.labelled == 9)
    #expect(counts.pixels > 50_000)
    #expect(
      counts.names == [
        ["Artery", "SCT:51114001"], ["Capillary", "SCT:20982000"], ["Edema", "SCT:79654002"],
        ["Liver", "SCT:10200004"], ["Tissue", "SCT:85756007"], ["Vein", "SCT:29092000"],
      ])
    // One whose images are not here is a reject, and one of two label maps that share their UID.
    #expect(rejects.filter { $0.code == "segmentation" }.count == 2)
  }

  @Test(.needsCorpus)
  func `what is known of a segmentation is the code of its structure, not what its label says`()
    throws
  {
    let (_, counts) = try Self.converted("ImagingDataCommons__highdicom", recipe: "{}")
    #expect(counts.labelled == 1)
    #expect(counts.names == [["Bone", "SCT:272673000"]])
  }

  @Test(.needsCorpus) func `contours of a structure set become labels, under the recipe's names`()
    throws
  {
    let root = Corpus.location.appending(path: "dicompyler__dicompyler-core").path
    for (recipe, names, found) in [
      ("{}", #"{"BODY": "body outline"}"#, [["body outline", ""]]),
      ("{labels: {names: {body: 'skin'}}}", #"{"BODY": "skin"}"#, [["skin", ""]]),
    ] {
      let bench = try Bench(recipe: recipe)
      #expect(try bench.convert(from: [root]).code == 0)
      let counts = try Self.compare(bench.dataSet(), root, names: names)
      #expect(counts.labels == 2)
      #expect(counts.names == found)
      // What was used is not left out.
      #expect(try bench.dataSet().leftOut() == ["radiotherapy_plan": 1])
    }
  }

  @Test(
    arguments: [
      ("{}", 28, 28), ("{slices: {planes: ['axial', 'coronal', 'sagittal']}}", 236, 176),
      ("{slices: {planes: ['coronal'], spacing_mm: 0.7}}", 112, 84),
      ("{slices: {select: 'largest', planes: ['acquired', 'sagittal'], n: 2}}", 15, 15),
      ("{slices: {select: 'labelled', planes: ['sagittal'], least_area: 0.05}}", 61, 61),
      ("{labels: {sources: []}}", 28, 0),
    ])
  // By nibabel and numpy: 61 sagittal sections of which a number covers a twentieth; 7 axial and 8 sagittal
  // ones on which one of the four is among its two largest.
  func `a volume of labels is cut, turned and resized with its image`(
    _ recipe: String, _ pictures: Int, _ labelled: Int
  ) throws {
    let bench = try Bench(recipe: recipe)
    let made = bench.folder.url("made").path
    #expect(try Program.run("sample-data", "--out", made, "--quiet").code == 0)
    #expect(try bench.convert(from: [made + "/VOLUME"]).code == 0)
    guard labelled > 0 else {
      #expect(try bench.dataSet().rows().count == pictures)
      #expect(try bench.dataSet().rows().allSatisfy { $0.labels.isEmpty })
      #expect(try bench.dataSet().leftOut()["labels"] == 1)
      return
    }
    let counts = try Self.compare(bench.dataSet(), made + "/VOLUME")
    #expect(counts.pictures == pictures)
    #expect(counts.labelled == labelled)
    #expect(
      counts.names == [
        ["cerebrospinal fluid", "SCT:65216001"], ["grey matter", ""], ["lesion", "SCT:52988006"],
        ["white matter", "SCT:389080008"],
      ])
    #expect(try bench.dataSet().leftOut()["labels"] == nil)
  }

  @Test(arguments: [
    // Slices 0 and 14 of 96 x 112 pixels of 2 mm: 6 : 7 is nearest to 3 : 4, and a thumbnail.
    ("policy: 'internvl', min: 3", 13),
    // The whole stretched, and a grid of two tiles.
    ("policy: 'anyres'", 3),
    // At 336 pixels, 3.5 times as many, every other centre would lie between two of the source.
    ("policy: 'expand2square'", 1), ("policy: 'fixed', size: 322", 1),
    ("policy: 'smart-resize'", 1),
    // 192 x 224 mm by 80: 3 x 3 tiles and a thumbnail.
    ("policy: 'physical', edge_mm: 80", 10),
  ])
  func `labels of a picture lie on its tiles as nibabel has them there`(
    _ tiles: String, _ count: Int
  ) throws {
    let bench = try Bench(
      recipe: "{slices: {select: 'every', n: 14}, tiles: {write: 'cut', \(tiles)}}")
    let made = bench.folder.url("made").path
    #expect(try Program.run("sample-data", "--out", made, "--quiet").code == 0)
    #expect(try bench.convert(from: [made + "/VOLUME"]).code == 0)
    let counts = try Self.compare(bench.dataSet(), made + "/VOLUME")
    #expect(counts.pictures == 2 * count)
    #expect(counts.labelled > 0 && counts.pixels > 1000)
  }

  private static func export(_ recipe: String = "{}") throws -> Bench {
    let bench = try Bench(recipe: recipe)
    try Peer.run(script: "make_annotations.py", [bench.sources.path], in: bench.folder)
    return bench
  }

  @Test func `made segmentations, label maps and contours lie where they were drawn`() throws {
    let bench = try Self.export()
    try bench.convert()
    let counts = try Self.compare(bench.dataSet(), bench.sources.path)
    #expect(counts.pictures == 7)
    // Slices 1 to 3 of CT; all of MR. Free names of structures say nothing.
    #expect(counts.labelled == 6)
    #expect(counts.names == [["", ""], ["Liver", "SCT:10200004"]])
  }

  @Test func `the slices that a label covers most, or that somebody marked, are chosen`() throws {
    func indices(_ slices: String) throws -> [String: [Int]] {
      let bench = try Self.export("{slices: \(slices), labels: {sources: ['segmentation']}}")
      try bench.convert()
      return Dictionary(grouping: try bench.dataSet().rows()) { $0.dicomModality ?? "" }
        .mapValues { $0.map(\.pictures[0].selection.index).sorted() }
    }
    // Liver covers 35 pixels of CT's slices 1 to 3, and 15 more on slice 2, in another segment: of
    // either the largest counts, and of equal ones the first. MR's is 9, 9 + 25 and 9 pixels large.
    #expect(try indices("{select: 'largest'}") == ["CT": [1], "MR": [1]])
    #expect(try indices("{select: 'largest', n: 2}") == ["CT": [1, 2], "MR": [0, 1]])
    // 32 x 24 pixels: 35 are a share of 0.0456, 25 of 0.0326.
    #expect(try indices("{select: 'labelled', least_area: 0.04}") == ["CT": [1, 2, 3]])
    #expect(
      try indices("{select: 'labelled', least_area: 0.03}") == ["CT": [1, 2, 3], "MR": [1]])
    #expect(try indices("{select: 'key'}") == ["CT": [0, 1]])
  }

  @Test func `labels that come later are in the samples, as if all had come at once`() throws {
    let bench = try Self.export()
    let all = bench.folder.url("all")
    try FileManager.default.moveItem(at: bench.sources, to: all)
    try FileManager.default.createDirectory(at: bench.sources, withIntermediateDirectories: true)
    func copy(_ prefix: String) throws {
      for name in try FileManager.default.contentsOfDirectory(atPath: all.path)
      where name.hasPrefix(prefix) {
        try FileManager.default.copyItem(
          at: all.appending(path: name), to: bench.sources.appending(path: name))
      }
    }
    try copy("ct")
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().rows().allSatisfy { $0.labels.isEmpty })
    try copy("seg-binary")
    #expect(try bench.convert().code == 0)
    #expect(try bench.convert("fresh").code == 0)
    func labels(_ name: String) throws -> [String: Int] {
      Dictionary(
        uniqueKeysWithValues: try bench.dataSet(name).rows().map { ($0.id, $0.labels.count) })
    }
    #expect(try labels("set").values.sorted() == [0, 1, 1, 2])
    #expect(try labels("set") == labels("fresh"))
    // When they go, the pictures stay.
    try FileManager.default.removeItem(at: bench.sources.appending(path: "seg-binary.dcm"))
    try bench.write(Array("nothing".utf8), to: "seg-binary.dcm")
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().rows().map(\.labels.count) == [0, 0, 0, 0])
  }

  @Test(arguments: [("0.05", 3), ("0.3", 0)])
  func `a segmentation whose pixels lie beside those of its images is refused`(
    _ shift: String, _ labelled: Int
  ) throws {
    let bench = try Self.export()
    // Half a millimetre is a pixel: up to a tenth of one is rounding.
    try Peer.run(
      """
      import pydicom, sys
      path = sys.argv[1] + "/seg-binary.dcm"
      ds = pydicom.dcmread(path)
      for group in ds.PerFrameFunctionalGroupsSequence:
          place = group.PlanePositionSequence[0].ImagePositionPatient
          place[0] = float(place[0]) + float(sys.argv[2]) * 0.5
      ds.save_as(path)
      """, bench.sources.path, shift)
    for name in ["seg-fractional", "seg-labelmap", "rt", "rt-space"] {
      try FileManager.default.removeItem(at: bench.sources.appending(path: name + ".dcm"))
    }
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().filter { !$0.labels.isEmpty }.count == labelled)
    let refused = try bench.dataSet().rejects().filter {
      $0.source == Bench.token("seg-binary.dcm")
    }
    #expect(refused.map(\.code) == (labelled > 0 ? [] : ["annotation"]))
    #expect(refused.allSatisfy { $0.message.contains("lie beside those of the images") })
    #expect(
      try bench.dataSet().findings() == (labelled > 0 ? [:] : ["label_geometry": 1]))
  }

  @Test(arguments: [(0, 10), (2, 0)])
  func `a volume of labels with slices over its image's is refused`(_ over: Int, _ labelled: Int)
    throws
  {
    let bench = try Bench()
    try Peer.run(
      """
      import nibabel, numpy, sys
      image = numpy.arange(6 * 5 * 10, dtype="i2").reshape(6, 5, 10)
      nibabel.Nifti1Image(image, numpy.diag([1, 1, 2, 1])).to_filename(sys.argv[1] + "/a.nii")
      labels = nibabel.Nifti1Image(
          numpy.ones((6, 5, 10 + int(sys.argv[2])), "u1"), numpy.diag([1, 1, 2, 1]))
      labels.header.set_intent("label")
      labels.to_filename(sys.argv[1] + "/a_labels.nii")
      """, bench.sources.path, "\(over)")
    #expect(try bench.convert().code == (over > 0 ? 3 : 0))
    let rows = try bench.dataSet().rows()
    #expect(rows.count == 10)
    #expect(rows.filter { !$0.labels.isEmpty }.count == labelled)
    #expect(try bench.dataSet().rejects().map(\.code) == (over > 0 ? ["annotation"] : []))
  }

  @Test func `structures of one phase are drawn on that phase alone`() throws {
    let bench = try Bench()
    try Peer.run(
      """
      import sys, pydicom, numpy
      from pydicom.dataset import Dataset, FileMetaDataset
      def save(d, name):
          d.file_meta = FileMetaDataset()
          d.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
          d.save_as(sys.argv[1] + "/" + name, enforce_file_format=True)
      def base(uid, kind):
          d = Dataset()
          d.SOPClassUID, d.SOPInstanceUID, d.StudyInstanceUID = kind, uid, "1.2.3"
          d.PatientID, d.FrameOfReferenceUID = "P-77", "1.2.3.9"
          return d
      named = []
      for phase in (1, 2):
          for k in range(3):
              d = base(f"1.2.3.{phase}.{k + 1}", "1.2.840.10008.5.1.4.1.1.2")
              d.SeriesInstanceUID, d.Modality, d.TemporalPositionIdentifier = "1.2.3.5", "CT", phase
              d.AcquisitionNumber, d.InstanceNumber = phase, 3 * phase + k
              d.Rows = d.Columns = 16
              d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
              d.BitsAllocated = d.BitsStored = 16
              d.HighBit, d.PixelRepresentation = 15, 0
              d.PixelSpacing, d.SliceThickness = [1, 1], 1
              d.ImageOrientationPatient, d.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, k]
              d.PixelData = numpy.full((16, 16), 1000 + phase, "<u2").tobytes()
              save(d, f"{phase}-{k}.dcm")
              if phase == 2: named.append(d.SOPInstanceUID)
      d = base("1.2.3.8", "1.2.840.10008.5.1.4.1.1.481.3")
      d.SeriesInstanceUID, d.Modality = "1.2.3.7", "RTSTRUCT"
      frame, study, series, roi, drawn, seen, ring = (Dataset() for _ in range(7))
      series.SeriesInstanceUID, series.ContourImageSequence = "1.2.3.5", []
      for uid in named:
          item = Dataset()
          item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", uid
          series.ContourImageSequence.append(item)
      study.RTReferencedSeriesSequence = [series]
      frame.FrameOfReferenceUID, frame.RTReferencedStudySequence = "1.2.3.9", [study]
      d.ReferencedFrameOfReferenceSequence = [frame]
      roi.ROINumber, roi.ROIName, roi.ReferencedFrameOfReferenceUID = 1, "Liver", "1.2.3.9"
      d.StructureSetROISequence = [roi]
      ring.ContourGeometricType, ring.NumberOfContourPoints = "CLOSED_PLANAR", 4
      ring.ContourData = [2, 2, 1, 9, 2, 1, 9, 9, 1, 2, 9, 1]
      drawn.ReferencedROINumber, drawn.ContourSequence = 1, [ring]
      d.ROIContourSequence = [drawn]
      seen.ObservationNumber, seen.ReferencedROINumber, seen.RTROIInterpretedType = 1, 1, "ORGAN"
      d.RTROIObservationsSequence = [seen]
      save(d, "rt.dcm")
      """, bench.sources.path)
    #expect(try bench.convert().code == 0)
    let rows = try bench.dataSet().rows()
    #expect(rows.count == 6)
    // The middle slice of the second phase.
    #expect(rows.flatMap(\.labels).map(\.name) == ["Liver"])
    let labelled = rows.filter { !$0.labels.isEmpty }
    #expect(labelled.map(\.pictures[0].selection.index) == [1])
  }

  @Test func `greys of MR can be those of what labels cover`() throws {
    func ranges(_ sources: String) throws -> (ranges: Set<[Double]>, findings: [String: Int]) {
      let bench = try Self.export(
        """
        {labels: {sources: \(sources)}, intensity: {mr_foreground: 'labels', mr_percentiles: [0, 100]}}
        """)
      try bench.convert()
      let channels = try bench.dataSet().rows().filter { $0.dicomModality == "MR" }
        .flatMap(\.pictures[0].display.channels)
      return (Set(channels.map { [$0.low, $0.high] }), try bench.dataSet().findings())
    }
    // By make_annotations.py a pixel is 32 x row + column + 700 + slice. Labels begin at row and column 2
    // of slice 0, 64 + 2 + 700, and end at row and column 19 of slice 1, 608 + 19 + 701.
    let wanted: Set<[Double]> = [[766, 1328]]
    let labelled = try ranges("['segmentation']")
    #expect(labelled.ranges == wanted)
    #expect(labelled.findings["mr_foreground"] == nil)
    let unlabelled = try ranges("[]")
    #expect(unlabelled.ranges != wanted)
    // Once for each range of a series.
    #expect(unlabelled.findings["mr_foreground"] ?? 0 > 0)
  }

  @Test func `an annotation that ends its worker costs its labels alone`() throws {
    let bench = try Self.export()
    var options = Conversion.Options(output: bench.dataSet().url.path)
    options.salt = Bench.salt
    options.workers.jobs = 1
    // It is opened for what it is, for what it is of and for its digest in peace, and then for what it
    // draws.
    let worker = WorkerCommand(
      executable: Program.path("MisbehavingWorker"),
      arguments: [
        "kill", Bench.token("seg-binary.dcm"), "3", "\(Int.max)",
        bench.folder.url("count").path,
      ])
    _ = try Conversion(options, worker: worker).convert([bench.sources.path])
    let rows = try bench.dataSet().rows()
    #expect(rows.count == 7)
    let reject = try bench.dataSet().rejects().first {
      $0.source == Bench.token("seg-binary.dcm")
    }
    #expect(reject?.code == "crash")
    // Of the others none is lost.
    #expect(rows.filter { !$0.labels.isEmpty }.count == 6)
  }

  @Test func `labels are the same bytes whichever worker reads them`() throws {
    let bench = try Self.export()
    try bench.convert("one", "--jobs", "1")
    try bench.convert("two", "--jobs", "2")
    try bench.dataSet("one").expectBytes(of: bench.dataSet("two"))
  }
}

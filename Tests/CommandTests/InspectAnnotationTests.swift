import Foundation
import TestSupport
import Testing

/// What `inspect` says of annotations, beside pydicom and of a study whose every join is known.
@Suite struct InspectAnnotationTests {
  /// As `inspect --json` tells it.
  struct Report: Decodable {
    var annotations: [Annotation]

    struct Annotation: Decodable {
      var kind: String
      var form: String?
      var holds: Int?
      var settings: [String]
      var of: [Part]
      var joinedBy: String?
      var imagesNamed, imagesHere, imagesUsed, objectsNamed, objectsHere: Int?
      var unreadable: Reason?
      var path: String
      var sameAs: Place?

      /// All but where it lies, to be compared.
      var told: String {
        let parts = of.map { "\($0.study)/\($0.series): \($0.images)" }.joined(separator: ", ")
        let counts = [imagesNamed, imagesHere, imagesUsed, objectsNamed, objectsHere].map {
          $0.map(String.init) ?? "-"
        }
        return [kind, form ?? "-", "\(holds ?? -1)", joinedBy ?? "-", "[\(parts)]"]
          .joined(separator: " ") + " " + counts.joined(separator: " ")
      }
    }

    struct Part: Decodable, Equatable {
      var study, series, images: Int
    }

    struct Reason: Decodable {
      var code, message: String
    }

    struct Place: Decodable {
      var path: String
    }
  }

  static func report(_ words: String..., in folder: URL) throws -> Report {
    let end = try Program(words: ["inspect", "--json"] + words, in: folder).end()
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Report.self, from: Data(end.output.utf8))
  }

  /// What pydicom says of an annotation.
  private struct Peered: Decodable {
    var path, kind: String
    var holds: Int
    var settings: [String]
    var images, objects: [Int]
    /// Series Instance UID -> images that are here.
    var series: [String: Int]
  }

  /// Compares a folder with pydicom, and gives the number of annotations and of instances that are named.
  private static func compare(_ folder: URL) throws -> (annotations: Int, named: Int) {
    let report = try Self.report(".", in: folder)
    let said = try Peer.run(
      script: "annotations.py", [folder.path], in: TemporaryFolder())
    let theirs = try said.split(separator: "\n").map {
      try JSONDecoder().decode(Peered.self, from: Data($0.utf8))
    }
    #expect(theirs.map(\.path).sorted() == report.annotations.map(\.path).sorted())
    let ours = Dictionary(uniqueKeysWithValues: report.annotations.map { ($0.path, $0) })
    // A series has one number, and a number one series.
    var numbers: [String: Set<String>] = [:]
    var series: [String: Set<String>] = [:]
    for peer in theirs {
      guard let found = ours[peer.path] else { continue }
      #expect(found.kind == peer.kind, "\(peer.path)")
      #expect(found.holds == peer.holds, "\(peer.path)")
      #expect(found.settings == peer.settings, "\(peer.path)")
      #expect([found.imagesNamed, found.imagesHere] == peer.images, "\(peer.path)")
      #expect([found.objectsNamed, found.objectsHere] == peer.objects, "\(peer.path)")
      guard found.imagesUsed == found.imagesHere, found.joinedBy != "frame_of_reference" else {
        continue
      }
      #expect(found.of.map(\.images).sorted() == peer.series.values.sorted(), "\(peer.path)")
      if let part = found.of.first, found.of.count == 1, let uid = peer.series.keys.first {
        numbers[uid, default: []].insert("\(part.study)/\(part.series)")
        series["\(part.study)/\(part.series)", default: []].insert(uid)
      }
    }
    #expect(numbers.values.allSatisfy { $0.count == 1 })
    #expect(series.values.allSatisfy { $0.count == 1 })
    return (theirs.count, theirs.reduce(0) { $0 + $1.images[0] + $1.objects[0] })
  }

  @Test(.needsCorpus, .needsPeers)
  func `every annotation of the corpus is of what pydicom finds`() throws {
    let (annotations, named) = try Self.compare(Corpus.location)
    #expect(annotations == 42)
    // 191 of dcmqi's report and 98 of dicompyler's structure set among them.
    #expect(named > 350)
    print("annotations of the corpus: \(annotations), naming \(named) instances")
  }

  @Test(.needsPeers) func `presentation states say what they settle as pydicom does`() throws {
    let folder = try TemporaryFolder()
    try Peer.run(script: "presentation.py", ["make"], in: folder)
    let (annotations, named) = try Self.compare(folder.url)
    // 15 states for two pictures, but for one that is for the second alone.
    #expect(annotations == 15)
    #expect(named == 29)
  }

  // MARK: A study whose joins are known

  private static let made = Result {
    let folder = try TemporaryFolder()
    for name in ["study", "other"] {
      try FileManager.default.createDirectory(
        at: folder.url(name), withIntermediateDirectories: true)
    }
    try Peer.run(script: "make_annotations.py", ["study"], in: folder)
    return folder
  }

  /// By make_annotations.py: series 3 with 4 of 6 slices is the first, series 7 with 3 the second.
  private static let told = [
    // Two slices, one that is absent, one with burned-in text, and a report.
    "ko.dcm": "key_object_selection - 5 instance [1/1: 2] 4 3 2 1 1",
    "pr.dcm": "presentation_state - 3 instance [1/1: 3] 3 3 3 0 0",
    "rt.dcm": "structure_set - 3 instance [1/1: 4] 6 4 4 0 0",
    "rt-space.dcm": "structure_set - 3 frame_of_reference [1/1: 4, 1/2: 3] 0 0 0 0 0",
    // Its frames are on three slices; it lists all six.
    "seg-binary.dcm": "segmentation binary 2 instance [1/1: 4] 6 4 4 0 0",
    "seg-fractional.dcm": "segmentation fractional 1 instance [1/1: 4] 6 4 4 0 0",
    // highdicom describes the background too.
    "seg-labelmap.dcm": "segmentation labelmap 4 instance [1/2: 3] 3 3 3 0 0",
    "seg-elsewhere.dcm": "segmentation binary 2 - [] 4 0 0 0 0",
    // Slices 1 to 4, of which the last is absent, and the segmentation.
    "sr-measurements.dcm": "structured_report measurements 2 instance [1/1: 3] 4 3 3 1 1",
    "sr-space.dcm":
      "structured_report measurements 1 frame_of_reference [1/1: 4, 1/2: 3] 1 0 0 0 0",
    "sr-text.dcm": "structured_report text 0 - [] 0 0 0 0 0",
  ]

  @Test(.needsPeers) func `every annotation of a made study is of the images that it names`() throws
  {
    let study = try Self.made.get().url("study")
    #expect(try Self.compare(study).annotations == Self.told.count)
    for jobs in ["1", "3"] {
      let report = try Self.report(".", "--jobs", jobs, in: study)
      #expect(
        Dictionary(uniqueKeysWithValues: report.annotations.map { ($0.path, $0.told) })
          == Self.told)
      #expect(report.annotations.allSatisfy { $0.unreadable == nil && $0.sameAs == nil })
    }
  }

  @Test(.needsPeers)
  func `it is the same whatever is found first, in folders and in archives`() throws {
    let folder = try Self.made.get()
    let files = FileManager.default
    let names = try files.contentsOfDirectory(atPath: folder.url("study").path).sorted()
    // Every other file in a tar, the rest under names in the other order; then named both ways.
    for place in ["other/loose", "packed"] {
      try files.createDirectory(at: folder.url(place), withIntermediateDirectories: true)
    }
    var loose: [String: String] = [:]
    for (number, name) in names.enumerated() {
      let other = String(format: "%02d", names.count - number)
      let isPacked = number.isMultiple(of: 2)
      if !isPacked { loose[other] = name }
      try files.copyItem(
        at: folder.url("study/\(name)"),
        to: folder.url((isPacked ? "packed/" : "other/loose/") + other))
    }
    try Peer.run(
      "import shutil, sys; shutil.make_archive(*sys.argv[1:])",
      folder.url("other/x").path, "tar", folder.url("packed").path)
    let wanted = Self.told.values.sorted()
    for words in [["other"], ["other/x.tar", "other/loose"], ["other/loose", "other/x.tar"]] {
      let report = try Self.report(words[0], words.last ?? "", in: folder.url)
      #expect(report.annotations.map(\.told).sorted() == wanted, "\(words)")
      let known = report.annotations.filter { !$0.path.hasSuffix(".tar") }
      #expect(known.count > 3)
      for annotation in known {
        let name = loose[String(annotation.path.suffix(2))] ?? ""
        #expect(annotation.told == Self.told[name])
      }
    }
  }

  @Test(.needsPeers) func `people read it in lines that fit, and nobody is named`() throws {
    let folder = try Self.made.get()
    let end = try Program(
      words: ["inspect", "study"], in: folder.url, wrapper: ["/usr/bin/env", "COLUMNS=80"]
    ).end()
    // Segmentations, and a picture with text.
    #expect(end.code == 3)
    #expect((end.output.split(separator: "\n").map(\.count).max() ?? 0) <= 80)
    for part in [
      """

        Annotations: 10 objects
          key object selection, 5 marked, of series 1 (of 4 images, 3 are here; 1 of
            them not used; the other object is here)
          presentation state, window, shutter, displayed area, of series 1 (all 3
            images are here)

      """,
      """
          structure set, 3 structures, of series 1 and 2 (names no image; 7 images
            share its space)
          structure set, 3 structures, of series 1 (of 6 images, 4 are here)
          segmentation, binary, 2 segments, of series 1 (of 6 images, 4 are here)

      """,
      "\n    structured report, text (names no image)\n",
      """

      Annotations of no study above: 1 object
        segmentation, binary, 2 segments (none of 4 images is here)

      """,
    ] { #expect(end.output.contains(part), "\(part)") }
    let json = try Program.run("inspect", "study", "--json", in: folder.url)
    try folder.write(Array(end.output.utf8), to: "text")
    try folder.write(Array(json.output.utf8), to: "json")
    let found = try Peer.run(
      script: "header_values.py", ["study", "text", "json"], in: folder)
    #expect(found.split(separator: "\n").count == 1)
    for word in ["Alonsina", "Liver", "LIVER", "Nodule", "SURGEON", "Of Interest", "Lesion"] {
      #expect(!end.output.contains(word) && !json.output.contains(word))
    }
  }
}

import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// NIfTI and Analyze beside nibabel: shape, place, scale and every voxel.
@Suite struct NIfTIPeerTests {
  /// A line of `nifti_voxels.py`.
  private struct Answer: Decodable {
    var path: String
    var error: String?
    var missing: Bool?
    var kind: String?
    var shape: [Int]?
    var big: Bool?
    var affine: [[Double]]?
    var slope: Double?
    var intercept: Double?
    var dtype: String?
    var samples: Int?
    var stored: String?
    var scaled: String?
  }

  private static func answers(_ words: [String], in folder: TemporaryFolder) throws -> [Answer] {
    try Peer.run(script: "nifti_voxels.py", words, in: folder).split(separator: "\n").map {
      try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
    }
  }

  @Test(.needsPeers, .needsCorpus)
  func `every NIfTI and Analyze file of the corpus is what nibabel makes of it`() throws {
    let corpus = try Corpus()
    var (equal, headers, refused) = (0, 0, 0)
    for answer in try Self.answers(["corpus", corpus.root.path], in: TemporaryFolder()) {
      let path = corpus.root.appending(path: answer.path).path
      if answer.path.hasSuffix("minimal2.hdr") || answer.path.hasSuffix("minimal2.img.gz") {
        // nibabel looks for no compressed .img beside a plain .hdr; its voxels are its twin's.
        let twin = path.replacing("minimal2", with: "minimal")
        let volumes = try Self.read(ImageFiles(path: path)).volumes
        #expect(volumes == (try Self.read(ImageFiles(path: twin)).volumes))
        equal += 1
      } else if answer.error != nil {
        let error = #expect(throws: ImageError.self, "\(answer.path)") {
          try NIfTIReader.read(ImageFiles(path: path).header)
        }
        #expect([.notMedical, .damagedHeader].contains(error?.code), "\(answer.path)")
        refused += 1
      } else if answer.missing == true {
        let header = try NIfTIReader.read(SourceBytes(path: path))
        try Self.compare(header, answer)
        let error = #expect(throws: ImageError.self) { try ImageFiles(path: path) }
        #expect(error?.code == .missing)
        headers += 1
      } else {
        try Self.compare(ImageFiles(path: path), answer)
        equal += 1
      }
    }
    print("NIfTI corpus: \(equal) volumes, \(headers) headers without voxels, \(refused) refused")
    #expect(equal >= 61)
    #expect(headers == 4)
    #expect(refused == 6)
  }

  @Test(.needsPeers)
  func `every type, byte order, layout, form and unit is what nibabel makes of it`() throws {
    let folder = try TemporaryFolder()
    var kinds: [String: Int] = [:]
    for answer in try Self.answers(["phantoms"], in: folder) {
      let source = try ImageFiles(path: folder.url(answer.path).path)
      try Self.compare(source, answer)
      kinds[answer.kind ?? "", default: 0] += 1
    }
    print("NIfTI phantoms:", kinds.sorted { $0.key < $1.key })
    #expect(kinds["Nifti1Header"] == 56)
    #expect(kinds["Nifti2Header"] == 56)
    #expect(kinds["Nifti1PairHeader"] == 112)
    #expect(kinds["Nifti2PairHeader"] == 112)
    #expect(kinds["Spm2AnalyzeHeader"] == 56)
  }

  private static func compare(_ header: NIfTIHeader, _ answer: Answer) throws {
    #expect(header.shape == answer.shape, "\(answer.path)")
    #expect(header.isBigEndian == answer.big, "\(answer.path)")
    #expect(
      header.kind.rawValue.first == (answer.kind?.hasPrefix("Nifti") == true ? "N" : "A"),
      "\(answer.path)")
    #expect((header.geometry == nil) == (answer.affine == nil), "\(answer.path)")
    if let geometry = header.geometry, let affine = answer.affine {
      for (row, sign) in [-1.0, -1, 1, 1].enumerated() {
        for column in 0..<4 {
          let (ours, theirs) = (geometry.voxelToPatient[row][column], sign * affine[row][column])
          #expect(abs(ours - theirs) <= 1e-6 * max(1, abs(theirs)), "\(answer.path)")
        }
      }
    }
    // The magnitude of a complex voxel takes the slope without its sign.
    let slope = header.voxel.isComplex ? answer.slope.map(abs) : answer.slope
    #expect(
      header.modality == .linear(slope: slope ?? .nan, intercept: answer.intercept ?? .nan),
      "\(answer.path)")
  }

  private static func compare(_ source: ImageFiles, _ answer: Answer) throws {
    let (header, volumes) = try read(source)
    try compare(header, answer)
    #expect(header.voxel.sample.rawValue == answer.dtype, "\(answer.path)")
    #expect(header.voxel.samplesPerVoxel == answer.samples, "\(answer.path)")
    var hash = SHA256()
    for volume in volumes { unsafe volume.bytes.withUnsafeBytes { unsafe hash.update($0) } }
    #expect(hash.finish().hex == answer.stored, "\(answer.path)")
    guard let scaled = answer.scaled, case .linear(let slope, let intercept) = header.modality
    else { return }
    var scaledHash = SHA256()
    for volume in volumes {
      let values = volume.numbers.map { $0 * slope + intercept }
      unsafe values.withUnsafeBytes { unsafe scaledHash.update($0) }
    }
    #expect(scaledHash.finish().hex == scaled, "\(answer.path)")
  }

  private static func read(
    _ source: ImageFiles
  ) throws -> (header: NIfTIHeader, volumes: [StoredVolume]) {
    let header = try NIfTIReader.read(source.header, matrix: source.matrix)
    let decoder = VolumeDecoder(header: header, voxels: source.voxels)
    return (header, try (0..<header.volumes).map { try decoder.decode(volume: $0).volume })
  }
}

extension StoredVolume {
  /// All samples as float64, which holds them exactly but for the largest 64-bit integers.
  var numbers: [Double] {
    func all<Number: BitwiseCopyable>(_ convert: (Number) -> Double) -> [Double] {
      withSamples(as: Number.self) { span in span.indices.map { convert(span[$0]) } }
    }
    return switch sample {
    case .uint8: all { (n: UInt8) in Double(n) }
    case .int8: all { (n: Int8) in Double(n) }
    case .uint16: all { (n: UInt16) in Double(n) }
    case .int16: all { (n: Int16) in Double(n) }
    case .uint32: all { (n: UInt32) in Double(n) }
    case .int32: all { (n: Int32) in Double(n) }
    case .uint64: all { (n: UInt64) in Double(n) }
    case .int64: all { (n: Int64) in Double(n) }
    case .float32: all { (n: Float) in Double(n) }
    case .float64: all { (n: Double) in n }
    }
  }
}

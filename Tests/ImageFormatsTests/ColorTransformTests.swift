import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Embedded ICC profiles: taken out of files, and applied.
@Suite struct ColorTransformTests {
  private struct Answer: Decodable {
    var path: String
    var kind: String
    var profile: String
    var before: String
    var after: String
  }

  private func plane(_ bytes: [UInt8], _ sample: StoredPlane.Sample = .uint8) -> StoredPlane {
    StoredPlane(
      columns: bytes.count / 3 / sample.size, rows: 1, samplesPerPixel: 3, sample: sample,
      bytes: bytes)
  }

  /// The profile that our readers find in a file.
  private func profile(_ answer: Answer, _ bytes: SourceBytes) throws -> [UInt8]? {
    if answer.kind == "picture" { return try PictureReader.read(bytes).colorProfile }
    if let slide = try? DICOMSlideInstance.read(bytes) { return slide.colorProfiles[0] }
    return try DICOMPhantom.header(bytes.copy(0..<bytes.count)).colorProfile
  }

  @Test(.needsCorpus, .needsPeers)
  func `Every profile of the corpus is found, and gives Pillow's colours`() throws {
    let corpus = try Corpus()
    let folder = try TemporaryFolder()
    try Peer.run(script: "icc_colours.py", ["corpus", corpus.root.path], in: folder)
    let lines = try String(contentsOf: folder.url("answers.jsonl"), encoding: .utf8)
    var outcomes: [ColorTransform.Outcome: Int] = [:]
    var kinds: [String: Int] = [:]
    var (equal, all, most, moved) = (0, 0, 0, 0)
    for line in lines.split(separator: "\n") {
      let answer = try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
      let bytes = try SourceBytes(path: corpus.root.appending(path: answer.path).path)
      // Truncated ones, of which Pillow shows a part, are refused.
      guard let ours = try? profile(answer, bytes) else {
        #expect(throws: ImageError.self, "\(answer.path)") {
          _ = try PictureReader.read(bytes)
        }
        continue
      }
      #expect(try ours == folder.bytes(of: answer.profile), "\(answer.path)")
      let transform = ColorTransform(profile: ours)
      let before = try folder.bytes(of: answer.before)
      let after = try folder.bytes(of: answer.after)
      let made = transform.applied(to: plane(before), bits: 8).plane.bytes
      let differences = zip(made, after).map { abs(Int($0) - Int($1)) }
      // Pillow moves colours of sRGB's own profiles by the rounding of its tables.
      let limit = transform.outcome == .identical ? 1 : 0
      #expect(differences.max() ?? 0 <= limit, "\(answer.path)")
      switch transform.outcome {
      case .identical:
        let isUntouched = made == before
        #expect(isUntouched, "\(answer.path)")
        #expect(transform.finding == nil)
      case .converted:
        #expect(transform.finding?.code == "icc_converted")
        moved += zip(made, before).count { $0 != $1 }
        equal += differences.count { $0 == 0 }
        all += differences.count
        most = max(most, differences.max() ?? 0)
      case .absent, .unusable: Issue.record("\(answer.path): \(transform.outcome)")
      }
      outcomes[transform.outcome, default: 0] += 1
      kinds[answer.kind, default: 0] += 1
    }
    print(
      "ICC profiles:", kinds.sorted { $0.key < $1.key }, "converted",
      outcomes[.converted, default: 0], "sRGB", outcomes[.identical, default: 0],
      "samples equal to Pillow's \(equal) of \(all), others by \(most)")
    #expect(outcomes[.converted, default: 0] >= 5 && outcomes[.identical, default: 0] >= 20)
    #expect(moved > all / 10)
    #expect(kinds["dicom", default: 0] >= 6)
    // Little CMS's own sRGB is sRGB.
    let own = try folder.bytes(of: "srgb.icc")
    #expect(ColorTransform(profile: own).outcome == .identical)
  }

  /// Linear light of a profile of Adobe RGB's to sRGB, in double precision: XYZ by its primaries, red,
  /// green and blue by the inverse of sRGB's (IEC 61966-2-1, adapted to D50 by Bradford's transform),
  /// and sRGB's curve.
  private func formula(_ pixel: [Double]) -> [Double] {
    let linear = pixel.map { pow($0, 563.0 / 256) }
    let xyz = (0..<3).map { row in
      (0..<3).reduce(0.0) { $0 + ICCPhantom.adobe.primaries[$1][row] * linear[$1] }
    }
    let inverse = [
      [3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540],
      [0.0719453, -0.2289914, 1.4052427],
    ]
    return inverse.map { row in
      let light = min(max(zip(row, xyz).reduce(0) { $0 + $1.0 * $1.1 }, 0), 1)
      return light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
    }
  }

  @Test func `A profile's colours are those of its formula, in 8, 12 and 16 bits`() throws {
    let transform = ColorTransform(profile: ICCPhantom.adobe.bytes)
    #expect(transform.outcome == .converted)
    var generator = SeededGenerator(seed: 7)
    let colours = (0..<3000).map { _ in Double.random(in: 0...1, using: &generator) }
    for bits in [8, 12, 16] {
      let most = Double(1 << bits - 1)
      let stored = colours.map { Int(($0 * most).rounded()) }
      let sample: StoredPlane.Sample = bits == 8 ? .uint8 : .uint16
      let bytes = stored.flatMap { value in
        (0..<sample.size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
      let (made, finding) = transform.applied(to: plane(bytes, sample), bits: bits)
      #expect(finding?.code == "icc_converted")
      var worst = 0.0
      for (i, values) in stride(from: 0, to: 3000, by: 3).map({ ($0, stored[$0..<$0 + 3]) }) {
        let expected = formula(values.map { Double($0) / most })
        for channel in 0..<3 {
          worst = max(worst, abs(Double(made.values[i + channel]) - expected[channel] * most))
        }
      }
      // Half a step of 8 bits, and the rounding: Little CMS turns curves round by tables, which are
      // coarse near black, where sRGB's is steep.
      print("ICC formula at \(bits) bits: worst difference \(worst)")
      #expect(worst <= most / 510 + 0.5, "\(bits) bits")
    }
  }

  @Test(.needsPeers) func `All 8-bit colours of a net are Pillow's`() throws {
    let folder = try TemporaryFolder()
    var net: [UInt8] = []
    for red in 0..<32 {
      for green in 0..<32 {
        for blue in 0..<32 { net += [red, green, blue].map { UInt8($0 * 8 + 3) } }
      }
    }
    try folder.write(ICCPhantom.adobe.bytes, to: "profile.icc")
    try folder.write(net, to: "before.rgb")
    try Peer.run(script: "icc_colours.py", ["profile"], in: folder)
    let made = ColorTransform(profile: ICCPhantom.adobe.bytes).applied(to: plane(net), bits: 8)
    let isEqual = try made.plane.bytes == folder.bytes(of: "after.rgb")
    #expect(isEqual)
  }

  @Test func `A profile that cannot be used leaves colours as they are, and is noted`() {
    let whole = ICCPhantom.adobe.bytes
    var grey = whole
    grey.replaceSubrange(16..<20, with: Array("GRAY".utf8))
    var abstract = whole
    abstract.replaceSubrange(12..<16, with: Array("abst".utf8))
    let colours = plane((0..<30).map { UInt8($0 * 8) })
    for profile in [[0], Array(whole.prefix(200)), grey, abstract] {
      let transform = ColorTransform(profile: profile)
      #expect(transform.outcome == .unusable)
      let made = transform.applied(to: colours, bits: 8)
      #expect(made.plane == colours)
      #expect(made.finding?.code == "icc_profile")
    }
    for profile in [nil, []] as [[UInt8]?] {
      #expect(ColorTransform(profile: profile).outcome == .absent)
      #expect(ColorTransform(profile: profile).applied(to: colours, bits: 8).finding == nil)
    }
  }

  @Test func `Grey, and samples that are no colours of 16 bits, are left`() {
    let transform = ColorTransform(profile: ICCPhantom.adobe.bytes)
    let grey = StoredPlane(columns: 2, rows: 1, samplesPerPixel: 1, sample: .uint8, bytes: [9, 99])
    #expect(transform.applied(to: grey, bits: 8).plane == grey)
    #expect(transform.applied(to: grey, bits: 8).finding == nil)
    let floats = plane([UInt8](repeating: 1, count: 24), .float32)
    #expect(transform.applied(to: floats, bits: 32).plane == floats)
    #expect(transform.applied(to: floats, bits: 32).finding?.code == "icc_profile")
  }

  @Test func `A header gives the profile of colours, and none of grey`() throws {
    var phantom = DICOMPhantom.grey()
    phantom[0x0028_2000] = ("OB", .bytes(ICCPhantom.adobe.bytes))
    #expect(try phantom.header().colorProfile == nil)
    phantom.set(0x0028_0002, "US", [3])
    phantom.set(0x0028_0004, "CS", "RGB")
    phantom.set(0x0028_0006, "US", [0])
    phantom[0x7FE0_0010] = ("OW", .words(Array(1...12)))
    #expect(try phantom.header().colorProfile == ICCPhantom.adobe.bytes)
  }

  @Test func `Damage to a profile ends in a transform or in none`() {
    let whole = ICCPhantom.adobe.bytes
    var generator = SeededGenerator(seed: 3)
    let colours = plane((0..<30).map { UInt8($0 * 8) })
    var outcomes: Set<ColorTransform.Outcome> = []
    for _ in 0..<2000 {
      var profile = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        profile[Int.random(in: 0..<profile.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      if Bool.random(using: &generator) {
        profile.removeLast(.random(in: 0..<profile.count, using: &generator))
      }
      let transform = ColorTransform(profile: profile)
      outcomes.insert(transform.outcome)
      #expect(transform.applied(to: colours, bits: 8).plane.bytes.count == 30)
    }
    #expect(outcomes.isSuperset(of: [.converted, .unusable]))
  }
}

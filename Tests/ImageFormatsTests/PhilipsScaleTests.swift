import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Philips' private scale beside Rescale.
@Suite struct PhilipsScaleTests {
  private static let mr = "1.2.840.10008.5.1.4.1.1.4"

  /// An MR slice with Rescale 1.5 and -10.
  private func slice(_ number: Int = 0) -> DICOMPhantom {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\M_SE\\M\\SE")
    phantom.set(0x0008_0016, "UI", Self.mr)
    phantom.set(0x0008_0018, "UI", "1.2.3.4.\(number + 1)")
    phantom.set(0x0008_0020, "DA", "20370519")
    phantom.set(0x0008_0060, "CS", "MR")
    phantom.set(0x0008_0070, "LO", "Philips Medical Systems")
    phantom.set(0x0018_0050, "DS", "3")
    phantom.set(0x0018_0081, "DS", "10")
    phantom.set(0x0018_0080, "DS", "500")
    phantom.set(0x0020_000D, "UI", "1.2.3")
    phantom.set(0x0020_000E, "UI", "1.2.3.4")
    phantom.set(0x0020_0011, "IS", "1")
    phantom.set(0x0020_0013, "IS", "\(number + 1)")
    phantom.set(0x0020_0032, "DS", "0\\0\\\(3 * number)")
    phantom.set(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
    phantom.set(0x0028_0030, "DS", "1\\1")
    phantom.set(0x0028_1052, "DS", "-10")
    phantom.set(0x0028_1053, "DS", "1.5")
    return phantom
  }

  /// Scale Slope 1/256, which FL holds exactly, in a block of the creator's.
  private func scale(
    _ phantom: inout DICOMPhantom, creator: String = "Philips MR Imaging DD 001", block: Int = 0x10,
    _ slope: Float = 0.003_906_25
  ) {
    phantom.set(0x2005_0000 | UInt32(block), "LO", creator)
    let bits = slope.bitPattern
    phantom[0x2005_000E | UInt32(block) << 8] = (
      "FL", .bytes((0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
    )
  }

  @Test func `Modality values are stored / SS + RI / (RS x SS), in any block of the creator`()
    throws
  {
    for block in [0x10, 0x12] {
      var phantom = slice()
      scale(&phantom, block: block)
      let header = try phantom.header()
      // 1 / (1/256) = 256; -10 / (1.5 / 256) = -1706.67
      #expect(header.shared.modality == .linear(slope: 256, intercept: -10 / (1.5 / 256)))
      #expect(header.shared.rescale == .linear(slope: 1.5, intercept: -10))
      #expect(header.findings.contains { $0.code == "philips_scale" })
    }
  }

  @Test func `Nothing is scaled by another creator's element, of another class, or by zero`() throws
  {
    func transform(_ change: (inout DICOMPhantom) -> Void) throws -> InstanceHeader.FrameFacts {
      var phantom = slice()
      change(&phantom)
      let header = try phantom.header()
      #expect(!header.findings.contains { $0.code == "philips_scale" })
      return header.shared
    }
    let plain = ModalityTransform.linear(slope: 1.5, intercept: -10)
    for facts in [
      try transform { _ in },
      try transform { scale(&$0, creator: "Somebody's MR Imaging DD") },
      try transform { scale(&$0, 0) },
      try transform {
        scale(&$0)
        $0.set(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.7")
      },
      try transform {
        scale(&$0)
        $0.set(0x0008_0060, "CS", "CT")
      },
    ] {
      #expect(facts.modality == plain)
      #expect(facts.rescale == nil)
    }
  }

  @Test func `Frames have scales of their own`() throws {
    var phantom = slice()
    phantom.set(0x0008_0016, "UI", Self.mr + ".1")
    phantom.set(0x0028_0008, "IS", "2")
    phantom[0x7FE0_0010] = ("OW", .words(Array(1...8)))
    let frames = [(2.0, 4.0, Float(0.5)), (3.0, 6.0, 0.25)].map { slope, intercept, scale in
      var transformation = DICOMPhantom()
      transformation.set(0x0028_1052, "DS", "\(intercept)")
      transformation.set(0x0028_1053, "DS", "\(slope)")
      var own = DICOMPhantom()
      self.scale(&own, scale)
      var frame = DICOMPhantom()
      frame[0x0028_9145] = ("SQ", .items([transformation]))
      frame.set(0x2005_0014, "LO", "Philips MR Imaging DD 005")
      frame[0x2005_140F] = ("SQ", .items([own]))
      return frame
    }
    phantom[0x5200_9230] = ("SQ", .items(frames))
    let header = try phantom.header()
    // 1 / 0.5 and 4 / (2 x 0.5); 1 / 0.25 and 6 / (3 x 0.25).
    #expect(header.facts(frame: 0).modality == .linear(slope: 2, intercept: 4))
    #expect(header.facts(frame: 1).modality == .linear(slope: 4, intercept: 8))
    #expect(header.facts(frame: 1).rescale == .linear(slope: 3, intercept: 6))
  }

  @Test(.needsPeers) func `dcm2niix scales a series by the same slope and intercept`() throws {
    let folder = try TemporaryFolder()
    for number in 0..<3 {
      var phantom = slice(number)
      scale(&phantom)
      try folder.write(phantom.file(), to: "\(number).dcm")
    }
    let said = try Peer.run(script: "philips_scale.py", in: folder)
    let theirs = said.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    #expect(theirs.count == 2)
    var phantom = slice()
    scale(&phantom)
    guard case .linear(let slope, let intercept) = try phantom.header().shared.modality else {
      Issue.record("no linear transform")
      return
    }
    // dcm2niix counts in floats, of 24 bits.
    #expect(abs(theirs[0] - slope) <= 1e-6 * slope)
    #expect(abs(theirs[1] - intercept) <= 1e-6 * abs(intercept))
  }
}

import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// What the frames of one file are, by their functional groups or by the vectors of nuclear medicine.
@Suite struct MultiFrameTests {
  private struct Answer: Decodable {
    struct Frame: Decodable {
      var position, spacing: [Double]?
      var slope, intercept, center, width: Double
      var digest: String
    }
    var name, kind: String
    var order: [Int]
    var frames: [Frame]
  }

  @Test(.needsPeers)
  func `Frames of CT, MR, PET, XA and US have the place, scale, window and values of pydicom's`()
    throws
  {
    let folder = try TemporaryFolder()
    try Peer.run(script: "make_multiframe.py", in: folder)
    let lines = try String(contentsOf: folder.url("multiframe.jsonl"), encoding: .utf8)
      .split(separator: "\n")
    #expect(lines.count == 16)
    for line in lines {
      let answer = try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
      let bytes = try folder.bytes(of: answer.name + ".dcm")
      let header = try DICOMPhantom.header(bytes)
      #expect(header.frames == answer.frames.count && header.findings.isEmpty, "\(answer.name)")
      for (index, frame) in answer.frames.enumerated() {
        let facts = header.facts(frame: index)
        let place = facts.geometry?.position
        #expect(place.map { [$0.x, $0.y, $0.z] } == frame.position, "\(answer.name)")
        #expect(
          facts.spacing.map { [$0.betweenRows, $0.betweenColumns] } == frame.spacing,
          "\(answer.name)")
        #expect(facts.modality == .linear(slope: frame.slope, intercept: frame.intercept))
        #expect(facts.voi == [.window(Window(center: frame.center, width: frame.width))])
        let plane = try DICOMPhantom.decode(bytes, frame: index).plane
        #expect(unsafe plane.bytes.withUnsafeBytes { unsafe SHA256.hash($0).hex } == frame.digest)
      }
      let volumes = SeriesAssembly.volumes(of: [header])
      #expect(volumes.map(\.kind.rawValue) == [answer.kind], "\(answer.name)")
      #expect(volumes[0].planes.map(\.frame) == answer.order, "\(answer.name)")
    }
  }

  /// Eight frames of 2 x 2 pixels.
  private func nuclear(_ type: String) -> DICOMPhantom {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\\(type)\\EMISSION")
    phantom.set(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.20")
    phantom.set(0x0008_0060, "CS", "NM")
    phantom.set(0x0028_0008, "IS", "8")
    phantom.set(0x0028_0030, "DS", "4\\4")
    phantom[0x7FE0_0010] = ("OW", .words(Array(1...32)))
    return phantom
  }

  private func volumes(_ phantom: DICOMPhantom) throws -> [AssembledVolume] {
    SeriesAssembly.volumes(of: [try phantom.header()])
  }

  @Test func `Frames of other energy windows and detectors are films of their own`() throws {
    var phantom = nuclear("STATIC")
    #expect(try volumes(phantom).map(\.planes.count) == [8])
    phantom.set(0x0054_0010, "US", [1, 1, 1, 1, 2, 2, 2, 2])
    phantom.set(0x0054_0020, "US", [1, 2, 1, 2, 1, 2, 1, 2])
    let parts = try volumes(phantom)
    #expect(parts.map(\.kind) == [.cine, .cine, .cine, .cine])
    #expect(parts.map { $0.planes.map(\.frame) } == [[0, 2], [1, 3], [4, 6], [5, 7]])
    #expect(parts.allSatisfy { $0.reasons == [.stack] })
    // A vector of another length says nothing.
    phantom.set(0x0054_0010, "US", [1, 2])
    phantom.set(0x0054_0020, "US", [1])
    #expect(try volumes(phantom).map(\.planes.count) == [8])
  }

  /// A reconstruction whose first slice lies at z = 50.
  private func reconstruction(step: String) -> DICOMPhantom {
    var phantom = nuclear("RECON TOMO")
    phantom.set(0x0018_0088, "DS", step)
    var detector = DICOMPhantom()
    detector.set(0x0020_0032, "DS", "-2\\-3\\50")
    detector.set(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
    phantom[0x0054_0022] = ("SQ", .items([detector]))
    return phantom
  }

  @Test func `Reconstructed slices are a volume, stacked by the sign of their spacing`() throws {
    var phantom = reconstruction(step: "6.5")
    phantom.set(0x0054_0080, "US", Array(1...8))
    let up = try #require(try volumes(phantom).first)
    #expect(up.kind == .volume && up.step == 6.5)
    #expect(up.planes.map(\.frame) == Array(0..<8))
    // The third lies two steps behind the first along the normal, which is z here.
    #expect(try phantom.header().facts(frame: 2).geometry?.position == Vector3(-2, -3, 63))

    // Stacked in front of it, the last is the lowest; without a vector slices are as they come.
    let down = reconstruction(step: "-6.5")
    #expect(try down.header().facts(frame: 2).geometry?.position == Vector3(-2, -3, 37))
    #expect(try volumes(down)[0].planes.map(\.frame) == Array((0..<8).reversed()))

    // Slices in an order of their own.
    phantom.set(0x0054_0080, "US", [3, 1, 2, 4, 8, 7, 6, 5])
    #expect(try volumes(phantom)[0].planes.map(\.frame) == [1, 2, 0, 3, 7, 6, 5, 4])
  }

  @Test func `Time slots of a gated reconstruction are volumes that differ in time`() throws {
    var phantom = reconstruction(step: "4")
    phantom.set(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\RECON GATED TOMO\\EMISSION")
    phantom.set(0x0054_0070, "US", [1, 1, 1, 1, 2, 2, 2, 2])
    phantom.set(0x0054_0080, "US", [1, 2, 3, 4, 1, 2, 3, 4])
    let parts = try volumes(phantom)
    #expect(parts.map { $0.planes.map(\.frame) } == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(parts.allSatisfy { $0.reasons == [.temporalPosition] && $0.mappingGroup == 0 })
  }

  @Test func `Frames of a projection, or without a spacing, have no place`() throws {
    for (type, step) in [("TOMO", "6.5"), ("RECON TOMO", "0"), ("RECON TOMO", "99999")] {
      var phantom = reconstruction(step: step)
      phantom.set(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\\(type)\\EMISSION")
      #expect(try volumes(phantom).map(\.kind) == [.cine])
    }
  }
}

import Foundation
import MedicalImaging
import TestSupport
import Testing

@testable import ImageFormats

/// Segmentations beside pydicom, and beside the label volumes that they were made from.
@Suite struct DICOMSegmentationTests {
  private static let root = "QIICR__dcmqi/data/segmentations/"

  private static func segmentation(_ path: String) throws -> (DICOMSegmentation, SourceBytes) {
    let bytes = try SourceBytes(path: Corpus.location.path + "/" + path)
    return (try DICOMSegmentation.read(bytes), bytes)
  }

  /// What pydicom says of a file.
  private struct Description: Decodable, Equatable {
    var kind: String
    var segments: [Segment]
    var frames: [Frame]

    struct Segment: Decodable, Equatable {
      var number: Int
      var label: String
      var category, type: [String]

      init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        number = try values.decode(Int.self)
        label = try values.decode(String.self)
        category = try values.decode([String].self)
        type = try values.decode([String].self)
      }

      init(_ segment: DICOMSegmentation.Segment) {
        func words(_ concept: CodedConcept?) -> [String] {
          concept.map { [$0.value, $0.scheme, $0.meaning] } ?? []
        }
        number = segment.number
        label = segment.label
        category = words(segment.category)
        type = words(segment.type)
      }
    }

    struct Frame: Decodable, Equatable {
      var segment: Int
      var references: [[String]]

      init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        segment = try values.decode(Int.self)
        var list = try values.nestedUnkeyedContainer()
        references = []
        while !list.isAtEnd {
          var pair = try list.nestedUnkeyedContainer()
          references.append([try pair.decode(String.self), "\(try pair.decode(Int.self))"])
        }
      }

      init(_ frame: DICOMSegmentation.Frame) {
        segment = frame.segment ?? -1
        references = frame.references.map { [$0.sopInstanceUID, "\($0.frame ?? -1)"] }
      }
    }
  }

  @Test(.needsCorpus, .needsPeers)
  func `every segmentation of the corpus says what pydicom reads in it`() throws {
    let files = DICOMCorpus.dicom.filter {
      $0.sopClass.contains("Segmentation") || $0.sopClass.hasSuffix("66.7")
    }.map(\.path)
    #expect(files.count >= 24)
    let paths = files.map { Corpus.location.path + "/" + $0 }
    let said = try Peer.run(
      script: "segmentation.py", ["describe"] + paths, in: TemporaryFolder())
    let lines = said.split(separator: "\n")
    #expect(lines.count == files.count)
    var frames = 0
    for (file, line) in zip(files, lines) {
      let expected = try JSONDecoder().decode(Description.self, from: Data(line.utf8))
      let (found, _) = try Self.segmentation(file)
      let kind =
        switch found.kind {
        case .binary: "BINARY"
        case .fractional: "FRACTIONAL"
        case .labelmap: "LABELMAP"
        }
      #expect(kind == expected.kind, "\(file)")
      #expect(found.segments.map(Description.Segment.init) == expected.segments, "\(file)")
      // Tiled-full ones have no groups of their frames' own; two files were cut to one frame.
      if !expected.frames.isEmpty {
        #expect(
          found.frames.map(Description.Frame.init)
            == Array(expected.frames.prefix(found.frames.count)), "\(file)")
      }
      frames += found.frames.count
    }
    print("segmentations: \(files.count) files, \(frames) frames as pydicom reads them")
  }

  @Test(
    .needsCorpus, .needsPeers,
    arguments: [
      ("liver.dcm", ["liver_seg.nrrd"]),
      (
        "partial_overlaps.dcm",
        ["partial_overlaps-1.nrrd", "partial_overlaps-2.nrrd", "partial_overlaps-3.nrrd"]
      ),
      ("23x38x3/seg/label.seg", ["23x38x3/nrrd/label.nrrd"]),
      ("24x38x3/seg/label.seg", ["24x38x3/nrrd/label.nrrd"]),
      ("sparse-labelmap-noppv.dcm", ["sparse_labelmap_noppv_seg.nrrd"]),
      ("sparse-labelmap-ppv5.dcm", ["sparse_labelmap_ppv5_seg.nrrd"]),
    ])
  func `its voxels lie where those of the label volume lie`(_ file: String, _ volumes: [String])
    throws
  {
    let (found, bytes) = try Self.segmentation(Self.root + file)
    let folder = try TemporaryFolder()
    let decoder = try FrameDecoder(header: found.header, bytes: bytes)
    for (index, frame) in found.frames.enumerated() {
      let plane = try decoder.decode(frame: index).plane
      let geometry = try #require(frame.geometry)
      let spacing = try #require(found.header.facts(frame: index).spacing)
      let numbers = frame.segment.map { [$0] } ?? found.segments.map(\.number).filter { $0 > 0 }
      for number in numbers {
        let mask = plane.values.map { frame.segment == nil ? $0 == number : $0 > 0 }
        let stem = "\(index)-\(number)"
        try folder.write(mask.map { $0 ? 1 : 0 }, to: stem + ".raw")
        try folder.write(
          numbers: geometry.pixelToPatient(spacing: spacing).flatMap(\.self), to: stem + ".affine")
        try folder.write(
          numbers: [plane.columns, plane.rows, number].map(Int32.init), to: stem + ".shape")
      }
    }
    // Slices that a label map lacks are its padding in the volume.
    let padding = "\(Int(found.header.padding?.values.lowerBound ?? -1))"
    let paths = volumes.map { Corpus.location.path + "/" + Self.root + $0 }
    let voxels = try Peer.run(script: "segmentation.py", ["compare", padding] + paths, in: folder)
    #expect((Int(voxels.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0) > 0)
  }

  /// Two frames of two segments, each drawn on a frame of another image.
  private static func phantom(_ kind: String = "BINARY") -> DICOMPhantom {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.66.4")
    phantom.set(0x0008_0060, "CS", "SEG")
    phantom.set(0x0028_0008, "IS", "2")
    let bits = kind == "BINARY" ? 1 : 8
    for tag: UInt32 in [0x0028_0100, 0x0028_0101] { phantom.set(tag, "US", [bits]) }
    phantom.set(0x0028_0102, "US", [bits - 1])
    phantom.set(0x0062_0001, "CS", kind)
    phantom[0x0062_0002] = (
      "SQ",
      .items(
        (1...2).map { number in
          var item = DICOMPhantom()
          item.set(0x0062_0004, "US", [number])
          item.set(0x0062_0005, "LO", "Part \(number)")
          var code = DICOMPhantom()
          code.set(0x0008_0100, "SH", "T-D000\(number)")
          code.set(0x0008_0102, "SH", "SRT")
          code.set(0x0008_0104, "LO", "Meaning \(number)")
          item[0x0062_000F] = ("SQ", .items([code]))
          return item
        })
    )
    phantom[0x5200_9230] = (
      "SQ",
      .items(
        (1...2).map { number in
          var segment = DICOMPhantom()
          segment.set(0x0062_000B, "US", [number])
          var source = DICOMPhantom()
          source.set(0x0008_1155, "UI", "1.2.3.\(number)")
          source.set(0x0008_1160, "IS", "\(number + 4)")
          var derivation = DICOMPhantom()
          derivation[0x0008_2112] = ("SQ", .items([source]))
          var group = DICOMPhantom()
          group[0x0062_000A] = ("SQ", .items([segment]))
          group[0x0008_9124] = ("SQ", .items([derivation]))
          return group
        })
    )
    phantom[0x7FE0_0010] = ("OB", .bytes(bits == 1 ? [0x96] : [0, 50, 100, 0, 1, 2, 3, 4]))
    return phantom
  }

  @Test func `frames name their segment and the frame that they were drawn on`() throws {
    let bytes = try SourceBytes(Self.phantom().file())
    let found = try DICOMSegmentation.read(bytes)
    #expect(found.kind == .binary)
    #expect(
      found.segments
        == (1...2).map {
          .init(
            number: $0, category: nil,
            type: CodedConcept(value: "T-D000\($0)", scheme: "SRT", meaning: "Meaning \($0)"),
            label: "Part \($0)")
        })
    #expect(
      found.frames
        == (1...2).map {
          .init(
            segment: $0, geometry: nil,
            references: [.init(sopInstanceUID: "1.2.3.\($0)", frame: $0 + 3)])
        })
    // 0x96 is 0110 1001 from the lowest bit on.
    let decoder = try FrameDecoder(header: found.header, bytes: bytes)
    #expect(try decoder.decode(frame: 0).plane.values == [0, 1, 1, 0])
    #expect(try decoder.decode(frame: 1).plane.values == [1, 0, 0, 1])
  }

  @Test func `what contradicts itself is refused`() throws {
    func code(_ change: (inout DICOMPhantom) -> Void, _ kind: String = "BINARY") -> ErrorCode? {
      var phantom = Self.phantom(kind)
      change(&phantom)
      do throws(ImageError) {
        _ = try DICOMSegmentation.read(SourceBytes(phantom.file()))
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code { _ in } == nil)
    #expect(code { $0.set(0x0062_0001, "CS", "SURFACE") } == .damagedHeader)
    #expect(code { $0[0x0062_0002] = nil } == .damagedHeader)
    #expect(code { $0[0x5200_9230] = nil } == .damagedHeader)
    #expect(code { $0[0x7FE0_0010] = nil } == .noPixels)
    #expect(code { $0.set(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.2") } == .unsupportedFormat)
    #expect(code({ _ in }, "FRACTIONAL") == .damagedHeader)
    #expect(code({ $0.set(0x0062_000E, "US", [100]) }, "FRACTIONAL") == nil)
  }
}

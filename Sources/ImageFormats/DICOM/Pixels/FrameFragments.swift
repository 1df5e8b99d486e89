import MedicalImaging

/// Which fragments make which frame of encapsulated pixel data (PS3.5 A.4).
struct FrameFragments: Sendable {
  private let fragments: [Range<Int>]
  /// For each frame that was found, the indices of its fragments.
  private let frames: [Range<Int>]
  private(set) var findings: [InstanceHeader.Finding] = []

  init(_ header: InstanceHeader, _ bytes: SourceBytes) {
    fragments = header.pixels.fragments.filter {
      $0.lowerBound >= 0 && $0.upperBound <= bytes.count
    }
    let count = header.frames
    if fragments.isEmpty {
      frames = []
    } else if let table = Self.byOffsets(header.pixels.frameOffsets, fragments, count) {
      frames = table
    } else {
      if header.pixels.frameOffsets.count > 1 || (count > 1 && !header.pixels.frameOffsets.isEmpty)
      {
        findings.append(
          .init("offset_table", "The offset table does not fit the fragments; it was not used."))
      }
      if count == 1 {
        frames = [fragments.indices]
      } else if fragments.count == count {
        frames = fragments.indices.map { $0..<$0 + 1 }
      } else {
        frames = Self.byMarkers(fragments, bytes)
        findings.append(
          .init("frame_boundaries", "Frames were told apart by the start markers of fragments."))
      }
    }
  }

  /// The byte ranges of a frame's fragments. Throws `.truncated` where it has none.
  func ranges(of frame: Int) throws(ImageError) -> [Range<Int>] {
    guard frame < frames.count else {
      throw ImageError(.truncated, "The pixel data hold fewer frames than the header says.")
    }
    return Array(fragments[frames[frame]])
  }

  /// Nil where an offset is not that of an item, they do not grow, or they are not one a frame.
  private static func byOffsets(_ offsets: [Int], _ fragments: [Range<Int>], _ count: Int)
    -> [Range<Int>]?
  {
    guard offsets.count == count, offsets.first == 0 else { return nil }
    let base = fragments[0].lowerBound
    var starts: [Int] = []
    var next = 0
    for offset in offsets {
      while next < fragments.count, fragments[next].lowerBound - base < offset { next += 1 }
      guard next < fragments.count, fragments[next].lowerBound - base == offset,
        starts.last != next
      else { return nil }
      starts.append(next)
    }
    return zip(starts, starts.dropFirst() + [fragments.count]).map { $0..<$1 }
  }

  /// A frame begins with each fragment that begins as JPEG (FFD8) or JPEG 2000 (FF4F) does.
  private static func byMarkers(_ fragments: [Range<Int>], _ bytes: SourceBytes) -> [Range<Int>] {
    let starts = fragments.indices.filter { i in
      let marker = bytes.number(at: fragments[i].lowerBound, size: 2, bigEndian: true)
      return marker == 0xFFD8 || marker == 0xFF4F
    }
    return zip(starts, starts.dropFirst() + [fragments.count]).map { $0..<$1 }
  }
}

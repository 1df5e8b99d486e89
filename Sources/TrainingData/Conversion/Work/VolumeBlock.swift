import ImageFormats
import MedicalImaging
import Preprocessing

/// A volume that is put together in memory, plane by plane, to be cut across them.
///
/// Values stay as they are stored where one transform is for all planes; else they are modality values
/// of 32 bits, padding no number.
struct VolumeBlock {
  private(set) var volume: StoredVolume
  /// Of the values as they are in here.
  let modality: ModalityTransform
  let padding: PixelPadding?
  private let keepsStored: Bool
  /// Places of the planes that are there.
  private(set) var filled: Set<Int> = []
  /// Whether those that were put into it are of one size and type.
  private(set) var fits = true

  /// Memory that it takes for planes of a format, in bytes; nil where no number says it.
  static func bytes(of format: PixelFormat, planes: Int) -> Int? {
    // No sample is more than 8 bytes, modality values are 4.
    let size = max(format.bitsAllocated / 8, 4)
    return [format.rows, format.columns, planes].reduce(size as Int?) { product, factor in
      product.flatMap {
        let (next, overflow) = $0.multipliedReportingOverflow(by: factor)
        return overflow ? nil : next
      }
    }
  }

  /// Of as many planes as `headers` has entries: each that of a plane, and its frame. The first plane
  /// that was decoded says the type and size of all.
  init(first plane: StoredPlane, _ headers: [(header: InstanceHeader, frame: Int)]) {
    let facts = headers[0].header.facts(frame: headers[0].frame)
    keepsStored = headers.allSatisfy {
      $0.header.padding == headers[0].header.padding
        && $0.header.facts(frame: $0.frame).modality == facts.modality
    }
    modality = keepsStored ? facts.modality : .identity
    padding = keepsStored ? headers[0].header.padding : nil
    let sample = keepsStored ? plane.sample : .float32
    volume = StoredVolume(
      columns: plane.columns, rows: plane.rows, slices: headers.count, samplesPerVoxel: 1,
      sample: sample,
      bytes: [UInt8](
        repeating: 0, count: plane.columns * plane.rows * headers.count * sample.size))
  }

  /// Puts a plane into its place.
  mutating func put(_ plane: StoredPlane, at index: Int, _ header: InstanceHeader, frame: Int) {
    guard plane.columns == volume.columns, plane.rows == volume.rows, plane.samplesPerPixel == 1,
      !keepsStored || plane.sample == volume.sample
    else {
      fits = false
      return
    }
    let size = plane.columns * plane.rows * volume.sample.size
    let place = index * size..<(index + 1) * size
    if keepsStored {
      volume.bytes.replaceSubrange(place, with: plane.bytes)
    } else {
      let values = plane.modalityValues(
        header.facts(frame: frame).modality, padding: header.padding)
      unsafe values.withUnsafeBytes { unsafe volume.bytes.replaceSubrange(place, with: $0) }
    }
    filled.insert(index)
  }

  /// Of voxels that were made of modality values, padding no number.
  init(values volume: StoredVolume, filled: Set<Int>) {
    self.volume = volume
    (modality, padding, keepsStored) = (.identity, nil, false)
    self.filled = filled
  }

  /// Whether every plane is in its place, of one size and type.
  var isWhole: Bool { fits && filled.count == volume.slices }
}

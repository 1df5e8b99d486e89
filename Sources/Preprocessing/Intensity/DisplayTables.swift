import MedicalImaging

/// The tables of one volume: one for all its slices, or one for each of their transforms, of which
/// the latest few are kept.
public struct DisplayTables: Sendable {
  private struct Key: Equatable {
    var sample: StoredPlane.Sample
    var modality: ModalityTransform
    var padding: PixelPadding?
  }

  public let mapping: DisplayMapping
  public let depth: PictureDepth
  /// Latest last.
  private var kept: [(key: Key, table: DisplayTable)] = []
  private static let limit = 8
  /// How many tables were worked out.
  private(set) var built = 0

  public init(mapping: DisplayMapping, depth: PictureDepth = .eight) {
    self.mapping = mapping
    self.depth = depth
  }

  /// The table for a plane's sample type, transform and padding, built where it is not kept.
  public mutating func table(
    sample: StoredPlane.Sample, modality: ModalityTransform, padding: PixelPadding?
  ) -> DisplayTable {
    let key = Key(sample: sample, modality: modality, padding: padding)
    if let index = kept.lastIndex(where: { $0.key == key }) {
      kept.append(kept.remove(at: index))
    } else {
      if kept.count == Self.limit { kept.removeFirst() }
      let table = DisplayTable(
        sample: sample, modality: modality, padding: padding, mapping: mapping,
        depth: depth)
      kept.append((key, table))
      built += 1
    }
    return kept[kept.count - 1].table
  }
}

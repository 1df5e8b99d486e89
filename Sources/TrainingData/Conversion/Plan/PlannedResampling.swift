import Preprocessing

/// How the planes of a volume become a grid at right angles before it is cut: linear in the patient, padding
/// left out.
struct PlannedResampling: Codable, Sendable {
  /// What sections cannot be cut across as it is.
  enum Reason: String, Codable, CaseIterable, Sendable {
    /// Slices are missing, unreadable, or lie unevenly.
    case gaps
    /// Slices are shifted against each other.
    case tilt
    /// Slices are aslant to the patient's axes.
    case oblique
  }

  enum Grid: Codable, Sendable {
    /// Along the planes.
    case even(ResamplingGrid)
    /// Along the patient's axes.
    case straight(SlantedGrid)

    var size: (columns: Int, rows: Int, slices: Int) {
      switch self {
      case .even(let grid): (grid.columns, grid.rows, grid.slices)
      case .straight(let grid): (grid.columns, grid.rows, grid.slices)
      }
    }
  }

  /// Where the planes lie, all of them.
  var stack: PlaneStack
  var grid: Grid
  /// Whether values are interpolated over slices that are not there.
  var mendsGaps: Bool
  /// In the order of the cases; empty where planes are the slices of the grid, unless one turns out to be
  /// unreadable.
  var reasons: [Reason]

  /// Memory that it takes besides the planes, in bytes; nil where no number says it.
  var bytes: Int? {
    let size = grid.size
    let made = Self.bytes(size.columns, size.rows, size.slices)
    guard case .straight = grid else { return made }
    // The planes once more, as numbers of 32 bits.
    let planes = Self.bytes(stack.columns, stack.rows, stack.origins.count)
    return made.flatMap { made in
      planes.flatMap {
        let (sum, overflow) = $0.addingReportingOverflow(made)
        return overflow ? nil : sum
      }
    }
  }

  private static func bytes(_ counts: Int...) -> Int? {
    counts.reduce(MemoryLayout<Float>.size as Int?) { bytes, count in
      bytes.flatMap {
        let (product, overflow) = $0.multipliedReportingOverflow(by: count)
        return overflow ? nil : product
      }
    }
  }
}

import CommandLineKit
import GMAIPrep

extension ValueKind where Value == ResamplingTarget {
  /// Finer than any picture, and coarser than any volume.
  private static var millimetres: ClosedRange<Double> { 0.01...1000 }

  /// `even`, one distance of voxels, or three.
  static var spacing: Self {
    Self(
      "even, millimetres from voxel to voxel from \(millimetres.lowerBound) to "
        + "\(Int(millimetres.upperBound)) such as 1, or those along columns, rows and slices such as "
        + "0.5x0.5x2",
      completion: .words(["even"])
    ) { text in
      if text == "even" { return .even }
      let parts = text.split(separator: "x", omittingEmptySubsequences: false)
      let lengths = parts.compactMap { part -> Double? in
        // Double(_:) also reads "nan", "inf" and hexadecimal, which nobody means here.
        guard part.utf8.allSatisfy({ ".0123456789".utf8.contains($0) }) else { return nil }
        return Double(part).flatMap { millimetres.contains($0) ? $0 : nil }
      }
      guard lengths.count == parts.count else { return nil }
      switch lengths.count {
      case 1:
        return .spacing(
          VoxelSpacing(
            betweenColumns: lengths[0], betweenRows: lengths[0], betweenSlices: lengths[0]))
      case 3:
        return .spacing(
          VoxelSpacing(
            betweenColumns: lengths[0], betweenRows: lengths[1], betweenSlices: lengths[2]))
      default: return nil
      }
    }
  }
}

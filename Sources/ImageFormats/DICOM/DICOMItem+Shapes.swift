import MedicalImaging

extension DICOMItem {
  /// Which of the two modules that draw shapes over a picture; their elements stand in one order.
  enum ShapeModule: UInt16 {
    /// PS3.3 C.7.6.11.
    case shutter = 0x1600
    /// PS3.3 C.8.7.3.
    case collimator = 0x1700
  }

  /// The words of Shutter Shape or Collimator Shape.
  func shapeWords(_ module: ShapeModule) -> [String] {
    strings(tag(module, 0x00)).filter { !$0.isEmpty }.map { $0.uppercased() }
  }

  /// One shape; nil where it lacks what its word needs. The first pixel is row 1 and column 1 in both
  /// modules, and pixels that edges are given as are inside. Edges may lie outside of the picture.
  func shape(_ word: String, of module: ShapeModule) -> PlaneShape? {
    switch word {
    case "RECTANGULAR":
      // Left, right, upper, lower.
      let at = stride(from: UInt16(2), through: 8, by: 2).compactMap { integer(tag(module, $0)) }
      guard at.count == 4, at[0] <= at[1], at[2] <= at[3] else { return nil }
      return .rectangle(columns: at[0] - 1...at[1] - 1, rows: at[2] - 1...at[3] - 1)
    case "CIRCULAR":
      guard let center = vector(tag(module, 0x10), count: 2),
        let radius = number(tag(module, 0x12)), radius >= 0
      else { return nil }
      return .circle(center: PixelPoint(column: center[1] - 1, row: center[0] - 1), radius: radius)
    case "POLYGONAL":
      guard let numbers = decimals(tag(module, 0x20)), numbers.count >= 6,
        numbers.count.isMultiple(of: 2)
      else { return nil }
      return .polygon(
        stride(from: 0, to: numbers.count, by: 2).map {
          PixelPoint(column: numbers[$0 + 1] - 1, row: numbers[$0] - 1)
        })
    default: return nil
    }
  }

  private func tag(_ module: ShapeModule, _ element: UInt16) -> DICOMTag {
    DICOMTag(0x0018, module.rawValue + element)
  }
}

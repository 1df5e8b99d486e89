import MedicalImaging

/// Which focal plane of a slide is read; they are counted from 0, nearest the glass first.
public enum SlideFocalPlane: Hashable, Sendable {
  /// The only one: where there are several, none was chosen.
  case only
  /// The one in the middle, of an even number the lower of the two.
  case middle
  /// This one.
  case number(Int)
  /// This one where there are several, else the only one.
  case ofSeveral(Int)

  /// The plane among `count`. Throws `.unsupportedPixels` where there is none such, or where there are
  /// several and none is chosen.
  func index(of count: Int) throws(ImageError) -> Int {
    switch self {
    case .only:
      guard count == 1 else {
        throw ImageError(
          .unsupportedPixels, "The slide has several focal planes, and none was chosen.",
          remedy: "Choose one of its focal planes, or leave it out.")
      }
      return 0
    case .middle: return (count - 1) / 2
    case .ofSeveral(let index):
      return count == 1 ? 0 : try SlideFocalPlane.number(index).index(of: count)
    case .number(let index):
      guard (0..<count).contains(index) else {
        throw ImageError(
          .unsupportedPixels, "The slide has no such focal plane.",
          remedy: "Choose one of its focal planes, or leave it out.")
      }
      return index
    }
  }
}

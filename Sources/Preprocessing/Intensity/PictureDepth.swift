/// Bits of a grey pixel of a picture.
public enum PictureDepth: Int, Codable, CaseIterable, Sendable {
  case eight = 8
  case sixteen = 16
}

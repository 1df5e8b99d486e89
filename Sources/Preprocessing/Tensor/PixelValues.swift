import MedicalImaging

/// Pictures as an encoder takes them: their pixels as numbers, and how they were laid out.
public struct PixelValues: Hashable, Sendable {
  /// Of each picture, in order.
  public let layouts: [TileLayout]
  /// Of tiles: tiles x channels x rows x columns, or tiles x rows x columns x channels, the tiles of a
  /// picture in the order of its layout. Of patches: patches x (channels x frames x side x side), block
  /// by block.
  public let pixels: Tensor
  /// Of patches: pictures x 3, which are frames (1 of a still picture), rows and columns of patches.
  public let grid: Tensor?
}

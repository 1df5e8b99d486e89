import ImageFormats
import MedicalImaging

/// A stained tissue section, tiled as slide scanners write it (PS3.3 A.32.8).
struct SlideScan {
  let series: SampleSeries

  private static let (side, tile) = (512, 128)

  func write(to medium: inout SampleMedium) throws(ImageError) {
    let picture = TissuePicture.section(side: Self.side, seed: "slide")
    var object = series.object(instance: 1)
    object.set(.imageType, .texts(["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]))
    object.set(.frameOfReferenceUID, series.frameOfReferenceUID)
    object.set(.containerIdentifier, "SYNTHETIC-SLIDE")
    object.set(.burnedInAnnotation, "NO")
    object.set(.lossyImageCompression, "00")
    object.set(.specimenLabelInImage, "NO")
    object.set(.focusMethod, "AUTO")
    object.set(.extendedDepthOfField, "NO")
    object.set(.dimensionOrganizationType, "TILED_FULL")
    // Half a micrometre a pixel.
    object.set(.imagedVolumeWidth, .decimals([Double(Self.side) * 0.0005]))
    object.set(.imagedVolumeHeight, .decimals([Double(Self.side) * 0.0005]))
    object.set(.imagedVolumeDepth, .decimals([1]))
    object.set(.totalPixelMatrixColumns, Self.side)
    object.set(.totalPixelMatrixRows, Self.side)
    object.set(.totalPixelMatrixFocalPlanes, 1)
    object.set(.numberOfOpticalPaths, 1)
    object.set(.imageOrientationSlide, .decimals([0, -1, 0, -1, 0, 0]))
    var origin = DICOMObject()
    origin.set(.xOffsetInSlideCoordinateSystem, .decimals([20]))
    origin.set(.yOffsetInSlideCoordinateSystem, .decimals([40]))
    object.set(.totalPixelMatrixOriginSequence, .items([origin]))
    var measures = DICOMObject()
    measures.set(.pixelSpacing, .decimals([0.0005, 0.0005]))
    measures.set(.sliceThickness, .decimals([0.001]))
    var shared = DICOMObject()
    shared.set(.pixelMeasuresSequence, .items([measures]))
    object.set(.sharedFunctionalGroupsSequence, .items([shared]))
    object.setColour(tiles(of: picture), columns: Self.tile, rows: Self.tile)
    try medium.add(object, of: series, position: 0)
  }

  /// Tile by tile, row of tiles by row of tiles.
  private func tiles(of picture: ColourPicture) -> [UInt8] {
    let across = Self.side / Self.tile
    var out: [UInt8] = []
    for tile in 0..<(across * across) {
      for row in 0..<Self.tile {
        let pixel = (tile / across * Self.tile + row) * Self.side + tile % across * Self.tile
        out += picture.bytes[(3 * pixel)..<(3 * (pixel + Self.tile))]
      }
    }
    return out
  }
}

import ImageFormats
import MedicalImaging
import Preprocessing

/// A picture that was made, and what it was made of.
struct RenderedPicture {
  enum Origin {
    /// A plane as it was acquired.
    case plane(PlannedInstance, PlannedPlane)
    /// A section of a volume that was put together, and the acquired planes that are in it.
    case section(PlannedSection, VolumeSections, [PlannedPlane])
    /// Frames of a film that are shown as one.
    case frames(PlannedInstance, [PlannedPlane])
  }

  var origin: Origin
  /// Of a slide of several.
  var focalPlane: Int?
  /// Which part of a slide's level it is; nil for the whole, and of everything else.
  var tile: SlideTile?
  /// Its size, and how its pixels lie in the frame.
  var shape: SquarePixels
  /// How the source holds the frame, seen from how it is shown.
  var orientation: PlaneOrientation
  /// What of the frame is shown, and why; nil for all.
  var crop: PlaneCrop?
  var areas: [PictureArea] = []
  /// Of a section: what of its volume was mended by interpolation before it was cut.
  var mended: [PlannedResampling.Reason] = []
  /// What its values are the largest, least or mean ones of, in the order in which they became it.
  var projections: [PictureProjection] = []
  /// Of three slices as red, green and blue: which sections they are.
  var channels: [Int] = []
  /// Whether an embedded ICC profile was converted to sRGB.
  var isColorConverted: Bool
  /// How colours became those of another slide; nil where they did not.
  var stain: StainNormalization?
  var choice: DisplayChoice
  /// Where the tiles lie that an encoder gets of it.
  var tiling: TileLayout
  /// Where its bytes lie in the spool; where it is cut, those of each tile.
  var files: [Range<Int>]
  var labels = PictureLabeller.Found()

  /// Those that it needed.
  func instances(of unit: Unit) -> [PlannedInstance] {
    switch origin {
    case .plane(let instance, _), .frames(let instance, _): [instance]
    case .section(_, _, let planes): planes.map { unit.instances[$0.instance] }
    }
  }

  /// 3 x 3, row by row: (column, row, 1) of a part of the picture -> of the frame as its source holds it.
  func frameFromPixel(of part: PictureMap) -> [[Double]] {
    // The picture before it was resized, turned back.
    let isTurned = orientation.swapsAxes
    let map = PictureMap(
      columns: isTurned ? shape.sourceRows : shape.sourceColumns,
      rows: isTurned ? shape.sourceColumns : shape.sourceRows
    ).turned(orientation).appending(shape.map).appending(part)
    var matrix = map.sourceFromPixel
    matrix[0][2] += Double((crop?.columns ?? tile?.columns)?.lowerBound ?? 0)
    matrix[1][2] += Double((crop?.rows ?? tile?.rows)?.lowerBound ?? 0)
    return matrix
  }

  /// The matrix of a part of the picture where `matrix`, 4 x 4, takes (column, row, 0, 1) of the frame
  /// somewhere.
  func placed(_ matrix: [[Double]], _ part: PictureMap) -> [[Double]] {
    let frame = frameFromPixel(of: part)
    return matrix.map { row in
      func along(_ column: Int) -> Double { row[0] * frame[0][column] + row[1] * frame[1][column] }
      return [along(0), along(1), row[2], along(2) + row[3]]
    }
  }
}

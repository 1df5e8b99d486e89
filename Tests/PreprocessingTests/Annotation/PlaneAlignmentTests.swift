import MedicalImaging
import Testing

@testable import Preprocessing

/// Planes whose pixels lie upon each other, and those whose do not.
@Suite struct PlaneAlignmentTests {
  private static let picture = PlaneGrid(
    columns: 7, rows: 5,
    geometry: PlaneGeometry(
      position: Vector3(10, -20, 30), alongRow: Vector3(0.6, 0.8, 0),
      alongColumn: Vector3(0, 0, -1)),
    spacing: PixelSpacing(betweenRows: 2, betweenColumns: 0.5))

  /// The grid of the pixels that a chain of steps shows of the picture: its first pixel, its neighbours.
  private static func grid(_ steps: [PictureMap.Step]) -> (grid: PlaneGrid, map: PictureMap) {
    var map = PictureMap(columns: picture.columns, rows: picture.rows)
    for step in steps { map.append(step) }
    func place(_ column: Double, _ row: Double) -> Vector3 {
      let point = map.source(of: EdgePoint(x: column + 0.5, y: row + 0.5))
      return picture.patient(column: point.x - 0.5, row: point.y - 0.5)
    }
    let across = place(1, 0) - place(0, 0)
    let down = place(0, 1) - place(0, 0)
    return (
      PlaneGrid(
        columns: map.columns, rows: map.rows,
        geometry: PlaneGeometry(
          position: place(0, 0), alongRow: across * (1 / across.length),
          alongColumn: down * (1 / down.length)),
        spacing: PixelSpacing(betweenRows: down.length, betweenColumns: across.length)),
      map
    )
  }

  static let chains: [[PictureMap.Step]] = {
    let turns: [[PictureMap.Step]] = [
      [], [.mirror], [.flip], [.transpose], [.transpose, .mirror], [.transpose, .flip],
      [.mirror, .flip], [.transpose, .mirror, .flip],
    ]
    let cuts: [[PictureMap.Step]] = [
      [], [.crop(columns: 2..<6, rows: 1..<4)], [.pad(left: 3, top: 1, right: 0, bottom: 2)],
      [.crop(columns: 0..<4, rows: 2..<5), .pad(left: 2, top: 0, right: 1, bottom: 0)],
    ]
    return cuts.flatMap { cut in turns.map { cut + $0 } }
  }()

  @Test(arguments: chains)
  func `a label that was turned, cut or laid over the edge comes back on its pixels`(
    _ steps: [PictureMap.Step]
  ) throws {
    let (label, map) = Self.grid(steps)
    let alignment = try #require(PlaneAlignment(of: label, on: Self.picture, step: 1))
    // The source's pixels, numbered: those that the label sees come back in their places.
    let numbers = LabelPlane(columns: 7, rows: 5, numbers: (1...35).map { Int32($0) })
    let back = alignment.map.labels(map.labels(numbers))
    var seen = Set(map.labels(numbers).numbers)
    seen.remove(0)
    #expect(!seen.isEmpty)
    #expect(back.columns == 7 && back.rows == 5)
    for at in 0..<35 {
      #expect(back.numbers[at] == (seen.contains(Int32(at + 1)) ? Int32(at + 1) : 0))
    }
  }

  @Test(arguments: [
    // A tenth of a pixel is 0.05 mm along the rows, 0.2 mm along the columns; of a step 0.3 mm.
    (0.04, 0.0, 0.0, true), (0.06, 0, 0, false), (0, 0.19, 0, true), (0, 0.21, 0, false),
    (0, 0, 0.29, true), (0, 0, 0.31, false),
  ])
  func `what is off by more than a tenth of a pixel or of a step is of another picture`(
    _ across: Double, _ down: Double, _ through: Double, _ fits: Bool
  ) {
    var label = Self.picture
    let geometry = Self.picture.geometry
    label.geometry.position =
      label.geometry.position + geometry.alongRow * across + geometry.alongColumn * down
      + geometry.normal * through
    #expect((PlaneAlignment(of: label, on: Self.picture, step: 3) != nil) == fits)
  }

  @Test func `other spacings, other directions and other places do not fit`() {
    var label = Self.picture
    label.spacing.betweenColumns = 0.53
    #expect(PlaneAlignment(of: label, on: Self.picture, step: 1) == nil)
    // Six steps of 0.008 pixels are less than a tenth.
    label.spacing.betweenColumns = 0.504
    #expect(PlaneAlignment(of: label, on: Self.picture, step: 1) != nil)
    label = Self.picture
    label.geometry.alongRow = Vector3(0.8, 0.6, 0)
    #expect(PlaneAlignment(of: label, on: Self.picture, step: 1) == nil)
    label = Self.picture
    label.geometry.position = label.geometry.position + label.geometry.alongRow * 100
    #expect(PlaneAlignment(of: label, on: Self.picture, step: 1) == nil)
    label.geometry.position = Vector3(.nan, 0, 0)
    #expect(PlaneAlignment(of: label, on: Self.picture, step: 1) == nil)
  }
}

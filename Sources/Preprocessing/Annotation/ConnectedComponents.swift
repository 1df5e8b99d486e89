import MedicalImaging

/// The parts of a label plane that hang together, each number for itself; 0 is the background.
///
/// Runs of equal numbers in a row are joined with those of the row above (Rosenfeld, Pfaltz 1966, over
/// runs): what takes time grows with the pixels, whatever they show. The order is that of the first
/// pixel of each, row by row, as scikit-image's `measure.label` has it; so is the default
/// connectivity.
public struct ConnectedComponents: Sendable {
  public let columns: Int
  public let rows: Int
  public let connectivity: PixelConnectivity
  /// Row by row, rows x columns: 0 in the background, else 1 + the index of the component.
  public let numbers: [Int32]
  public let components: [PlaneComponent]

  public init(_ plane: LabelPlane, connectivity: PixelConnectivity = .eight) {
    precondition(plane.numbers.count < Int32.max)
    columns = plane.columns
    rows = plane.rows
    self.connectivity = connectivity
    let runs = LabelRuns(plane, reach: connectivity == .eight ? 1 : 0)
    var sums: [Sums] = []
    var numbers = [Int32](repeating: 0, count: plane.numbers.count)
    // A run's root comes before it, so that it has its number already.
    var number = [Int32](repeating: 0, count: runs.runs.count)
    for (i, run) in runs.runs.enumerated() {
      let root = Int(runs.parents[i])
      if root == i {
        sums.append(Sums(run))
        number[i] = Int32(sums.count)
      } else {
        number[i] = number[root]
        sums[Int(number[i]) - 1].add(run)
      }
      let start = Int(run.row) * columns
      for at in start + Int(run.start)..<start + Int(run.end) { numbers[at] = number[i] }
    }
    self.numbers = numbers
    components = sums.map { $0.component(of: plane.numbers.count) }
  }

  /// The pixels of one component.
  public func mask(of index: Int) -> PlaneMask {
    let number = Int32(index + 1)
    return PlaneMask(columns: columns, rows: rows, bytes: numbers.map { $0 == number ? 1 : 0 })
  }
}

/// What is added up of a component.
private struct Sums {
  let label: Int32
  let firstRow: Int
  var lastRow: Int
  var start: Int
  var end: Int
  var area = 0
  /// Twice the sums of pixel centres, counted from the corner of the first pixel: whole numbers.
  var twiceX = 0
  var twiceY = 0

  init(_ run: LabelRuns.Run) {
    label = run.label
    (firstRow, lastRow) = (Int(run.row), Int(run.row))
    (start, end) = (Int(run.start), Int(run.end))
    add(run)
  }

  mutating func add(_ run: LabelRuns.Run) {
    let (runStart, runEnd) = (Int(run.start), Int(run.end))
    let count = runEnd - runStart
    lastRow = Int(run.row)
    start = min(start, runStart)
    end = max(end, runEnd)
    area += count
    twiceX += count * (runStart + runEnd)
    twiceY += count * (2 * lastRow + 1)
  }

  func component(of pixels: Int) -> PlaneComponent {
    PlaneComponent(
      label: label, columns: start..<end, rows: firstRow..<lastRow + 1, area: area,
      areaFraction: Double(area) / Double(pixels),
      centroid: EdgePoint(
        x: Double(twiceX) / Double(2 * area), y: Double(twiceY) / Double(2 * area)))
  }
}

import MedicalImaging
import Preprocessing

/// Which structures the planes of a unit show, as its annotations draw them.
struct UnitLabels {
  /// A structure of one annotation.
  struct Region: Hashable {
    /// Index into the unit's annotations.
    var annotation: Int
    var structure: StructureName
    /// What the annotation counts it as.
    var number: Int
  }

  private struct Place: Hashable {
    var volume: Int
    var index: Int
  }

  /// In the order of annotations, and of structures in each.
  private(set) var regions: [Region] = []
  /// Regions of one name are one class, however many annotations draw it; those without name are each
  /// their own. By the number of the region.
  private(set) var classes: [Int] = []
  private var masks: [Place: [(region: Int, runs: MaskRuns)]] = [:]

  /// What is drawn on a slide: outlines, each in pixels of a picture of so many columns and rows.
  struct Shape {
    var region: Int
    var polygon: EdgePolygon
    var box: EdgeBox
    var columns, rows: Int
  }

  /// In the order in which they were drawn.
  private(set) var shapes: [Shape] = []

  var isEmpty: Bool { masks.isEmpty && shapes.isEmpty }

  /// Adds an outline on a slide; one without a point is none.
  mutating func add(_ polygon: EdgePolygon, of region: Int, columns: Int, rows: Int) {
    guard let box = polygon.box else { return }
    shapes.append(
      Shape(region: region, polygon: polygon, box: box, columns: columns, rows: rows))
  }

  /// A new region; what is drawn of it is added by its number, which is returned.
  mutating func add(_ region: Region) -> Int {
    let same = regions.firstIndex {
      region.structure != .unknown && $0.structure == region.structure
    }
    classes.append(same.map { classes[$0] } ?? regions.count)
    regions.append(region)
    return regions.count - 1
  }

  /// What is drawn of a region on a plane, in pixels of the plane as it is stored; several drawings of one
  /// region lie over each other where they come one after the other.
  mutating func add(_ mask: PlaneMask, of region: Int, volume: Int, index: Int) {
    guard mask.bytes.contains(1) else { return }
    let place = Place(volume: volume, index: index)
    var own = masks[place] ?? []
    if let last = own.last, last.region == region {
      var joined = last.runs.mask
      for at in joined.bytes.indices { joined.bytes[at] |= mask.bytes[at] }
      own[own.count - 1].runs = MaskRuns(joined)
    } else {
      own.append((region, MaskRuns(mask)))
    }
    masks[place] = own
  }

  /// Forgets what one annotation drew on the planes of a volume, or on its slide.
  mutating func remove(annotation: Int, volume: Int) {
    shapes.removeAll { regions[$0.region].annotation == annotation }
    for place in masks.keys where place.volume == volume {
      masks[place]?.removeAll { regions[$0.region].annotation == annotation }
      if masks[place]?.isEmpty == true { masks[place] = nil }
    }
  }

  /// What is on a plane, by region.
  func masks(volume: Int, index: Int) -> [(region: Int, runs: MaskRuns)] {
    masks[Place(volume: volume, index: index)] ?? []
  }

  /// The pixels of a grey plane that any region covers, in one row; nil where none does.
  func pixels(of plane: StoredPlane, volume: Int, index: Int) -> StoredPlane? {
    var covered = PlaneMask(columns: plane.columns, rows: plane.rows, filled: false)
    for (_, runs) in masks(volume: volume, index: index)
    where runs.columns == plane.columns && runs.rows == plane.rows {
      let mask = runs.mask.bytes
      for at in mask.indices { covered.bytes[at] |= mask[at] }
    }
    let size = plane.sample.size
    var bytes: [UInt8] = []
    for at in covered.bytes.indices where covered.bytes[at] != 0 {
      bytes += plane.bytes[at * size..<(at + 1) * size]
    }
    guard !bytes.isEmpty else { return nil }
    return StoredPlane(
      columns: bytes.count / size, rows: 1, samplesPerPixel: 1, sample: plane.sample, bytes: bytes)
  }

  /// The share of each plane of a volume that each class covers; where annotations draw one class twice,
  /// what the larger of them covers.
  func areas(volume: Int, planes: Int) -> [[Int: Double]] {
    (0..<planes).map { index in
      masks(volume: volume, index: index).reduce(into: [:]) { areas, mask in
        let share = Double(mask.runs.area) / Double(mask.runs.columns * mask.runs.rows)
        areas[classes[mask.region], default: 0] = max(
          areas[classes[mask.region], default: 0], share)
      }
    }
  }
}

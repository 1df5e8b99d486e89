import MedicalImaging

/// A structure on the planes of a volume.
public struct StructureMasks: Hashable, Sendable {
  /// One entry a plane; nil where no contour lies on it.
  public var masks: [PlaneMask?]
  /// Closed contours that lie on none of the planes.
  public var contoursOffPlanes: Int
  public var findings: [InstanceHeader.Finding]
}

extension DICOMStructureSet.Structure {
  /// Planes this near to each other, in millimetres, are one place: volumes that differ in time.
  private static let samePlace = 1e-3

  /// Which pixels of planes the structure covers. The planes must be of the structure's frame of
  /// reference.
  ///
  /// A closed contour belongs to the nearest plane that none of its points is further from than
  /// `tolerance`, in millimetres, and to all planes in that place. There a pixel is inside where its
  /// centre is, by the even-odd rule over all closed contours of the plane, or where it lies on the
  /// path of one (PS3.3 C.8.8.6.3): a contour inside another is a hole, whether it says XOR or not.
  /// Nothing is filled between planes. Points and open contours have no inside.
  public func masks(on planes: [PlaneGrid], tolerance: Double = 0.1) -> StructureMasks {
    var found = StructureMasks(
      masks: .init(repeating: nil, count: planes.count), contoursOffPlanes: 0, findings: [])
    var polygons: [Int: [[PixelPoint]]] = [:]
    for contour in contours where contour.kind.isClosed && !contour.points.isEmpty {
      let near = planes.indices.compactMap { index in
        contour.distance(from: planes[index].geometry, within: tolerance).map { (index, $0) }
      }
      guard let nearest = near.map(\.1).min() else {
        found.contoursOffPlanes += 1
        continue
      }
      for (index, distance) in near where distance <= nearest + Self.samePlace {
        polygons[index, default: []].append(contour.points.map(planes[index].pixel))
      }
    }
    var overlaps = false
    for (index, all) in polygons {
      let plane = planes[index]
      var fill = EvenOddFill(columns: plane.columns, rows: plane.rows)
      for polygon in all { fill.add(polygon) }
      found.masks[index] = fill.mask()
      overlaps = overlaps || ContourNesting.isBroken(all, columns: plane.columns, rows: plane.rows)
    }
    if found.contoursOffPlanes > 0 {
      found.findings.append(
        .init(
          "contours_off_planes", "\(found.contoursOffPlanes) contours lie on none of the planes.")
      )
    }
    if overlaps {
      found.findings.append(
        .init(
          "contours_overlap",
          "Contours of one structure overlap in part, or repeat; what an even number covers is outside."
        ))
    }
    return found
  }
}

extension DICOMStructureSet.Contour {
  /// How far the point furthest from a plane is from it; nil past `tolerance`.
  fileprivate func distance(from plane: PlaneGeometry, within tolerance: Double) -> Double? {
    let normal = plane.normal
    var furthest = 0.0
    for point in points {
      let distance = abs((point - plane.position).dot(normal))
      // Also where it is no number.
      guard distance <= tolerance else { return nil }
      furthest = max(furthest, distance)
    }
    return furthest
  }
}

/// Whether polygons lie beside or within each other, as they should.
private enum ContourNesting {
  /// True where two cross each other's insides, or cover the same pixels.
  static func isBroken(_ polygons: [[PixelPoint]], columns: Int, rows: Int) -> Bool {
    guard polygons.count > 1 else { return false }
    // The largest first: whatever holds a polygon as a whole then comes before it, so that the last
    // one that came over its pixels is the same for all of them.
    let order = polygons.indices.map { (area: mask(polygons[$0], columns, rows).mask.area, at: $0) }
      .sorted { ($1.area, $0.at) < ($0.area, $1.at) }
    var owner = [Int](repeating: -1, count: columns * rows)
    var areas: [Int: Int] = [:]
    for (area, at) in order where area > 0 {
      let part = mask(polygons[at], columns, rows)
      var parent: Int?
      for i in part.mask.bytes.indices where part.mask.bytes[i] == 1 {
        let pixel =
          (part.row + i / part.mask.columns) * columns + part.column + i % part.mask.columns
        if parent == nil { parent = owner[pixel] }
        if parent != owner[pixel] { return true }
        owner[pixel] = at
      }
      if let parent, areas[parent] == area { return true }
      areas[at] = area
    }
    return false
  }

  /// One polygon's inside, and where its first pixel lies in the picture.
  private static func mask(_ polygon: [PixelPoint], _ columns: Int, _ rows: Int)
    -> (mask: PlaneMask, column: Int, row: Int)
  {
    let reach = EvenOddFill.reach(polygon, columns: columns, rows: rows)
    var fill = EvenOddFill(columns: reach.columns, rows: reach.rows)
    fill.add(polygon)
    return (fill.interior(), reach.columns.lowerBound, reach.rows.lowerBound)
  }
}

import MedicalImaging

extension DICOMBulkAnnotations {
  /// About what a shape takes besides its points, in bytes.
  private static let weight = 256

  /// What it draws, in pixels of the total pixel matrix of an image: the one that it counts in, or of 3D
  /// coordinates any in the same frame of reference.
  ///
  /// Ellipses become polygons that are nowhere further from them than `tolerance` pixels. All points of a
  /// group are one shape. Names are the meanings of property types, groups the labels of groups.
  ///
  /// Throws `.annotation` where the image is another, or does not say where it, or its frame, lies;
  /// `.memory` where the shapes would take more than `memoryLimit` bytes.
  public func shapes(
    on image: DICOMSlideInstance, tolerance: Double = 0.1, memoryLimit: Int = 4 << 30
  ) throws(ImageError) -> SlideAnnotations {
    switch space {
    case .matrix:
      try check(image)
      return try shapes(tolerance, memoryLimit) { EdgePoint(x: $0.x, y: $0.y) }
    case .frame:
      try check(image)
      guard let place = image.corner(ofFrame: references.first?.frames.first ?? 0) else {
        throw ImageError(
          .annotation, "The image does not say where the frame lies that was annotated.")
      }
      return try shapes(tolerance, memoryLimit) { EdgePoint(x: $0.x + place.x, y: $0.y + place.y) }
    case .slide:
      guard image.header.identity.frameOfReferenceUID == identity.frameOfReferenceUID else {
        throw ImageError(
          .annotation, "The annotations are of another frame of reference than the image.")
      }
      guard let grid = image.grid else {
        throw ImageError(.annotation, "The image does not say where on the slide it lies.")
      }
      return try shapes(through: grid, tolerance: tolerance, memoryLimit: memoryLimit)
    }
  }

  /// Shapes of 3D coordinates, in pixels of an image that lies so on the slide: `grid` is in its
  /// coordinate system, in millimetres.
  ///
  /// Throws `.memory` where the shapes would take more than `memoryLimit` bytes.
  public func shapes(
    through grid: PlaneGrid, tolerance: Double = 0.1, memoryLimit: Int = 4 << 30
  ) throws(ImageError) -> SlideAnnotations {
    precondition(space == .slide)
    return try shapes(tolerance, memoryLimit) { EdgePoint(grid.pixel(of: $0)) }
  }

  private func check(_ image: DICOMSlideInstance) throws(ImageError) {
    guard image.header.identity.sopInstanceUID == references.first?.sopInstanceUID else {
      throw ImageError(.annotation, "The annotations count in pixels of another image.")
    }
  }

  private func shapes(
    _ tolerance: Double, _ memoryLimit: Int, _ pixel: (Vector3) -> EdgePoint
  ) throws(ImageError) -> SlideAnnotations {
    var found = SlideAnnotations()
    var bytes = 0
    for group in groups {
      bytes += Self.weight * (group.graphic == .point ? 1 : group.count) + 16 * group.pointCount
      for index in 0..<(group.graphic == .point ? min(group.count, 1) : group.count) {
        guard bytes <= memoryLimit else {
          throw ImageError(.memory, "The annotations need more memory than is allowed.")
        }
        let range = group.graphic == .point ? 0..<group.count : group.points(of: index)
        let points = range.map { pixel(group.place($0)) }
        let outline: SlideAnnotations.Outline
        switch group.graphic {
        case .point: outline = .points(points)
        case .polyline: outline = .lines([points])
        case .ellipse:
          let ellipse = Self.ellipse(points)
          bytes += 16 * EdgePolygon.corners(ofEllipse: ellipse.a, ellipse.b, tolerance: tolerance)
          outline = .polygon(
            EdgePolygon(ellipse: ellipse.centre, ellipse.a, ellipse.b, tolerance: tolerance))
        case .polygon, .rectangle:
          do { outline = .polygon(try EdgePolygon(parts: [[points]])) } catch {
            throw ImageError(
              .annotation,
              "Annotation \(index + 1) of the group numbered \(group.number) \(error.words).")
          }
        }
        found.shapes.append(
          .init(
            outline, name: group.type?.meaning ?? "", group: group.label, type: group.type))
      }
    }
    return found
  }

  /// Of the ends of its two axes.
  private static func ellipse(_ p: [EdgePoint])
    -> (centre: EdgePoint, a: (x: Double, y: Double), b: (x: Double, y: Double))
  {
    (
      EdgePoint(
        x: (p[0].x + p[1].x + p[2].x + p[3].x) / 4, y: (p[0].y + p[1].y + p[2].y + p[3].y) / 4),
      ((p[1].x - p[0].x) / 2, (p[1].y - p[0].y) / 2),
      ((p[3].x - p[2].x) / 2, (p[3].y - p[2].y) / 2)
    )
  }
}

extension DICOMSlideInstance {
  /// Where its total pixel matrix lies in the slide coordinate system, in millimetres; nil where the
  /// header does not say it, or it does not lie flat on the slide.
  public var grid: PlaneGrid? {
    guard let origin, let spacing = header.shared.spacing, columns > 0, rows > 0,
      spacing.betweenRows > 0, spacing.betweenColumns > 0, orientation.count == 6,
      orientation[2] == 0, orientation[5] == 0
    else { return nil }
    let row = Vector3(orientation[0], orientation[1], 0)
    let column = Vector3(orientation[3], orientation[4], 0)
    guard abs(row.length - 1) < 1e-4, abs(column.length - 1) < 1e-4, abs(row.dot(column)) < 1e-4
    else { return nil }
    return PlaneGrid(
      columns: columns, rows: rows,
      geometry: PlaneGeometry(position: origin, alongRow: row, alongColumn: column),
      spacing: spacing)
  }

  /// The outer corner of a frame's first pixel in the total pixel matrix, frames counted from 0; nil
  /// where it is not said.
  func corner(ofFrame frame: Int) -> EdgePoint? {
    switch arrangement {
    case .placed(let places):
      return places.first { $0.frame == frame }.map { EdgePoint(x: Double($0.x), y: Double($0.y)) }
    case .full:
      let (width, height) = (header.format.columns, header.format.rows)
      guard columns > 0, rows > 0, width > 0, height > 0, (0..<header.frames).contains(frame) else {
        return nil
      }
      let across = (columns + width - 1) / width
      let down = (rows + height - 1) / height
      let tile = (frame + framesBefore) % (across * down)
      return EdgePoint(x: Double(tile % across * width), y: Double(tile / across * height))
    case .unknown: return nil
    }
  }
}

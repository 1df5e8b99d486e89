import MedicalImaging

/// Boxes and polygons of a source as they lie in its picture, and with `inverse` back.
extension PictureMap {
  /// A box of the source, in the picture, and the share of its area that is left there; nil where
  /// nothing is.
  public func box(_ box: EdgeBox) -> (box: EdgeBox, share: Double)? {
    let corners = [EdgePoint(x: box.x0, y: box.y0), EdgePoint(x: box.x1, y: box.y1)]
    guard let whole = EdgeBox(around: corners.map(picture)) else { return nil }
    let seen = whole.intersection(visible)
    guard !seen.isEmpty else { return nil }
    return (seen, seen == whole ? 1 : seen.area / whole.area)
  }

  /// A polygon of the source, in the picture, and the share of its area that is left there; nil where
  /// nothing is. Where a crop cuts it into pieces, all of them are outer rings.
  public func polygon(_ polygon: EdgePolygon) -> (polygon: EdgePolygon, share: Double)? {
    let whole = EdgePolygon(
      rings: polygon.rings.map { ring in
        let mapped = ring.map(picture)
        // Seen in a mirror, rings go the other way.
        return isMirrored ? mapped.prefix(1) + mapped.dropFirst().reversed() : mapped
      })
    let seen = whole.clipped(to: visible)
    guard seen.area > 0 else { return nil }
    return (seen, seen == whole ? 1 : seen.area / whole.area)
  }
}

import MedicalImaging

extension PlaneOrientation {
  /// The picture upright, with a finding where it had to be turned. Throws `.memory`.
  func applied(to picture: consuming Picture, limit: Int) throws(ImageError) -> Picture {
    guard self != .upright else { return picture }
    _ = try Budget.bytes(picture.bytes.count, 2, limit: limit, of: "The picture")
    let upright = turned(
      picture.bytes, columns: picture.columns, rows: picture.rows,
      pixelBytes: picture.channels * picture.sample.size)
    picture.bytes = upright
    if swapsAxes { (picture.columns, picture.rows) = (picture.rows, picture.columns) }
    picture.orientation = self
    picture.findings.append(
      .init("picture_orientation", "The picture was turned upright, as its orientation says."))
    return picture
  }
}

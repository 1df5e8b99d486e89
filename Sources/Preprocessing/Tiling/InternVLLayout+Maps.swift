import MedicalImaging

extension InternVLLayout {
  /// The way from the source of a picture to each picture that the encoder gets of it: the tiles row by
  /// row, then the thumbnail.
  public func maps(of picture: PictureMap) -> [PictureMap] {
    let grid = picture.appending(.resize(columns: columns * tileSize, rows: rows * tileSize))
    var maps: [PictureMap] = []
    for row in 0..<rows {
      for column in 0..<columns {
        maps.append(
          grid.appending(
            .crop(
              columns: column * tileSize..<(column + 1) * tileSize,
              rows: row * tileSize..<(row + 1) * tileSize)))
      }
    }
    if thumbnail { maps.append(picture.appending(.resize(columns: tileSize, rows: tileSize))) }
    return maps
  }
}

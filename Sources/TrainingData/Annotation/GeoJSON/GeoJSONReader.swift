import MedicalImaging

/// Reads shapes on a slide from GeoJSON (RFC 7946) as QuPath writes it: a FeatureCollection, a Feature, or
/// an array of Features, as older versions wrote them.
///
/// Places there are no longitudes, but pixels of the full-resolution image from its top left corner
/// (QuPath documentation, Exporting annotations, Units and origin), as those of labels here are.
/// Ellipses are polygons there. Measurements, colours, names of single objects and the nuclei of cells
/// are left out.
public enum GeoJSONReader {
  /// Bytes that a byte of text may become, the text among them: "[1,2]," is a point of 16.
  private static let growth = 8

  /// `memoryLimit` bounds, in bytes, what reading takes.
  ///
  /// Throws `.annotation` with the number of the first feature that is wrong, counted from 1, or with the
  /// line where it is no JSON: what has no geometry, or one of another kind, polygons of fewer than three
  /// points, holes that leave theirs. Throws `.memory` where the file is too long.
  public static func read(_ json: [UInt8], memoryLimit: Int = 4 << 30) throws(ImageError)
    -> SlideAnnotations
  {
    guard json.count <= memoryLimit / growth else {
      throw ImageError(.memory, "The annotations need more memory than is allowed.")
    }
    var stream = JSONStream(json)
    var found = SlideAnnotations()
    switch try stream.kind() {
    case .array: try features(&stream, &found)
    case .object: try root(&stream, &found)
    default: throw noFeatures
    }
    try stream.end()
    return found
  }

  private static let noFeatures = ImageError.annotation(
    "The JSON is no GeoJSON: it is no Feature, and has no list of them.",
    remedy: "Export the objects as GeoJSON.")

  private static func features(
    _ stream: inout JSONStream, _ found: inout SlideAnnotations
  ) throws(ImageError) {
    guard try stream.kind() == .array else { throw noFeatures }
    var row = 0
    try stream.array { stream throws(ImageError) in
      row += 1
      var feature = GeoJSONObject(row: row)
      try feature.read(&stream)
      found.shapes += try feature.shapes()
    }
  }

  /// A FeatureCollection's features are read one by one wherever they stand; everything else of a root
  /// is small.
  private static func root(
    _ stream: inout JSONStream, _ found: inout SlideAnnotations
  ) throws(ImageError) {
    var feature = GeoJSONObject(row: 1)
    var isCollection = false
    try stream.object { stream, key throws(ImageError) in
      if key == "features" {
        guard !isCollection else { throw noFeatures }
        isCollection = true
        try features(&stream, &found)
      } else {
        try feature.member(key, &stream)
      }
    }
    switch feature.type {
    case "FeatureCollection":
      guard isCollection else { throw noFeatures }
    case "Feature":
      guard !isCollection else { throw noFeatures }
      found.shapes = try feature.shapes()
    default: throw noFeatures
    }
  }
}

import MedicalImaging
import Preprocessing

extension LabelPlane {
  /// Its components as annotations of picture `picture` of a set, each with its outline.
  ///
  /// Throws `.annotation` where a number has no name.
  public func annotations(
    names: LabelTable, picture: Int, connectivity: PixelConnectivity = .eight
  ) throws(ImageError) -> [PictureAnnotation] {
    let found = ConnectedComponents(self, connectivity: connectivity)
    var annotations: [PictureAnnotation] = []
    for (component, polygon) in zip(found.components, found.polygons()) {
      guard let name = names[Int(component.label)] else {
        throw .annotation(
          "A number of a label plane has no name.", remedy: "Add it to the table of labels.")
      }
      annotations.append(
        PictureAnnotation(
          name: name, box: component.box, outline: .polygons([polygon]), picture: picture))
    }
    return annotations
  }
}

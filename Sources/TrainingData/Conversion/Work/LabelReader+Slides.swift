import ImageFormats
import MedicalImaging
import Preprocessing

/// Shapes on slides: DICOM's bulk annotations, GeoJSON, ASAP's XML.
extension LabelReader {
  /// Adds the areas that an annotation draws on the slide of a unit; points and lines have none.
  ///
  /// Throws what reading it does; of XML that is not ASAP's nothing is read.
  func read(
    shapesOf annotation: PlannedAnnotation, _ index: Int, _ files: ImageFiles,
    _ labels: inout UnitLabels, _ outcome: inout Outcome
  ) throws(ImageError) {
    guard let (found, raster) = try shapes(of: annotation, files) else { return }
    let whole = EdgeBox(columns: 0..<raster.columns, rows: 0..<raster.rows)
    var regions: [StructureName: Int] = [:]
    var unnamed = 0
    var isInside = false
    for shape in found.shapes {
      guard case .polygon(let polygon) = shape.outline, let box = polygon.box else { continue }
      isInside = isInside || !box.intersection(whole).isEmpty
      let structure = names.name(of: shape)
      if regions[structure] == nil {
        unnamed += 1
        regions[structure] = labels.add(
          .init(annotation: index, structure: structure, number: unnamed))
      }
      labels.add(
        polygon, of: regions[structure] ?? 0, columns: raster.columns, rows: raster.rows)
    }
    if isInside {
      outcome.fitted.insert(0)
    } else if found.shapes.contains(where: { if case .polygon = $0.outline { true } else { false } }
    ) {
      // All of it lies beside the slide.
      outcome.refused.insert(0)
    }
  }

  /// What it draws, and the picture in whose pixels it counts; nil where it is something else.
  private func shapes(of annotation: PlannedAnnotation, _ files: ImageFiles) throws(ImageError)
    -> (SlideAnnotations, PlannedRaster)?
  {
    guard annotation.kind == .bulkAnnotations else {
      let head = files.header.copy(0..<min(4096, files.header.count))
      let isXML = head.first { $0 > 0x20 && $0 < 0x80 } == UInt8(ascii: "<")
      if isXML, !String(decoding: head, as: UTF8.self).contains("ASAP_Annotations") { return nil }
      guard files.header.count <= memoryLimit else {
        throw ImageError(.memory, "The annotations need more memory than is allowed.")
      }
      let text = files.header.copy(0..<files.header.count)
      let found =
        try isXML
        ? ASAPReader.read(text) : GeoJSONReader.read(text, memoryLimit: memoryLimit)
      return (found, annotation.rasters[0])
    }
    guard
      case .bulkAnnotations(let found) = try DICOMAnnotation.read(
        files.header, memoryLimit: memoryLimit)
    else { throw Self.changed }
    let counts = found.references.first?.sopInstanceUID
    let raster =
      annotation.rasters.first { $0.sopInstanceUID == counts } ?? annotation.rasters[0]
    let image = try DICOMSlideInstance.read(open(raster.location), memoryLimit: memoryLimit)
    return (try found.shapes(on: image, memoryLimit: memoryLimit), raster)
  }
}

import MedicalImaging

/// What one DICOM source turned out to hold.
public enum DICOMContent: Codable, Sendable {
  /// A picture: its header, pixels not yet touched.
  case image(InstanceHeader)
  /// An instance of a slide: see `SlideReader`.
  case slide
  /// Something that is rightly no picture.
  case leftOut(LeftOutKind)
  /// A DICOMDIR: see `DICOMDirectory`.
  case mediaDirectory
}

/// Kinds of DICOM objects that are no pictures by content; they are counted, not rejected.
public enum LeftOutKind: String, Codable, CaseIterable, Sendable {
  case structuredReport = "structured_report"
  case presentationState = "presentation_state"
  case keyObjectSelection = "key_object_selection"
  case structureSet = "structure_set"
  case radiotherapyPlan = "radiotherapy_plan"
  case radiotherapyRecord = "radiotherapy_record"
  case waveform
  case bulkAnnotations = "bulk_annotations"
  case realWorldValueMapping = "real_world_value_mapping"
  case registration
  case encapsulatedDocument = "encapsulated_document"
  case rawData = "raw_data"
  case spectroscopy
  case surface
  case tractography
  case colorPalette = "color_palette"
  case protocolDefinition = "protocol_definition"
  case otherObject = "other_object"
}

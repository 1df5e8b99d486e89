import MedicalImaging

/// The fields of an annotation's record in the order in which they are stored.
extension AnnotationRecord: FieldCoded {
  static let blank = AnnotationRecord(
    summary: .blank, identity: .init(), references: [], framesOfReference: [])

  mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try summary.code(&coder)
    try identity.code(&coder)
    try coder.field(&references, blank: .blank) { reference, coder throws(ImageError) in
      try reference.code(&coder)
    }
    try coder.field(&framesOfReference)
  }
}

extension AnnotationSummary: FieldCoded {
  static let blank = AnnotationSummary(.segmentation, count: 0)

  mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&kind)
    try coder.field(&form, blank: .text) { form, coder throws(ImageError) in
      try coder.field(&form)
    }
    try coder.field(&count)
    try coder.field(&settings, blank: .window) { setting, coder throws(ImageError) in
      try coder.field(&setting)
    }
    try coder.field(&findings, blank: .init("", "")) { finding, coder throws(ImageError) in
      try finding.code(&coder)
    }
  }
}

extension ImageReference: FieldCoded {
  static let blank = ImageReference(sopInstanceUID: "")

  mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&studyInstanceUID)
    try coder.field(&seriesInstanceUID)
    try coder.field(&sopClassUID)
    try coder.field(&sopInstanceUID)
    for numbers in [\ImageReference.frames, \.segments] {
      try coder.field(&self[keyPath: numbers], blank: 0) { number, coder throws(ImageError) in
        try coder.field(&number)
      }
    }
  }
}

import ImageFormats
import MedicalImaging

/// A basic text report (PS3.3 A.35.1): no picture, and rightly left out of a conversion.
struct TextReport {
  let series: SampleSeries

  func write(_ findings: String, to medium: inout SampleMedium) throws(ImageError) {
    var object = series.object(instance: 1)
    object.set(.completionFlag, "COMPLETE")
    object.set(.verificationFlag, "UNVERIFIED")
    object.set(.valueType, "CONTAINER")
    object.set(.conceptNameCodeSequence, .items([Self.code("11528-7", "Radiology Report")]))
    object.set(.continuityOfContent, "SEPARATE")
    var text = DICOMObject()
    text.set(.relationshipType, "CONTAINS")
    text.set(.valueType, "TEXT")
    text.set(.conceptNameCodeSequence, .items([Self.code("59776-5", "Procedure Findings")]))
    text.set(.textValue, findings)
    object.set(.contentSequence, .items([text]))
    try medium.add(object, of: series, position: 0)
  }

  private static func code(_ value: String, _ meaning: String) -> DICOMObject {
    var item = DICOMObject()
    item.set(.codeValue, value)
    item.set(.codingSchemeDesignator, "LN")
    item.set(.codeMeaning, meaning)
    return item
  }
}

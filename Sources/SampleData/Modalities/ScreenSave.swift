import ImageFormats
import MedicalImaging

/// A saved screen with the patient's name in its pixels: what must not go into training data.
struct ScreenSave {
  let series: SampleSeries

  func write(of anatomy: TorsoAnatomy, to medium: inout SampleMedium) throws(ImageError) {
    var canvas = SliceCanvas(side: 224, spacing: 380.0 / 224)
    anatomy.section(at: -60, onto: &canvas)
    canvas.blur()
    var picture = ColourPicture(columns: 320, rows: 240) { column, row in
      guard (48..<272).contains(column), (8..<232).contains(row) else { return (18, 20, 40) }
      let value = Double(canvas.values[(row - 8) * 224 + column - 48])
      let grey = (value - 40 + 200) / 400 * 255
      return (grey, grey, grey)
    }
    let patient = series.study.patient
    picture.write(
      patient.name.uppercased(), column: 4, row: 4, scale: 2, colour: (255, 255, 0))
    picture.write(patient.id, column: 4, row: 22, colour: (255, 255, 255))
    picture.write(
      "BORN " + patient.birthDate, column: 4, row: 32, colour: (255, 255, 255))
    picture.write("SYNTHETIC HOSPITAL", column: 204, row: 228, colour: (255, 255, 255))
    var object = series.object(instance: 1)
    object.set(.imageType, .texts(["DERIVED", "SECONDARY", "SCREEN SAVE"]))
    object.set(.conversionType, "WSD")
    object.set(.burnedInAnnotation, "YES")
    object.setColour(picture.bytes, columns: 320, rows: 240)
    try medium.add(object, of: series, position: 0)
  }
}

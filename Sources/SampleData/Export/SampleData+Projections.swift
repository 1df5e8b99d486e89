import ImageFormats
import MedicalImaging

extension SampleData {
  /// Patients 7, 8 and 10: a storage plate, a detector in two views, an angiogram.
  static func writeProjections(to medium: inout SampleMedium) throws(ImageError) {
    let plate = SampleStudy(
      patient: SamplePatient(
        number: 7, name: "Phantom^Otto", sex: "M", birthDate: "19391224"),
      date: "20200505", description: "Chest PA")
    try Radiograph(
      series: SampleSeries(
        study: plate, number: 1, modality: "CR", description: "Chest PA",
        sopClassUID: "1.2.840.10008.5.1.4.1.1.1", bodyPart: "CHEST"),
      anatomy: TorsoAnatomy("7"), direction: .frontal
    ).writePlate(to: &medium)

    let detector = SampleStudy(
      patient: SamplePatient(
        number: 8, name: "Phantom^Mar\u{ED}a", sex: "F", birthDate: "19930821",
        characterSet: "ISO_IR 100"),
      date: "20220419", description: "Chest PA and lateral")
    for (number, direction) in [(1, Projection.Direction.frontal), (2, .lateral)] {
      try Radiograph(
        series: SampleSeries(
          study: detector, number: number, modality: "DX",
          description: direction == .frontal ? "Chest PA" : "Chest lateral",
          sopClassUID: "1.2.840.10008.5.1.4.1.1.1.1", bodyPart: "CHEST"),
        anatomy: TorsoAnatomy("8", hasNodule: true), direction: direction
      ).writeDetector(to: &medium)
    }

    let angiogram = SampleStudy(
      patient: SamplePatient(
        number: 10, name: "Phantom^Viktor", sex: "M", birthDate: "19580115"),
      date: "20220630", description: "Coronary angiography")
    try Angiogram(
      series: SampleSeries(
        study: angiogram, number: 1, modality: "XA", description: "Left coronary",
        sopClassUID: "1.2.840.10008.5.1.4.1.1.12.1", bodyPart: "HEART")
    ).write(frames: 20, to: &medium)
  }
}

import ImageFormats
import MedicalImaging

extension SampleData {
  /// Patients 9, 11 and 12: ultrasound, a saved screen with a report, a slide.
  static func writeColour(to medium: inout SampleMedium) throws(ImageError) {
    let ultrasound = SampleStudy(
      patient: SamplePatient(
        number: 9, name: "Phantom^Zo\u{EB}", sex: "F", birthDate: "20010401",
        characterSet: "ISO_IR 192"),
      date: "20220523", description: "US abdomen and heart")
    try Ultrasound(
      series: SampleSeries(
        study: ultrasound, number: 1, modality: "US", description: "Liver",
        sopClassUID: "1.2.840.10008.5.1.4.1.1.6.1", bodyPart: "ABDOMEN")
    ).writeStill(to: &medium)
    try Ultrasound(
      series: SampleSeries(
        study: ultrasound, number: 2, modality: "US", description: "Four chambers",
        sopClassUID: "1.2.840.10008.5.1.4.1.1.3.1", bodyPart: "HEART")
    ).writeCine(frames: 20, to: &medium)

    let screen = SampleStudy(
      patient: SamplePatient(
        number: 11, name: "Phantom^Paul", sex: "M", birthDate: "19640710"),
      date: "20220711", description: "Screen and report")
    try ScreenSave(
      series: SampleSeries(
        study: screen, number: 1, modality: "OT", description: "Screen",
        sopClassUID: "1.2.840.10008.5.1.4.1.1.7", bodyPart: "ABDOMEN")
    ).write(of: TorsoAnatomy("11", phase: .portal), to: &medium)
    try TextReport(
      series: SampleSeries(
        study: screen, number: 2, modality: "SR", description: "Report",
        sopClassUID: "1.2.840.10008.5.1.4.1.1.88.11")
    ).write("Synthetic report of Phantom^Paul. No findings: nobody was examined.", to: &medium)

    let slide = SampleStudy(
      patient: SamplePatient(
        number: 12, name: "Phantom^Sofia", sex: "F", birthDate: "19721005"),
      date: "20220815", description: "Histology")
    try SlideScan(
      series: SampleSeries(
        study: slide, number: 1, modality: "SM", description: "HE",
        sopClassUID: "1.2.840.10008.5.1.4.1.1.77.1.6")
    ).write(to: &medium)
  }
}

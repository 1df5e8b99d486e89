import ImageFormats
import MedicalImaging

extension SampleData {
  /// Patients 5 and 6: a brain in T1 and in two echoes, and one at three points of time.
  static func writeMR(to medium: inout SampleMedium) throws(ImageError) {
    let brain = SampleStudy(
      patient: SamplePatient(
        number: 5, name: "Phantom^Emma", sex: "F", birthDate: "19820714"),
      date: "20220117", description: "MR brain")
    let anatomy = HeadAnatomy("5")
    try MRScan(
      series: mrSeries(brain, 1, "T1 SE axial"), anatomy: anatomy, repetitionTime: 500,
      volumes: [MRScan.Volume(echoTime: 14)]
    ).write(to: &medium)
    try MRScan(
      series: mrSeries(brain, 2, "PD T2 dual echo axial"), anatomy: anatomy, repetitionTime: 3000,
      volumes: [MRScan.Volume(echoTime: 18), MRScan.Volume(echoTime: 92, echo: 2)]
    ).write(to: &medium)

    let dynamic = SampleStudy(
      patient: SamplePatient(
        number: 6, name: "\u{424}\u{430}\u{43D}\u{442}\u{43E}\u{43C}^\u{418}\u{432}\u{430}\u{43D}",
        sex: "M", birthDate: "19770228", characterSet: "ISO_IR 144"),
      date: "20220308", description: "MR brain dynamic")
    try MRScan(
      series: mrSeries(dynamic, 1, "T1 dynamic"), anatomy: HeadAnatomy("6", lesion: .lesion),
      repetitionTime: 400,
      volumes: [0, 0.9, 1.5].enumerated().map { i, gain in
        MRScan.Volume(echoTime: 10, time: i + 1, enhancement: gain)
      }
    ).write(to: &medium)
  }

  private static func mrSeries(_ study: SampleStudy, _ number: Int, _ description: String)
    -> SampleSeries
  {
    SampleSeries(
      study: study, number: number, modality: "MR", description: description,
      sopClassUID: "1.2.840.10008.5.1.4.1.1.4", bodyPart: "BRAIN")
  }
}

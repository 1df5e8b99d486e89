import ImageFormats
import MedicalImaging

extension SampleData {
  /// Patients 1 to 4: chest, abdomen in two phases, head, and an abdomen with a gap.
  static func writeCT(to medium: inout SampleMedium) throws(ImageError) {
    let chest = SampleStudy(
      patient: SamplePatient(
        number: 1, name: "Phantom^Anna", sex: "F", birthDate: "19480317"),
      date: "20210304", description: "CT chest")
    let chestScan = CTScan(
      series: ctSeries(chest, 2, "Chest 12.0 soft", "CHEST"),
      subject: .torso(TorsoAnatomy("1", hasNodule: true)), side: 256, step: 12, start: 6,
      count: 20)
    try chestScan.writeScout(as: ctSeries(chest, 1, "Scout", "CHEST"), to: &medium)
    try chestScan.write(to: &medium)

    let abdomen = SampleStudy(
      patient: SamplePatient(
        number: 2, name: "Ph\u{E4}ntom^J\u{FC}rgen", sex: "M", birthDate: "19611102",
        characterSet: "ISO_IR 100"),
      date: "20210611", description: "CT Oberbauch zweiphasig")
    for (number, phase, name) in [
      (2, TorsoAnatomy.Phase.arterial, "arteriell"), (3, .portal, "portalven\u{F6}s"),
    ] {
      let scan = CTScan(
        series: ctSeries(abdomen, number, "Abdomen " + name, "ABDOMEN"),
        subject: .torso(TorsoAnatomy("2", phase: phase)), side: 256, step: 10, start: -195,
        count: 20, agent: "SYNTHETIC IODINE")
      if number == 2 {
        try scan.writeScout(as: ctSeries(abdomen, 1, "Topogramm", "ABDOMEN"), to: &medium)
      }
      try scan.write(to: &medium)
    }

    let head = SampleStudy(
      patient: SamplePatient(
        number: 3, name: "Phantom^Li=\u{5E7B}\u{5F71}^\u{674E}", sex: "M", birthDate: "19550909",
        characterSet: "ISO_IR 192"),
      date: "20210920", description: "\u{5934}\u{90E8}CT")
    let headScan = CTScan(
      series: ctSeries(head, 2, "Head 6.0", "HEAD"),
      subject: .head(HeadAnatomy("3", lesion: .blood)), side: 256, step: 6, start: -44, count: 20,
      window: (40, 80), kernel: "BRAIN")
    try headScan.writeScout(as: ctSeries(head, 1, "Scout", "HEAD"), to: &medium)
    try headScan.write(to: &medium)

    let gap = SampleStudy(
      patient: SamplePatient(
        number: 4, name: "Phantom^Gabriel^^Dr", sex: "M", birthDate: "19700530"),
      date: "20211208", description: "CT abdomen")
    let gapScan = CTScan(
      series: ctSeries(gap, 2, "Abdomen 12.0", "ABDOMEN"), subject: .torso(TorsoAnatomy("4")),
      side: 256, step: 12, start: -290, count: 20, missing: [7, 8])
    try gapScan.writeScout(as: ctSeries(gap, 1, "Scout", "ABDOMEN"), to: &medium)
    try gapScan.write(to: &medium)
  }

  /// Patient 13: one series of any length, from pelvis to neck.
  static func writeLongCT(_ count: Int, to medium: inout SampleMedium) throws(ImageError) {
    let study = SampleStudy(
      patient: SamplePatient(
        number: 13, name: "Phantom^Long", sex: "F", birthDate: "19660606"),
      date: "20220202", description: "CT trunk")
    try CTScan(
      series: ctSeries(study, 1, "Trunk thin", "CHEST"),
      subject: .torso(TorsoAnatomy("13", phase: .portal)), side: 512,
      step: max(0.25, (560 / Double(count) * 8).rounded(.down) / 8), start: -310, count: count,
      agent: "SYNTHETIC IODINE"
    ).write(to: &medium)
  }

  private static func ctSeries(
    _ study: SampleStudy, _ number: Int, _ description: String, _ bodyPart: String
  ) -> SampleSeries {
    SampleSeries(
      study: study, number: number, modality: "CT", description: description,
      sopClassUID: "1.2.840.10008.5.1.4.1.1.2", bodyPart: bodyPart)
  }
}

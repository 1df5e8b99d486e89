import ImageFormats
import MedicalImaging

extension SampleData {
  /// VOLUME/: a head as NIfTI-1 with the labels of its tissues and what the numbers mean.
  static func writeVolume(to medium: inout SampleMedium) throws(ImageError) {
    let (columns, rows, slices, spacing, step) = (96, 112, 28, 2.0, 5.0)
    let anatomy = HeadAnatomy("volume", lesion: .lesion)
    let texture = NoiseTexture("volume")
    var voxels: [Int16] = []
    var labels: [UInt8] = []
    // Towards the patient's right, front and head: RAS, as research volumes often are.
    let first = Vector3(
      Double(columns - 1) / 2 * spacing, Double(rows - 1) / 2 * spacing, -46)
    for slice in 0..<slices {
      for row in 0..<rows {
        for column in 0..<columns {
          let tissue = anatomy.tissue(
            first.x - Double(column) * spacing, first.y - Double(row) * spacing,
            first.z + Double(slice) * step)
          let (signal, label): (Float, UInt8) =
            switch tissue {
            case .air: (4, 0)
            case .bone: (30, 0)
            case .fat: (900, 0)
            case .marrow: (420, 0)
            case .muscle: (350, 0)
            case .eye: (150, 0)
            case .fluid: (140, 1)
            case .grey: (380, 2)
            case .white: (520, 3)
            case .lesion, .blood: (290, 4)
            }
          let grain = 14 * texture[column + 97 * slice, row + 31 * slice]
          voxels.append(Int16(max(0, signal + grain)))
          labels.append(label)
        }
      }
    }
    let affine = [
      [-spacing, 0, 0, first.x], [0, -spacing, 0, first.y], [0, 0, step, first.z], [0, 0, 0, 1],
    ]
    for (name, values) in [
      ("head.nii", NIfTIWriter.Voxels.int16(voxels)), ("head_labels.nii", .labels(labels)),
    ] {
      try medium.write(
        NIfTIWriter.file(
          values, columns: columns, rows: rows, slices: slices, voxelToPatient: affine),
        to: "VOLUME/" + name)
    }
    let table = """
      value,name
      1,cerebrospinal fluid
      2,grey matter
      3,white matter
      4,lesion

      """
    try medium.write(Array(table.utf8), to: "VOLUME/head_labels.csv")
  }

  /// PICTURES/: moles and tissue as PNG, and a table of what each shows.
  static func writePictures(to medium: inout SampleMedium) throws(ImageError) {
    let encoder = PNGEncoder()
    var table = "file,label\n"
    for number in 1...8 {
      let isMole = number <= 5
      let isIrregular = number.isMultiple(of: 2)
      let picture =
        isMole
        ? TissuePicture.mole(side: 192, seed: String(number), isIrregular: isIrregular)
        : TissuePicture.section(side: 224, seed: String(number))
      let name = "picture_" + SampleMedium.digits(number, 2) + ".png"
      let png = try encoder.encode(
        picture.bytes.span, columns: picture.columns, rows: picture.rows, layout: .rgb8)
      try medium.write(png, to: "PICTURES/" + name)
      table += "\(name),\(isMole ? isIrregular ? "melanoma" : "naevus" : "glandular tissue")\n"
    }
    try medium.write(Array(table.utf8), to: "PICTURES/labels.csv")
  }

  /// What else lies on a medium.
  static func writeMediumTexts(to medium: inout SampleMedium) throws(ImageError) {
    let readMe = """
      SYNTHETIC DATA. Nobody was examined: every picture here is computed, every name invented.

      DICOMDIR   index of DICOM/
      DICOM/     twelve patients as a scanner's medium holds them
      VOLUME/    a NIfTI-1 volume, its labels and what they mean
      PICTURES/  pictures and a table of what they show

      """
    try medium.write(Array(readMe.utf8), to: "README.TXT")
    try medium.write(
      Array("[autorun]\r\nopen=VIEWER\\VIEWER.EXE\r\nlabel=SYNTHETIC\r\n".utf8), to: "AUTORUN.INF")
  }
}

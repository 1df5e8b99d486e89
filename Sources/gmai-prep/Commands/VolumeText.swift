import CommandLineKit
import GMAIPrep

/// What an export of volumes wrote, for people; paths are never cut.
struct VolumeText {
  /// Lines of all of it, each ended.
  private(set) var text = ""
  private let width: Int
  private let isResampling: Bool

  /// - Parameter isResampling: whether volumes were to be resampled.
  init(_ report: VolumeReport, width: Int, isResampling: Bool = false) {
    self.width = width
    self.isResampling = isResampling
    add(report.files)
    for file in report.files { addNotes(file) }
    text += RejectionText(report.rejected, width: width).text
    let files = report.files.count
    line("\(files) \(files == 1 ? "file" : "files"), \(report.rejected.count) rejected")
  }

  private mutating func add(_ files: [VolumeReport.File]) {
    guard !files.isEmpty else { return }
    var table = Table([
      .init("File", .keep), .init(right: "Study"), .init(right: "Series"), .init("Kind", .keep),
      .init(right: "Voxels"), .init(right: "mm"), .init("Type", .keep),
    ])
    for file in files {
      let volume = file.volume
      var lengths = [volume.columns, volume.rows, volume.slices]
      if volume.volumes > 1 { lengths.append(volume.volumes) }
      let spacing = (volume.geometry?.spacing ?? volume.spacing).map {
        [$0.betweenColumns, $0.betweenRows, $0.betweenSlices].map(Self.rounded)
          .joined(separator: " x ")
      }
      table.append([
        file.path.withoutControls, "\(file.study)", "\(file.series)", file.kind.rawValue,
        lengths.map(String.init).joined(separator: " x "), spacing ?? "",
        volume.voxel.samplesPerVoxel == 3 ? "rgb24" : volume.voxel.sample.rawValue,
      ])
    }
    text += table.text(width: width)
    line("")
  }

  /// A length of voxels to three digits behind the point, without zeros at its end.
  private static func rounded(_ millimetres: Double) -> String {
    let whole = (millimetres * 1000).rounded() / 1000
    let text = "\(whole)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private mutating func addNotes(_ file: VolumeReport.File) {
    var notes: [String] = []
    if !file.differences.isEmpty {
      notes.append("Its volumes differ in: \(Self.words(file.differences)).")
    }
    if !file.reasons.isEmpty { notes.append("Stands apart by: \(Self.words(file.reasons)).") }
    if let part = file.part {
      notes.append(
        "Part \(part.number + 1) of \(part.of), cut where planes are missing or the step changes; "
          + "it begins with plane \(part.firstPlane + 1).")
    }
    if let resampled = file.resampled {
      notes.append(Self.sentence(resampled))
    } else if isResampling, file.volume.geometry == nil {
      notes.append("Not resampled: it has no place in the patient.")
    } else if isResampling, file.volume.voxel.samplesPerVoxel == 3 {
      notes.append("Not resampled: between colours there are no values.")
    } else if file.holdsModalityValues {
      notes.append("Voxels are modality values: one slope cannot say what stored ones mean.")
    }
    if file.kind == .volume, file.volume.geometry == nil {
      notes.append("Pixel Spacing is missing: the file gives no place in the patient.")
    }
    notes += GeometryWords.sentences(file.findings)
    guard !notes.isEmpty else { return }
    text += file.path.withoutControls + "\n"
    for note in notes { line(note, indented: 2) }
    line("")
  }

  /// What was done to a volume, and with what it was filled.
  private static func sentence(_ volume: ResampledVolume) -> String {
    let done = volume.mended.map { mended in
      switch mended {
      case .tilt: "its shear straightened"
      case .uneven: "its uneven slices made even"
      case .spacing:
        "from voxels of " + volume.from.map { $0.map(rounded) ?? "uneven" }.joined(separator: " x ")
          + " mm"
      }
    }
    let outside =
      volume.voxelsOutside > 0
      ? " \(volume.voxelsOutside) voxels outside of it are \(volume.fill)." : ""
    return "Resampled: \(done.joined(separator: ", ")).\(outside)"
  }

  private static func words(_ reasons: [SplitReason]) -> String {
    reasons.map(\.sentence).joined(separator: "; ")
  }

  /// A line, broken between words where it is too wide.
  private mutating func line(_ words: String, indented margin: Int = 0) {
    text += words.lines(width: width, indented: margin)
  }
}

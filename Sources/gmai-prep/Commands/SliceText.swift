import CommandLineKit
import GMAIPrep

/// What an export of slices wrote, for people.
struct SliceText {
  /// Lines of all of it, each ended.
  private(set) var text = ""
  private let width: Int

  init(_ report: SliceReport, width: Int) {
    self.width = width
    add(report.volumes)
    for (index, volume) in report.volumes.enumerated() { addNotes(volume, number: index + 1) }
    text += RejectionText(report.rejected, width: width).text
    let slices = report.slices
    line(
      "\(slices) \(slices == 1 ? "slice" : "slices")"
        + (slices > 0 ? " in \(report.folder.withoutControls)" : "")
        + ", \(report.rejected.count) rejected")
  }

  private mutating func add(_ volumes: [SliceReport.Volume]) {
    guard volumes.contains(where: { !$0.groups.isEmpty }) else { return }
    var table = Table([
      .init(right: "Volume"), .init(right: "Study"), .init(right: "Series"),
      .init("Modality", .keep), .init("Plane", .keep), .init(right: "Slices"),
      .init(right: "Size"), .init("Grey", .keep),
    ])
    for (index, volume) in volumes.enumerated() {
      for group in volume.groups {
        table.append([
          "\(index + 1)", "\(volume.study)", "\(volume.series)", volume.modality.rawValue,
          group.plane, "\(group.slices)", "\(group.columns) x \(group.rows)",
          group.grey.map(Self.words) ?? "differs",
        ])
      }
    }
    text += table.text(width: width)
    line("")
  }

  private static func words(_ grey: SliceReport.Grey) -> String {
    let unit = grey.units.map { $0 == ModalityUnits.unspecified.rawValue ? "" : " " + $0 } ?? ""
    if let window = grey.window { return "\(short(window.center))/\(short(window.width))" + unit }
    if let low = grey.low, let high = grey.high { return "\(short(low)) to \(short(high))" + unit }
    return "as it is"
  }

  /// To two digits behind the point, without zeros at its end.
  private static func short(_ number: Double) -> String {
    let text = "\((number * 100).rounded() / 100)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private mutating func addNotes(_ volume: SliceReport.Volume, number: Int) {
    var notes: [String] = []
    if !volume.reasons.isEmpty {
      notes.append(
        "Stands apart by: \(volume.reasons.map(\.sentence).joined(separator: "; ")).")
    }
    notes += GeometryWords.sentences(volume.findings)
    notes += volume.notes.map(\.sentence)
    if volume.groups.isEmpty { notes.append("Nothing of it could be shown.") }
    guard !notes.isEmpty else { return }
    line("Volume \(number)")
    for note in notes { line(note, indented: 2) }
    line("")
  }

  private mutating func line(_ words: String, indented margin: Int = 0) {
    text += words.lines(width: width, indented: margin)
  }
}

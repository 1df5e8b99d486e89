import CommandLineKit
import GMAIPrep

/// An inspection's report for people, as wide as their terminal; paths are never cut.
struct InspectionText {
  /// Lines of all of it, each ended.
  private(set) var text = ""
  private let width: Int
  /// Paths shown of those that share a reason.
  private static let shownPaths = 3
  /// Lines shown of the annotations of one study.
  private static let shownAnnotations = 20

  init(_ report: InspectionReport, width: Int) {
    self.width = width
    let annotations = Dictionary(grouping: report.annotations, by: \.home)
    for (index, study) in report.studies.enumerated() {
      add(study, number: index + 1)
      add(annotations[index + 1] ?? [], indented: 2)
      line("")
    }
    if let others = annotations[nil] {
      add(others, "Annotations of no study above", indented: 0)
      line("")
    }
    add(report.rejected)
    add(report.leftOut)
    let counts = [
      Self.count(report.studies.count, "study", "studies"), Self.count(report.images, "image"),
      "\(report.rejected.count) rejected", "\(report.leftOut.count) left out",
    ]
    line(counts.joined(separator: ", "))
  }

  /// A path as it is shown; a member of an archive stands behind its archive.
  static func name(of place: SourcePlace) -> String {
    place.members.reduce(place.file) { shown, member in
      shown + (member.name.map { ": \($0)" } ?? ", file \(member.index + 1)")
    }.withoutControls
  }

  // MARK: Studies

  private mutating func add(_ study: InspectionReport.StudySummary, number: Int) {
    let facts = [
      Self.count(study.series.count, "series", "series"), Self.count(study.images, "image"),
      Quantity.bytes(study.bytes),
    ]
    line("Study \(number): " + facts.joined(separator: ", "))
    for (index, series) in study.series.enumerated() { add(series, number: index + 1) }
  }

  private mutating func add(_ series: SeriesSummary, number: Int) {
    var modality = series.modality.rawValue
    if let term = series.dicomModality, term != modality { modality += " (\(term))" }
    let facts =
      [modality] + series.bodyRegions + [
        Self.count(series.images, "image"), Quantity.bytes(series.bytes),
      ]
    line("")
    line("Series \(number): " + facts.joined(separator: ", "), indented: 2)
    for share in series.pixels {
      line(Self.of(share, series, Self.words(share.value)), indented: 4)
    }
    for share in series.syntaxes { line(Self.of(share, series, share.value.name), indented: 4) }
    for share in series.findings {
      line(Self.of(share, series, share.value.sentence), indented: 4)
    }
    add(series.volumes)
  }

  private static func words(_ pixels: SeriesSummary.Pixels) -> String {
    let bits =
      pixels.bitsStored == pixels.bitsAllocated
      ? "\(pixels.bitsStored) bits" : "\(pixels.bitsStored) of \(pixels.bitsAllocated) bits"
    let photometric = pixels.photometric == .other ? "other" : pixels.photometric.rawValue
    return ([bits] + (pixels.isSigned ? ["signed"] : []) + [photometric]).joined(separator: ", ")
  }

  /// With the number of images where it is not all of them.
  private static func of<Value>(
    _ share: SeriesSummary.Share<Value>, _ series: SeriesSummary, _ words: String
  ) -> String {
    share.images == series.images ? words : "\(count(share.images, "image")): \(words)"
  }

  // MARK: Volumes

  private mutating func add(_ volumes: [VolumeSummary]) {
    var table = Table([
      .init("Volume", .keep), .init("Kind", .keep), .init(right: "Planes"),
      .init(right: "Rows x columns"), .init(right: "Step"), .init("Plane", .keep),
    ])
    var notes: [String] = []
    var first = 0
    while first < volumes.count {
      let volume = volumes[first]
      // Time points are alike: they stand in one row.
      let end = volumes[first...].firstIndex { $0 != volume } ?? volumes.count
      let numbers = end - first == 1 ? "\(end)" : "\(first + 1)-\(end)"
      table.append([
        numbers, volume.kind.rawValue, "\(volume.planes)", "\(volume.rows) x \(volume.columns)",
        volume.step.map(Quantity.millimetres) ?? "", volume.plane?.rawValue ?? "",
      ])
      let whose =
        volumes.count == 1 ? "" : end - first == 1 ? "Volume \(end): " : "Volumes \(numbers): "
      notes += GeometryWords.sentences(volume.findings).map { whose + $0 }
      first = end
    }
    for row in table.text(width: max(width - 4, 20)).split(separator: "\n") {
      text += "    \(row)\n"
    }
    let reasons = Set(volumes.flatMap(\.reasons)).sorted().map(\.sentence)
    if !reasons.isEmpty {
      line("Why more than one: " + reasons.joined(separator: "; "), indented: 4)
    }
    for note in notes { line(note, indented: 4) }
  }

  // MARK: Annotations

  /// Those that are told alike share a line; copies are counted alone.
  private mutating func add(
    _ entries: [AnnotationEntry], _ title: String = "Annotations", indented margin: Int
  ) {
    guard !entries.isEmpty else { return }
    if margin > 0 { line("") }
    line("\(title): " + Self.count(entries.count, "object"), indented: margin)
    var groups: [(entry: AnnotationEntry, count: Int)] = []
    var known: [String: Int] = [:]
    for entry in entries where entry.original == nil {
      let told =
        AnnotationWords.kind(entry, count: 1) + AnnotationWords.whose(entry)
        + (entry.summary?.findings ?? []).map(\.code).joined(separator: " ")
      if let place = known[told] {
        groups[place].count += 1
      } else {
        known[told] = groups.count
        groups.append((entry, 1))
      }
    }
    for (entry, count) in groups.prefix(Self.shownAnnotations) {
      let kind = AnnotationWords.kind(entry, count: count)
      line(kind + AnnotationWords.whose(entry), indented: margin + 2)
      for finding in entry.summary?.findings ?? [] {
        line(finding.sentence, indented: margin + 4)
      }
    }
    let more = groups.dropFirst(Self.shownAnnotations).reduce(0) { $0 + $1.count }
    if more > 0 { line("... and \(more) more", indented: margin + 2) }
    let copies = entries.count { $0.original != nil }
    if copies > 0 { line(Self.count(copies, "copy", "copies"), indented: margin + 2) }
  }

  // MARK: What is not used

  private mutating func add(_ rejected: [InspectionReport.RejectedSource]) {
    guard !rejected.isEmpty else { return }
    line("Rejected: " + Self.count(rejected.count, "file"))
    struct Reason: Hashable {
      var code, message, remedy: String
    }
    let groups = Dictionary(grouping: rejected) {
      Reason(code: $0.code.rawValue, message: $0.message, remedy: $0.remedy)
    }
    for (reason, sources) in groups.sorted(by: {
      ($0.key.code, $0.key.message) < ($1.key.code, $1.key.message)
    }) {
      line("\(reason.code): " + Self.count(sources.count, "file"), indented: 2)
      line("\(reason.message) \(reason.remedy)", indented: 4)
      add(
        sources.map {
          Self.name(of: $0.place) + ($0.original.map { "\n      as \(Self.name(of: $0))" } ?? "")
        })
    }
    line("")
  }

  private mutating func add(_ leftOut: [InspectionReport.LeftOutSource]) {
    guard !leftOut.isEmpty else { return }
    line("Left out: " + Self.count(leftOut.count, "file"))
    for (kind, sources) in Dictionary(grouping: leftOut, by: \.kind).sorted(by: { $0.key < $1.key })
    {
      line("\(kind): " + Self.count(sources.count, "file"), indented: 2)
      add(sources.map { Self.name(of: $0.place) })
    }
    line("")
  }

  /// The first paths, and how many more there are.
  private mutating func add(_ names: [String]) {
    for name in names.prefix(Self.shownPaths) { text += "    \(name)\n" }
    let more = names.count - Self.shownPaths
    if more > 0 { line("... and \(more) more", indented: 4) }
  }

  // MARK: Lines

  /// A line, broken between words where it is too wide.
  private mutating func line(_ words: String, indented margin: Int = 0) {
    let space = String(repeating: " ", count: margin)
    for part in words.wrapped(to: max(width - margin, 20), hanging: 2) {
      text += part.isEmpty ? "\n" : space + part + "\n"
    }
  }

  private static func count(_ number: Int, _ one: String, _ several: String? = nil) -> String {
    "\(number) \(number == 1 ? one : several ?? one + "s")"
  }
}

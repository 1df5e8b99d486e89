import GMAIPrep

/// An annotation in words.
enum AnnotationWords {
  /// What the objects are that share a description: "3 presentation states, window, shutter".
  static func kind(_ entry: AnnotationEntry, count: Int) -> String {
    let word = entry.kind.rawValue.spaced
    // "Bulk annotations" are many in one object already.
    let objects =
      entry.kind == .bulkAnnotations ? "\(count) objects of \(word)" : "\(count) \(word)s"
    let kind = count == 1 ? word : objects
    guard let summary = entry.summary else { return kind }
    let form = summary.form.map { [$0.rawValue] } ?? []
    let each = count > 1 && summary.kind != .presentationState ? " each" : ""
    return ([kind] + form + holds(summary).map { $0 + each }).joined(separator: ", ")
  }

  private static func holds(_ summary: AnnotationSummary) -> [String] {
    func count(_ word: String) -> [String] {
      ["\(summary.count) \(word)" + (summary.count == 1 ? "" : "s")]
    }
    return switch summary.kind {
    case .segmentation: count("segment")
    case .structureSet: count("structure")
    case .structuredReport: summary.form == .measurements ? count("measurement group") : []
    case .keyObjectSelection: ["\(summary.count) marked"]
    case .bulkAnnotations: count("annotation group")
    case .presentationState: summary.settings.map(\.rawValue.spaced)
    }
  }

  /// What follows: which series it is of, for a reader of its home study, and what of them is here.
  static func whose(_ entry: AnnotationEntry) -> String {
    if let error = entry.error { return ", cannot be read: \(error.message)" }
    let studies = Dictionary(grouping: entry.parts, by: \.study).sorted { $0.key < $1.key }
    let series = studies.map { study, parts in
      "series " + list(parts.map { "\($0.series)" })
        + (study == entry.home ? "" : " of study \(study)")
    }
    let of = series.isEmpty ? "" : ", of " + series.joined(separator: ", ")
    return of + " (" + presence(entry).joined(separator: "; ") + ")"
  }

  private static func presence(_ entry: AnnotationEntry) -> [String] {
    var words: [String] = []
    if entry.images.named > 0 || entry.objects.named == 0 {
      words.append(here(entry.images, "image"))
    }
    let unused = entry.images.here - entry.images.used
    if unused > 0 { words.append("\(unused) of them not used") }
    if entry.join == .frameOfReference {
      let shared = entry.parts.reduce(0) { $0 + $1.images }
      words.append(shared == 1 ? "1 image shares its space" : "\(shared) images share its space")
    }
    if entry.objects.named > 0 { words.append(here(entry.objects, "other object")) }
    return words
  }

  /// What is here of what is named.
  private static func here(_ presence: AnnotationEntry.Presence, _ noun: String) -> String {
    switch (presence.named, presence.here) {
    case (0, _): "names no \(noun)"
    case (1, 1): "the \(noun) is here"
    case (1, _): "the \(noun) is not here"
    case (let all, 0): "none of \(all) \(noun)s is here"
    case (2, 2): "both \(noun)s are here"
    case (let all, let some) where all == some: "all \(all) \(noun)s are here"
    case (let all, let some): "of \(all) \(noun)s, \(some) \(some == 1 ? "is" : "are") here"
    }
  }

  /// 1; 1 and 2; 1, 2 and 3.
  private static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}

extension String {
  /// A word of a table as people write it.
  fileprivate var spaced: String { String(map { $0 == "_" ? " " : $0 }) }
}

import MedicalImaging

/// Where studies and series stand in a report, by their pseudonyms.
struct ReportNumbers {
  /// From 1, in the order of the report.
  private(set) var studies: [String: Int] = [:]
  private var series: [String: Int] = [:]

  mutating func append(study: String, series: [String]) {
    studies[study] = studies.count + 1
    for (index, name) in series.enumerated() { self.series[study + name] = index + 1 }
  }

  func series(_ series: String, of study: String) -> Int? { self.series[study + series] }
}

extension Inspection {
  func annotations(
    _ state: PlanState, _ places: PlaceFinder, _ numbers: ReportNumbers, showingTokens: Bool
  ) throws -> [AnnotationEntry] {
    try state.annotations().map { annotation in
      let join = try state.join(of: annotation.token)
      let parts = join.parts.compactMap { part -> AnnotationEntry.Part? in
        guard let study = numbers.studies[part.study],
          let series = numbers.series(part.series, of: part.study)
        else { return nil }
        return .init(study: study, series: series, images: part.images)
      }.sorted { ($0.study, $0.series) < ($1.study, $1.series) }
      var entry = AnnotationEntry(
        kind: annotation.kind, study: annotation.study.flatMap { numbers.studies[$0] },
        parts: parts,
        join: parts.isEmpty ? nil : join.isBySpace ? .frameOfReference : .instance,
        images: .init(join.images), objects: .init(join.objects),
        place: try places.place(of: annotation.location, named: true),
        token: showingTokens ? annotation.token : nil)
      switch annotation.reading {
      case .summary(let summary): entry.summary = summary
      case .unreadable(let error): entry.error = error
      }
      if annotation.first != annotation.token,
        let original = try state.location(of: annotation.first)
      {
        entry.original = try places.place(of: original, named: true)
      }
      return entry
    }.sorted { $0.place < $1.place }
  }
}

extension AnnotationEntry.Presence {
  fileprivate init(_ presence: PlanState.Presence) {
    self.init(named: presence.named, here: presence.here, used: presence.used)
  }
}

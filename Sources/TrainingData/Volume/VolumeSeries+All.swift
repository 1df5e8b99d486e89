import ImageFormats
import MedicalImaging

extension VolumeSeries {
  /// The series of a scan in the order in which `inspect` tells them, or the one of a Series Instance
  /// UID alone; of files of some kinds, which is what slides are not.
  static func all(
    in state: PlanState, _ places: PlaceFinder, uid: String?, of kinds: Set<FileKind> = [.dicom]
  ) throws -> [VolumeSeries] {
    struct Found {
      var number: Int
      var first: SourcePlace
      var images: [UnitPlanner.Image]
    }
    var studies: [[Found]] = []
    for (study, _, _) in try state.studies() {
      let series = Dictionary(grouping: try state.images(ofStudy: study), by: \.row.series)
      var found: [Found] = []
      for images in series.values {
        let first = try images.map { try places.place(of: $0.source.location, named: false) }.min()
        guard let first else { continue }
        let number = images.compactMap { $0.row.header.order.seriesNumber }.min() ?? .max
        found.append(Found(number: number, first: first, images: images))
      }
      studies.append(found.sorted { ($0.number, $0.first) < ($1.number, $1.first) })
    }
    func first(_ study: [Found]) -> SourcePlace? { study.map(\.first).min() }
    studies.sort { a, b in
      guard let a = first(a), let b = first(b) else { return false }
      return a < b
    }
    return studies.enumerated().flatMap { study, series in
      series.enumerated().compactMap { number, found -> VolumeSeries? in
        // Only now: `inspect` counts those of other kinds too.
        let images = found.images.filter { image in
          let header = image.row.header
          return kinds.contains(header.description.fileKind)
            && (uid == nil || header.identity.seriesInstanceUID == uid)
        }
        return images.isEmpty
          ? nil : VolumeSeries(study: study + 1, number: number + 1, images: images)
      }
    }
  }
}

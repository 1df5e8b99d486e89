import ImageFormats
import MedicalImaging

/// Which files of labels belong to which images, by their names in one folder.
///
/// A volume of labels belongs to the image whose name begins its own, as `head.nii` does that of
/// `head_labels.nii.gz`; where several do, the longest counts. Shapes on a slide belong to the slide of
/// their name: `a.geojson`, `a.svs.geojson` or `a.xml` to `a.svs`. Whether they lie on the image is seen when
/// they are read.
struct LabelFileJoins {
  private var byImage: [String: [PlannedAnnotation]] = [:]
  private var textByStudy: [String: String] = [:]

  init(_ state: PlanState) throws {
    let labels = try state.labelFiles()
    guard !labels.isEmpty else { return }
    typealias Image = (token: String, study: String)
    var byStem: [SourcePlaceName.Key: [Image]] = [:]
    var byName: [SourcePlaceName.Key: [Image]] = [:]
    let folders = Set(labels.map(\.place.folder))
    for (token, study, place) in try state.imagePlaces() where folders.contains(place.folder) {
      byStem[place.key(place.stem), default: []].append((token, study))
      for name in Set([place.name, place.base]) {
        byName[place.key(name), default: []].append((token, study))
      }
    }
    for (annotation, modified, place) in labels {
      let fitting: [Image]
      if annotation.kind == .labelVolume {
        // The longest first.
        fitting = place.beginnings.lazy.compactMap { byStem[place.key($0)] }.first ?? []
      } else {
        fitting = byName[place.key(place.base)] ?? []
      }
      for image in fitting {
        byImage[image.token, default: []].append(annotation)
        textByStudy[image.study, default: ""] +=
          "+\(annotation.token):\(annotation.bytes):\(modified)"
      }
    }
  }

  /// What tells whether the labels of a study's images have changed.
  func text(ofStudy study: String) -> String { textByStudy[study, default: ""] }

  /// The labels of images, each with those that it is of.
  func annotations(of images: [String])
    -> [(annotation: PlannedAnnotation, images: Set<String>)]
  {
    var found: [String: (annotation: PlannedAnnotation, images: Set<String>)] = [:]
    for image in images {
      for annotation in byImage[image] ?? [] {
        found[annotation.token, default: (annotation, [])].images.insert(image)
      }
    }
    return found.values.sorted { $0.annotation.token < $1.annotation.token }
  }
}

/// Where a source lies: a folder of a disk or an archive, and its name without what says its format.
struct SourcePlaceName: Hashable {
  var folder: String
  /// With all of its endings.
  var name: String
  var stem: String

  struct Key: Hashable {
    var folder, name: String
  }

  /// A name in the same folder.
  func key(_ name: String) -> Key { Key(folder: folder, name: name) }

  /// What the stem begins with before a sign that parts words, the longest first.
  var beginnings: [String] {
    stem.indices.filter { "_-. ".contains(stem[$0]) }.reversed().map { String(stem[..<$0]) }
  }

  /// The name without its last ending.
  var base: String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  init(path: String, member: String?) {
    let whole = member ?? path
    let slash = whole.lastIndex(of: "/").map { whole.index(after: $0) } ?? whole.startIndex
    folder = (member == nil ? "" : path + "\0") + whole[..<slash]
    name = String(whole[slash...])
    var rest = whole[slash...]
    for ending in [".gz", ".nii", ".hdr", ".img"] where rest.lowercased().hasSuffix(ending) {
      rest = rest.dropLast(ending.count)
    }
    stem = String(rest)
  }
}

extension PlanState {
  /// Volumes that say themselves that they hold labels, and files that may hold shapes on a slide.
  func labelFiles() throws
    -> [(annotation: PlannedAnnotation, modified: Int, place: SourcePlaceName)]
  {
    try database.rows(
      """
      SELECT token, path, member, bytes, name, modified, kind FROM source
      WHERE outcome = 'left_out' AND (kind = 'labels'
        OR lower(coalesce(name, path)) LIKE '%.geojson' OR lower(coalesce(name, path)) LIKE '%.xml')
      ORDER BY token
      """
    ).map { row in
      let source = Self.source(row)
      return (
        PlannedAnnotation(
          token: source.token, identity: source.token, location: source.location,
          bytes: source.bytes, kind: row[6].text == "labels" ? .labelVolume : .slideShapes),
        row[5].integer,
        SourcePlaceName(path: row[1].text, member: row[4] == .null ? nil : row[4].text)
      )
    }
  }

  /// All used images, and where they lie.
  func imagePlaces() throws -> [(token: String, study: String, place: SourcePlaceName)] {
    try database.rows(
      "SELECT token, path, name, study FROM source WHERE outcome = 'image' ORDER BY token"
    ).map {
      (
        $0[0].text, $0[3].text,
        SourcePlaceName(path: $0[1].text, member: $0[2] == .null ? nil : $0[2].text)
      )
    }
  }
}

import MedicalImaging
import Preprocessing

/// What pictures of a data set are like, by modality: sizes, spacings and modality values, as those who
/// plan a training ask for them (nnU-Net's data set fingerprint: Isensee et al., Nature Methods 18
/// (2021), 203). It adds up from parts.
struct Fingerprint: Codable, Hashable, Sendable {
  /// What is counted together: values of different units are never mixed.
  struct Kind: Codable, Hashable, Sendable {
    /// DICOM's word, or "other".
    var modality: String
    /// Of the modality values, as samples call them.
    var units: String

    init(_ header: InstanceHeader) {
      modality = DICOMModality.known(header.description.modality) ?? "other"
      units = header.description.units.rawValue
    }

    /// Sorts as both words do.
    fileprivate var name: String { modality + " " + units }
  }

  struct Group: Codable, Hashable, Sendable {
    var kind: Kind
    var pictures = 0
    var volumes = 0
    /// Modality values of grey pictures, padding left out.
    var values = ValueSketch()
    /// Pixels of the frame; slices of volumes.
    var columns = ValueSketch()
    var rows = ValueSketch()
    var slices = ValueSketch()
    /// Millimetres, of pictures and volumes that say them.
    var betweenColumns = ValueSketch()
    var betweenRows = ValueSketch()
    var betweenSlices = ValueSketch()
    /// Of volumes of MR.
    var landmarks = LandmarkMeans()

    init(_ kind: Kind) { self.kind = kind }

    mutating func merge(_ other: Group) {
      pictures += other.pictures
      volumes += other.volumes
      for part in Self.sketches { self[keyPath: part].merge(other[keyPath: part]) }
      landmarks.merge(other.landmarks)
    }

    static var sketches: [WritableKeyPath<Group, ValueSketch>] {
      [
        \.values, \.columns, \.rows, \.slices, \.betweenColumns, \.betweenRows, \.betweenSlices,
      ]
    }
  }

  /// By name of their kind.
  private var groups: [String: Group] = [:]

  mutating func merge(_ other: Fingerprint) {
    for (name, group) in other.groups { groups[name, default: Group(group.kind)].merge(group) }
  }

  /// Counts a picture that became a sample.
  mutating func add(
    picture plane: StoredPlane, _ header: InstanceHeader, _ facts: InstanceHeader.FrameFacts
  ) {
    change(header) { group in
      group.pictures += 1
      group.columns.add(Double(plane.columns))
      group.rows.add(Double(plane.rows))
      guard let spacing = facts.spacing else { return }
      group.betweenColumns.add(spacing.betweenColumns)
      group.betweenRows.add(spacing.betweenRows)
    }
  }

  /// Counts the modality values of pictures of a kind.
  mutating func add(_ values: ValueHistogram, of kind: Kind) {
    groups[kind.name, default: Group(kind)].values.add(values)
  }

  /// Counts a volume.
  mutating func add(volume: PlannedVolume, _ header: InstanceHeader) {
    change(header) { group in
      group.volumes += 1
      group.slices.add(Double(volume.planeCount))
      if let step = volume.step { group.betweenSlices.add(step) }
    }
  }

  /// Counts the landmarks of a volume's values, or of volumes that share a mapping.
  mutating func add(landmarks: [Double], _ header: InstanceHeader) {
    change(header) { $0.landmarks.add(landmarks) }
  }

  private mutating func change(_ header: InstanceHeader, _ body: (inout Group) -> Void) {
    let kind = Kind(header)
    body(&groups[kind.name, default: Group(kind)])
  }

  /// `fingerprint.json`.
  var json: [UInt8] {
    var json = JSONWriter(.indented)
    json.array { json in
      for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
        json.object { json in
          json.member("dicom_modality", group.kind.modality)
          json.member("units", group.kind.units)
          json.member("pictures", group.pictures)
          json.member("volumes", group.volumes)
          write("values", group.values, to: &json)
          json.key("size")
          json.object { json in
            write("columns", group.columns, to: &json)
            write("rows", group.rows, to: &json)
            write("slices", group.slices, to: &json)
          }
          json.key("spacing_mm")
          json.object { json in
            write("between_columns", group.betweenColumns, to: &json)
            write("between_rows", group.betweenRows, to: &json)
            write("between_slices", group.betweenSlices, to: &json)
          }
          json.key("landmarks")
          group.landmarks.write(to: &json)
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  /// The numbers of one thing; null where nothing was counted.
  private func write(_ name: String, _ sketch: ValueSketch, to json: inout JSONWriter) {
    json.key(name)
    guard sketch.count > 0 else { return json.null() }
    json.object { json in
      json.member("count", sketch.count)
      let numbers: [(String, Double?)] = [
        ("min", sketch.least), ("percentile_00_5", sketch.percentile(0.5)),
        ("median", sketch.percentile(50)), ("percentile_99_5", sketch.percentile(99.5)),
        ("max", sketch.greatest), ("mean", sketch.mean), ("std", sketch.deviation),
      ]
      for (name, number) in numbers {
        json.key(name)
        // Of numbers beyond all measure the squares have no sum.
        if let number, number.isFinite { json.number(number) } else { json.null() }
      }
    }
  }
}

import ImageFormats
import MedicalImaging
import Preprocessing

/// Names of slices, and `slices.json`; Docs/Reference/slice.md says what each field means. No name, date,
/// UID, pseudonym or free text of a header is in it.
struct SliceIndex {
  /// Counts up whenever a field changes its meaning or goes away.
  static let formatVersion = 1

  let volumes: [SlicePlan.Volume]
  /// In the order of volumes, planes and places.
  let files: [SlicePlan.File]
  private let depth: PictureDepth
  /// Digits of the greatest number of a volume, and of the greatest index of each plane.
  private let volumeDigits: Int
  private var digits: [Group: Int] = [:]

  private struct Group: Hashable {
    var volume: Int
    var word: String
  }

  init(volumes: [SlicePlan.Volume], files: [SlicePlan.File], depth: PictureDepth) {
    self.volumes = volumes
    self.files = files
    self.depth = depth
    volumeDigits = String(volumes.count).count
    for file in files {
      let group = Group(volume: file.volume, word: file.word)
      digits[group] = max(digits[group] ?? 0, String(file.index).count)
    }
  }

  /// `<volume>_<plane>_<index>.png`, numbers with zeros before them so that names sort.
  func name(of file: SlicePlan.File) -> String {
    let digits = digits[Group(volume: file.volume, word: file.word)] ?? 0
    return [
      Self.padded(file.volume + 1, to: volumeDigits), file.word,
      Self.padded(file.index, to: digits),
    ].joined(separator: "_") + ".png"
  }

  private static func padded(_ number: Int, to digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// Each volume's slices in one plane, for people.
  var summaries: [SliceReport.Volume] {
    volumes.enumerated().map { number, volume in
      let own = files.filter { $0.volume == number }
      let words = own.map(\.word).reduce(into: [String]()) { words, word in
        if words.last != word { words.append(word) }
      }
      return SliceReport.Volume(
        study: volume.study, series: volume.series, kind: volume.kind, modality: volume.modality,
        planes: volume.planes,
        groups: words.map { word in
          let slices = own.filter { $0.word == word }
          let pictures = slices.map(\.row.picture)
          let values = Set(pictures.map(\.shown))
          return SliceReport.Group(
            plane: word, slices: slices.count, columns: pictures[0].width, rows: pictures[0].height,
            grey: values.count == 1 ? values.first : nil)
        }, reasons: volume.reasons, findings: volume.findings, notes: volume.notes)
    }
  }

  // MARK: JSON

  /// UTF-8; equal slices give equal bytes.
  var json: [UInt8] {
    var json = JSONWriter(.indented)
    json.object { json in
      json.member("format_version", Self.formatVersion)
      json.member("tool_version", ToolVersion.current)
      json.member("depth", depth.rawValue)
      json.key("volumes")
      json.array { json in
        for (number, volume) in volumes.enumerated() { write(volume, number, to: &json) }
      }
    }
    json.endLine()
    return json.bytes
  }

  private func write(_ volume: SlicePlan.Volume, _ number: Int, to json: inout JSONWriter) {
    json.object { json in
      json.member("volume", number + 1)
      json.member("study", volume.study)
      json.member("series", volume.series)
      json.member("kind", volume.kind.rawValue)
      json.member("modality", volume.modality.rawValue)
      json.member("dicom_modality", volume.dicomModality)
      json.member("planes", volume.planes)
      json.member("step_mm", volume.step)
      json.key("split_by")
      json.array { json in for reason in volume.reasons { json.string(reason.rawValue) } }
      json.key("findings")
      json.array { json in
        for finding in volume.findings {
          json.object { json in
            json.member("kind", finding.kind.rawValue)
            json.member("after", finding.after)
            json.member("planes", finding.planes)
            json.member("millimetres", finding.millimetres)
          }
        }
      }
      json.key("not_cut")
      json.array { json in for note in volume.notes { json.string(note.code) } }
      json.key("slices")
      json.array { json in
        for file in files where file.volume == number { write(file, to: &json) }
      }
    }
  }

  private func write(_ file: SlicePlan.File, to json: inout JSONWriter) {
    let picture = file.row.picture
    let channel = picture.display.channels.count == 1 ? picture.display.channels[0] : nil
    json.object { json in
      json.member("file", name(of: file))
      json.member("plane", picture.selection.plane)
      json.member("index", file.index)
      json.member("frame", picture.selection.frame)
      json.key("size")
      json.array { json in
        json.integer(picture.width)
        json.integer(picture.height)
      }
      json.member("units", picture.values?.units)
      json.member("shown_by", picture.display.kind)
      json.key("window")
      if let channel, let center = channel.center {
        json.object { json in
          json.member("center", center)
          json.member("width", channel.width)
          json.member("function", channel.function)
        }
      } else {
        json.null()
      }
      json.member("low", channel?.low)
      json.member("high", channel?.high)
      json.member("inverted", picture.display.inverted)
      let line = picture.valueFromPixel(depth)
      json.member("offset", line?.offset)
      json.member("scale", line?.scale)
      json.key("pixel_spacing_mm")
      json.list(picture.spacing) { $0.number($1) }
      json.key("orientation")
      json.list(picture.orientation) { $0.string($1) }
      json.key("pixel_to_patient")
      json.list(picture.pixelToPatient) { json, row in json.list(row) { $0.number($1) } }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func list<Element>(
    _ elements: [Element]?, _ write: (inout JSONWriter, Element) -> Void
  ) {
    guard let elements else { return null() }
    array { json in for element in elements { write(&json, element) } }
  }
}

import ImageFormats
import MedicalImaging
import Preprocessing

/// The row of a sample: the same fields in the same order in every format, null where one does not
/// apply, never absent, never of another shape.
extension Sample {
  /// Writes the row as one JSON object.
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("id", id)
      json.key("image")
      if images.count == 1, !areSeveral {
        json.string(images[0])
      } else {
        json.array { json in for image in images { json.string(image) } }
      }
      json.member("width", pictures[0].width)
      json.member("height", pictures[0].height)
      json.key("conversations")
      json.array { json in for turn in conversations { turn.write(to: &json) } }
      json.member("modality", modality.rawValue)
      json.member("dicom_modality", dicomModality)
      json.member("department", department)
      json.member("task", task)
      json.member("granularity", granularity)
      json.member("language", language)
      json.member("split", split)
      json.key("labels")
      json.array { json in for label in labels { label.write(to: &json) } }
      json.key("pictures")
      json.array { json in for picture in pictures { picture.write(to: &json) } }
      json.key("provenance")
      provenance.write(to: &json)
    }
  }
}

extension Turn {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("from", from.rawValue)
      json.member("value", value)
    }
  }
}

extension Sample.Provenance {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("subject", subject)
      json.member("study", study)
      json.member("series", series)
      json.key("gaps")
      json.array { json in
        for gap in gaps {
          json.object { json in
            json.member("kind", gap.kind.rawValue)
            json.member("after", gap.after)
            json.member("planes", gap.planes)
            json.member("millimetres", gap.millimetres)
          }
        }
      }
      json.key("text")
      json.object { json in
        json.member("method", "template")
        json.member("template", template)
        json.member("model", String?.none)
        json.member("prompt_sha256", String?.none)
        json.member("seed", seed)
      }
      json.member("recipe_sha256", recipeSHA256)
      json.member("tool_version", toolVersion)
    }
  }
}

extension PictureRecord {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("width", width)
      json.member("height", height)
      json.key("source_sha256")
      json.array { json in for source in sources { json.string(source) } }
      json.key("instances")
      json.array { json in for instance in instances { json.string(instance) } }
      json.key("selection")
      json.object { json in
        json.member("kind", selection.kind.rawValue)
        json.member("plane", selection.plane?.rawValue)
        json.member("index", selection.index)
        json.member("frame", selection.frame)
        json.member("level", selection.level)
        json.key("rect")
        if let rect = selection.rect {
          json.array { json in for side in rect { json.integer(side) } }
        } else {
          json.null()
        }
        json.key("areas")
        json.array { json in for area in selection.areas { area.write(to: &json) } }
        json.key("mended")
        json.array { json in for word in selection.mended { json.string(word) } }
        json.key("projections")
        json.array { json in
          for projection in selection.projections {
            json.object { json in
              json.member("kind", projection.kind.rawValue)
              json.member("over", projection.over.rawValue)
              json.member("count", projection.count)
            }
          }
        }
        json.key("channels")
        json.integers(selection.channels)
        json.member("microns_per_pixel", selection.micronsPerPixel)
        json.member("optical_path", selection.opticalPath)
        json.member("focal_plane", selection.focalPlane)
        json.member("tissue", selection.tissue)
      }
      json.key("modality_values")
      writeModality(to: &json)
      json.key("display")
      mapping.write(to: &json, isColorConverted, stain)
      json.key("source_from_pixel")
      json.matrix(sourceFromPixel)
      json.key("pixel_to_patient")
      json.matrix(pixelToPatient)
      json.key("patient_orientation")
      if patientOrientation.isEmpty {
        json.null()
      } else {
        json.array { json in for letters in patientOrientation { json.string(letters) } }
      }
      json.key("tiles")
      json.object { json in
        let grid = tiles.grid
        json.member("policy", tiles.policy)
        json.member("tile_size", grid.tileColumns == grid.tileRows ? grid.tileColumns : nil)
        json.member("columns", grid.columns)
        json.member("rows", grid.rows)
        json.member("thumbnail", tiles.hasThumbnail)
        json.member("tokens", tiles.tokens)
        json.member("tile", tile)
        json.key("canvas")
        json.integers([grid.width, grid.height])
        json.key("content")
        json.numbers(tiles.content)
        json.key("millimetres_per_pixel")
        if let size = tiles.millimetresPerPixel {
          json.numbers([size.width, size.height])
        } else {
          json.null()
        }
      }
    }
  }

  private func writeModality(to json: inout JSONWriter) {
    guard let modality else { return json.null() }
    json.object { json in
      switch modality {
      case .linear(let slope, let intercept):
        json.member("kind", "linear")
        json.member("slope", slope)
        json.member("intercept", intercept)
        json.member("units", units.rawValue)
        json.member("lut", String?.none)
      case .table(let table):
        json.member("kind", "lut")
        json.member("slope", Double?.none)
        json.member("intercept", Double?.none)
        json.member("units", units.rawValue)
        json.member("lut", table.sha256)
      }
    }
  }

  /// Look-up tables that the record names by hash.
  var tables: [LookupTable] {
    var tables: [LookupTable] = []
    if case .table(let table) = modality { tables.append(table) }
    if case .lut(let table) = mapping.kind { tables.append(table) }
    return tables
  }
}

extension PictureArea {
  fileprivate func write(to json: inout JSONWriter) {
    let (word, numbers): (String, [Double]) =
      switch shape {
      case .rectangle(let columns, let rows):
        (
          "rectangle",
          // Half open, as every rectangle of a row is.
          [columns.lowerBound, rows.lowerBound, columns.upperBound + 1, rows.upperBound + 1]
            .map(Double.init)
        )
      case .circle(let center, let radius): ("circle", [center.column, center.row, radius])
      case .polygon(let points): ("polygon", points.flatMap { [$0.column, $0.row] })
      }
    json.object { json in
      json.member("source", source.rawValue)
      json.member("shape", word)
      json.key("numbers")
      json.array { json in for number in numbers { json.number(number) } }
    }
  }
}

extension DisplayMapping {
  fileprivate func write(
    to json: inout JSONWriter, _ isColorConverted: Bool, _ stain: StainNormalization?
  ) {
    json.object { json in
      let (kind, channels, table): (String, [[Double?]], LookupTable?) =
        switch self.kind {
        case .window(let w): ("window", [[w.ends.low, w.ends.high, w.center, w.width]], nil)
        case .range(let low, let high): ("range", [[low, high, nil, nil]], nil)
        case .ranges(let ranges): ("range", ranges.map { [$0.low, $0.high, nil, nil] }, nil)
        case .points(let points):
          ("landmarks", [[points.first?.value, points.last?.value, nil, nil]], nil)
        case .lut(let table): ("lut", [], table)
        case .none: ("none", [], nil)
        }
      json.member("kind", kind)
      json.key("channels")
      json.array { json in
        for channel in channels {
          json.object { json in
            for (name, value) in zip(["low", "high", "center", "width"], channel) {
              json.member(name, value)
            }
            json.member("function", function)
          }
        }
      }
      json.member("inverted", inverted)
      json.member("lut", table?.sha256)
      json.member("icc", isColorConverted)
      json.key("landmarks")
      json.matrix(landmarks)
      json.key("stain")
      if let stain { stain.write(to: &json) } else { json.null() }
    }
  }

  /// Modality values and what they are shown as, where the scale is bent.
  private var landmarks: [[Double]]? {
    if case .points(let points) = kind { points.map { [$0.value, $0.display] } } else { nil }
  }

  private var function: String? {
    if case .window(let window) = kind { window.function.rawValue } else { nil }
  }
}

extension StainNormalization {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("method", method.rawValue)
      json.key("source")
      json.matrix(source)
      json.key("target")
      json.matrix(target)
    }
  }
}

extension Window {
  /// The modality values that become black and white (PS3.3 C.11.2.1.2); of a sigmoid, where its
  /// tangent in the middle would.
  fileprivate var ends: (low: Double, high: Double) {
    switch function {
    case .linear: (center - 0.5 - (width - 1) / 2, center - 0.5 + (width - 1) / 2)
    case .linearExact, .sigmoid: (center - width / 2, center + width / 2)
    }
  }
}

extension LookupTable {
  /// SHA-256 of the first mapped value and the bits as text, a zero byte, and the entries as
  /// little-endian 16-bit numbers.
  var sha256: String {
    var bytes = Array("\(firstMapped),\(bits)\0".utf8)
    for entry in entries { bytes += [UInt8(entry & 255), UInt8(entry >> 8)] }
    return unsafe bytes.withUnsafeBytes { unsafe SHA256.hash($0).hex }
  }
}

extension JSONWriter {
  fileprivate mutating func matrix(_ rows: [[Double]]?) {
    guard let rows else { return null() }
    array { json in
      for row in rows { json.array { json in for value in row { json.number(value) } } }
    }
  }
}

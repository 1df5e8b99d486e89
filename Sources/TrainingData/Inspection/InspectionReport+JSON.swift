import ImageFormats
import MedicalImaging

/// The report as one JSON object; Docs/Reference/inspect.md says what each field means.
extension InspectionReport {
  /// Counts up whenever a field changes its meaning or goes away.
  public static let formatVersion = 1

  /// UTF-8, for people and programs; equal reports give equal bytes.
  public var json: [UInt8] {
    var json = JSONWriter(.indented)
    json.object { json in
      json.member("format_version", Self.formatVersion)
      json.member("tool_version", ToolVersion.current)
      json.key("counts")
      json.object { json in
        json.member("studies", studies.count)
        json.member("series", studies.reduce(0) { $0 + $1.series.count })
        json.member("images", images)
        json.member("bytes", studies.reduce(0) { $0 + $1.bytes })
        json.counts("annotations", of: annotations.map(\.kind.rawValue))
        json.counts("rejected", of: rejected.map(\.code.rawValue))
        json.counts("left_out", of: leftOut.map(\.kind))
      }
      json.list("studies", studies.enumerated()) { json, study in
        json.member("number", study.offset + 1)
        json.member("images", study.element.images)
        json.member("bytes", study.element.bytes)
        json.list("series", study.element.series.enumerated()) { json, series in
          json.member("number", series.offset + 1)
          series.element.write(to: &json)
        }
      }
      json.list("annotations", annotations) { json, entry in entry.write(to: &json) }
      json.list("rejected", rejected) { json, source in
        json.member("code", source.code.rawValue)
        json.member("message", source.message)
        json.member("remedy", source.remedy)
        json.member("source", source.token)
        source.place.write(to: &json)
        json.member("same_as", source.original)
      }
      json.list("left_out", leftOut) { json, source in
        json.member("kind", source.kind)
        json.member("source", source.token)
        source.place.write(to: &json)
      }
    }
    json.endLine()
    return json.bytes
  }
}

extension SourcePlace {
  /// What a token stands for, as one JSON object: `source`, `path` and `member`.
  public func json(standingFor token: String) -> [UInt8] {
    var json = JSONWriter(.indented)
    json.object { json in
      json.member("source", token)
      json.member("path", file)
      Self.write(members[...], to: &json)
    }
    json.endLine()
    return json.bytes
  }

  /// The members `argument`, `path` and `member`.
  func write(to json: inout JSONWriter) {
    json.member("argument", argument)
    json.member("path", path)
    Self.write(members[...], to: &json)
  }

  /// The outermost archive's member, and in it that of the next one.
  private static func write(_ members: ArraySlice<Member>, to json: inout JSONWriter) {
    json.key("member")
    guard let member = members.first else {
      json.null()
      return
    }
    json.object { json in
      json.member("index", member.index)
      json.member("name", member.name)
      write(members.dropFirst(), to: &json)
    }
  }
}

extension SeriesSummary {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("modality", modality.rawValue)
    json.member("dicom_modality", dicomModality)
    json.key("body_regions")
    json.array { json in for region in bodyRegions { json.string(region) } }
    json.member("images", images)
    json.member("bytes", bytes)
    json.list("pixels", pixels) { json, share in
      json.member("samples", share.value.samples)
      json.member("bits_stored", share.value.bitsStored)
      json.member("bits_allocated", share.value.bitsAllocated)
      json.member("signed", share.value.isSigned)
      json.member("photometric", share.value.photometric.rawValue)
      json.member("images", share.images)
    }
    json.list("transfer_syntaxes", syntaxes) { json, share in
      json.member("uid", share.value.uid)
      json.member("name", share.value.name)
      json.member("lossless", share.value.isLossless)
      json.member("images", share.images)
    }
    json.list("findings", findings) { json, share in
      json.member("code", share.value.code)
      json.member("sentence", share.value.sentence)
      json.member("images", share.images)
    }
    json.list("volumes", volumes.enumerated()) { json, volume in
      json.member("number", volume.offset + 1)
      volume.element.write(to: &json)
    }
  }
}

extension VolumeSummary {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("kind", kind.rawValue)
    json.member("planes", planes)
    json.member("rows", rows)
    json.member("columns", columns)
    json.key("pixel_spacing_mm")
    if let spacing {
      json.array { json in
        json.number(spacing.betweenRows)
        json.number(spacing.betweenColumns)
      }
    } else {
      json.null()
    }
    json.member("step_mm", step)
    json.member("plane", plane?.rawValue)
    json.key("split_by")
    json.array { json in for reason in reasons { json.string(reason.rawValue) } }
    json.list("findings", findings) { json, finding in
      json.member("kind", finding.kind.rawValue)
      json.member("after", finding.after)
      json.member("planes", finding.planes)
      json.member("millimetres", finding.millimetres)
    }
  }
}

extension JSONWriter {
  /// A member whose value is a list of objects.
  mutating func list<Elements: Sequence>(
    _ name: String, _ elements: Elements, _ write: (inout JSONWriter, Elements.Element) -> Void
  ) {
    key(name)
    array { json in
      for element in elements { json.object { write(&$0, element) } }
    }
  }

  /// A member that is a place, or null.
  mutating func member(_ name: String, _ place: SourcePlace?) {
    key(name)
    if let place {
      object { place.write(to: &$0) }
    } else {
      null()
    }
  }

  /// A member whose value is an object of words and how often each came, words in order.
  fileprivate mutating func counts(_ name: String, of words: [String]) {
    let counts = words.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    key(name)
    object { json in
      for (word, count) in counts.sorted(by: { $0.key < $1.key }) { json.member(word, count) }
    }
  }
}

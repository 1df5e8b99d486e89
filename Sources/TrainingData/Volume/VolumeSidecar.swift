import ImageFormats
import MedicalImaging
import Preprocessing

/// The JSON beside a file of volumes; Docs/Reference/volume.md says what each field means. No name,
/// date, UID or free text of a header is in it.
struct VolumeSidecar {
  /// Counts up whenever a field changes its meaning or goes away.
  static let formatVersion = 1

  let draft: VolumeDraft
  /// Of a file that was resampled the value outside of the source.
  let fill: Float
  /// What was odd in bitstreams.
  let frameFindings: [InstanceHeader.Finding]
  /// Images of the series of which something could not be read.
  let unreadable: Int

  /// What was done to its planes; nil where voxels are the planes as they are.
  var resampled: ResampledVolume? {
    draft.resampling.map {
      ResampledVolume(
        mended: $0.mended, from: $0.own, to: $0.grid.spacing, fill: fill,
        voxelsOutside: $0.voxelsOutside * draft.volume.volumes)
    }
  }

  /// UTF-8; equal volumes give equal bytes.
  var json: [UInt8] {
    var json = JSONWriter(.indented)
    json.object { json in
      json.member("format_version", Self.formatVersion)
      json.member("tool_version", ToolVersion.current)
      json.member("study", draft.study)
      json.member("series", draft.series)
      json.member("file", draft.number)
      json.member("kind", draft.stack.kind.rawValue)
      json.member("modality", ModalityName(draft.description).rawValue)
      json.member("dicom_modality", DICOMModality.known(draft.description.modality))
      writeGrid(&json)
      writeValues(&json)
      writeResampled(&json)
      writeSplit(&json)
      writeVolumes(&json)
      writeSources(&json)
    }
    json.endLine()
    return json.bytes
  }

  private func writeGrid(_ json: inout JSONWriter) {
    let volume = draft.volume
    json.key("shape")
    json.array { json in
      for length in [volume.columns, volume.rows, volume.slices, volume.volumes] {
        json.integer(length)
      }
    }
    json.key("spacing_mm")
    if let spacing = volume.geometry?.spacing ?? volume.spacing {
      json.array { json in
        json.number(spacing.betweenColumns)
        json.number(spacing.betweenRows)
        json.number(spacing.betweenSlices)
      }
    } else {
      json.null()
    }
    json.member("slice_thickness_mm", draft.sliceThickness)
    json.member("time_step_s", volume.timeStep)
    json.member("sform_code", volume.geometry == nil ? 0 : 1)
    json.member("qform_code", volume.hasQform ? 1 : 0)
  }

  private func writeValues(_ json: inout JSONWriter) {
    json.key("values")
    json.object { json in
      json.member(
        "type",
        draft.volume.voxel.samplesPerVoxel == 3 ? "rgb24" : draft.volume.voxel.sample.rawValue)
      json.member("kind", draft.scaling.linear == nil ? "modality" : "stored")
      json.member("slope", draft.volume.slope)
      json.member("intercept", draft.volume.intercept)
      json.member("units", draft.description.units.rawValue)
    }
  }

  private func writeResampled(_ json: inout JSONWriter) {
    json.key("resampled")
    guard let resampled else {
      json.null()
      return
    }
    json.object { json in
      json.member("method", "linear")
      json.key("mended")
      json.array { json in for mended in resampled.mended { json.string(mended.rawValue) } }
      json.key("from_mm")
      json.array { json in
        for distance in resampled.from {
          if let distance { json.number(distance) } else { json.null() }
        }
      }
      json.key("to_mm")
      json.array { json in
        json.number(resampled.to.betweenColumns)
        json.number(resampled.to.betweenRows)
        json.number(resampled.to.betweenSlices)
      }
      json.member("fill", Double(resampled.fill))
      json.member("voxels_outside", resampled.voxelsOutside)
    }
  }

  private func writeSplit(_ json: inout JSONWriter) {
    json.list("split_by", draft.stack.reasons)
    json.list("volumes_differ_in", draft.stack.differences)
    json.key("part")
    if let part = draft.stack.part {
      json.object { json in
        json.member("number", part.number + 1)
        json.member("of", part.of)
        json.member("first_plane", part.firstPlane)
      }
    } else {
      json.null()
    }
    json.key("findings")
    json.array { json in
      for finding in draft.stack.findings {
        json.object { json in
          json.member("kind", finding.kind.rawValue)
          json.member("after", finding.after)
          json.member("planes", finding.planes)
          json.member("millimetres", finding.millimetres)
        }
      }
    }
  }

  private func writeVolumes(_ json: inout JSONWriter) {
    json.key("volumes")
    json.array { json in
      guard draft.stack.kind == .volume else { return }
      for facts in draft.volumeFacts {
        json.object { json in
          json.member("echo_time_ms", facts.echoTime)
          json.member("b_value", facts.bValue)
          json.member("trigger_time_ms", facts.triggerTime)
          json.member("temporal_position", facts.temporalPosition)
          json.member("seconds", facts.seconds)
        }
      }
    }
  }

  private func writeSources(_ json: inout JSONWriter) {
    json.key("sources")
    json.object { json in
      json.member("images", Set(draft.planes.map(\.instance)).count)
      json.member("planes", draft.planes.count)
      json.member("unreadable", unreadable)
      json.key("findings")
      json.array { json in
        let all = draft.headerFindings + frameFindings
        let counts = all.reduce(into: [InstanceHeader.Finding: Int]()) { $0[$1, default: 0] += 1 }
        for (finding, count) in counts.sorted(by: { Self.key($0.key) < Self.key($1.key) }) {
          json.object { json in
            json.member("code", finding.code)
            json.member("sentence", finding.sentence)
            json.member("count", count)
          }
        }
      }
    }
  }

  private static func key(_ finding: InstanceHeader.Finding) -> (String, String) {
    (finding.code, finding.sentence)
  }
}

extension JSONWriter {
  fileprivate mutating func list(_ name: String, _ reasons: [SplitReason]) {
    key(name)
    array { json in for reason in reasons { json.string(reason.rawValue) } }
  }
}

import ImageFormats
import MedicalImaging

/// What is said of a whole data set: `dataset.json` for programs, `README.md` for people.
struct DataSetCard {
  let job: Job
  let summary: Merger.Summary
  let shards: [NamedShard]
  let tables: [String: LookupTable]
  let findings: [String: Int]

  var json: [UInt8] {
    var json = JSONWriter(.indented)
    json.object { json in
      json.member("name", job.recipe.name)
      json.member("format_version", job.formatVersion)
      json.member("tool", "gmai-prep")
      json.member("tool_version", job.toolVersion)
      json.key("libraries")
      json.object { json in
        for (name, version) in LibraryVersions.all { json.member(name, version) }
      }
      json.member("formats", .array(job.formats.map { .string($0.rawValue) }))
      json.member("recipe_sha256", job.recipeSHA256)
      json.member("recipe", job.recipe.json)
      json.member("samples", summary.samples)
      json.key("counts")
      json.object { json in
        for field in ["split", "modality", "department", "task", "language", "label"] {
          json.key(field)
          write(summary.counts[field] ?? [:], to: &json)
        }
      }
      json.member("rejected", summary.rejected)
      json.key("rejects")
      write(summary.rejectCodes, to: &json)
      json.key("left_out")
      write(Dictionary(uniqueKeysWithValues: summary.leftOut), to: &json)
      json.member("burned_in_accepted", summary.burnedInAccepted)
      json.member("studies_standing_for_patients", summary.studiesStandingForPatients)
      json.key("findings")
      write(findings, to: &json)
      json.key("luts")
      json.object { json in
        for (hash, table) in tables.sorted(by: { $0.key < $1.key }) {
          json.key(hash)
          json.object { json in
            json.member("first_mapped", table.firstMapped)
            json.member("bits", table.bits)
            json.key("entries")
            json.array { json in for entry in table.entries { json.integer(Int(entry)) } }
          }
        }
      }
      json.member("features", SampleFeatures.json(several: job.recipe.hasSeveralPictures))
      json.key("shards")
      json.array { json in
        for shard in shards {
          json.object { json in
            json.member("path", shard.path)
            json.member("split", shard.split)
            json.member("samples", shard.samples)
            json.member("bytes", shard.bytes)
            json.member("sha256", shard.sha256)
          }
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  private func write(_ counts: [String: Int], to json: inout JSONWriter) {
    json.object { json in
      for (word, count) in counts.sorted(by: { $0.key < $1.key }) { json.member(word, count) }
    }
  }
}

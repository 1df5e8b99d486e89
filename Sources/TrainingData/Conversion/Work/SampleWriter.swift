import ImageFormats
import MedicalImaging
import Preprocessing

/// A picture that was made, and what it was made of.
struct RenderedPicture {
  var instance: PlannedInstance
  var plane: PlannedPlane
  /// Of a slide of several.
  var focalPlane: Int?
  /// Its size, and how its pixels lie in the frame.
  var shape: SquarePixels
  /// How the source holds the frame, which is upright.
  var orientation: PlaneOrientation
  /// Whether an embedded ICC profile was converted to sRGB.
  var isColorConverted: Bool
  var choice: DisplayChoice
  /// Where its bytes lie in the spool.
  var bytes: Range<Int>
}

/// Makes the samples of one partition out of its pictures.
struct SampleWriter {
  private let job: Job
  private let partition: Partition
  private let pseudonyms: Pseudonyms
  private let text: ConversationWriter
  private let tiling: InternVLTiling

  init(job: Job, partition: Partition) throws {
    self.job = job
    self.partition = partition
    pseudonyms = Pseudonyms(salt: job.salt)
    text = ConversationWriter(
      templates: try TextTemplates.named(job.recipe.text.language),
      questions: job.recipe.text.questions, seed: job.recipe.seed)
    tiling = try job.recipe.tiling
  }

  /// The sample of one picture. `unreadable` names the planes of its unit that are not there.
  func sample(
    of picture: RenderedPicture, unit: Unit, unreadable: Set<String>, digests: [String: [String]]
  ) -> SpooledSample {
    let (instance, plane) = (picture.instance, picture.plane)
    guard let header = partition.headers[instance.token] else {
      preconditionFailure("a partition holds the headers of its instances")
    }
    let volume = unit.volumes[plane.volume]
    let facts = header.facts(frame: plane.frame)
    let about = PictureFacts(
      header.description, geometry: facts.geometry, volume: volume.kind,
      preset: picture.choice.preset)
    let task = "caption"
    let key = pseudonyms.name("sample", "\(instance.identity)\0\(plane.frame)\0\(task)\0000")
    let (turns, wordings) = text.conversation(about: about, key: key)
    let name = "\(key).0.\(job.recipe.picture.format.fileExtension)"
    let isGrey = header.format.samplesPerPixel == 1 && header.palette == nil

    let record = PictureRecord(
      width: picture.shape.columns, height: picture.shape.rows,
      sources: digests[instance.token] ?? [],
      instances: [instance.identity] + (instance.slide?.parts ?? []).map(\.identity),
      selection: selection(of: picture, in: volume, header, plane: about.plane),
      modality: isGrey ? facts.modality : nil, units: header.description.units,
      mapping: picture.choice.mapping, isColorConverted: picture.isColorConverted,
      sourceFromPixel: sourceFromPixel(picture, header),
      pixelToPatient: facts.geometry.flatMap { geometry in
        facts.spacing.map { picture.shape.placed(geometry.pixelToPatient(spacing: $0)) }
      },
      tiles: tiling.layout(width: picture.shape.columns, height: picture.shape.rows))
    let dimension = volume.kind == .volume ? "3d" : "2d"
    let sample = Sample(
      key: key,
      id: [
        dimension, task, about.modality.rawValue, job.recipe.name, unit.subject,
        "\(unit.study)/\(unit.series)/\(name)",
      ].joined(separator: "#"),
      images: [name], conversations: turns, modality: about.modality,
      dicomModality: DICOMModality.known(header.description.modality), department: nil, task: nil,
      granularity: "image", language: job.recipe.text.language.rawValue, split: partition.split,
      pictures: [record],
      provenance: Sample.Provenance(
        subject: unit.subject, study: unit.study, series: unit.series,
        gaps: gaps(of: plane.volume, in: unit, unreadable: unreadable), template: wordings,
        seed: job.recipe.seed, recipeSHA256: job.recipeSHA256, toolVersion: ToolVersion.current))
    return SpooledSample(sample: sample, pictures: [picture.bytes])
  }

  private func selection(
    of picture: RenderedPicture, in volume: PlannedVolume, _ header: InstanceHeader,
    plane: AnatomicalPlane?
  ) -> PictureRecord.Selection {
    let frame = picture.plane.frame
    if let slide = picture.instance.slide {
      // Pixels that were made square are as large as the shorter side was.
      let isUnchanged = picture.shape.isUnchanged
      return .init(
        kind: .region, plane: nil, index: 0, level: slide.level,
        rect: [0, 0, slide.columns, slide.rows],
        micronsPerPixel: slide.micronsPerPixel.map {
          isUnchanged ? ($0.x + $0.y) / 2 : min($0.x, $0.y)
        }, opticalPath: slide.opticalPath, focalPlane: picture.focalPlane)
    }
    let isSlice = volume.kind == .volume
    return .init(
      kind: isSlice ? .slice : .frame, plane: plane, index: isSlice ? picture.plane.index : frame,
      frame: header.frames > 1 ? frame : nil)
  }

  /// From the picture to the frame, which it is where pixels are square; from the upright frame to how
  /// it is stored; from a mosaic's slice to its place in the mosaic.
  private func sourceFromPixel(_ picture: RenderedPicture, _ header: InstanceHeader) -> [[Double]] {
    let shape = picture.shape
    let stored = picture.orientation.storedFromUpright(
      columns: shape.sourceColumns, rows: shape.sourceRows)
    let frame = shape.sourceFromPixel
    var matrix = stored.map { row in
      (0..<3).map { column in
        row[0] * frame[0][column] + row[1] * frame[1][column] + row[2] * frame[2][column]
      }
    }
    let origin = header.origin(frame: picture.plane.frame)
    matrix[0][2] += Double(origin.column)
    matrix[1][2] += Double(origin.row)
    return matrix
  }

  /// What the headers say of the volume's gaps, and the planes whose pixels could not be read.
  private func gaps(
    of volume: Int, in unit: Unit, unreadable: Set<String>
  ) -> [GeometryFinding] {
    let planned = unit.volumes[volume]
    guard planned.kind == .volume else { return [] }
    let unread = unreadable.compactMap { name -> Int? in
      let parts = name.split(separator: ".").compactMap { Int($0) }
      return parts.count == 2 && parts[0] == volume ? parts[1] : nil
    }
    return planned.findings
      + unread.sorted().map {
        GeometryFinding(
          .unreadable, after: $0 - 1, planes: 1, millimetres: 2 * (planned.step ?? 0))
      }
  }
}

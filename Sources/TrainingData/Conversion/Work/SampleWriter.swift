import ImageFormats
import MedicalImaging
import Preprocessing

/// A picture that was made, and what it was made of.
struct RenderedPicture {
  enum Origin {
    /// A plane as it was acquired.
    case plane(PlannedInstance, PlannedPlane)
    /// A section across the acquired planes of a volume, which are all of these.
    case section(PlannedSection, VolumeSections, [PlannedPlane])
  }

  var origin: Origin
  /// Of a slide of several.
  var focalPlane: Int?
  /// Its size, and how its pixels lie in the frame.
  var shape: SquarePixels
  /// How the source holds the frame, seen from how it is shown.
  var orientation: PlaneOrientation
  /// What of the frame is shown, and why; nil for all.
  var crop: PlaneCrop?
  var areas: [PictureArea] = []
  /// Whether an embedded ICC profile was converted to sRGB.
  var isColorConverted: Bool
  var choice: DisplayChoice
  /// Where its bytes lie in the spool.
  var bytes: Range<Int>

  /// 3 x 3, row by row: (column, row, 1) of the picture -> of the frame as its source holds it.
  var frameFromPixel: [[Double]] {
    let stored = orientation.storedFromUpright(
      columns: shape.sourceColumns, rows: shape.sourceRows)
    let square = shape.sourceFromPixel
    var matrix = stored.map { row in
      (0..<3).map { row[0] * square[0][$0] + row[1] * square[1][$0] + row[2] * square[2][$0] }
    }
    matrix[0][2] += Double(crop?.columns.lowerBound ?? 0)
    matrix[1][2] += Double(crop?.rows.lowerBound ?? 0)
    return matrix
  }

  /// The matrix of the picture where `matrix`, 4 x 4, takes (column, row, 0, 1) of the frame somewhere.
  func placed(_ matrix: [[Double]]) -> [[Double]] {
    let frame = frameFromPixel
    return matrix.map { row in
      func along(_ column: Int) -> Double { row[0] * frame[0][column] + row[1] * frame[1][column] }
      return [along(0), along(1), row[2], along(2) + row[3]]
    }
  }
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
    let source = PictureSource(picture.origin, of: unit, partition.headers)
    let header = source.header
    let volume = unit.volumes[source.volume]
    let about = PictureFacts(
      header.description, geometry: source.geometry, volume: volume.kind,
      preset: picture.choice.preset)
    let task = "caption"
    let key = pseudonyms.name("sample", "\(source.name)\0\(task)\0000")
    let (turns, wordings) = text.conversation(about: about, key: key)
    let name = "\(key).0.\(job.recipe.picture.format.fileExtension)"
    let isGrey = header.format.samplesPerPixel == 1 && header.palette == nil

    let record = PictureRecord(
      width: picture.shape.columns, height: picture.shape.rows,
      sources: source.instances.flatMap { digests[$0.token] ?? [] },
      instances: source.instances.flatMap {
        [$0.identity] + ($0.slide?.parts ?? []).map(\.identity)
      },
      selection: selection(of: picture, from: source, in: volume, plane: about.plane),
      modality: isGrey ? source.modality : nil, units: header.description.units,
      mapping: picture.choice.mapping, isColorConverted: picture.isColorConverted,
      sourceFromPixel: source.frame.map { sourceFromPixel(picture, header, frame: $0) },
      pixelToPatient: source.geometry.flatMap { geometry in
        source.spacing.map { picture.placed(geometry.pixelToPatient(spacing: $0)) }
      },
      patientOrientation: source.geometry == nil ? header.description.patientOrientation : [],
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
        gaps: gaps(of: source.volume, in: unit, unreadable: unreadable), template: wordings,
        seed: job.recipe.seed, recipeSHA256: job.recipeSHA256, toolVersion: ToolVersion.current))
    return SpooledSample(sample: sample, pictures: [picture.bytes])
  }

  private func selection(
    of picture: RenderedPicture, from source: PictureSource, in volume: PlannedVolume,
    plane: AnatomicalPlane?
  ) -> PictureRecord.Selection {
    guard let frame = source.frame else {
      return .init(kind: .slice, plane: plane, index: source.index)
    }
    if let slide = source.instances[0].slide {
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
      kind: isSlice ? .slice : .frame, plane: plane, index: isSlice ? source.index : frame,
      frame: source.header.frames > 1 ? frame : nil,
      rect: picture.crop.map {
        [$0.columns.lowerBound, $0.rows.lowerBound, $0.columns.upperBound, $0.rows.upperBound]
      }, areas: picture.areas)
  }

  /// From the picture to how its source holds it; from a mosaic's slice to its place in the mosaic.
  private func sourceFromPixel(
    _ picture: RenderedPicture, _ header: InstanceHeader, frame: Int
  ) -> [[Double]] {
    var matrix = picture.frameFromPixel
    let origin = header.origin(frame: frame)
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

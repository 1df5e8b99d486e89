import ImageFormats
import MedicalImaging
import Preprocessing

/// A picture that was made, and what it was made of.
struct RenderedPicture {
  enum Origin {
    /// A plane as it was acquired.
    case plane(PlannedInstance, PlannedPlane)
    /// A section of a volume that was put together, and the acquired planes that are in it.
    case section(PlannedSection, VolumeSections, [PlannedPlane])
    /// Frames of a film that are shown as one.
    case frames(PlannedInstance, [PlannedPlane])
  }

  var origin: Origin
  /// Of a slide of several.
  var focalPlane: Int?
  /// Which part of a slide's level it is; nil for the whole, and of everything else.
  var tile: SlideTile?
  /// Its size, and how its pixels lie in the frame.
  var shape: SquarePixels
  /// How the source holds the frame, seen from how it is shown.
  var orientation: PlaneOrientation
  /// What of the frame is shown, and why; nil for all.
  var crop: PlaneCrop?
  var areas: [PictureArea] = []
  /// Of a section: what of its volume was mended by interpolation before it was cut.
  var mended: [PlannedResampling.Reason] = []
  /// What its values are the largest, least or mean ones of, in the order in which they became it.
  var projections: [PictureProjection] = []
  /// Whether an embedded ICC profile was converted to sRGB.
  var isColorConverted: Bool
  /// How colours became those of another slide; nil where they did not.
  var stain: StainNormalization?
  var choice: DisplayChoice
  /// Where its bytes lie in the spool.
  var bytes: Range<Int>
  var labels = PictureLabeller.Found()

  /// 3 x 3, row by row: (column, row, 1) of the picture -> of the frame as its source holds it.
  var frameFromPixel: [[Double]] {
    // The picture before it was resized, turned back.
    let isTurned = orientation.swapsAxes
    let map = PictureMap(
      columns: isTurned ? shape.sourceRows : shape.sourceColumns,
      rows: isTurned ? shape.sourceColumns : shape.sourceRows
    ).turned(orientation).appending(shape.map)
    var matrix = map.sourceFromPixel
    matrix[0][2] += Double((crop?.columns ?? tile?.columns)?.lowerBound ?? 0)
    matrix[1][2] += Double((crop?.rows ?? tile?.rows)?.lowerBound ?? 0)
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
  private let tiling: any TilingPolicy

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
  ) throws(ImageError) -> SpooledSample {
    let source = PictureSource(picture.origin, of: unit, partition.headers)
    let header = source.header
    let volume = unit.volumes[source.volume]
    var about = PictureFacts(
      header.description, geometry: source.geometry, volume: volume.kind,
      preset: picture.choice.preset)
    // Several slices or frames are none of them.
    if !picture.projections.isEmpty { about.kind = .image }
    let task = "caption"
    let picked = picture.tile.map { "\(source.name)\0tile\0\($0.number)" } ?? source.name
    let key = pseudonyms.key(ofPicture: picked, task: task)
    let (turns, wordings) = text.conversation(about: about, key: key)
    let name = "\(key).0.\(job.recipe.picture.format.fileExtension)"
    let annotations = picture.labels.annotations.map { unit.annotations[$0] }
    let isGrey = header.format.samplesPerPixel == 1 && header.palette == nil

    let record = PictureRecord(
      width: picture.shape.columns, height: picture.shape.rows,
      sources: source.instances.flatMap { digests[$0.token] ?? [] }
        + annotations.flatMap { digests[$0.token] ?? [] },
      instances: source.instances.flatMap {
        [$0.identity] + ($0.slide?.parts ?? []).map(\.identity)
      } + annotations.map(\.identity),
      selection: selection(of: picture, from: source, in: volume, plane: about.plane),
      modality: isGrey ? source.modality : nil, units: header.description.units,
      mapping: picture.choice.mapping, isColorConverted: picture.isColorConverted,
      stain: picture.stain,
      sourceFromPixel: source.raster.map { sourceFromPixel(picture, header, frame: $0) },
      pixelToPatient: source.geometry.flatMap { geometry in
        source.spacing.map { picture.placed(geometry.pixelToPatient(spacing: $0)) }
      },
      patientOrientation: source.geometry == nil ? header.description.patientOrientation : [],
      tiles: try tiling.layout(
        of: TiledPicture(columns: picture.shape.columns, rows: picture.shape.rows)))
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
      labels: picture.labels.labels, pictures: [record],
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
    if source.isSection {
      return .init(
        kind: .slice, plane: plane, index: source.index, mended: picture.mended.map(\.rawValue),
        projections: picture.projections)
    }
    if let slide = source.instances[0].slide, let tile = picture.tile {
      return .init(
        kind: .region, plane: nil, index: tile.number, level: slide.level,
        rect: [
          tile.columns.lowerBound, tile.rows.lowerBound, tile.columns.upperBound,
          tile.rows.upperBound,
        ], micronsPerPixel: (tile.micronsPerPixel.x + tile.micronsPerPixel.y) / 2,
        opticalPath: slide.opticalPath, focalPlane: picture.focalPlane, tissue: tile.tissue)
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
      kind: isSlice ? .slice : .frame, plane: plane,
      index: isSlice ? source.index : source.frame ?? 0,
      frame: source.header.frames > 1 ? source.frame : nil,
      rect: picture.crop.map {
        [$0.columns.lowerBound, $0.rows.lowerBound, $0.columns.upperBound, $0.rows.upperBound]
      }, areas: picture.areas, projections: picture.projections)
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

  /// What the headers say of the volume's gaps, and the planes whose pixels could not be read; of volumes
  /// that are shown as one, each once.
  private func gaps(
    of volume: Int, in unit: Unit, unreadable: Set<String>
  ) -> [GeometryFinding] {
    guard unit.volumes[volume].kind == .volume else { return [] }
    let members = unit.members(of: volume)
    let found = members.flatMap { unit.volumes[$0].findings }
    let unread = unreadable.compactMap { name -> Int? in
      let parts = name.split(separator: ".").compactMap { Int($0) }
      return parts.count == 2 && members.contains(parts[0]) ? parts[1] : nil
    }
    let lost = Set(unread).sorted().map {
      GeometryFinding(
        .unreadable, after: $0 - 1, planes: 1,
        millimetres: 2 * (unit.volumes[volume].step ?? 0))
    }
    return (found + lost).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

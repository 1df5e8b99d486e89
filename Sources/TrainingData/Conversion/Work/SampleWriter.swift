import ImageFormats
import MedicalImaging
import Preprocessing

/// Makes the samples of one partition out of its pictures.
struct SampleWriter {
  private let job: Job
  private let partition: Partition
  private let pseudonyms: Pseudonyms
  private let text: ConversationWriter

  init(job: Job, partition: Partition) throws {
    self.job = job
    self.partition = partition
    pseudonyms = Pseudonyms(salt: job.salt)
    text = ConversationWriter(
      templates: try TextTemplates.named(job.recipe.text.language),
      questions: job.recipe.text.questions, seed: job.recipe.seed)
  }

  /// The sample of one picture, or of slices beside each other, which the one in the middle stands for.
  /// `unreadable` names the planes of its unit that are not there.
  func sample(
    of pictures: [RenderedPicture], unit: Unit, unreadable: Set<String>,
    digests: [String: [String]]
  ) -> SpooledSample {
    let picture = pictures[pictures.count / 2]
    let source = PictureSource(picture.origin, of: unit, partition.headers)
    let header = source.header
    let volume = unit.volumes[source.volume]
    var about = about(picture, source, volume)
    if pictures.count > 1 { about.kind = .image }
    let task = "caption"
    let picked = picture.tile.map { "\(source.name)\0tile\0\($0.number)" } ?? source.name
    let key = pseudonyms.key(ofPicture: picked, task: task)
    let files = pictures.flatMap(\.files)
    let (turns, wordings) = text.conversation(about: about, key: key, pictures: files.count)
    let names = files.indices.map { "\(key).\($0).\(job.recipe.picture.format.fileExtension)" }
    var records: [PictureRecord] = []
    var labels: [PictureLabel] = []
    for picture in pictures {
      let parts = parts(of: picture)
      labels += parts.enumerated().flatMap { number, part in
        picture.labels.labels.compactMap { $0.seen(in: part, picture: records.count + number) }
      }
      records += self.records(of: picture, parts, unit: unit, digests: digests)
    }
    let dimension = volume.kind == .volume ? "3d" : "2d"
    let sample = Sample(
      key: key,
      id: [
        dimension, task, about.modality.rawValue, job.recipe.name, unit.subject,
        "\(unit.study)/\(unit.series)/\(names[0])",
      ].joined(separator: "#"),
      images: names, areSeveral: job.recipe.hasSeveralPictures, conversations: turns,
      modality: about.modality, dicomModality: DICOMModality.known(header.description.modality),
      department: nil, task: nil, granularity: "image",
      language: job.recipe.text.language.rawValue, split: partition.split, labels: labels,
      pictures: records,
      provenance: Sample.Provenance(
        subject: unit.subject, study: unit.study, series: unit.series,
        gaps: gaps(of: source.volume, in: unit, unreadable: unreadable), template: wordings,
        seed: job.recipe.seed, recipeSHA256: job.recipeSHA256, toolVersion: ToolVersion.current))
    return SpooledSample(sample: sample, pictures: files)
  }

  private func about(
    _ picture: RenderedPicture, _ source: PictureSource, _ volume: PlannedVolume
  ) -> PictureFacts {
    var about = PictureFacts(
      source.header.description, geometry: source.geometry, volume: volume.kind,
      preset: picture.choice.preset)
    // Several slices or frames are none of them.
    if !picture.projections.isEmpty || !picture.channels.isEmpty { about.kind = .image }
    return about
  }

  private var isCut: Bool { job.recipe.tiles.write == .cut }

  /// From a picture to what is stored of it: itself, or each of its tiles.
  private func parts(of picture: RenderedPicture) -> [PictureMap] {
    let whole = PictureMap(columns: picture.shape.columns, rows: picture.shape.rows)
    return isCut ? picture.tiling.maps(of: whole) : [whole]
  }

  /// What is recorded of each stored part of a picture.
  private func records(
    of picture: RenderedPicture, _ parts: [PictureMap], unit: Unit, digests: [String: [String]]
  ) -> [PictureRecord] {
    let source = PictureSource(picture.origin, of: unit, partition.headers)
    let header = source.header
    let volume = unit.volumes[source.volume]
    let annotations = picture.labels.annotations.map { unit.annotations[$0] }
    let files = source.instances.map(\.token) + annotations.map(\.token)
    let identities =
      source.instances.flatMap { [$0.identity] + ($0.slide?.parts ?? []).map(\.identity) }
      + annotations.map(\.identity)
    let isGrey = header.format.samplesPerPixel == 1 && header.palette == nil
    let selection = selection(
      of: picture, from: source, in: volume, plane: about(picture, source, volume).plane)
    return parts.enumerated().map { number, part in
      PictureRecord(
        width: part.columns, height: part.rows, sources: files.flatMap { digests[$0] ?? [] },
        instances: identities, selection: selection.resized(by: part),
        modality: isGrey ? source.modality : nil, units: header.description.units,
        mapping: picture.choice.mapping, isColorConverted: picture.isColorConverted,
        stain: picture.stain,
        sourceFromPixel: source.raster.map { sourceFromPixel(picture, part, header, frame: $0) },
        pixelToPatient: source.geometry.flatMap { geometry in
          source.spacing.map { picture.placed(geometry.pixelToPatient(spacing: $0), part) }
        },
        patientOrientation: source.geometry == nil ? header.description.patientOrientation : [],
        tiles: picture.tiling, tile: isCut ? number : nil)
    }
  }

  private func selection(
    of picture: RenderedPicture, from source: PictureSource, in volume: PlannedVolume,
    plane: AnatomicalPlane?
  ) -> PictureRecord.Selection {
    if source.isSection {
      return .init(
        kind: .slice, plane: plane, index: source.index, mended: picture.mended.map(\.rawValue),
        projections: picture.projections, channels: picture.channels)
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
    _ picture: RenderedPicture, _ part: PictureMap, _ header: InstanceHeader, frame: Int
  ) -> [[Double]] {
    var matrix = picture.frameFromPixel(of: part)
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

import ImageFormats
import MedicalImaging

/// What the annotations of a partition draw.
extension PartitionWork {
  /// What the annotations of a unit draw on its planes. One that cannot be read, or whose pixels lie beside
  /// those of every volume that it is of, is a reject.
  func labels(of unit: Unit) throws -> UnitLabels {
    var labels = UnitLabels()
    for (number, annotation) in unit.annotations.enumerated() {
      if let exclusion = excluded[annotation.token] {
        reject(annotation.token, exclusion.error, sha256: exclusion.sha256)
        continue
      }
      begin(annotation.token, annotation.bytes)
      do {
        let outcome = try read(annotation, number: number, of: unit, into: &labels)
        guard !outcome.refused.isEmpty else { continue }
        count(LabelReader.beside)
        if outcome.fitted.subtracting(outcome.refused).isEmpty {
          reject(annotation.token, LabelReader.besideAll, sha256: digests[annotation.token]?.last)
        }
      } catch let error as ImageError where !error.isOfTheRun {
        for volume in unit.volumes.indices { labels.remove(annotation: number, volume: volume) }
        reject(annotation.token, error, sha256: digests[annotation.token]?.last)
      }
    }
    return labels
  }

  func read(
    _ annotation: PlannedAnnotation, number: Int, of unit: Unit, into labels: inout UnitLabels
  ) throws -> LabelReader.Outcome {
    let files = try opener.files(annotation)
    if digests[annotation.token] == nil { digests[annotation.token] = files.sha256 }
    let reader = LabelReader(
      planes: LabelledPlanes(unit, partition.headers),
      names: StructureNames(job.recipe.labels.names), memoryLimit: memoryLimit,
      open: { location throws(ImageError) in try self.opener.open(location) })
    return try reader.read(annotation, number: number, files, into: &labels)
  }

  /// The labels of a volume that is cut; nil where it has none, where its voxels are not those of its
  /// planes, or where they need more memory than there is.
  func labelVolume(_ labels: UnitLabels, _ block: VolumeBlocks.Block) throws
    -> LabelVolume?
  {
    guard !labels.isEmpty, block.mended.isEmpty, block.projections.isEmpty else { return nil }
    let voxels = block.block.volume
    do {
      return try LabelVolume(
        labels, volume: block.volume, columns: voxels.columns, rows: voxels.rows,
        slices: voxels.slices, memoryLimit: memoryLimit)
    } catch {
      count(
        InstanceHeader.Finding(
          "labels_memory",
          "The structures of a volume need more memory than a worker has; sections have no labels.")
      )
      return nil
    }
  }
}

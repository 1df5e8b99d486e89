import ImageFormats
import MedicalImaging
import Preprocessing

/// What planes say of the greys of their volume, and of the data set.
extension PartitionWork {
  func measure() throws {
    var histogram = ValueHistogram()
    for unit in partition.units {
      let unread = try readAll(unit) { instance, plane, frame in
        let outcome = outcome(of: frame, plane, instance, unit)
        add(frame.plane, outcome, plane: plane, of: instance, to: &histogram)
      }
      // Planes that become no sample are met here alone.
      result.knownGaps[unit.id] = unread.map { PlaneName.of($0) }.sorted()
    }
    try AtomicFile.write(
      histogram.bytes, to: workspace.measure(partition.id), mode: 0o600,
      byMany: true)
  }

  /// Counts what the fingerprint says of the values of pictures.
  func addValues(
    of frame: DecodedFrame, _ outcome: PictureCropping.Outcome, _ plane: PlannedPlane,
    _ instance: PlannedInstance, to values: inout [Fingerprint.Kind: ValueHistogram]
  ) {
    guard let header = partition.headers[instance.token], header.palette == nil else { return }
    add(
      frame.plane, outcome, plane: plane, of: instance,
      to: &values[Fingerprint.Kind(header), default: ValueHistogram()])
  }

  func outcome(
    of frame: DecodedFrame, _ plane: PlannedPlane, _ instance: PlannedInstance, _ unit: Unit
  ) -> PictureCropping.Outcome {
    guard let header = partition.headers[instance.token] else { return .init() }
    return cropping.outcome(
      of: frame.plane, header, frame: plane.frame,
      isSlice: unit.volumes[plane.volume].kind == .volume)
  }

  func count(_ finding: InstanceHeader.Finding) {
    result.findings[finding.code, default: 0] += 1
  }

  /// Counts what is shown of a plane: what was cropped or blanked says nothing of the picture.
  func add(
    _ stored: StoredPlane, _ outcome: PictureCropping.Outcome, plane: PlannedPlane,
    of instance: PlannedInstance, to histogram: inout ValueHistogram
  ) {
    guard stored.samplesPerPixel == 1, let header = partition.headers[instance.token] else {
      return
    }
    histogram.add(
      plane: outcome.crop?.pixels(of: stored) ?? stored, padding: header.padding,
      modality: header.facts(frame: plane.frame).modality)
  }
}

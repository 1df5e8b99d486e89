import ImageFormats
import MedicalImaging
import Preprocessing

/// Planes of a partition, decoded one by one.
extension PartitionWork {
  /// Decodes the planes of a unit, each instance opened once; returns the planes that could not be
  /// read, whose instances are rejects then. Of planes that are read `again` what was odd was said.
  @discardableResult
  func readAll(
    _ unit: Unit, again: [PlannedPlane]? = nil,
    _ use: (PlannedInstance, PlannedPlane, DecodedFrame) throws -> Void
  ) throws -> [PlannedPlane] {
    let byInstance = Dictionary(grouping: again ?? unit.planes, by: \.instance)
    var unread: [PlannedPlane] = []
    for (index, instance) in unit.instances.enumerated() {
      guard let planes = byInstance[index] else { continue }
      if let exclusion = excluded[instance.token] {
        reject(instance, exclusion.error, sha256: exclusion.sha256)
        unread += planes
        continue
      }
      begin(instance.token, instance.allBytes)
      var done = Set<PlannedPlane>()
      do {
        try read(instance, of: unit, planes: planes) { plane, frame in
          if again == nil { frame.findings.forEach(count) }
          try use(instance, plane, frame)
          done.insert(plane)
        }
      } catch let error as ImageError where !error.isOfTheRun {
        reject(instance, error, sha256: digests[instance.token]?.last)
      }
      unread += planes.filter { !done.contains($0) }
    }
    return unread
  }

  /// Decodes some planes of one instance; those that cannot be decoded are left out, and the first
  /// reason is thrown after the others are used.
  func read(
    _ instance: PlannedInstance, of unit: Unit, planes: [PlannedPlane],
    _ use: (PlannedPlane, DecodedFrame) throws -> Void
  ) throws {
    guard let header = partition.headers[instance.token] else { return }
    let files = try opener.files(instance, of: header)
    // A header that is no pair's may have the name of one, with voxels of others beside it.
    let isUnchanged =
      try files.count == instance.allBytes
      || !files.isPair && opener.bytes(instance.location) == instance.bytes
    guard isUnchanged else {
      // Where its header says that pixels are, there may be anything now.
      throw ImageError(
        .unreadable, "The file has changed since the conversion was planned.",
        remedy: "Run the same command again: it takes in what has changed.")
    }
    if digests[instance.token] == nil { digests[instance.token] = files.sha256 }
    func take(_ plane: PlannedPlane, _ frame: DecodedFrame) throws {
      guard frame.plane.samplesPerPixel == header.format.samplesPerPixel else {
        throw ImageError(
          .damagedPixels,
          "The header says grey and the pixel data colour, or the other way round.")
      }
      try job.recipe.checkTiles(frame.findings)
      try use(plane, frame)
    }
    if let tiles = instance.slide?.tiles, let frame = planes.first?.frame {
      return try SlideTiles(
        instance, tiles, header, files, frame: frame, job: job, memoryLimit: memoryLimit
      ).read(
        planes, begin: { begin(instance.token, 0) }, stain: { slideStain = $0 }, take)
    }
    let decoder = try PlaneDecoder(
      header: header, files: files, memoryLimit: memoryLimit,
      focalPlane: job.recipe.slideFocalPlane)
    var failure: ImageError?
    // In the order of the file: a compressed volume is inflated once.
    for plane in planes.sorted(by: { $0.frame < $1.frame }) {
      do {
        try take(plane, decoder.decode(frame: plane.frame))
      } catch let error as ImageError where !error.isOfTheRun {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }
}

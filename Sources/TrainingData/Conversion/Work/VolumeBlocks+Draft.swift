import ImageFormats
import MedicalImaging
import Preprocessing

extension VolumeBlocks {
  /// A volume as it is put together, out of its own planes or those of several.
  struct Draft {
    /// All its planes, in its order, of several volume by volume.
    let planes: [PlannedPlane]
    let headers: [(header: InstanceHeader, frame: Int)]
    let projection: PlannedProjection?
    let resampling: PlannedResampling?
    /// Memory that it takes, in bytes.
    let bytes: Int
    private var block: VolumeBlock?
    private var projected: ProjectedBlock?

    init(
      planes: [PlannedPlane], headers: [(header: InstanceHeader, frame: Int)],
      of volume: PlannedVolume,
      bytes: Int
    ) {
      self.planes = planes
      self.headers = headers
      self.bytes = bytes
      projection = volume.projection
      resampling = volume.resampling
    }

    /// Puts a plane that was decoded into its place.
    mutating func put(_ stored: StoredPlane, _ plane: PlannedPlane, _ header: InstanceHeader) {
      guard let projection else {
        if block == nil { block = VolumeBlock(first: stored, headers) }
        block?.put(stored, at: plane.index, header, frame: plane.frame)
        return
      }
      let isFilm = projection.over == .frames
      if projected == nil {
        projected = ProjectedBlock(
          projection.kind, first: stored,
          planes: isFilm ? 1 : planes.count / projection.volumes.count)
      }
      projected?.put(stored, plane, at: isFilm ? 0 : plane.index, header)
    }

    /// What keeps it from being cut.
    enum Obstacle: Error { case memory, unread }

    /// Ready to be cut: as it is where it can be, else on its grid, for which there are so many bytes of
    /// `memory` more.
    func finished(_ number: Int, memory: Int) throws(Obstacle) -> Block {
      guard let block = block ?? projected?.block else { throw .unread }
      if block.isWhole, resampling?.reasons.isEmpty ?? true { return ready(number, block, []) }
      guard let resampling, block.isWhole || resampling.mendsGaps else { throw .unread }
      // Where only a missing slice is the reason, nothing was set aside for it.
      guard let bytes = resampling.bytes, bytes <= memory else {
        throw .memory
      }
      guard let made = block.resampled(resampling) else { throw .unread }
      let reasons = PlannedResampling.Reason.allCases.filter {
        resampling.reasons.contains($0) || $0 == .gaps && !block.isWhole
      }
      return ready(number, made, reasons)
    }

    private func ready(
      _ number: Int, _ made: VolumeBlock, _ mended: [PlannedResampling.Reason]
    ) -> Block {
      let there = block?.filled ?? []
      let projections = projection.map {
        PictureProjection(kind: $0.kind, over: $0.over, count: projected?.count ?? 0)
      }
      return Block(
        volume: number,
        planes: planes.filter {
          projected?.read.contains($0) ?? there.contains($0.index)
        },
        mended: mended, projections: projections.map { [$0] } ?? [], block: made,
        bitsStored: headers[0].header.format.bitsStored)
    }
  }
}

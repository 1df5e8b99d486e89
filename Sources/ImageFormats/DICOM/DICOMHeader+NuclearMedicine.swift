import MedicalImaging

extension DICOMHeaderReader {
  /// Nuclear Medicine Image.
  private static let nuclearMedicine = "1.2.840.10008.5.1.4.1.1.20"

  /// What tells the frames of a nuclear medicine image apart (PS3.3 C.8.4.8): their vectors, and of
  /// reconstructed slices their places, counted from the first; empty where nothing does.
  ///
  /// Frames of other energy windows, detectors, phases, rotations or R-R intervals are stacks of their
  /// own; time slots are positions in time.
  func readNuclearFrames(_ frames: Int, shared: InstanceHeader.FrameFacts)
    -> [InstanceHeader.FrameFacts]
  {
    guard classUID == Self.nuclearMedicine, frames > 1 else { return [] }
    func vector(_ tag: DICOMTag) -> [Int]? {
      let numbers = root.numbers(tag).compactMap { $0.flatMap { Int(exactly: $0) } }
      return numbers.count == frames ? numbers : nil
    }
    let kinds: [(word: String, numbers: [Int])] = [
      ("energy", .energyWindowVector), ("detector", .detectorVector), ("phase", .phaseVector),
      ("rotation", .rotationVector), ("interval", .intervalVector),
    ].compactMap { word, tag in
      vector(tag).flatMap { Set($0).count > 1 ? (word, $0) : nil }
    }
    let slots = vector(.timeSlotVector)
    let first = reconstructed(shared)
    let slices = first == nil ? nil : vector(.sliceVector) ?? Array(1...frames)
    guard !kinds.isEmpty || slots != nil || first != nil else { return [] }
    let facts = (0..<frames).map { frame in
      var facts = shared
      if !kinds.isEmpty {
        facts.stackID = kinds.map { "\($0.word) \($0.numbers[frame])" }.joined(separator: ", ")
      }
      if let slots { facts.temporalPosition = slots[frame] }
      if let first, let slices {
        facts.geometry = first.geometry
        facts.geometry?.position =
          first.geometry.position + first.geometry.normal * (first.step * Double(slices[frame] - 1))
      }
      return facts
    }
    return facts.contains { $0 != facts[0] } ? facts : []
  }

  /// Place of the first of reconstructed slices, and the step along the normal, whose sign is the
  /// direction of stacking (PS3.3 C.8.4.15); nil of other frames, and where the header does not say.
  private func reconstructed(_ shared: InstanceHeader.FrameFacts) -> (
    geometry: PlaneGeometry, step: Double
  )? {
    let type = root.strings(.imageType).map { $0.uppercased() }
    guard type.contains("RECON TOMO") || type.contains("RECON GATED TOMO"),
      let step = root.number(.spacingBetweenSlices), step != 0,
      abs(step) <= Self.farthest / 1e4, let geometry = detectorGeometry ?? shared.geometry
    else { return nil }
    return (geometry, step)
  }

  /// Position and orientation of the one detector there is.
  private var detectorGeometry: PlaneGeometry? {
    let detectors = root.items(.detectorInformationSequence)
    guard detectors.count == 1 else { return nil }
    var reader = self
    return reader.readGeometry(position: detectors[0], orientation: detectors[0])
  }
}

extension DICOMTag {
  static let energyWindowVector = DICOMTag(0x0054, 0x0010, .unsigned16)
  static let detectorVector = DICOMTag(0x0054, 0x0020, .unsigned16)
  static let detectorInformationSequence = DICOMTag(0x0054, 0x0022, .sequence)
  static let phaseVector = DICOMTag(0x0054, 0x0030, .unsigned16)
  static let rotationVector = DICOMTag(0x0054, 0x0050, .unsigned16)
  static let intervalVector = DICOMTag(0x0054, 0x0060, .unsigned16)
  static let timeSlotVector = DICOMTag(0x0054, 0x0070, .unsigned16)
  static let sliceVector = DICOMTag(0x0054, 0x0080, .unsigned16)
}

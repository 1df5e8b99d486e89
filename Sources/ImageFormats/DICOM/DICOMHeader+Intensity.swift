import MedicalImaging

/// Whatever reads a header and says what was odd in it.
protocol DICOMFindings {
  /// Says it once.
  mutating func note(_ code: String, _ sentence: String)
}

extension DICOMHeaderReader: DICOMFindings {}

extension DICOMFindings {
  /// Stored values -> modality values as an item says (PS3.3 C.11.1); nil where it says nothing.
  mutating func readModalityTransform(_ item: DICOMItem, isSigned: Bool) -> ModalityTransform? {
    if let lut = item.first(.modalityLUTSequence) {
      let table = readTable(
        lut, descriptor: .lutDescriptor, data: .lutData, firstIsSigned: isSigned)
      if let table { return .table(table) }
      note("modality_lut", "The Modality LUT cannot be read; values were left as they are.")
      return .identity
    }
    let hasSlope = item.has(.rescaleSlope)
    guard hasSlope || item.has(.rescaleIntercept) else { return nil }
    let slope = hasSlope ? item.number(.rescaleSlope) : 1
    let intercept = item.has(.rescaleIntercept) ? item.number(.rescaleIntercept) : 0
    if let slope, let intercept, slope != 0 {
      return .linear(slope: slope, intercept: intercept)
    }
    if item.text(.rescaleSlope).isEmpty && item.text(.rescaleIntercept).isEmpty { return nil }
    note(
      "rescale", "Rescale Slope or Intercept is zero or no number; values were left as they are.")
    return .identity
  }

  /// VOI LUTs, then windows, in the header's order (PS3.3 C.11.2); nil where it proposes none.
  mutating func readVOI(_ item: DICOMItem, isSigned: Bool, modality: ModalityTransform)
    -> [VOITransform]?
  {
    var found: [VOITransform] = []
    // The table is entered with modality values, so its first one may be below zero too.
    var firstIsSigned = isSigned
    if case .linear(let slope, let intercept) = modality, intercept < 0 || slope < 0 {
      firstIsSigned = true
    }
    for lut in item.items(.voiLUTSequence) {
      if let table = readTable(
        lut, descriptor: .lutDescriptor, data: .lutData, firstIsSigned: firstIsSigned)
      {
        found.append(.table(table))
      } else {
        note("voi_lut", "A VOI LUT cannot be read and was dropped.")
      }
    }
    found += readWindows(item).map(VOITransform.window)
    return found.isEmpty ? nil : found
  }

  private mutating func readWindows(_ item: DICOMItem) -> [Window] {
    let centers = item.numbers(.windowCenter)
    let widths = item.numbers(.windowWidth)
    if centers.count != widths.count {
      note("window", "A window without its center or width was dropped.")
    }
    var function = Window.Function.linear
    let word = item.code(.voiLUTFunction)
    if let named = Window.Function(rawValue: word) {
      function = named
    } else if !word.isEmpty {
      note("voi_lut_function", "VOI LUT Function is none that exists; taken as LINEAR.")
    }
    var windows: [Window] = []
    for (center, width) in zip(centers, widths) {
      if let center, let width {
        windows.append(Window(center: center, width: width, function: function))
      } else if center != nil || width != nil || centers.count > 1 {
        note("window", "A window without its center or width was dropped.")
      } else if !item.text(.windowCenter).allSatisfy({ $0 == " " || $0 == "\0" }) {
        note("window", "A window that is no number was dropped.")
      }
    }
    return windows
  }

  /// A table of LUT Descriptor and LUT Data (PS3.3 C.11.1.1); nil where it cannot be read.
  mutating func readTable(
    _ item: DICOMItem, descriptor: DICOMTag, data: DICOMTag, firstIsSigned: Bool
  ) -> LookupTable? {
    guard let value = item.value(descriptor), value.bytes.count >= 6,
      let bytes = item.value(data)?.bytes
    else { return nil }
    func word(_ bytes: [UInt8], _ i: Int) -> UInt16 {
      UInt16(bytes[2 * i]) | UInt16(bytes[2 * i + 1]) << 8
    }
    let declared = word(value.bytes, 0)
    let count = declared == 0 ? 65536 : Int(declared)
    let first = word(value.bytes, 1)
    var bits = Int(word(value.bytes, 2))
    let entries: [UInt16]
    if bytes.count >= 2 * count {
      entries = (0..<count).map { word(bytes, $0) }
    } else if bytes.count >= count {
      // Entries of 8 bits, two to a word: the odd form that PS3.3 C.7.6.3.1.6 allows.
      entries = bytes.prefix(count).map(UInt16.init)
    } else {
      return nil
    }
    if !(1...16).contains(bits) {
      note("lut_bits", "A table's number of bits is impossible; taken from its entries.")
      bits = entries.allSatisfy { $0 < 256 } ? 8 : 16
    }
    let isSigned = value.vr == "SS" || firstIsSigned
    return LookupTable(
      firstMapped: isSigned ? Int(Int16(bitPattern: first)) : Int(first), bits: bits,
      entries: entries)
  }
}

extension DICOMHeaderReader {
  /// Units of the modality values, by Units or Rescale Type; CT originals default to Hounsfield
  /// units (PS3.3 C.8.2.1.1.2, C.11.1.1.2).
  func readUnits(_ description: InstanceHeader.Description) -> ModalityUnits {
    if let units = ModalityUnits(rawValue: root.code(.units)), units != .unspecified {
      return units
    }
    let transformation =
      (root.items(.perFrameFunctionalGroups).first
      ?? root.first(.sharedFunctionalGroups))?.first(.pixelValueTransformationSequence)
    let words = [
      root.code(.rescaleType), transformation?.code(.rescaleType) ?? "",
      root.first(.sharedFunctionalGroups)?.first(.pixelValueTransformationSequence)?.code(
        .rescaleType) ?? "",
      root.first(.modalityLUTSequence)?.code(.modalityLUTType) ?? "",
    ]
    if description.modality == "PT", let units = readMappedUnits() { return units }
    if let word = words.first(where: { !$0.isEmpty }) {
      return ModalityUnits(rawValue: word) ?? .unspecified
    }
    // Rescale Type may be absent only where values are Hounsfield units (PS3.3 C.8.2.1.1.2), also of
    // derived images, such as one that was compressed; a localizer has none.
    let isLocalizer = description.imageType.contains("LOCALIZER")
    return description.modality == "CT" && !isLocalizer ? .hounsfield : .unspecified
  }
}

import MedicalImaging

/// Makes an `InstanceHeader` of a parsed data set; what was odd gathers in `findings`.
struct DICOMHeaderReader {
  let bytes: SourceBytes
  let dataSet: DICOMDataSet
  let root: DICOMItem
  let start: DICOMStart
  let element: PixelElement
  let classUID: String
  private(set) var findings: [InstanceHeader.Finding]
  /// How a scanner of Philips scaled its frames; nil of others.
  var scanner: PhilipsScale?

  init(
    _ bytes: SourceBytes, _ dataSet: DICOMDataSet, _ start: DICOMStart, _ element: PixelElement,
    _ classUID: String
  ) {
    self.bytes = bytes
    self.dataSet = dataSet
    self.root = dataSet.root
    self.start = start
    self.element = element
    self.classUID = classUID
    findings = start.findings
  }

  mutating func note(_ code: String, _ sentence: String) {
    if !findings.contains(where: { $0.code == code }) { findings.append(.init(code, sentence)) }
  }

  mutating func read() throws(ImageError) -> InstanceHeader {
    var description = readDescription()
    let mosaic = try readMosaic(description.imageType)
    let picture = try readFormat()
    var (pixels, syntax) = try locatePixels(picture)
    description.transferSyntaxUID = syntax.uid
    let palette = picture.photometric == .paletteColor ? try readPalette(picture) : nil
    var format = picture
    var frames = readFrameCount(picture, pixels)
    var (shared, perFrame) = readFrames(frames, picture, description)
    if let mosaic {
      format = try tile(of: picture, mosaic)
      pixels.mosaicTiles = mosaic.across
      frames = mosaic.slices
      perFrame = readTiles(mosaic, picture: picture, shared: perFrame.first ?? shared)
      shared = perFrame[0]
    }
    let order = readOrder(shared: shared, perFrame: perFrame)
    let areas = readAreas(format)
    var header = InstanceHeader(
      identity: InstanceHeader.Identity(root, start), description: description, order: order,
      format: format,
      frames: frames, shared: shared, perFrame: perFrame, padding: readPadding(format),
      palette: palette, colorProfile: format.photometric.isGrey ? nil : root.profile,
      pixels: pixels, pet: readPET(description), findings: findings)
    header.areas = areas
    return header
  }

  private func readDescription() -> InstanceHeader.Description {
    var description = InstanceHeader.Description()
    description.sopClassUID = classUID
    description.modality = root.code(.modality)
    description.imageType = root.strings(.imageType).map { $0.uppercased() }
    description.bodyPartExamined = root.code(.bodyPartExamined)
    description.viewPosition = root.code(.viewPosition)
    if let view = root.first(.viewCodeSequence),
      ["SCT", "SRT", "SNM3", "99SDM"].contains(view.code(.codingSchemeDesignator))
    {
      description.viewCode = view.code(.codeValue)
    }
    let directions = root.strings(.patientOrientation).map { $0.uppercased() }
    if directions.count == 2,
      directions.allSatisfy({ 1...3 ~= $0.count && $0.allSatisfy("APRLHF".contains) })
    {
      description.patientOrientation = directions
    }
    description.presentationLUTShape = root.code(.presentationLUTShape)
    description.burnedInAnnotation = root.code(.burnedInAnnotation)
    description.conversionType = root.code(.conversionType)
    let anatomy = root.first(.sharedFunctionalGroups)?.first(.frameAnatomySequence)
    let sides = [
      root.code(.imageLaterality), anatomy?.code(.frameLaterality) ?? "", root.code(.laterality),
    ]
    description.laterality = sides.first { ["R", "L", "U", "B"].contains($0) } ?? ""
    description.units = readUnits(description)
    return description
  }

  private func readOrder(
    shared: InstanceHeader.FrameFacts, perFrame: [InstanceHeader.FrameFacts]
  ) -> InstanceHeader.Order {
    let facts = perFrame.first ?? shared
    var order = InstanceHeader.Order()
    order.seriesNumber = root.integer(.seriesNumber)
    order.instanceNumber = root.integer(.instanceNumber)
    order.acquisitionNumber = root.integer(.acquisitionNumber)
    order.temporalPosition = root.integer(.temporalPositionIdentifier) ?? facts.temporalPosition
    order.stackID = facts.stackID
    order.echoNumber = root.integer(.echoNumbers)
    order.echoTime = facts.echoTime
    order.triggerTime = facts.triggerTime
    order.bValue = facts.bValue
    if root.strings(.scanningSequence).contains("EP"), root.code(.mrAcquisitionType) != "3D" {
      order.volumePeriod = root.number(.repetitionTime).flatMap { $0 > 0 ? $0 : nil }
    }
    order.acquisitionTime =
      time(.acquisitionTime)
      ?? root.strings(.acquisitionDateTime).first.flatMap {
        // YYYYMMDDHHMMSS.FFFFFF&ZZXX
        DICOMText.time(String($0.dropFirst(8).prefix { $0 != "+" && $0 != "-" }))
      }
    order.contentTime = time(.contentTime)
    return order
  }

  private func time(_ tag: DICOMTag) -> Double? {
    root.strings(tag).first.flatMap(DICOMText.time)
  }
}

extension InstanceHeader.Identity {
  /// As a data set says it, else its meta header.
  init(_ root: DICOMItem, _ start: DICOMStart) {
    let charset = DICOMText.trimmed(root.text(.specificCharacterSet))
    func personal(_ tag: DICOMTag) -> String {
      root.value(tag).map { DICOMText.decoded($0.bytes, characterSets: charset) } ?? ""
    }
    func uid(_ tag: DICOMTag) -> String { root.strings(tag).first ?? "" }
    self.init()
    patientID = personal(.patientID)
    issuerOfPatientID = personal(.issuerOfPatientID)
    patientBirthDate = personal(.patientBirthDate)
    patientSex = root.code(.patientSex)
    studyInstanceUID = uid(.studyInstanceUID)
    seriesInstanceUID = uid(.seriesInstanceUID)
    sopInstanceUID = uid(.sopInstanceUID)
    if sopInstanceUID.isEmpty { sopInstanceUID = start.mediaSOPInstanceUID }
    frameOfReferenceUID = uid(.frameOfReferenceUID)
  }
}

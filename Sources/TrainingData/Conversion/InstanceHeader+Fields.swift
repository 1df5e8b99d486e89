import MedicalImaging

/// The fields of a header in the order in which they are stored.
extension InstanceHeader: FieldCoded {
  static let blank = InstanceHeader(
    identity: Identity(), description: Description(), order: Order(),
    format: PixelFormat(
      rows: 0, columns: 0, samplesPerPixel: 0, photometric: .other, planarConfiguration: 0,
      bitsAllocated: 0, bitsStored: 0, highBit: 0, isSigned: false), frames: 0,
    shared: FrameFacts(), perFrame: [], padding: nil, palette: nil, pixels: PixelLocation(),
    findings: [])

  mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try identity.code(&coder)
    try description.code(&coder)
    try order.code(&coder)
    try format.code(&coder)
    try coder.field(&frames)
    try shared.code(&coder)
    try coder.field(&perFrame, blank: FrameFacts()) { facts, coder throws(ImageError) in
      try facts.code(&coder)
    }
    var range = padding.map { [$0.values.lowerBound, $0.values.upperBound] } ?? []
    try coder.field(&range, blank: 0) { number, coder throws(ImageError) in
      try coder.field(&number)
    }
    padding = range.count == 2 ? PixelPadding(value: range[0], limit: range[1]) : nil
    try coder.field(&palette, blank: []) { tables, coder throws(ImageError) in
      try coder.field(&tables, blank: .blank) { table, coder throws(ImageError) in
        try table.code(&coder)
      }
    }
    var profile = colorProfile ?? []
    try coder.field(&profile)
    colorProfile = profile.isEmpty ? nil : profile
    try pixels.code(&coder)
    try coder.field(&slide, blank: SlideFacts(levels: [], micronsPerPixel: nil)) {
      slide, coder throws(ImageError) in try slide.code(&coder)
    }
    try coder.field(&pet, blank: PETFacts()) { pet, coder throws(ImageError) in
      try pet.code(&coder)
    }
    try areas.code(&coder)
    try coder.field(&findings, blank: Finding("", "")) { finding, coder throws(ImageError) in
      try finding.code(&coder)
    }
  }
}

extension InstanceHeader.Identity {
  mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&patientID)
    try coder.field(&issuerOfPatientID)
    try coder.field(&patientBirthDate)
    try coder.field(&patientSex)
    try coder.field(&studyInstanceUID)
    try coder.field(&seriesInstanceUID)
    try coder.field(&sopInstanceUID)
    try coder.field(&frameOfReferenceUID)
  }
}

extension InstanceHeader.Finding {
  mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&code)
    try coder.field(&sentence)
  }
}

extension InstanceHeader.Description {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&fileKind)
    try coder.field(&sopClassUID)
    try coder.field(&transferSyntaxUID)
    try coder.field(&modality)
    try coder.field(&imageType)
    try coder.field(&bodyPartExamined)
    try coder.field(&viewPosition)
    try coder.field(&viewCode)
    try coder.field(&laterality)
    try coder.field(&patientOrientation)
    try coder.field(&presentationLUTShape)
    try coder.field(&burnedInAnnotation)
    try coder.field(&conversionType)
    try coder.field(&units)
  }
}

extension InstanceHeader.Order {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&seriesNumber)
    try coder.field(&instanceNumber)
    try coder.field(&acquisitionNumber)
    try coder.field(&temporalPosition)
    try coder.field(&stackID)
    try coder.field(&echoNumber)
    try coder.field(&echoTime)
    try coder.field(&triggerTime)
    try coder.field(&bValue)
    try coder.field(&volumePeriod)
    try coder.field(&acquisitionTime)
    try coder.field(&contentTime)
  }
}

extension PixelFormat {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&rows)
    try coder.field(&columns)
    try coder.field(&samplesPerPixel)
    try coder.field(&photometric)
    try coder.field(&planarConfiguration)
    try coder.field(&bitsAllocated)
    try coder.field(&bitsStored)
    try coder.field(&highBit)
    try coder.field(&isSigned)
    try coder.field(&isFloat)
    try coder.field(&hasEmbeddedOverlay)
  }
}

extension InstanceHeader.FrameFacts {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    let origin = Vector3(0, 0, 0)
    let blank = PlaneGeometry(position: origin, alongRow: origin, alongColumn: origin)
    try coder.field(&geometry, blank: blank) { geometry, coder throws(ImageError) in
      try geometry.position.code(&coder)
      try geometry.alongRow.code(&coder)
      try geometry.alongColumn.code(&coder)
    }
    let noSpacing = PixelSpacing(betweenRows: 0, betweenColumns: 0)
    try coder.field(&spacing, blank: noSpacing) { spacing, coder throws(ImageError) in
      try coder.field(&spacing.betweenRows)
      try coder.field(&spacing.betweenColumns)
    }
    try coder.field(&nominalSpacing, blank: noSpacing) { spacing, coder throws(ImageError) in
      try coder.field(&spacing.betweenRows)
      try coder.field(&spacing.betweenColumns)
    }
    try coder.field(&pixelAspect)
    try coder.field(&sliceThickness)
    try coder.field(&spacingBetweenSlices)
    try modality.code(&coder)
    try coder.field(&rescale, blank: .identity) { transform, coder throws(ImageError) in
      try transform.code(&coder)
    }
    let window = VOITransform.window(Window(center: 0, width: 0))
    try coder.field(&voi, blank: window) { voi, coder throws(ImageError) in
      try voi.code(&coder)
    }
    try coder.field(&stackID)
    try coder.field(&temporalPosition)
    try coder.field(&echoTime)
    try coder.field(&triggerTime)
    try coder.field(&bValue)
  }
}

extension Vector3 {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&x)
    try coder.field(&y)
    try coder.field(&z)
  }
}

extension ModalityTransform {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    var (slope, intercept) = (1.0, 0.0)
    var table: LookupTable?
    switch self {
    case .linear(let s, let i): (slope, intercept) = (s, i)
    case .table(let values): table = values
    }
    try coder.field(&table, blank: .blank) { table, coder throws(ImageError) in
      try table.code(&coder)
    }
    if let table {
      self = .table(table)
    } else {
      try coder.field(&slope)
      try coder.field(&intercept)
      self = .linear(slope: slope, intercept: intercept)
    }
  }
}

extension VOITransform {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    var window = Window(center: 0, width: 0)
    var table: LookupTable?
    switch self {
    case .window(let values): window = values
    case .table(let values): table = values
    }
    try coder.field(&table, blank: .blank) { table, coder throws(ImageError) in
      try table.code(&coder)
    }
    if let table {
      self = .table(table)
    } else {
      try coder.field(&window.center)
      try coder.field(&window.width)
      try coder.field(&window.function)
      self = .window(window)
    }
  }
}

extension LookupTable {
  fileprivate static let blank = LookupTable(firstMapped: 0, bits: 8, entries: [0])

  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&firstMapped)
    try coder.field(&bits)
    try coder.field(&entries, blank: 0) { entry, coder throws(ImageError) in
      var number = Int(entry)
      try coder.field(&number)
      guard let value = UInt16(exactly: number) else { throw FieldCoder.damaged }
      entry = value
    }
    if entries.isEmpty { throw FieldCoder.damaged }
  }
}

extension InstanceHeader.PixelLocation {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&isDeflated)
    try coder.field(&isBigEndian)
    try coder.field(&swapsBytePairs)
    try coder.field(&nativeOffset)
    try coder.field(&nativeLength)
    try coder.field(&fragments, blank: 0..<0) { range, coder throws(ImageError) in
      var (start, count) = (range.lowerBound, range.count)
      try coder.field(&start)
      try coder.field(&count)
      guard start >= 0, count >= 0, start <= Int.max - count else { throw FieldCoder.damaged }
      range = start..<start + count
    }
    try coder.field(&isGzip)
    try coder.field(&mosaicTiles)
    try coder.field(&isPair)
    try coder.field(&pages, blank: 0) { page, coder throws(ImageError) in
      try coder.field(&page)
    }
    try coder.field(&largestPage)
    try coder.field(&frameOffsets, blank: 0) { offset, coder throws(ImageError) in
      try coder.field(&offset)
    }
  }
}

extension SlideFacts {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    let blank = SlideLevel(columns: 0, rows: 0, downsample: 0)
    try coder.field(&levels, blank: blank) { level, coder throws(ImageError) in
      try coder.field(&level.columns)
      try coder.field(&level.rows)
      try coder.field(&level.downsample)
    }
    let noSize = MicronsPerPixel(x: 0, y: 0)
    try coder.field(&micronsPerPixel, blank: noSize) { size, coder throws(ImageError) in
      try coder.field(&size.x)
      try coder.field(&size.y)
    }
    try coder.field(&unknownBecause)
    try coder.field(&instance, blank: Instance()) { instance, coder throws(ImageError) in
      try coder.field(&instance.opticalPaths)
      try coder.field(&instance.objectivePower)
      try coder.field(&instance.isGiven)
      try coder.field(&instance.isPart)
      try coder.field(&instance.concatenation)
    }
  }
}

extension PETFacts {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    try coder.field(&isAttenuationCorrected)
    try coder.field(&isDecayCorrected)
    try coder.field(&decayCorrection)
    try coder.field(&uptakeType)
    try coder.field(&dose)
    try coder.field(&halfLife)
    try coder.field(&decaySeconds)
    try coder.field(&weight)
    try coder.field(&height)
    try coder.field(&sex)
    try coder.field(&uptakeFactor)
    try coder.field(&activityFactor)
  }
}

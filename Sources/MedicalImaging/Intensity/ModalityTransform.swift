/// Stored values -> modality values: Modality LUT Sequence, else Rescale Slope and Intercept
/// (PS3.3 C.11.1).
public enum ModalityTransform: Codable, Hashable, Sendable {
  /// value * slope + intercept.
  case linear(slope: Double, intercept: Double)
  /// Looked up; values outside take the first or last entry (PS3.3 C.11.1.1.1).
  case table(LookupTable)

  public static let identity = ModalityTransform.linear(slope: 1, intercept: 0)

  /// Stored values -> modality values times `factor`; nil of a table.
  public func scaled(by factor: Double) -> ModalityTransform? {
    guard case .linear(let slope, let intercept) = self else { return nil }
    return .linear(slope: slope * factor, intercept: intercept * factor)
  }

  public func callAsFunction(_ stored: Double) -> Double {
    switch self {
    case .linear(let slope, let intercept): stored * slope + intercept
    case .table(let table): Double(table[stored])
    }
  }
}

/// A DICOM look-up table: LUT Descriptor and LUT Data (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5).
public struct LookupTable: Codable, Hashable, Sendable {
  /// The input that the first entry stands for.
  public var firstMapped: Int
  /// Bits of an entry: the third value of the descriptor.
  public var bits: Int
  public var entries: [UInt16]

  public init(firstMapped: Int, bits: Int, entries: [UInt16]) {
    precondition(!entries.isEmpty)
    self.firstMapped = firstMapped
    self.bits = bits
    self.entries = entries
  }

  /// The entry for an input; inputs outside take the first or the last one.
  public subscript(input: Int) -> Int {
    Int(entries[min(max(input - firstMapped, 0), entries.count - 1)])
  }

  /// The same for a number that may have a fraction, which is cut off downwards; the first entry for
  /// NaN.
  public subscript(input: Double) -> Int {
    let offset = (input - Double(firstMapped)).rounded(.down)
    let last = entries.count - 1
    return Int(entries[offset > 0 ? (offset < Double(last) ? Int(offset) : last) : 0])
  }
}

/// Units of modality values, by DICOM's defined terms (PS3.3 C.11.1.1.2, C.8.9.1.1.3); standardized
/// uptake values by their words of UCUM (PS3.16 CID 85).
public enum ModalityUnits: String, Codable, CaseIterable, Sendable {
  case hounsfield = "HU"
  case opticalDensity = "OD"
  case becquerelPerMillilitre = "BQML"
  case counts = "CNTS"
  case countsPerSecond = "CPS"
  case proportionalToCounts = "PROPCNTS"
  case proportionalToCountsPerSecond = "PROPCPS"
  /// Of PET: standardized uptake values, by body weight unless SUV Type says otherwise.
  case gramPerMillilitre = "GML"
  /// Of PET: standardized uptake values by body surface.
  case squareCentimetrePerMillilitre = "CM2ML"
  case uptakeBodyWeight = "g/ml{SUVbw}"
  case uptakeLeanMassJanmahasatian = "g/ml{SUVlbm(Janma)}"
  case uptakeLeanMassJames = "g/ml{SUVlbm(James128)}"
  case uptakeBodySurface = "cm2/ml{SUVbsa}"
  case unspecified = "US"
}

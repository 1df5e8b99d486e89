import Glibc
import MedicalImaging

/// By what a standardized uptake value (SUV) relates activity to the injected dose.
public enum UptakeMeasure: String, Codable, CaseIterable, Sendable {
  case bodyWeight = "suv_bw"
  /// Lean body mass by Janmahasatian et al., Clin Pharmacokinet 44 (2005), 1051.
  case leanMass = "suv_lbm"
  /// Lean body mass by James, Research on Obesity (1976); it fails for the very obese.
  case leanMassJames = "suv_lbm_james"
  /// Body surface by Du Bois and Du Bois, Arch Intern Med 17 (1916), 863.
  case bodySurface = "suv_bsa"

  /// PS3.16 CID 85.
  public var units: ModalityUnits {
    switch self {
    case .bodyWeight: .uptakeBodyWeight
    case .leanMass: .uptakeLeanMassJanmahasatian
    case .leanMassJames: .uptakeLeanMassJames
    case .bodySurface: .uptakeBodySurface
    }
  }

  /// What activity per millilitre over dose is multiplied by: grams, of the surface square centimetres.
  ///
  /// Throws where weight, height or sex that it needs is missing or impossible.
  func body(_ facts: PETFacts) throws(UptakeRefusal) -> Double {
    guard let weight = facts.weight, (0.5...500).contains(weight) else { throw .weight }
    if self == .bodyWeight { return weight * 1000 }
    // Metres: 170 would be centimetres.
    guard let height = facts.height, (0.2...2.6).contains(height) else { throw .height }
    if self == .bodySurface {
      return 0.007184 * pow(weight, 0.425) * pow(height * 100, 0.725) * 1e4
    }
    guard facts.sex != .unknown else { throw .sex }
    let isMale = facts.sex == .male
    let index = weight / (height * height)
    let lean =
      self == .leanMass
      ? 9270 * weight / (isMale ? 6680 + 216 * index : 8780 + 244 * index)
      // Of weight over height in centimetres; a man's factor is 128, which is often misprinted as 120.
      : isMale
        ? 1.1 * weight - 128 * index * weight / 1e4 : 1.07 * weight - 148 * index * weight / 1e4
    guard lean > 0, lean <= weight else { throw .weight }
    return lean * 1000
  }

  /// The SUV Type that is this one.
  var type: PETFacts.UptakeType {
    switch self {
    case .bodyWeight: .bodyWeight
    case .leanMass: .leanMassJanmahasatian
    case .leanMassJames: .leanMassJames
    case .bodySurface: .bodySurface
    }
  }
}

import CommandLineKit
import GMAIPrep

/// What is odd about a volume's geometry, in sentences; planes are counted from 1.
enum GeometryWords {
  /// Places named of one kind.
  private static let shownPlaces = 3

  static func sentences(_ findings: [GeometryFinding]) -> [String] {
    func of(_ kind: GeometryFinding.Kind) -> [GeometryFinding] {
      findings.filter { $0.kind == kind }
    }
    return [
      missing(of(.missing)), uneven(of(.uneven)), tilt(of(.tilt)), unreadable(of(.unreadable)),
    ]
    .compactMap { $0 }
  }

  private static func missing(_ findings: [GeometryFinding]) -> String? {
    guard !findings.isEmpty else { return nil }
    let planes = findings.reduce(0) { $0 + $1.planes }
    let missing = "\(planes) \(planes == 1 ? "plane is" : "planes are") missing"
    if findings.count == 1 { return "\(missing) after plane \(findings[0].after + 1)." }
    return "\(missing): \(list(findings) { "\($0.planes) after plane \($0.after + 1)" })."
  }

  private static func uneven(_ findings: [GeometryFinding]) -> String? {
    guard !findings.isEmpty else { return nil }
    let places = list(findings) {
      "\(Quantity.millimetres($0.millimetres)) after plane \($0.after + 1)"
    }
    return "The step is uneven: \(places)."
  }

  private static func tilt(_ findings: [GeometryFinding]) -> String? {
    findings.first.map {
      "The planes are sheared, as by a tilted gantry: each lies "
        + "\(Quantity.millimetres($0.millimetres)) beside the one before."
    }
  }

  private static func unreadable(_ findings: [GeometryFinding]) -> String? {
    guard !findings.isEmpty else { return nil }
    return "Planes cannot be read: \(list(findings) { "\($0.after + 2)" })."
  }

  private static func list(
    _ findings: [GeometryFinding], _ words: (GeometryFinding) -> String
  ) -> String {
    let more = findings.count - shownPlaces
    return (findings.prefix(shownPlaces).map(words) + (more > 0 ? ["\(more) more"] : []))
      .joined(separator: ", ")
  }
}

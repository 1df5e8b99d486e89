import MedicalImaging

/// One content item of a structured report (PS3.3 C.17.3) with all below it.
public struct ReportItem: Hashable, Sendable {
  /// How an item stands to the one above it (PS3.3 C.17.3.2.4).
  public enum Relationship: String, Sendable, CaseIterable {
    case contains = "CONTAINS"
    case hasObservationContext = "HAS OBS CONTEXT"
    case hasAcquisitionContext = "HAS ACQ CONTEXT"
    case hasConceptModifier = "HAS CONCEPT MOD"
    case hasProperties = "HAS PROPERTIES"
    case inferredFrom = "INFERRED FROM"
    case selectedFrom = "SELECTED FROM"
  }

  /// What an item says, by its Value Type.
  public enum Value: Hashable, Sendable {
    case container
    /// Free text: it may hold personal data.
    case text(String)
    case code(CodedConcept)
    case number(ReportNumber)
    case image(ImageReference)
    case composite(ImageReference)
    case waveform(ImageReference)
    case uid(String)
    case region(ImageRegion)
    case spatialRegion(SpatialRegion)
    /// Another item of the report, by its path from the root: 1 is the root, each further number
    /// counts the items below from 1.
    case reference([Int])
    /// Left out, with its Value Type: a person's name, dates and times and texts about observer,
    /// subject and order, which are personal; what is empty; and what is not read. "" for a Value
    /// Type that does not exist.
    case withheld(String)
  }

  /// Nil for the root, and where it is none that exists.
  public var relationship: Relationship?
  /// Concept Name; nil where absent.
  public var concept: CodedConcept?
  public var value: Value
  public var children: [ReportItem]

  /// The item at a path as references give it, this one being the root; nil where there is none.
  public func item(at path: [Int]) -> ReportItem? {
    guard path.first == 1 else { return nil }
    var item = self
    for number in path.dropFirst() {
      guard number > 0, number <= item.children.count else { return nil }
      item = item.children[number - 1]
    }
    return item
  }

  /// The item and all below it, in the report's order, each with its path.
  func visit(path: [Int] = [1], _ body: (ReportItem, [Int]) -> Void) {
    body(self, path)
    for (index, child) in children.enumerated() { child.visit(path: path + [index + 1], body) }
  }
}

/// A measured value of a report (PS3.3 C.18.1).
public struct ReportNumber: Hashable, Sendable {
  /// Floating Point Value, else Numeric Value.
  public var value: Double
  /// Measurement Units; nil where absent.
  public var unit: CodedConcept?
  /// Numeric Value Qualifier; nil where absent.
  public var qualifier: CodedConcept?
}

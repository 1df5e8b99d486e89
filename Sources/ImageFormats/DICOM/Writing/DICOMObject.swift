/// A data set to be written: attributes with their values, in tag order whatever the order of
/// setting them.
public struct DICOMObject: Sendable, Equatable {
  /// What an attribute holds; values of several parts are arrays.
  public enum Value: Sendable, Equatable {
    /// Any textual VR; parts are joined by backslashes.
    case texts([String])
    /// IS, US, SS, UL, SL, and AT as group << 16 | element.
    case integers([Int])
    /// DS, FD, FL.
    case decimals([Double])
    /// OB, and OW in little-endian order.
    case bytes([UInt8])
    /// SQ.
    case items([DICOMObject])
  }

  struct Element: Sendable, Equatable {
    var vr: DICOMValueRepresentation
    var value: Value
  }

  private(set) var elements: [UInt32: Element] = [:]

  public init() {}

  public mutating func set(_ attribute: DICOMAttribute, _ value: Value) {
    elements[attribute.tag] = Element(vr: attribute.vr, value: value)
  }

  public mutating func set(_ attribute: DICOMAttribute, _ text: String) {
    set(attribute, .texts([text]))
  }

  public mutating func set(_ attribute: DICOMAttribute, _ number: Int) {
    set(attribute, .integers([number]))
  }

  /// The object without an attribute.
  public func without(_ attribute: DICOMAttribute) -> DICOMObject {
    var object = self
    object.elements[attribute.tag] = nil
    return object
  }

  /// The value of an attribute, or nil.
  public subscript(_ attribute: DICOMAttribute) -> Value? { elements[attribute.tag]?.value }

  /// The first part of a textual attribute, "" where there is none.
  public func text(_ attribute: DICOMAttribute) -> String {
    if case .texts(let texts) = self[attribute] { return texts.first ?? "" }
    return ""
  }
}

extension JSONWriter {
  /// An array of whole numbers.
  mutating func integers(_ numbers: [Int]) {
    array { json in for number in numbers { json.integer(number) } }
  }

  /// An array of numbers.
  mutating func numbers(_ numbers: [Double]) {
    array { json in for number in numbers { json.number(number) } }
  }

  /// An array; nil is written as null.
  mutating func array<Element>(
    _ elements: [Element]?, _ write: (inout JSONWriter, Element) -> Void
  ) {
    guard let elements else { return null() }
    array { json in for element in elements { write(&json, element) } }
  }
}

import MedicalImaging

extension StoredPlane.Sample {
  /// How many bit patterns a sample can have: 256 or 65,536.
  var patterns: Int { 1 << (8 * size) }

  /// The stored value that a bit pattern stands for.
  func storedValue(pattern: Int) -> Int {
    isSigned && pattern >= patterns / 2 ? pattern - patterns : pattern
  }
}

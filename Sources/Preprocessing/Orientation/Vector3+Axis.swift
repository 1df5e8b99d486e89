import MedicalImaging

extension Vector3 {
  /// Along the patient's x, y or z, which are 0, 1 and 2.
  subscript(axis: Int) -> Double { axis == 0 ? x : axis == 1 ? y : z }
}

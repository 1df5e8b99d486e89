import MedicalImaging

extension StoredPlane {
  /// Modality values, row by row, as 32-bit numbers; padding is no number (PS3.3 C.7.5.1.1.2). Of grey
  /// planes alone.
  public func modalityValues(_ transform: ModalityTransform, padding: PixelPadding?) -> [Float] {
    precondition(samplesPerPixel == 1, "colour has no modality values")
    return unsafe bytes.withUnsafeBytes { raw in
      (0..<columns * rows).map { i in
        let stored = unsafe sample.storedValue(raw, at: i * sample.size)
        return padding?.values.contains(stored) == true ? .nan : Float(transform(stored))
      }
    }
  }
}

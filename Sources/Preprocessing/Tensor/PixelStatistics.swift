/// What pixels are brought to before an encoder sees them: THE table of means and deviations, by name.
///
/// A sample becomes (x - mean) / deviation, where x is the sample of 8 bits times 1/255. Samples in
/// floating point are x themselves.
public enum PixelStatistics: String, Codable, CaseIterable, Sendable {
  /// x as it is: 0...1 of display values, modality values in their own unit.
  case plain = "none"
  /// Radford et al. 2021, arXiv:2103.00020: `OPENAI_CLIP_MEAN` and `OPENAI_CLIP_STD`.
  case clip
  /// Of the ImageNet training set: `IMAGENET_DEFAULT_MEAN` and `IMAGENET_DEFAULT_STD`.
  case imagenet
  /// Zhai et al. 2023, arXiv:2303.15343: -1...1.
  case siglip

  /// Of red, green and blue.
  public var mean: [Double] {
    switch self {
    case .plain: [0, 0, 0]
    case .clip: [0.48145466, 0.4578275, 0.40821073]
    case .imagenet: [0.485, 0.456, 0.406]
    case .siglip: [0.5, 0.5, 0.5]
    }
  }

  /// Of red, green and blue.
  public var deviation: [Double] {
    switch self {
    case .plain: [1, 1, 1]
    case .clip: [0.26862954, 0.26130258, 0.27577711]
    case .imagenet: [0.229, 0.224, 0.225]
    case .siglip: [0.5, 0.5, 0.5]
    }
  }

  /// Whether every channel is treated alike, so that there may be any number of them.
  public var isUniform: Bool { Set(mean).count == 1 && Set(deviation).count == 1 }

  /// Of each of 1, 3 or, where they are alike, any number of channels; as float32, in which they are
  /// subtracted and divided by.
  func scales(channels: Int) -> [(mean: Float, deviation: Float)] {
    precondition(channels == 3 || isUniform)
    return (0..<channels).map { (Float(mean[min($0, 2)]), Float(deviation[min($0, 2)])) }
  }

  /// What a sample of 8 bits becomes, in the order of operations of PyPI `transformers`: the product
  /// in double precision, then the difference and the quotient in single.
  static func value(_ byte: UInt8, _ scale: (mean: Float, deviation: Float)) -> Float {
    (Float(Double(byte) * (1.0 / 255)) - scale.mean) / scale.deviation
  }
}

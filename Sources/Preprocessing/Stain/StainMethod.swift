/// How the colours of stained slides are brought to those of one target.
public enum StainMethod: String, Codable, CaseIterable, Sendable {
  /// By the two stains' own colours and strengths (Macenko et al., ISBI 2009, 1107).
  case macenko
  /// By mean and deviation of each of three colour axes (Reinhard et al., IEEE Comput. Graph. Appl. 21(5),
  /// 2001, 34).
  case reinhard
}

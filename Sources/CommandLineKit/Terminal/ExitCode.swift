import MedicalImaging

/// What a finished program tells the shell.
public enum ExitCode: Int32, Sendable, CaseIterable {
  case done = 0
  case failed = 1
  case nothingToConvert = 2
  /// Done, but something was rejected or a requirement was missed.
  case incomplete = 3
  /// EX_USAGE of sysexits.h.
  case usage = 64

  /// How a run ends that an error of this kind stopped.
  public init(_ code: ErrorCode) {
    self =
      switch code {
      case .usage: .usage
      case .nothingToConvert: .nothingToConvert
      default: .failed
      }
  }
}

import CPlatform
import Glibc

/// Holds Ctrl-C and SIGTERM back while it lives, so that a run ends between two steps.
public final class Interruption: Sendable {
  let descriptor: Int32

  public init() { descriptor = gp_hold_interrupts() }

  deinit { gp_release_interrupts(descriptor) }

  /// The signal that has come since the last time it was asked; nil where none has.
  var signal: Int32? {
    // One signalfd_siginfo has 128 bytes and begins with the signal's number.
    var information = [UInt32](repeating: 0, count: 32)
    return unsafe read(descriptor, &information, 128) > 0 ? Int32(information[0]) : nil
  }
}

/// Thrown where a run was interrupted; what is done stays done.
public struct Interrupted: Error {
  /// SIGINT or SIGTERM.
  public var signal: Int32
}

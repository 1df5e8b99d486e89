import CPlatform
import Glibc

/// Holds Ctrl-C and SIGTERM back while it lives, so that a run ends between two steps.
public final class Interruption: Sendable {
  let descriptor: Int32

  public init() { descriptor = gp_hold_interrupts() }

  deinit { gp_release_interrupts(descriptor) }

  /// Whether one has come since the last time it was asked.
  var hasCome: Bool {
    // One signalfd_siginfo is 128 bytes; which signal it was makes no difference.
    var information = [UInt8](repeating: 0, count: 128)
    return unsafe read(descriptor, &information, information.count) > 0
  }
}

/// Thrown where a run was interrupted; what is done stays done.
public struct Interrupted: Error {}

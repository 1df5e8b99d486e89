import CommandLineKit
import GMAIPrep
import Glibc

/// Runs a step of the library under the eyes of a person: with progress, and ended by Ctrl-C
/// between two steps rather than within one.
struct WatchedRun {
  private let call: Invocation
  private let note: String

  /// - Parameter note: what is said after Ctrl-C.
  init(_ call: Invocation, ifInterrupted note: String) {
    self.call = call
    self.note = note
  }

  /// What `step` gives; where it was interrupted, the process ends as if the signal had not been
  /// held back, so that a shell or a scheduler sees why.
  func run<Result>(
    _ step: (Interruption, @escaping (ConversionProgress) -> Void) throws -> Result
  ) throws -> Result {
    let watcher = ProgressWatcher(call)
    do {
      defer { watcher.finish() }
      // Released before a signal is passed on.
      let interruption = Interruption()
      return try step(interruption, watcher.note)
    } catch let error as Interrupted {
      call.log.note("interrupted", note)
      signal(error.signal, SIG_DFL)
      raise(error.signal)
      throw error
    }
  }
}

import Synchronization

/// How far a job is: one line on standard error, drawn over at most ten times a second.
///
///     1240/5000 images  410 images/s  9 s left  writing train-000003
public final class Progress: Sendable {
  private struct State {
    var done: Int
    var total: Int?
    var step = ""
    var drawn = -Double.infinity
  }

  private let unit: String
  private let first: Int
  private let stream: ErrorStream
  private let isShown: Bool
  private let clock: @Sendable () -> Double
  private let began: Double
  private let state: Mutex<State>

  /// Begins at `start` units of `total`, nil where nobody knows; what was done before the start (a
  /// job taken up again) does not count into the rate. `clock` gives seconds since any moment.
  public init(
    _ unit: String, of total: Int? = nil, from start: Int = 0, on stream: ErrorStream,
    isShown: Bool = true, clock: @escaping @Sendable () -> Double = Progress.uptime
  ) {
    self.unit = unit
    self.stream = stream
    self.isShown = isShown && stream.isTerminal
    self.clock = clock
    first = start
    began = clock()
    state = Mutex(State(done: start, total: total))
  }

  deinit { finish() }

  /// Sets how much is done; step and total where they changed.
  public func update(done: Int, of total: Int? = nil, step: String? = nil) {
    guard isShown else { return }
    state.withLock { state in
      state.done = done
      state.total = total ?? state.total
      state.step = step?.withoutControls ?? state.step
      let now = clock()
      // The last unit is always shown, so that the line does not end on a number before it.
      guard now - state.drawn >= 0.1 || done == state.total else { return }
      state.drawn = now
      stream.show(status: line(state, now - began))
    }
  }

  /// Wipes the line. The job is over, well or not.
  public func finish() {
    guard isShown else { return }
    stream.show(status: "")
  }

  private func line(_ state: State, _ elapsed: Double) -> String {
    var parts = [state.total.map { "\(state.done)/\($0) \(unit)" } ?? "\(state.done) \(unit)"]
    let work = Double(state.done - first)
    // The first second says little about the hours after it.
    if elapsed >= 1, work > 0 {
      parts.append(Quantity.rate(work / elapsed, unit))
      if let total = state.total, total > state.done {
        parts.append("\(Quantity.duration(Double(total - state.done) * elapsed / work)) left")
      }
    }
    if !state.step.isEmpty { parts.append(state.step) }
    return parts.joined(separator: "  ")
  }

  private static let origin = ContinuousClock.now

  /// Seconds of a clock that only goes forward.
  @Sendable public static func uptime() -> Double {
    (ContinuousClock.now - origin) / .seconds(1)
  }
}

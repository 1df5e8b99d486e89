import CommandLineKit
import Synchronization
import Testing

@Suite struct ProgressTests {
  /// A clock that stands where it is put.
  final class Clock: Sendable {
    private let seconds = Mutex(0.0)
    var now: Double {
      get { seconds.withLock { $0 } }
      set { seconds.withLock { $0 = newValue } }
    }
  }

  private let wipe = "\r\u{1B}[K"
  private let clock = Clock()
  private let written = Captured()

  private func stream(isTerminal: Bool = true, width: Int = 80) -> ErrorStream {
    ErrorStream(isTerminal: isTerminal, width: width) { [written] in written.append($0) }
  }

  private func progress(
    of total: Int?, from start: Int = 0, on stream: ErrorStream, isShown: Bool = true
  ) -> Progress {
    Progress("images", of: total, from: start, on: stream, isShown: isShown) { [clock] in clock.now
    }
  }

  @Test func `the line says how far, how fast, how long and what`() {
    let progress = progress(of: 5000, on: stream())
    clock.now = 4
    progress.update(done: 1000, step: "writing train-000003")
    // 1000 in 4 s are 250/s; 4000 left take 16 s.
    #expect(
      written.text == wipe + "1000/5000 images  250 images/s  16 s left  writing train-000003")
  }

  @Test func `what was done before the start does not count into the rate`() {
    let progress = progress(of: 1000, from: 800, on: stream())
    clock.now = 10
    progress.update(done: 900)
    #expect(written.text == wipe + "900/1000 images  10.0 images/s  10 s left")
  }

  @Test func `without a total there is no time left, within the first second no rate`() {
    let progress = progress(of: nil, on: stream())
    clock.now = 0.5
    progress.update(done: 40)
    #expect(written.all == [wipe + "40 images"])
    clock.now = 2
    progress.update(done: 100)
    #expect(written.all.last == wipe + "100 images  50.0 images/s")
  }

  @Test func `it is drawn ten times a second at most, the last unit always`() {
    let progress = progress(of: 3, on: stream())
    progress.update(done: 1)
    clock.now = 0.05
    progress.update(done: 2)
    progress.update(done: 3)
    #expect(written.all == [wipe + "1/3 images", wipe + "3/3 images"])
  }

  @Test func `at the end the line is wiped, also where the end comes unasked`() {
    let errors = stream()
    do {
      let progress = progress(of: 3, on: errors)
      progress.update(done: 1)
      progress.finish()
      #expect(written.all.last == wipe)
      clock.now = 1
      progress.update(done: 2)
    }
    #expect(written.all.last == wipe)
  }

  @Test func `without a terminal, or where it is not wanted, nothing is written`() {
    progress(of: 3, on: stream(isTerminal: false)).update(done: 1)
    progress(of: 3, on: stream(), isShown: false).update(done: 1)
    #expect(written.all.isEmpty)
  }

  @Test func `the line is cut one column before the terminal's edge`() {
    let progress = progress(of: 10, on: stream(width: 10))
    progress.update(done: 1, step: "a step")
    #expect(written.text == wipe + "1/10 ima…")
  }

  @Test func `a note stands above the line, which is drawn again`() {
    let errors = stream()
    let progress = progress(of: 3, on: errors)
    progress.update(done: 1)
    Log(.human, isQuiet: false, on: errors).warning("gap", "A slice is missing.")
    #expect(written.all.last == wipe + "warning: A slice is missing.\n1/3 images")
  }
}

import CPlatform
import Glibc
import MedicalImaging

/// A child that reads requests on its standard input and answers in lines on its standard output.
///
/// It runs in a process group of its own, so that a Ctrl-C reaches its parent alone, and it is
/// killed with whoever holds it.
@safe final class ChildProcess {
  let pid: pid_t
  let input: Int32
  let output: Int32
  private let errors: Int32
  private var buffered: [UInt8] = []
  private var complaints: [UInt8] = []
  private var isReaped = false

  /// Starts `executable`; throws `.crash` where the system refuses another process.
  init(executable: String, arguments: [String]) throws(ImageError) {
    var child = gp_child()
    var words = unsafe ([executable] + arguments).map { unsafe strdup($0) } + [nil]
    let failure = unsafe gp_spawn(executable, &words, &child)
    for index in unsafe words.indices { unsafe free(words[index]) }
    guard failure == 0 else {
      throw ImageError(
        .crash, "A worker process could not be started.",
        remedy: "Lower --jobs, or end other programs.",
        cause: unsafe String(cString: strerror(failure)))
    }
    pid = child.pid
    input = child.input
    output = child.output
    errors = child.errors
  }

  deinit {
    if !isReaped { _ = kill() }
    for end in [input, output, errors] { close(end) }
  }

  /// Sends one line; false where the child is gone.
  func send(_ line: [UInt8]) -> Bool {
    unsafe (line + [UInt8(ascii: "\n")]).withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let n = unsafe gp_send(input, bytes.baseAddress! + sent, bytes.count - sent)
        if n < 0 && errno == EINTR { continue }
        if n <= 0 { return false }
        sent += n
      }
      return true
    }
  }

  /// The whole lines that have arrived, and whether the child has closed its end.
  func receive() -> (lines: [ArraySlice<UInt8>], isClosed: Bool) {
    drainComplaints()
    var isClosed = false
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let n = unsafe read(output, &chunk, chunk.count)
      if n > 0 {
        buffered += chunk[..<n]
        if n < chunk.count { break }
      } else if n == 0 {
        isClosed = true
        break
      } else if errno != EINTR {
        break
      }
    }
    guard let end = buffered.lastIndex(of: UInt8(ascii: "\n")) else { return ([], isClosed) }
    let whole = buffered[..<end]
    let lines = whole.split(separator: UInt8(ascii: "\n"))
    buffered = Array(buffered[(end + 1)...])
    return (lines, isClosed)
  }

  /// Ends the child if it still runs, and says how it ended.
  func kill() -> Ending {
    guard !isReaped else { return .signal(0) }
    Glibc.kill(pid, SIGKILL)
    return wait()
  }

  /// Waits for a child that has closed its output, and says how it ended.
  func wait() -> Ending {
    var value: Int32 = 0
    let ending = unsafe gp_wait(pid, &value)
    isReaped = true
    drainComplaints()
    let words = String(decoding: complaints, as: UTF8.self).lowercased()
    let outOfMemory = [
      "failed to allocate", "allocate memory", "bad_alloc", "out of memory", "memory exhausted",
    ]
    if outOfMemory.contains(where: words.contains) { return .outOfMemory }
    return ending == GP_EXIT ? .exit(value) : .signal(value)
  }

  enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)
    case outOfMemory
  }

  /// What a dying child says is kept, bounded, to tell a lack of memory from a crash. It is never
  /// shown: a library's words may hold header values.
  private func drainComplaints() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let n = unsafe read(errors, &chunk, chunk.count)
      guard n > 0 else { return }
      complaints = Array((complaints + chunk[..<n]).suffix(16_384))
    }
  }
}

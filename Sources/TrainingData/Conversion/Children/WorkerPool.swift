import CPlatform
import Glibc
import MedicalImaging

/// How a worker is started: a program that ends up in `WorkerLoop.run`.
public struct WorkerCommand: Sendable {
  public var executable: String
  public var arguments: [String]

  public init(executable: String, arguments: [String]) {
    self.executable = executable
    self.arguments = arguments
  }
}

/// Child processes that answer requests, each within its time and its memory.
///
/// A child that crashes, makes no progress or outgrows its memory costs the request that it was at;
/// the pool says at which source, starts another child and goes on. Everything happens on the
/// calling thread, since children end with the thread that started them.
final class WorkerPool {
  private let command: WorkerCommand
  private let options: WorkerOptions
  private let interruption: Interruption?
  private var workers: [Worker] = []

  /// What a process may take to start, however short a source's time is.
  private static let startMilliseconds: Int64 = 30_000

  enum Event {
    /// A source is begun; only with it does time start to run again.
    case begun(source: String, bytes: Int)
    case answer(request: Int, line: ArraySlice<UInt8>)
    case finished(request: Int)
    case failed(request: Int, source: String?, code: ErrorCode)
  }

  init(command: WorkerCommand, options: WorkerOptions, interruption: Interruption?) {
    self.command = command
    self.options = options
    self.interruption = interruption
  }

  private final class Worker {
    let child: ChildProcess
    var request: Int?
    var source: String?
    var deadline: Int64 = .max
    /// Whether it has said anything yet: before that it is being started.
    var hasSpoken = false

    init(child: ChildProcess) { self.child = child }
  }

  /// Has requests answered until `next` has none while no worker is busy; `handle` may make more.
  ///
  /// Throws `Interrupted` after Ctrl-C or SIGTERM, what a worker says of the run as a whole (a full disk), and
  /// what `handle` throws; children that are at work are killed then.
  func run(
    next: () throws -> (number: Int, line: [UInt8])?, handle: (Event) throws -> Void
  ) throws {
    defer { if workers.contains(where: { $0.request != nil }) { workers = [] } }
    while true {
      while workers.count < options.jobs || workers.contains(where: { $0.request == nil }),
        let request = try next()
      {
        let worker = try idleWorker()
        worker.request = request.number
        worker.source = nil
        allow(worker, bytes: request.line.count)
        if !worker.hasSpoken {
          worker.deadline = max(worker.deadline, gp_milliseconds() + Self.startMilliseconds)
        }
        // A child that is gone already is found by poll, with its request.
        _ = worker.child.send(request.line)
      }
      let busy = workers.filter { $0.request != nil }
      if busy.isEmpty { return }
      try wait(for: busy)
      for worker in busy { try serve(worker, handle) }
    }
  }

  private func idleWorker() throws -> Worker {
    if let idle = workers.first(where: { $0.request == nil }) { return idle }
    let child = try ChildProcess(
      executable: command.executable,
      arguments: command.arguments + [
        "--parent", "\(getpid())", "--memory-bytes", "\(options.memoryOfOne)",
      ])
    workers.append(Worker(child: child))
    return workers[workers.count - 1]
  }

  private func allow(_ worker: Worker, bytes: Int) {
    let milliseconds = Int64(options.sourceTimeout) * 1000 + Int64(bytes / 10_000)
    worker.deadline = gp_milliseconds() + milliseconds
  }

  private func wait(for busy: [Worker]) throws {
    let now = gp_milliseconds()
    let nearest = busy.map(\.deadline).min() ?? now
    var waits = busy.map { pollfd(fd: $0.child.output, events: Int16(POLLIN), revents: 0) }
    if let interruption {
      waits.append(pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0))
    }
    let patience = Int32(clamping: max(0, min(nearest - now, 1000)))
    _ = unsafe poll(&waits, nfds_t(waits.count), patience)
    if let signal = interruption?.signal { throw Interrupted(signal: signal) }
  }

  private func serve(_ worker: Worker, _ handle: (Event) throws -> Void) throws {
    let (lines, isClosed) = worker.child.receive()
    guard let request = worker.request else { return }
    if !lines.isEmpty { worker.hasSpoken = true }
    for line in lines {
      let rest = line.dropFirst(2)
      switch line.first {
      case UInt8(ascii: ">"):
        let words = rest.split(separator: UInt8(ascii: " "))
        let bytes = words.count > 1 ? Int(String(decoding: words[1], as: UTF8.self)) ?? 0 : 0
        worker.source = words.first.map { String(decoding: $0, as: UTF8.self) }
        if worker.source == WorkerLoop.noSource { worker.source = nil }
        allow(worker, bytes: bytes)
        if let source = worker.source { try handle(.begun(source: source, bytes: bytes)) }
      case UInt8(ascii: "="):
        try handle(.answer(request: request, line: rest))
      case UInt8(ascii: "."):
        worker.request = nil
        worker.deadline = .max
        try handle(.finished(request: request))
        return
      case UInt8(ascii: "!"):
        throw try StoredJSON.decode(ImageError.self, rest)
      default:
        break
      }
    }
    if isClosed {
      try bury(worker, as: code(of: worker.child.wait()), handle)
    } else if gp_milliseconds() >= worker.deadline {
      _ = worker.child.kill()
      try bury(worker, as: .timeout, handle)
    }
  }

  private func bury(
    _ worker: Worker, as code: ErrorCode, _ handle: (Event) throws -> Void
  ) throws {
    workers.removeAll { $0 === worker }
    guard let request = worker.request else { return }
    try handle(.failed(request: request, source: worker.source, code: code))
  }

  private func code(of ending: ChildProcess.Ending) -> ErrorCode {
    ending == .outOfMemory ? .memory : .crash
  }
}

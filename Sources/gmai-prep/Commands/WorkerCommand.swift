import CommandLineKit
import GMAIPrep

/// `gmai-prep worker`: what the other commands start beside themselves; not for people.
enum WorkerProcessCommand {
  private static let parent = Option(
    required: "parent", "PID", .integer(in: 1...Int(Int32.max)), "The process that started it.")
  private static let memory = Option(
    "memory-bytes", "N", .integer(in: 0...Int.max), default: 0, "Its address space in bytes.")

  static let command = Command(
    "worker", "Serve requests of another gmai-prep on standard input.",
    options: [parent, memory], isHidden: true
  ) { call in
    try WorkerLoop.run(parent: call[parent], memoryBytes: call[memory])
    return .done
  }
}

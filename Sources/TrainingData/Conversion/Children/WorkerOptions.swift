import Glibc

/// How much of this machine the worker processes of a run may take.
public struct WorkerOptions: Sendable {
  /// Worker processes side by side; one a core unless it is set.
  public var jobs = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  /// Bytes of address space over all workers; nil: half of the memory that this machine has, and not
  /// less than 1 GiB a worker.
  public var memory: Int?
  /// Seconds without progress that a source may take, on top of one for every 10 MB.
  public var sourceTimeout = 120

  public init() {}

  /// Bytes of address space of one worker.
  var memoryOfOne: Int {
    let machine = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
    return (memory ?? max(machine / 2, jobs << 30)) / jobs
  }

  /// The same for one worker that has everything.
  var alone: WorkerOptions {
    var alone = self
    alone.memory = memoryOfOne * jobs
    alone.jobs = 1
    return alone
  }
}

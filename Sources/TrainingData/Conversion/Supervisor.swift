import MedicalImaging

/// Has workers do partitions until all are done, and pays for each worker that dies with one
/// source at most.
struct Supervisor {
  let workspace: Workspace
  /// Workers side by side, each with its share of the memory.
  let pool: WorkerPool
  /// One worker with all of it, for what is tried once more alone.
  let alone: WorkerPool
  let progress: (ConversionProgress) -> Void

  /// A worker that died, and where.
  private struct Death {
    var partition: String
    var source: String?
    var code: ErrorCode
  }

  /// Works these partitions, those already done left alone; then again those whose results do not
  /// know of what others found.
  func run(_ partitions: [PlanState.PartitionRow]) throws {
    var open = partitions
    while !open.isEmpty {
      try work(open.filter { $0.role == .measure })
      try work(open.filter { $0.role == .work })
      open = try StaleResults.remove(among: partitions, workspace)
    }
  }

  private func work(_ partitions: [PlanState.PartitionRow]) throws {
    var waiting = partitions.map(\.id).filter { !AtomicFile.exists(workspace.result($0)) }
    var suspects: [String: Int] = [:]
    while !waiting.isEmpty {
      let deaths = try round(waiting)
      waiting = deaths.map(\.partition)
      for death in deaths {
        let source = death.source ?? ""
        suspects[death.partition + source, default: 0] += 1
        let tries = suspects[death.partition + source] ?? 1
        if source.isEmpty {
          // It died of no source: of the machine, once; twice is a fault that would go on for ever.
          guard tries < 3 else {
            throw ImageError.workersDie(death.code)
          }
        } else if try tries > 1 || !survives(source, in: death.partition) {
          let exclusion = Exclusions.Exclusion(
            error: .endOfWorker(death.code), sha256: try digest(source, in: death.partition))
          try Exclusions.add(source, exclusion, workspace)
        }
      }
    }
  }

  /// One pass over the partitions; returns those that died.
  private func round(_ partitions: [String]) throws -> [Death] {
    var queue = partitions.enumerated().reversed().map { ($0.offset, $0.element) }
    var deaths: [Death] = []
    try pool.run {
      guard let (number, id) = queue.popLast() else { return nil }
      return (number, StoredJSON.encode(WorkerRequest.work(workspace: workspace, partition: id)))
    } handle: { event in
      switch event {
      case .begun(let source, let bytes):
        progress(.begun(source: source, bytes: bytes))
      case .answer: break
      case .finished: progress(.partitionDone)
      case .failed(let request, let source, let code):
        progress(.workerDied)
        deaths.append(
          Death(partition: partitions[request], source: source, code: code))
      }
    }
    return deaths.sorted { $0.partition < $1.partition }
  }

  /// Tries a source once more in a worker of its own, with all the memory there is.
  private func survives(_ source: String, in partition: String) throws -> Bool {
    try ask(.probe(workspace: workspace, partition: partition, token: source)) { _ in }
  }

  /// The SHA-256 of a source that a worker died of; nil where taking it ends a worker as well.
  private func digest(_ source: String, in partition: String) throws -> String? {
    let units = try PartitionFile.read(workspace, partition).units
    let sources =
      units.flatMap(\.instances).map { ($0.token, $0.location, $0.bytes) }
      + units.flatMap(\.annotations).map { ($0.token, $0.location, $0.bytes) }
    guard let instance = sources.first(where: { $0.0 == source }) else { return nil }
    var sha256: String?
    _ = try ask(
      .digest(
        [.init(token: source, location: instance.1, bytes: instance.2)], headers: [])
    ) {
      if case .digest(_, let found, _) = $0 { sha256 = found }
    }
    return sha256
  }

  /// Has one request answered by a worker of its own; false where it did not survive that.
  private func ask(
    _ request: WorkerRequest, handle: (WorkerAnswer) throws -> Void
  ) throws -> Bool {
    var isAsked = false
    var isAlive = true
    try alone.run {
      guard !isAsked else { return nil }
      isAsked = true
      return (0, StoredJSON.encode(request))
    } handle: { event in
      switch event {
      case .answer(_, let line): try handle(StoredJSON.decode(WorkerAnswer.self, line))
      case .failed: isAlive = false
      case .begun, .finished: break
      }
    }
    return isAlive
  }
}

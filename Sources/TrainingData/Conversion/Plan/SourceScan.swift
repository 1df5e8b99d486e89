import ImageFormats
import MedicalImaging

/// Finds sources and has their headers read, archives and DICOMDIRs opened, copies compared: the
/// first half of planning.
struct SourceScan {
  let workspace: Workspace
  let state: PlanState
  let pseudonyms: Pseudonyms
  let pool: WorkerPool
  let policy: UsePolicy
  let progress: (ConversionProgress) -> Void

  /// Sources sent to a worker at once.
  private static let batch = 32

  /// Finds and scans everything below `paths` that is not known yet.
  func run(_ paths: [String]) throws {
    let found = try SourceDiscovery.find(
      paths, leavingOut: [workspace.output, workspace.privateFolder])
    progress(.found(found.count))
    try state.retryUnopened()
    try state.reopenDirectories(remember(found))
    while case let waiting = try state.sources(.found), !waiting.isEmpty {
      // An earlier run may have been cut short, and its unpacked files removed.
      try restore(waiting.map(\.location))
      try scan(waiting)
    }
    if policy.pictures != .use {
      try state.leaveOutPictures(besideOthers: policy.pictures == .auto)
    }
    try state.reopenSlides()
    try digest(state.undigestedCopies(), pixels: true)
    try rejectCopies()
    try judgeSlides()
  }

  /// Gives every reject the digest that it stands under in `rejects.jsonl`.
  func digestRejects() throws { try digest(state.undigestedRejects(), pixels: false) }

  /// Remembers what was found, forgets what was in archives that have changed, and says under which
  /// tokens.
  @discardableResult
  func remember(_ found: [FoundSource]) throws -> Set<String> {
    let names = Dictionary(grouping: found, by: \.name)
    var tokens = Set<String>()
    try state.transaction {
      for source in found {
        let isAlone = (names[source.name]?.count ?? 0) == 1
        let token = try token(of: source, isAlone: isAlone)
        tokens.insert(token)
        if let changed = try state.remember(source, token: token) {
          try forgetMembers(of: token, at: changed)
        }
      }
    }
    return tokens
  }

  /// A known file keeps its token. A new one's hides its name, and is the same wherever the export
  /// is moved to; only where two sources have the same name below what the user named does the
  /// whole path decide.
  private func token(of source: FoundSource, isAlone: Bool) throws -> String {
    if let known = try state.token(of: source.location) { return known }
    let member = source.location.member.map { "\0\($0)" } ?? ""
    let byName = pseudonyms.name("source", source.name + member)
    let byPath = pseudonyms.name("source", stablePath(source.location) + member)
    guard isAlone else { return byPath }
    // The same name elsewhere: the export has moved, unless the other file is still there.
    guard let other = try state.known(byName), other.location.path != source.location.path else {
      return byName
    }
    return SourceDiscovery.isFile(other.location.path) ? byPath : byName
  }

  // MARK: Headers

  private func scan(_ sources: [WorkerRequest.Source]) throws {
    var containers: [(token: String, answer: WorkerAnswer)] = []
    try ask(sources, WorkerRequest.scan) { answer, stored in
      switch answer {
      case .image(let token):
        let header = try StoredHeader.decode(stored)
        let identity = header.identity
        try state.recordKind(token, isPicture: header.description.fileKind.isPicture)
        try state.recordInstance(token, identity.sopInstanceUID)
        let verdict = policy.verdict(on: header)
        switch verdict {
        case .use, .accept:
          let names = names(of: identity, token: token)
          try state.recordImage(
            token, header: stored, identity: identity, study: names.study, series: names.series,
            subject: names.subject, isSlide: header.slide?.instance != nil)
          if case .accept = verdict { try state.recordAccepted(token) }
        case .leftOut(let kind): try state.recordLeftOut(token, kind: kind)
        case .reject(let error): try state.recordReject(token, error)
        }
      case .leftOut(let token, let kind, let instance):
        try state.recordInstance(token, instance)
        try state.recordLeftOut(token, kind: kind)
      case .rejected(let token, let error, let ofPicture, let instance):
        if ofPicture { try state.recordKind(token, isPicture: true) }
        try state.recordInstance(token, instance)
        try state.recordReject(token, error)
      case .archive(let token, _), .directory(let token, _), .copyOut(let token):
        containers.append((token, answer))
      case .annotation, .digest: break
      }
    }
    // In the order of tokens, so that nothing depends on which worker was faster.
    let bySource = Dictionary(uniqueKeysWithValues: sources.map { ($0.token, $0) })
    for (token, answer) in containers.sorted(by: { $0.token < $1.token }) {
      guard let source = bySource[token] else { continue }
      do {
        switch answer {
        case .archive(_, let kind): try open(archive: source, kind)
        case .directory(_, let files): try follow(directory: source, files: files)
        case .copyOut: try open(copyOf: source)
        default: break
        }
        // Last: a run that is cut short before opens it again.
        if case .directory = answer {
          try state.recordContainer(token, isDirectory: true)
        } else {
          try state.recordContainer(token, isDirectory: false)
        }
      } catch let error as ImageError where error.code != .outputFull {
        try state.recordReject(token, error)
      }
    }
  }

  /// Pseudonyms of the patient, study and series that an instance names. One that names none
  /// stands for itself.
  func names(of identity: InstanceHeader.Identity, token: String)
    -> (subject: String, study: String, series: String)
  {
    let person = SubjectIdentity.of(identity)
    let study = (person ?? "") + "\0" + identity.studyInstanceUID
    let studyKey = identity.studyInstanceUID.isEmpty ? study + "\0" + token : study
    let series = studyKey + "\0" + identity.seriesInstanceUID
    let seriesKey = identity.seriesInstanceUID.isEmpty ? series + "\0" + token : series
    return (
      person ?? "", pseudonyms.name("study", studyKey), pseudonyms.name("series", seriesKey)
    )
  }

  // MARK: Copies

  /// Of byte-equal files, and of equal pixels under one SOP Instance UID, one is used. One UID
  /// with other pixels is another picture: both are used, and told apart by their digests.
  private func rejectCopies() throws {
    var kept: [String: [PlanState.Copy]] = [:]
    for copy in try state.copies() {
      let twins = copy.sop.isEmpty ? kept["", default: []] : kept[copy.sop, default: []]
      let original = twins.first {
        $0.sha256 == copy.sha256
          || (!copy.sop.isEmpty && $0.pixels != nil && $0.pixels == copy.pixels)
      }
      if let original {
        try state.recordReject(
          copy.token,
          ImageError(.duplicate, "The same picture is used already, from source \(original.token).")
        )
      } else {
        kept[copy.sop, default: []].append(copy)
      }
    }
    for (sop, different) in kept where sop.isEmpty || different.count > 1 {
      for copy in different { try state.recordRepeated(copy.token) }
    }
  }

  func digest(_ sources: [WorkerRequest.Source], pixels: Bool) throws {
    try restore(sources.map(\.location))
    func request(_ batch: [WorkerRequest.Source]) -> WorkerRequest {
      .digest(
        batch,
        headers: pixels
          ? batch.map { String(decoding: (try? state.header($0.token)) ?? [], as: UTF8.self) } : [])
    }
    try ask(sources, request) { answer, _ in
      switch answer {
      case .digest(let token, let sha256, let pixels):
        try state.recordDigests(token, sha256: sha256, pixels: pixels)
      case .rejected(let token, let error, _, _) where pixels: try state.recordReject(token, error)
      default: break
      }
    }
  }

  // MARK: Workers

  /// Has workers answer for every source. One that a worker died of is tried once more alone; then
  /// it is a reject.
  func ask(
    _ sources: [WorkerRequest.Source], _ request: ([WorkerRequest.Source]) -> WorkerRequest,
    handle: (WorkerAnswer, _ stored: [UInt8]) throws -> Void
  ) throws {
    var queue = stride(from: 0, to: sources.count, by: Self.batch).map {
      Array(sources[$0..<min($0 + Self.batch, sources.count)])
    }
    queue.reverse()
    var open: [Int: [WorkerRequest.Source]] = [:]
    var deaths: [String: Int] = [:]
    var nameless = 0
    var number = 0
    try pool.run {
      guard let batch = queue.popLast() else { return nil }
      number += 1
      open[number] = batch
      return (number, StoredJSON.encode(request(batch)))
    } handle: { event in
      switch event {
      case .begun: break
      case .answer(let request, let line):
        let (answer, stored) = try WorkerAnswer.parse(line)
        open[request]?.removeAll { $0.token == answer.token }
        progress(.scanned(answer.token))
        try handle(answer, stored)
      case .finished(let request): open[request] = nil
      case .failed(let request, let source, let code):
        var rest = open.removeValue(forKey: request) ?? []
        guard let at = rest.firstIndex(where: { $0.token == source }) else {
          // It died of no source of the batch: of the machine, now and then.
          nameless += 1
          guard nameless < 3 else { throw ImageError.workersDie(code) }
          if !rest.isEmpty { queue.append(rest) }
          return
        }
        let culprit = rest.remove(at: at)
        if !rest.isEmpty { queue.append(rest) }
        deaths[culprit.token, default: 0] += 1
        if deaths[culprit.token] == 1 {
          queue.append([culprit])
        } else {
          try handle(
            .rejected(token: culprit.token, .endOfWorker(code), ofPicture: false), [])
        }
      }
    }
  }
}

extension ImageError {
  /// What ends a run whose workers die of no source.
  static func workersDie(_ code: ErrorCode) -> ImageError {
    ImageError(code, "Workers end again and again without being at a source.")
  }

  /// What is said of a source that its reader did not survive twice.
  static func endOfWorker(_ code: ErrorCode) -> ImageError {
    switch code {
    case .timeout: ImageError(.timeout, "Reading it made no progress in the time that it had.")
    case .memory: ImageError(.memory, "Reading it takes more memory than one worker has.")
    default: ImageError(.crash, "Reading it ended the process that read it, twice.")
    }
  }
}

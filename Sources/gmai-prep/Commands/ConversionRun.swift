import CommandLineKit
import GMAIPrep

/// Runs a conversion's step under the eyes of a person, and says what came of it.
struct ConversionRun {
  enum End {
    case done
    case made(Conversion.Outcome)
  }

  private let call: Invocation

  init(_ call: Invocation) { self.call = call }

  func run(
    isPlanning: Bool, isRunning: Bool, _ step: (Conversion) throws -> End
  ) throws -> ExitCode {
    let options = try ConversionOptions.options(
      call, isPlanning: isPlanning, isRunning: isRunning)
    let note = "Interrupted. What is done is kept: the same command goes on from here."
    let end = try WatchedRun(call, ifInterrupted: note).run { interruption, progress in
      try step(
        Conversion(
          options, worker: ConversionOptions.worker, interruption: interruption,
          progress: progress))
    }
    guard case .made(let outcome) = end else { return .done }
    return try report(outcome, options)
  }

  private func report(_ outcome: Conversion.Outcome, _ options: Conversion.Options) throws
    -> ExitCode
  {
    var table = Table([.init("", .keep), .init("", .wrap), .init(right: "Samples")])
    for field in ["split", "modality"] {
      for (word, count) in (outcome.counts[field] ?? [:]).sorted(by: { $0.key < $1.key }) {
        table.append([field, word, "\(count)"])
      }
    }
    try call.print(table.text(width: call.terminal.width))
    try call.print(
      "\n\(outcome.samples) samples in \(outcome.shards) shards, in \(options.output)\n")
    if outcome.rejected > 0 {
      var rejects = Table([.init("Rejected", .wrap), .init(right: "Sources")])
      for (code, count) in outcome.rejectCodes.sorted(by: { $0.key < $1.key }) {
        rejects.append([code, "\(count)"])
      }
      try call.print("\n" + rejects.text(width: call.terminal.width))
      try call.print("\nrejects.jsonl says why, and what to do.\n")
    }
    if !outcome.leftOut.isEmpty {
      var leftOut = Table([.init("Left out", .wrap), .init(right: "Files")])
      for (kind, count) in outcome.leftOut { leftOut.append([kind, "\(count)"]) }
      try call.print("\n" + leftOut.text(width: call.terminal.width))
    }
    call.log.note(
      "private",
      "\(options.privateFolder ?? options.output + ".private") is the key to the pseudonyms: keep "
        + "it, never publish it.")
    if outcome.samples == 0 && outcome.rejected == 0 { return .nothingToConvert }
    return outcome.rejected > 0 ? .incomplete : .done
  }
}

/// Turns what a conversion tells into a line on the terminal.
final class ProgressWatcher {
  private let call: Invocation
  private var scanning: Progress?
  private var working: Progress?
  private var scanned = 0
  private var found = 0
  private var planes = 0
  private var begun = 0

  init(_ call: Invocation) { self.call = call }

  func note(_ event: ConversionProgress) {
    switch event {
    case .found(let count):
      found = count
    case .scanned:
      scanned += 1
      if scanning == nil { scanning = call.progress("headers", of: found) }
      scanning?.update(done: scanned, of: max(found, scanned), step: "scanning")
    case .planned(let count):
      scanning?.finish()
      planes = count
    case .begun:
      begun += 1
      if working == nil { working = call.progress("sources", of: planes) }
      working?.update(done: begun, of: max(planes, begun), step: "converting")
    case .partitionDone: break
    case .workerDied:
      call.log.warning("worker", "A worker ended early; its source is tried once more alone.")
    }
  }

  func finish() {
    scanning?.finish()
    working?.finish()
  }
}

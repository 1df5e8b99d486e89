import CommandLineKit
import GMAIPrep

/// `gmai-prep plan`, `work` and `merge`: a conversion cut into parts for an engine to spread.
enum PartitionCommands {
  static let plan = Command(
    "plan", "Plan a conversion: scan headers and cut the job into partitions.",
    discussion: """
      Prints a line for each partition that is not done: its name and its role. All of role \
      measure must be done before the others; apart from that they need nothing of each other.
      """,
    arguments: [ConversionOptions.sources],
    options: ConversionOptions.planning + ConversionOptions.running,
    examples: [Example("gmai-prep plan /mnt/export --out set", "The names of what is to be done.")]
  ) { call in
    try ConversionRun(call).run(isPlanning: true, isRunning: true) { conversion in
      for partition in try conversion.plan(ConversionOptions.paths(call[ConversionOptions.sources]))
      where !partition.isDone {
        try call.print("\(partition.id) \(partition.measures ? "measure" : "work")\n")
      }
      return .done
    }
  }

  private static let partitions = Argument(
    repeating: "PARTITION", .text, "Names that plan has printed; all that are not done if none.",
    orNone: true)

  static let work = Command(
    "work", "Work partitions of a plan: each becomes a shard.",
    arguments: [partitions],
    options: [ConversionOptions.out, ConversionOptions.privateFolder] + ConversionOptions.running,
    examples: [
      Example("gmai-prep work --out set 3f2a90b1c4d5e6f7", "One partition, on any machine."),
      Example("gmai-prep work --out set", "All that are left, here."),
    ]
  ) { call in
    try ConversionRun(call).run(isPlanning: false, isRunning: true) { conversion in
      try conversion.work(call[partitions])
      return .done
    }
  }

  static let merge = Command(
    "merge", "Name the shards of a worked plan and write dataset.json.",
    options: [ConversionOptions.out, ConversionOptions.privateFolder],
    examples: [Example("gmai-prep merge --out set", "The last step, when every partition is done.")]
  ) { call in
    try ConversionRun(call).run(isPlanning: false, isRunning: false) { conversion in
      try .made(conversion.merge())
    }
  }
}

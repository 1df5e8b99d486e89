import CommandLineKit
import GMAIPrep
import Glibc

/// `gmai-prep convert`
enum ConvertCommand {
  static let command = Command(
    "convert", "Turn a PACS export into training shards.",
    discussion: """
      Reads every DICOM file below the sources, assembles volumes, and writes pictures with \
      conversations about them. Files that cannot be used stand in rejects.jsonl with the reason; \
      nothing of a person stands in any output. DIR.private beside the output is the key to the \
      pseudonyms: keep it, never publish it.

      Ends with 0, with 3 where something was rejected, with 2 where nothing is a medical picture. \
      Ctrl-C leaves a state that the same command resumes.
      """,
    arguments: [ConversionOptions.sources],
    options: ConversionOptions.planning + ConversionOptions.running,
    examples: [
      Example("gmai-prep convert /mnt/export --out chest", "A folder to shards."),
      Example(
        "gmai-prep convert disc/DICOMDIR more.zip --out set --format webdataset,llava",
        "A medium and an archive, in two formats."),
      Example(
        "gmai-prep convert /mnt/export --out set --recipe mine.json5", "With decisions of your own."
      ),
    ]
  ) { call in
    try ConversionRun(call).run(isPlanning: true, isRunning: true) { conversion in
      try .made(conversion.convert(ConversionOptions.paths(call[ConversionOptions.sources])))
    }
  }
}

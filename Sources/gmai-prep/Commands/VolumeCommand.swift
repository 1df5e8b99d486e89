import CommandLineKit
import GMAIPrep

/// `gmai-prep volume`
enum VolumeCommand {
  private static let out = Option(
    required: "out", "FILE", .file,
    "The file to write, .nii or .nii.gz; several become FILE_1, FILE_2 and so on.")
  private static let series = Option(
    "series", "UID", .text, "Only the series of this Series Instance UID.")

  static let command = Command(
    "volume", "Write DICOM series as NIfTI volumes, voxel by voxel.",
    discussion: """
      Every volume of every series becomes a NIfTI-1 file with a JSON beside it that says how it was \
      found: why a series is more than one volume, gaps, tilt, what was odd. Volumes of one series \
      on one grid that differ in echo, b-value or time alone become one file of four dimensions, in \
      the order in which they were acquired.

      Voxels are the stored values, with slope and intercept in the header; where these differ from \
      slice to slice, as in PET, voxels are modality values as float. sform and qform say the \
      scanner's own place; pictures without a place have both codes 0. Nothing is resampled or \
      filled: where a slice is missing, the volume is cut there into files of even spacing, and a \
      tilted gantry stands in the sform, with qform code 0.

      Ends with 0, with 3 where something was rejected, with 2 where nothing is a medical picture. \
      After Ctrl-C nothing is left behind.
      """,
    arguments: [ConversionOptions.sources],
    options: [out, series] + ConversionOptions.running,
    examples: [
      Example("gmai-prep volume /mnt/export/patient7 --out ct.nii.gz", "All volumes of a folder."),
      Example(
        "gmai-prep volume export.zip --series 1.2.840.113619.2.1 --out brain.nii",
        "One series out of an archive, not compressed."),
      Example("gmai-prep inspect /mnt/export/patient7", "What series and volumes there are."),
    ]
  ) { call in
    var options = VolumeExport.Options(output: call[out])
    options.series = call[series]
    options.workers = ConversionOptions.workers(call)
    let report = try WatchedRun(call, ifInterrupted: "Interrupted. Nothing is left behind.").run {
      try VolumeExport(
        options, worker: ConversionOptions.worker, interruption: $0, progress: $1
      ).export(ConversionOptions.paths(call[ConversionOptions.sources]))
    }
    try call.print(VolumeText(report, width: call.terminal.width).text)
    return report.rejected.isEmpty ? .done : .incomplete
  }
}

import CommandLineKit
import GMAIPrep

/// `gmai-prep volume`
enum VolumeCommand {
  private static let out = Option(
    required: "out", "FILE", .file,
    "The file to write, .nii or .nii.gz; several become FILE_1, FILE_2 and so on.")
  private static let series = Option(
    "series", "UID", .text, "Only the series of this Series Instance UID.")
  private static let resample = Option(
    "resample", "SPACING", .spacing,
    "Put grey volumes onto an even grid at right angles: even keeps their spacing; 1 or 0.5x0.5x2 "
      + "are millimetres.")

  static let command = Command(
    "volume", "Write DICOM series as NIfTI volumes, voxel by voxel or resampled.",
    discussion: """
      Every volume of every series becomes a NIfTI-1 file with a JSON beside it that says how it was \
      found: why a series is more than one volume, gaps, tilt, what was odd. Volumes of one series \
      on one grid that differ in echo, b-value or time alone become one file of four dimensions, in \
      the order in which they were acquired.

      Voxels are the stored values, with slope and intercept in the header; where these differ from \
      slice to slice, as in PET, voxels are modality values as float. sform and qform say the \
      scanner's own place; pictures without a place have both codes 0. Nothing is filled: where a \
      slice is missing, the volume is cut there. Nothing is resampled unless --resample says so: \
      where the step changes, the volume is cut too, and a tilted gantry stands in the sform, with \
      qform code 0.

      --resample even straightens a tilt and puts uneven slices at their smallest step, by linear \
      interpolation in the patient; what is straight and even already is written as it is. A number, \
      or three with an x between them for columns, rows and slices, are the millimetres from voxel to \
      voxel as well. Resampled voxels are modality values as float; outside of the source they are \
      its lowest value, and padding is never mixed in. Axes stay those of the acquisition. Colours \
      and pictures without a place are written as they are; the JSON says what was done to each file.

      Ends with 0, with 3 where something was rejected, with 2 where nothing is a medical picture. \
      After Ctrl-C nothing is left behind.
      """,
    arguments: [ConversionOptions.sources],
    options: [out, series, resample] + ConversionOptions.running,
    examples: [
      Example("gmai-prep volume /mnt/export/patient7 --out ct.nii.gz", "All volumes of a folder."),
      Example(
        "gmai-prep volume export.zip --series 1.2.840.113619.2.1 --out brain.nii",
        "One series out of an archive, not compressed."),
      Example(
        "gmai-prep volume head --out head.nii.gz --resample even",
        "A tilt straightened, uneven slices made even."),
      Example(
        "gmai-prep volume head --out head.nii.gz --resample 1", "Voxels of 1 mm in all directions."),
      Example("gmai-prep inspect /mnt/export/patient7", "What series and volumes there are."),
    ]
  ) { call in
    var options = VolumeExport.Options(output: call[out])
    options.series = call[series]
    options.resampling = call[resample]
    options.workers = ConversionOptions.workers(call)
    let report = try WatchedRun(call, ifInterrupted: "Interrupted. Nothing is left behind.").run {
      try VolumeExport(
        options, worker: ConversionOptions.worker, interruption: $0, progress: $1
      ).export(ConversionOptions.paths(call[ConversionOptions.sources]))
    }
    try call.print(
      VolumeText(
        report, width: call.terminal.width, isResampling: options.resampling != nil
      ).text)
    return report.rejected.isEmpty ? .done : .incomplete
  }
}

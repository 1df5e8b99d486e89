import CommandLineKit
import GMAIPrep

/// `gmai-prep slice`
enum SliceCommand {
  private static let out = Option(
    required: "out", "DIR", .folder, "The folder to write to: new or empty.")
  private static let planes = Option<[Recipe.Slices.Plane]>(
    "plane", "LIST", .list(), default: [.acquired], shown: "acquired",
    "In which planes: acquired, axial, coronal, sagittal; several with commas between.")
  private static let series = Option(
    "series", "UID", .text, "Only the series of this Series Instance UID.")
  private static let every = Option("every", "N", .count, "Every Nth slice, from the first.")
  private static let evenly = Option(
    "evenly", "N", .count, "N slices of each plane, evenly spread.")
  private static let apart = Option("apart", "MM", .count, "Slices that lie MM millimetres apart.")
  private static let window = Option(
    "window", "CENTER/WIDTH", .window,
    "The window of all grey pictures, in their own unit: Hounsfield units of CT. DICOM's LINEAR.")
  private static let preset = Option<CTPreset?>(
    "preset", "NAME", .choice(), "The window of CT by its name, whatever part of the body it is of."
  )
  private static let depth = Option(
    "depth", "BITS", .depth, default: PictureDepth.eight, shown: "8",
    "Bits of grey: 8 shows a window or range, 16 keeps every value.")

  static let command = Command(
    "slice", "Show slices of volumes as PNG, in the planes that radiologists look at.",
    discussion: """
      A quick look at a study, or pictures for a program: DIR gets a PNG a slice, named \
      volume_plane_index.png, and slices.json, which says of each volume why it stands apart from the \
      rest of its series, and of each slice its window, its place in the patient, and how its greys \
      lead back to values.

      Greys, turns and pixels are what `convert` makes of the same slice: CT in the window of its body \
      part, MR by percentiles of the whole volume, PET in uptake values; axial slices seen from the \
      feet, the patient's left on the right; pixels made square. --window and --preset choose another \
      window; --plane cuts volumes across, without a value made up. A volume with slices missing, \
      uneven or sheared is shown as it was acquired.

      --depth 16 keeps every value: a pixel is round((value - offset) / scale), with offset and scale \
      in slices.json, and pixels stay as they are, square or not.

      Ends with 0, with 3 where something was rejected, with 2 where nothing has slices. After Ctrl-C \
      nothing is left behind.
      """,
    arguments: [ConversionOptions.sources],
    options: [out, planes, series, every, evenly, apart, window, preset, depth]
      + ConversionOptions.running,
    examples: [
      Example(
        "gmai-prep slice /mnt/export/patient7 --out look", "Every slice, as it was acquired."),
      Example(
        "gmai-prep slice chest --out look --plane axial,coronal --preset lung --evenly 12",
        "Twelve slices each in two planes, in the lung window."),
      Example(
        "gmai-prep slice export.zip --series 1.2.840.113619.2.1 --out look --window 40/400",
        "One series out of an archive in a window of your own."),
      Example(
        "gmai-prep slice head.nii.gz --out values --plane axial --depth 16",
        "Values for a program: they come back by slices.json."),
    ]
  ) { call in
    var options = SliceExport.Options(output: call[out])
    options.series = call[series]
    options.planes = call[planes]
    (options.select, options.n) = try selection(call)
    options.window = call[window]
    options.preset = call[preset]
    options.depth = call[depth]
    options.workers = ConversionOptions.workers(call)
    let report = try WatchedRun(call, ifInterrupted: "Interrupted. Nothing is left behind.").run {
      try SliceExport(
        options, worker: ConversionOptions.worker, interruption: $0, progress: $1
      ).export(ConversionOptions.paths(call[ConversionOptions.sources]))
    }
    try call.print(SliceText(report, width: call.terminal.width).text)
    return report.rejected.isEmpty ? .done : .incomplete
  }

  private static func selection(_ call: Invocation) throws -> (Recipe.Slices.Select, Int) {
    let given: [(Recipe.Slices.Select, Int)] = [
      (.every, call[every]), (.evenly, call[evenly]), (.apart, call[apart]),
    ].compactMap { word, n in n.map { (word, $0) } }
    guard given.count < 2 else {
      throw UsageError.refused("--every, --evenly and --apart choose slices. Give one of them.")
    }
    return given.first ?? (.all, 1)
  }
}

extension ValueKind where Value == Int {
  /// As many as a recipe takes.
  fileprivate static var count: Self { .integer(in: 1...1_000_000) }
}

extension ValueKind where Value == Window {
  /// `center/width`, DICOM's LINEAR (PS3.3 C.11.2.1.2).
  fileprivate static var window: Self {
    Self("center/width with a width of at least 1, such as 40/400") { text in
      if case .window(let window)? = DisplayParameters.CT(text) { window } else { nil }
    }
  }
}

extension ValueKind where Value == PictureDepth {
  fileprivate static var depth: Self {
    Self("8 or 16", completion: .words(PictureDepth.allCases.map { "\($0.rawValue)" })) { text in
      PictureDepth.allCases.first { "\($0.rawValue)" == text }
    }
  }
}

import CommandLineKit
import GMAIPrep

/// `gmai-prep sample-data`
enum SampleDataCommand {
  private static let out = Option(
    required: "out", "DIR", .folder, "The folder to write to; made where it is missing.")
  private static let ctSlices = Option(
    "ct-slices", "N", .integer(in: 1...999_999),
    "Also a patient with one CT series of N slices of 512 x 512, half a megabyte each.")

  static let command = Command(
    "sample-data", "Write a small synthetic PACS export to try things on.",
    discussion: """
      Twelve patients who do not exist, as a scanner's medium holds them: CT, MR, CR, DX, US, XA, \
      a screen with a name burned in, a report and a slide, with a DICOMDIR; beside them a NIfTI \
      volume with labels and pictures with a label table. The same bytes every time, about 23 MB.
      """,
    options: [out, ctSlices],
    examples: [
      Example("gmai-prep sample-data --out export", "Something to convert."),
      Example("gmai-prep sample-data --out big --ct-slices 460", "Something to time."),
    ]
  ) { call in
    let written = try SampleData.write(to: call[out], ctSlices: call[ctSlices])
    try call.print("\(written.files) files, \(Quantity.bytes(written.bytes)), in \(call[out])\n")
    return .done
  }
}

/// The kinds of failure that a source can end in: the one table that gives the reason written to
/// `rejects.jsonl` and what its user can do about it.
public enum ErrorCode: String, Codable, CaseIterable, Sendable {
  // The file itself.
  case unreadable, permission, empty, truncated, missing
  case brokenArchive = "broken_archive"
  case notMedical = "not_a_medical_picture"
  // What it holds.
  case damagedHeader = "damaged_header"
  case damagedPixels = "damaged_pixels"
  case noPixels = "no_pixels"
  case unsupportedFormat = "unsupported_format"
  case unsupportedSyntax = "unsupported_transfer_syntax"
  case unsupportedPixels = "unsupported_pixels"
  case segmentation, dose
  case slideMicroscopy = "slide_microscopy"
  case slideResolution = "slide_resolution"
  case slideSize = "slide_size"
  case noTissue = "no_tissue"
  case mosaic
  case labelTable = "label_table"
  case annotation
  case invalidWindow = "invalid_window"
  case tiling
  // What must not be used.
  case burnedIn = "burned_in"
  case duplicate
  // What it did to the process that read it.
  case crash, timeout, memory
  // The run, not a source.
  case outputTaken = "output_taken"
  case outputLocked = "output_locked"
  case outputFull = "output_full"
  case outputFailed = "output_failed"
  case recipe, usage
  case nothingToConvert = "nothing_to_convert"
  /// An error of no other kind: a mistake of this program.
  case unexpected

  /// What its user can do, in one sentence.
  public var remedy: String {
    switch self {
    case .unreadable: "Copy the file again from where it came from."
    case .permission: "Give the user that runs gmai-prep the right to read it."
    case .empty: "Copy the file again: nothing of it arrived."
    case .truncated: "Copy the file again: its end is missing."
    case .missing: "Export the medium again, or leave the index out and name the folder."
    case .brokenArchive:
      "Export the archive again, or unpack what can be saved and name the folder."
    case .notMedical: "Name the folder that holds the DICOM files."
    case .damagedHeader: "Ask for the instance again from the archive that it came from."
    case .damagedPixels: "Ask for the instance again from the archive that it came from."
    case .noPixels: "Ask for the instance with its pixel data."
    case .unsupportedFormat: "Convert it to DICOM, or leave it out."
    case .unsupportedSyntax:
      "Have it sent in another transfer syntax, for example Explicit VR Little Endian."
    case .unsupportedPixels: "Leave it out; this kind of pixel data is not read."
    case .segmentation:
      "Convert it with the images that it is of, which `gmai-prep inspect` shows; of slides it is not used."
    case .dose: "Leave it out; dose distributions are not pictures of a patient."
    case .slideMicroscopy: "Unpack it, or leave it out."
    case .slideResolution: "Give the slide's microns per pixel, or leave it out."
    case .slideSize: "Lower slides.tile_size in the recipe, or leave the slide out."
    case .noTissue:
      "Look at the slide; lower slides.least_tissue in the recipe, or leave the slide out."
    case .mosaic: "Convert the mosaic to an enhanced or one-slice-a-file series first."
    case .labelTable:
      "Mend the table, or write one as JSON from each number to its name."
    case .annotation: "Mend the row that the message names, or leave the annotations out."
    case .invalidWindow: "Choose a window by modality or body part in the recipe."
    case .tiling:
      "Choose another policy or other numbers of it under `tiles`, or leave the picture out."
    case .burnedIn:
      "Look at it; where no text of a person is in the picture, set burned_in to \"accept\" in the recipe."
    case .duplicate: "Nothing to do: the copy that was kept is used."
    case .crash: "Report the file's kind; the rest of the run is not affected."
    case .timeout:
      "Raise --source-timeout if the file is only slow to read, and run it again into a new --out."
    case .memory: "Raise --memory, or lower --jobs, and run it again into a new --out."
    case .outputTaken: "Choose another --out."
    case .outputLocked: "Wait for the other run, or stop it."
    case .outputFailed: "Check the disk that holds --out, and that this user may write there."
    case .outputFull:
      "Make room on the disk and run the same command again: it goes on where it stopped."
    case .recipe: "Mend the recipe; `gmai-prep recipe show` prints every key with its default."
    case .usage: "See --help."
    case .unexpected: "Report it, with the command that led to it."
    case .nothingToConvert: "Name a folder, file, DICOMDIR or archive that holds DICOM."
    }
  }
}

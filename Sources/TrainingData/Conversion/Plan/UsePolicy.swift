import ImageFormats
import MedicalImaging

/// Whether an image may become training data, by its header and the recipe.
struct UsePolicy {
  enum Verdict {
    case use
    /// Used, and counted: text may be burned in, and the recipe accepts that.
    case accept
    /// The recipe leaves this kind out; the word is counted in `dataset.json`.
    case leftOut(String)
    case reject(ImageError)
  }

  let pictures: Recipe.OrdinaryPictures
  private let burnedIn: Recipe.BurnedIn
  private let exclude: Set<Recipe.Exclusion>
  private let truncated: Recipe.Truncated
  /// Of slides that do not say it themselves.
  let micronsPerPixel: Double?
  /// Of slides of several; nil for all.
  let opticalPath: String?
  /// How slides are cut into tiles; nil where they are not.
  let tiles: Recipe.Slides?

  init(_ recipe: Recipe) {
    pictures = recipe.pictures
    burnedIn = recipe.burnedIn
    exclude = Set(recipe.exclude)
    truncated = recipe.truncated
    micronsPerPixel = recipe.slides.micronsPerPixel
    opticalPath = recipe.slides.opticalPath
    tiles = recipe.slides.pictures == .tiles ? recipe.slides : nil
  }

  func verdict(on header: InstanceHeader) -> Verdict {
    let verdict = verdict(on: header.description)
    switch verdict {
    case .leftOut, .reject: return verdict
    case .use, .accept:
      // Of DICOM slides only all instances of a series tell.
      if let slide = header.slide, slide.instance == nil, let refusal = refusal(of: slide) {
        return .reject(refusal)
      }
      guard truncated == .reject, header.findings.contains(where: Self.saysTruncated) else {
        return verdict
      }
      return .reject(
        ImageError(
          .truncated, "Its pixel data end too early, and the recipe rejects such sources.",
          remedy: "Copy the file again: its end is missing."))
    }
  }

  /// Why a slide of a maker becomes no picture.
  private func refusal(of slide: SlideFacts) -> ImageError? {
    let given = micronsPerPixel.map { MicronsPerPixel(x: $0, y: $0) }
    guard let size = slide.micronsPerPixel ?? given else {
      return ImageError(.slideResolution, slide.unknownBecause)
    }
    guard let tiles else { return nil }
    do throws(ImageError) {
      _ = try PlannedTiles(slide.levels, micronsPerPixel: size, tiles)
      return nil
    } catch { return error }
  }

  private static func saysTruncated(_ finding: InstanceHeader.Finding) -> Bool {
    ["pixels_truncated", "frames_missing", "slices_missing"].contains(finding.code)
  }

  func verdict(on description: InstanceHeader.Description) -> Verdict {
    // No header says what is in an ordinary picture; whether such are used, `pictures` decides.
    if description.fileKind.isPicture { return .accept }
    if let error = DICOMReader.whyNoPicture(description) { return .reject(error) }
    if exclude.contains(.localizer), description.imageType.contains("LOCALIZER") {
      return .leftOut("localizer")
    }
    if exclude.contains(.derived), description.imageType.first == "DERIVED" {
      return .leftOut("derived")
    }
    if exclude.contains(.secondaryCapture), isCapture(description) {
      return .leftOut("secondary_capture")
    }
    if description.burnedInAnnotation == "YES" {
      return .reject(
        ImageError(
          .burnedIn, "Its header says that annotation is burned into the picture.",
          remedy: "Have the annotation removed from the pixels first."))
    }
    if description.burnedInAnnotation != "NO", mayCarryText(description) {
      if burnedIn == .accept { return .accept }
      return .reject(
        ImageError(
          .burnedIn,
          "It is a screen or ultrasound picture whose header does not say that no annotation is "
            + "burned in."))
    }
    return .use
  }

  private func mayCarryText(_ description: InstanceHeader.Description) -> Bool {
    isCapture(description) || ["US", "IVUS"].contains(description.modality)
      || Self.ultrasound.contains(description.sopClassUID)
  }

  /// Ultrasound Image, Ultrasound Multi-frame (and their retired first forms), Enhanced US Volume
  /// (PS3.4 B.5).
  private static let ultrasound = Set(
    ["3", "3.1", "6", "6.1", "6.2"].map { "1.2.840.10008.5.1.4.1.1." + $0 })

  /// Secondary Capture classes (PS3.3 A.8), anything with a Conversion Type (C.8.6.1.1.1), and
  /// screen saves by Image Type.
  private func isCapture(_ description: InstanceHeader.Description) -> Bool {
    let secondaryCapture = "1.2.840.10008.5.1.4.1.1.7"
    return description.sopClassUID == secondaryCapture
      || description.sopClassUID.hasPrefix(secondaryCapture + ".")
      || !description.conversionType.isEmpty
      || description.imageType.contains { $0.hasPrefix("SCREEN") }
  }
}

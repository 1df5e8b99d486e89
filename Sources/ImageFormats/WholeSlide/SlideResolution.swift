import MedicalImaging

/// What is known of the size of a slide's pixels: nothing of it is ever guessed.
public enum SlideResolution: Equatable, Sendable {
  /// Of level 0.
  case known(MicronsPerPixel)
  /// Why it is not; a `.slideResolution`.
  case refused(ImageError)

  /// Microns per pixel times objective power of scanners: a camera pixel of about 10 micrometres
  /// behind a lens of power 1, 0.25 at 40 x and 0.5 at 20 x.
  static let micronsAtPowerOne = 10.0
  /// How far a scanner may be off that, as a part of it.
  static let tolerance = 0.35
  /// No slide is scanned finer or coarser, in microns per pixel: what claims to be is the resolution
  /// of a screen or a printer (72 dpi are 352.8).
  static let plausible = 0.02...20.0

  /// What a source states, where it can be true.
  init(stated: MicronsPerPixel?, power: Double?) {
    guard let stated else {
      self = .refused(
        ImageError(.slideResolution, "The slide does not say how large its pixels are."))
      return
    }
    let sides = [stated.x, stated.y]
    guard sides.allSatisfy({ Self.plausible.contains($0) }) else {
      self = .refused(
        ImageError(
          .slideResolution, "The slide says that its pixels are of a size no scanner makes."))
      return
    }
    let products = power.map { power in sides.map { $0 * power } } ?? []
    let limit = Self.micronsAtPowerOne * Self.tolerance
    guard products.allSatisfy({ abs($0 - Self.micronsAtPowerOne) <= limit }) else {
      self = .refused(
        ImageError(
          .slideResolution, "The size of the slide's pixels contradicts its objective power."))
      return
    }
    self = .known(stated)
  }

  /// What somebody who knows better gives.
  init(given: MicronsPerPixel) {
    let isSize = [given.x, given.y].allSatisfy { $0.isFinite && $0 > 0 }
    self =
      isSize
      ? .known(given)
      : .refused(
        ImageError(.slideResolution, "The microns per pixel that were given are no size."))
  }
}

extension WholeSlide {
  /// The microns per pixel of level 0: those given, else those that the source states and that agree
  /// with its objective power, else the reason why none are known.
  ///
  /// They agree where both sides times the power lie within 10 +- 35 %, 6.5 to 13.5; without a power
  /// there is nothing to contradict. Below 0.02 or above 20 microns they are refused in any case.
  public func resolution(given: MicronsPerPixel? = nil) -> SlideResolution {
    if let given { return SlideResolution(given: given) }
    return SlideResolution(stated: micronsPerPixel, power: objectivePower)
  }
}

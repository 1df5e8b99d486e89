import MedicalImaging
import Preprocessing

/// The images of one series; those of PET in standardized uptake values, where the recipe asks for them
/// and the headers of all of them allow it.
struct UptakeSeries {
  private(set) var images: [UnitPlanner.Image]
  /// Of images that were scaled, by their places in `images`.
  private(set) var scales: [Int: UptakeScale] = [:]
  /// Why none was.
  private(set) var refusal: InstanceHeader.Finding?

  init(_ images: [UnitPlanner.Image], _ parameters: DisplayParameters) {
    self.images = images
    let places = images.indices.filter {
      let header = images[$0].row.header
      return ModalityProfile.row(for: header.description).rule == .uptake
        && header.format.photometric.isGrey
    }
    guard let measure = parameters.pet.measure, !places.isEmpty else { return }
    do throws(UptakeRefusal) {
      let found = try UptakeScale.scales(measure, of: places.map { images[$0].row.header })
      for (place, scale) in zip(places, found) {
        scales[place] = scale
        self.images[place].row.header = scale.applied(to: images[place].row.header)
      }
    } catch {
      refusal = error.finding
    }
  }
}

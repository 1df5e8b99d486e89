import ImageFormats
import MedicalImaging
import Preprocessing

/// What a picture was made of: one frame of an instance, or all planes of a volume.
struct PictureSource {
  /// Nearest first: of a section those of the volume in its order.
  var instances: [PlannedInstance]
  /// That of the nearest instance.
  var header: InstanceHeader
  /// Number of its volume in the unit.
  var volume: Int
  /// Place of the slice in its volume, or of the section among those of its plane.
  var index: Int
  /// Which frame of its instance it is; nil for what was made of several.
  var frame: Int?
  /// The frame whose pixels its own lie upon; nil for a section, which no file holds.
  var raster: Int?
  var isSection = false
  /// What no other picture is called: it becomes a part of the key.
  var name: String
  var geometry: PlaneGeometry?
  var spacing: PixelSpacing?
  /// How stored values became modality values; of a section over planes that differ in it, the
  /// identity.
  var modality: ModalityTransform

  init(
    _ origin: RenderedPicture.Origin, of unit: Unit, _ headers: [String: InstanceHeader]
  ) {
    func header(_ instance: PlannedInstance) -> InstanceHeader {
      guard let header = headers[instance.token] else {
        preconditionFailure("a partition holds the headers of its instances")
      }
      return header
    }
    switch origin {
    case .plane(let instance, let plane):
      self.header = header(instance)
      let facts = self.header.facts(frame: plane.frame)
      instances = [instance]
      (volume, index, frame) = (plane.volume, plane.index, plane.frame)
      raster = plane.frame
      name = Self.name(of: instance.identity, frame: plane.frame)
      (geometry, spacing, modality) = (facts.geometry, facts.spacing, facts.modality)
    case .section(let section, let sections, let planes):
      var seen = Set<Int>()
      let needed = planes.map(\.instance).filter { seen.insert($0).inserted }
      instances = needed.map { unit.instances[$0] }
      self.header = header(instances[0])
      (volume, index, isSection) = (section.volume, section.index, true)
      name = Self.name(of: section, first: instances[0].identity, frame: planes[0].frame)
      geometry =
        section.slab.map { sections.geometry(of: $0) } ?? sections.geometry(of: section.index)
      spacing = sections.spacing
      let transforms = planes.map {
        header(unit.instances[$0.instance]).facts(frame: $0.frame).modality
      }
      let isShared = transforms.allSatisfy { $0 == transforms[0] }
      modality = isShared ? transforms[0] : .identity
    case .frames(let instance, let planes):
      self.header = header(instance)
      instances = [instance]
      (volume, index) = (planes[0].volume, 0)
      raster = planes[0].frame
      name = "\(instance.identity)\0frames\0\(planes[0].frame)"
      let facts = self.header.facts(frame: planes[0].frame)
      (spacing, modality) = (facts.spacing, facts.modality)
    }
  }
  /// What a frame of an instance is called.
  static func name(of identity: String, frame: Int) -> String { "\(identity)\0\(frame)" }

  /// What a section is called, by the first plane of its volume.
  static func name(of section: PlannedSection, first identity: String, frame: Int) -> String {
    "\(identity)\0\(frame)\0\(section.plane)\0\(section.index)"
  }
}

import ImageFormats
import MedicalImaging

/// What structures of annotations are called: by the recipe's words, else by closed vocabularies, for names
/// in files are free text of whoever drew.
struct StructureNames: Sendable {
  private let given: [String: String]
  private let vocabulary: StructureVocabulary

  init(_ names: [Recipe.Labels.Name], vocabulary: StructureVocabulary = .standard) {
    given = Dictionary(
      names.map { (StructureVocabulary.letters($0.source), $0.name) },
      uniquingKeysWith: { first, _ in first })
    self.vocabulary = vocabulary
  }

  /// By its label in the recipe, else by the code of its type.
  func name(of segment: DICOMSegmentation.Segment) -> StructureName {
    let coded = segment.type.flatMap { vocabulary.name(of: $0) }
    return given(segment.label, code: coded?.code) ?? coded ?? .unknown
  }

  /// By its name in the recipe, else by its code, else by its name where that is a known one, else by what
  /// it is to radiation.
  func name(of structure: DICOMStructureSet.Structure) -> StructureName {
    let coded = structure.identification.flatMap { vocabulary.name(of: $0) }
    return given(structure.name, code: coded?.code) ?? coded
      ?? vocabulary.name(ofText: structure.name)
      ?? vocabulary.name(ofInterpretedType: structure.interpretedType) ?? .unknown
  }

  /// By its name in the recipe, else by its code, else by its name where that is a known one.
  func name(of shape: SlideAnnotations.Shape) -> StructureName {
    let coded = shape.type.flatMap { vocabulary.name(of: $0) }
    return given(shape.name, code: coded?.code) ?? coded ?? vocabulary.name(ofText: shape.name)
      ?? .unknown
  }

  /// By its number in the recipe, else by the table beside the volume, which curators write.
  func name(ofNumber number: Int, _ table: LabelTable?) -> StructureName {
    if let given = given(String(number), code: nil) { return given }
    guard let name = table?[number] else { return .unknown }
    return given(name, code: nil)
      ?? StructureName(name: name, code: vocabulary.name(ofText: name)?.code)
  }

  private func given(_ name: String, code: String?) -> StructureName? {
    given[StructureVocabulary.letters(name)].map { StructureName(name: $0, code: code) }
  }
}

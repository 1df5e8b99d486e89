/// A recipe that comes with the program: a file of Samples/Recipes, embedded so that it is found
/// wherever the program was installed.
public struct BuiltInRecipe: Sendable {
  /// What `--recipe` takes: the file's name without its extension.
  public let name: String
  /// What it is for, in one sentence.
  public let purpose: String
  /// The file, as it is.
  public let bytes: [UInt8]

  /// All of them, the defaults first.
  public static let all = [
    BuiltInRecipe(
      name: "pacs", purpose: "An export of a PACS: every slice, all defaults, commented.",
      bytes: PackageResources.pacs_json5),
    BuiltInRecipe(
      name: "ct-bone", purpose: "CT through the bone window, scouts and reformats left out.",
      bytes: PackageResources.ct_bone_json5),
    BuiltInRecipe(
      name: "every-fifth-slice",
      purpose: "A smaller set from the same export: every fifth slice, four frames of a cine.",
      bytes: PackageResources.every_fifth_slice_json5),
    BuiltInRecipe(
      name: "sa-med2d",
      purpose: "For comparison only: min-max of each slice, as in SA-Med2D-20M.",
      bytes: PackageResources.sa_med2d_json5),
    BuiltInRecipe(
      name: "pathology-tiles",
      purpose: "Whole slides: tiles that show tissue, at 0.5 micrometres a pixel.",
      bytes: PackageResources.pathology_tiles_json5),
  ]
}

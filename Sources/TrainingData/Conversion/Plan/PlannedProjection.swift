import Preprocessing

/// Volumes of a unit, or frames of a film, that are shown as one.
struct PlannedProjection: Codable, Hashable, Sendable {
  enum Over: String, Codable, Sendable { case slices, volumes, frames }

  var kind: ValueProjection.Kind
  /// Not `slices`, which each section has of its own.
  var over: Over
  /// Numbers of the volumes in the unit; of a film its own.
  var volumes: [Int]
}

import Foundation
import TestSupport
import Testing

/// Volumes with gaps and tilts that the recipe has cut all the same, beside SimpleITK.
@Suite(.needsPeers) struct MendedVolumeTests {
  private static let recipe = """
    slices: {planes: ['axial', 'coronal', 'sagittal'], square_pixels: false, gaps: 'accept',
      tilt: 'correct'}, intensity: {percentiles: [0, 100]}
    """

  /// Of slices of 23 x 19 pixels, 0.6 and 0.8 mm apart: case, plane, pictures, what was mended, the
  /// distances of pixels, then how many pixels lay inside, outside, and beside padding.
  private static let expected = [
    // Shifted by tan 15 degrees x 16 mm along the rows: 4.29 mm more, 6 rows of 0.8 mm. Steps of 2.5,
    // 2.5, 5, 2.5 and 3.5 mm: seven of 2.5.
    "both axial 6 - 0.6x0.8 0 0 0",
    "both coronal 25 gaps+tilt 0.6x2.5 3059 966 0",
    "both sagittal 23 gaps+tilt 0.8x2.5 3059 966 0",
    // The first and the last of seven are damaged: 2 x 23 x 19 pixels.
    "ends axial 5 - 0.6x0.8 0 0 0",
    "ends coronal 19 gaps 0.6x2.5 2185 874 0",
    "ends sagittal 23 gaps 0.8x2.5 2185 874 0",
    // 18 mm by 2: ten slices, three of them interpolated.
    "gap axial 7 - 0.6x0.8 0 0 0",
    "gap coronal 19 gaps 0.6x2.0 4370 0 0",
    "gap sagittal 23 gaps 0.8x2.0 4370 0 0",
    // Acquired in sagittal planes; 22.5 mm by 2.5.
    "head axial 19 gaps 2.5x0.6 4370 0 0",
    "head coronal 23 gaps 2.5x0.8 4370 0 0",
    "head sagittal 7 - 0.6x0.8 0 0 0",
    "padding axial 5 - 0.6x0.8 0 0 0",
    "padding coronal 19 gaps 0.6x2.0 1312 0 1310",
    "padding sagittal 23 gaps 0.8x2.0 1312 0 1310",
    // Along columns and rows: 15 x 0.31 mm are 8 columns more, 15 x 0.43 mm 9 rows; and the 7 acquired.
    "sheared oblique 66 - tilt 0.6x0.8 0.6x2.5 2.5x0.8 6118 6034 0",
    "tilt axial 7 - 0.6x0.8 0 0 0",
    "tilt coronal 25 tilt 0.6x2.5 3059 966 0",
    "tilt sagittal 23 tilt 0.8x2.5 3059 966 0",
    // 18.2 mm by the smallest step, 1.2: 16 slices of 23 x 19, across columns and rows.
    "uneven oblique 51 - gaps 0.6x0.8 0.6x1.2 1.2x0.8 13984 0 0",
    // 19 + 23 sections and five slices; two of seven are damaged.
    "unread oblique 47 - gaps 0.6x0.8 0.6x2.5 2.5x0.8 6118 0 0",
  ]

  @Test(arguments: [16, 8])
  func `sections of volumes with gaps and tilts hold what SimpleITK resamples`(_ depth: Int) throws
  {
    let bench = try Bench(recipe: "{\(Self.recipe), picture: {depth: \(depth)}}")
    try Peer.run(
      script: "mended_volumes.py", ["make", bench.folder.url("made").path], in: bench.folder)
    let source = bench.folder.url("made")
    // The four damaged files.
    #expect(try bench.convert(from: [source.path]).code == 3)
    let set = bench.dataSet()
    #expect(try set.rejects().map(\.code) == Array(repeating: "truncated", count: 4))
    let said = try Peer.run(
      script: "mended_volumes.py", ["check", source.path, set.url.path], in: bench.folder)
    #expect(said.split(whereSeparator: \.isNewline).map(String.init) == Self.expected)
    #expect(try set.findings().filter { $0.key.hasPrefix("plane_") } == [:])

    // Gaps are named as ever: of each volume by headers and by what could not be read.
    let gaps = try Set(set.rows().map { $0.provenance.gaps.map(\.kind) })
    #expect(
      gaps == [
        ["missing", "missing"], ["missing", "uneven", "uneven"], ["missing"], ["tilt"],
        ["tilt", "missing", "uneven"],
        ["uneven", "uneven", "uneven"], ["unreadable", "unreadable"],
      ])
    guard depth == 8 else { return }
    #expect(try bench.convert("again", from: [source.path], "--jobs", "1").code == 3)
    try bench.dataSet("again").expectBytes(of: set)
  }

  /// Of those that are oblique; the peer says how many sections cover each, 0.6 mm apart.
  private static let straightened = [
    "both axial 35 gaps+tilt+oblique 0.6x0.6 17894 2231 0",
    "both coronal 25 gaps+tilt+oblique 0.6x0.6 17894 2231 0",
    "both sagittal 23 gaps+tilt+oblique 0.6x0.6 17894 2231 0",
    "sheared axial 44 tilt+oblique 0.6x0.6 16941 42591 0",
    "sheared coronal 33 tilt+oblique 0.6x0.6 16941 42591 0",
    "sheared sagittal 41 tilt+oblique 0.6x0.6 16941 42591 0",
    "tilt axial 34 tilt+oblique 0.6x0.6 16721 2829 0",
    "tilt coronal 25 tilt+oblique 0.6x0.6 16721 2829 0",
    "tilt sagittal 23 tilt+oblique 0.6x0.6 16721 2829 0",
    "uneven axial 37 gaps+oblique 0.6x0.6 19185 48895 0",
    "uneven coronal 46 gaps+oblique 0.6x0.6 19185 48895 0",
    "uneven sagittal 40 gaps+oblique 0.6x0.6 19185 48895 0",
    "unread axial 35 gaps+oblique 0.6x0.6 16939 37451 0",
    "unread coronal 42 gaps+oblique 0.6x0.6 16939 37451 0",
    "unread sagittal 37 gaps+oblique 0.6x0.6 16939 37451 0",
  ]

  @Test
  func
    `sections of oblique volumes lie along the patient's axes, and hold what SimpleITK resamples`()
    throws
  {
    let bench = try Bench(
      recipe: """
        {slices: {planes: ['axial', 'coronal', 'sagittal'], square_pixels: false, gaps: 'accept',
          tilt: 'correct', oblique: 'straighten'}, intensity: {percentiles: [0, 100]}, picture: {depth: 16}}
        """)
    let source = bench.folder.url("made")
    try Peer.run(script: "mended_volumes.py", ["make", source.path], in: bench.folder)
    #expect(try bench.convert(from: [source.path]).code == 3)
    let set = bench.dataSet()
    let said = try Peer.run(
      script: "mended_volumes.py", ["check", source.path, set.url.path], in: bench.folder)
    let lines = said.split(whereSeparator: \.isNewline).map(String.init)
    #expect(lines.filter { $0.contains("oblique") } == Self.straightened)
    // The others lie along the patient's axes, and are what they are without.
    let others = Self.expected.filter { line in
      !["both", "sheared", "tilt", "uneven", "unread"].contains { line.hasPrefix($0) }
    }
    #expect(lines.filter { !$0.contains("oblique") } == others)
    #expect(try set.findings().filter { $0.key.hasPrefix("plane_") } == [:])
  }

  @Test func `nothing is mended that the recipe does not name`() throws {
    let bench = try Bench(recipe: "{slices: {planes: ['coronal']}}")
    try Peer.run(
      script: "mended_volumes.py", ["make", bench.folder.url("made").path], in: bench.folder)
    #expect(try bench.convert(from: [bench.folder.url("made").path]).code == 3)
    // Gap, uneven, head and padding; tilt, sheared and both; ends. Slices of the other damaged volume,
    // which is oblique, are nearest to coronal ones.
    let findings = try bench.dataSet().findings().filter { $0.key.hasPrefix("plane_") }
    #expect(findings == ["plane_gaps": 4, "plane_tilt": 3, "plane_unread": 1])
    let planes = try Set(bench.dataSet().rows().map(\.pictures[0].selection.plane))
    #expect(planes == ["axial", "oblique", "sagittal"])
  }
}

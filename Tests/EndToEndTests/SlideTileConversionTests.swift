import Foundation
import TestSupport
import Testing

/// Slides cut into tiles, through the program.
@Suite(.needsPeers) struct SlideTileConversionTests {
  /// How slides are cut: the recipe's words, and the peer's for the same.
  private struct Cut {
    var microns = 0.5
    var size = 224
    var overlap = 0
    var least = 0.5
    var most: Int?
    var pens = true
    /// Further keys of the recipe, each followed by a comma.
    var more = ""

    var recipe: String {
      let pens = pens ? "leave_out" : "keep"
      return """
        {\(more) slides: {pictures: "tiles", tile_microns_per_pixel: \(microns), tile_size: \(size),
          tile_overlap: \(overlap), least_tissue: \(least), most_tiles: \(number),
          pen_marks: "\(pens)"}}
        """
    }

    var peer: String {
      """
      {"microns": \(microns), "size": \(size), "overlap": \(overlap), "least": \(least),
       "most": \(number), "pens": \(pens)}
      """
    }

    private var number: String { most.map { "\($0)" } ?? "null" }
  }

  private static func make(_ slides: [String], in bench: Bench) throws {
    let made = try TemporaryFolder()
    try Peer.run(script: "slide_tiles.py", ["make"] + slides, in: made)
    for name in try FileManager.default.contentsOfDirectory(atPath: made.url.path) {
      try FileManager.default.moveItem(
        at: made.url(name), to: bench.sources.appending(path: name))
    }
  }

  /// Slide, level, tiles, tiles of the grid and micrometres, after all of it was compared.
  private static func compare(_ bench: Bench, _ cut: Cut, _ name: String = "set") throws -> [String]
  {
    let said = try Peer.run(
      script: "slide_tiles.py",
      ["check", bench.dataSet(name).url.path, bench.sources.path, cut.peer], in: TemporaryFolder())
    let rows = try #require(JSONSerialization.jsonObject(with: Data(said.utf8)) as? [[Any]])
    return rows.map { row in row.map { "\($0)" }.joined(separator: " ") }
  }

  @Test
  func `tiles are the regions that hold tissue, as OpenSlide, pydicom and Pillow make them`() throws
  {
    // Two levels side by side, a step that is no whole number of pixels, and tiles that overlap.
    let cuts = [
      Cut(), Cut(microns: 0.77, size: 150, overlap: 31, least: 0.31, pens: false),
      Cut(microns: 2.3, size: 64, least: 0.31, most: 7),
    ]
    let bench = try Bench()
    try Self.make(["section", "marked", "crumbs", "single", "dicom"], in: bench)
    let found = try cuts.enumerated().map { number, cut in
      try bench.folder.write(Array(cut.recipe.utf8), to: "recipe.json5")
      #expect(try bench.convert("set\(number)").code == 0)
      #expect(try bench.dataSet("set\(number)").findings().isEmpty)
      return try Self.compare(bench, cut, "set\(number)")
    }
    // 2880 x 2240 pixels are 12 x 10 tiles of 224; 1700 x 1500 are 7 x 6.
    #expect(
      found[0] == [
        "crumbs 0 4 120 0.5", "dicom 0 35 120 0.5", "marked 0 17 120 0.5", "section 0 35 120 0.5",
        "single 0 19 42 0.5",
      ])
    // 0.77 is 1.54 of 0.5: a tile of 150 takes 231, a step of 119 is 183.26. Marks of pens were kept.
    #expect(
      found[1] == [
        "crumbs 0 8 165 0.77", "dicom 0 65 165 0.77", "marked 0 75 165 0.77",
        "section 0 65 165 0.77", "single 0 32 63 0.77",
      ])
    // 2.3 is 1.15 of the second level's 2: 74 pixels, which are 2.3125. One level of 0.5 takes 294.
    #expect(
      found[2] == [
        "crumbs 1 4 63 2.3125", "dicom 1 7 63 2.3125", "marked 1 7 63 2.3125",
        "section 1 7 63 2.3125", "single 0 7 25 2.296875",
      ])
  }

  @Test func `a slide that gives no tile is rejected, and says why`() throws {
    let bench = try Bench(recipe: Cut(size: 448).recipe)
    try Self.make(["glass", "crumbs", "coarse", "small", "grey", "huge"], in: bench)
    #expect(try bench.convert().code == 3)
    let rejects = try bench.dataSet().rejects()
    #expect(try bench.dataSet().count("samples") == 0)
    func sentences(_ code: String) -> [String] {
      rejects.filter { $0.code == code }.map(\.message).sorted()
    }
    #expect(
      sentences("no_tissue") == [
        "No tile of the slide holds as much tissue as the recipe asks for.",
        "No tissue was found on the slide.",
      ])
    #expect(sentences("slide_size") == ["The slide is smaller than one tile."])
    #expect(
      sentences("slide_resolution") == [
        "The slide's pixels are larger than those that its tiles are to have."
      ])
    #expect(sentences("damaged_header") == ["The slide says that it is larger than any glass."])
    // Three levels in four instances.
    #expect(sentences("unsupported_pixels").count == 4)
    #expect(rejects.count == 9 && rejects.allSatisfy { !$0.remedy.isEmpty })

    // All of a tile, to the last part of a pixel.
    let full = try Bench(recipe: Cut(least: 1).recipe)
    try Self.make(["section"], in: full)
    #expect(try full.convert().code == 0)
    #expect(try Self.compare(full, Cut(least: 1)) == ["section 0 21 120 0.5"])

    // All tiles of the grid, whatever they show.
    let whole = try Bench(recipe: Cut(size: 448, least: 0).recipe)
    try Self.make(["glass"], in: whole)
    #expect(try whole.convert().code == 0)
    #expect(try Self.compare(whole, Cut(size: 448, least: 0)) == ["glass 0 30 30 0.5"])
  }

  @Test func `bytes do not depend on the number of workers, archives, or an end before the end`()
    throws
  {
    let cut = Cut(more: "shard_megabytes: 1,")
    let bench = try Bench(recipe: cut.recipe)
    try Self.make(["section", "dicom", "single", "glass"], in: bench)
    #expect(try bench.convert("set", "--jobs", "1").code == 3)
    let set = try bench.dataSet().contents()
    // A row of twelve tiles is taken to weigh 602,112 bytes: a slide is dealt to several shards.
    #expect(set.keys.filter { $0.hasPrefix("shards/") }.count >= 8)
    #expect(try Self.compare(bench, cut).count == 3)
    #expect(try bench.convert("many", "--jobs", "3").code == 3)
    try bench.dataSet("many").expectBytes(of: bench.dataSet())

    let run = try Program(words: bench.words("halfway", from: nil, ["--jobs", "2"]))
    while run.isRunning, bench.dataSet("halfway").entries("results").count < 3 { usleep(500) }
    run.send(SIGKILL)
    #expect(try run.end().signal == SIGKILL)
    #expect(try bench.convert("halfway").code == 3)
    try bench.dataSet("halfway").expectBytes(of: bench.dataSet())

    // What has no UID is called by its place, which is another one in an archive.
    for name in ["glass", "section", "single"] {
      try FileManager.default.removeItem(at: bench.sources.appending(path: "\(name).svs"))
    }
    #expect(try bench.convert("plain").code == 0)
    try NestedArchiveTests.nest(bench, "sources", ["zip"], to: "../export")
    #expect(try bench.convert("zip", from: [bench.folder.url("export").path]).code == 0)
    try bench.dataSet("zip").expectBytes(of: bench.dataSet("plain"))
  }

  @Test func `each optical path has its own tissue, and so has each of two scans of one size`()
    throws
  {
    let bench = try Bench(recipe: Cut().recipe)
    try Self.make(["stack", "twice"], in: bench)
    #expect(try bench.convert().code == 0)
    // 1300 x 1000 pixels are 5 x 4 tiles. Of three focal planes the second is shown.
    #expect(
      try Self.compare(bench, Cut()) == [
        "stack 0 11 20 0.5 optical_path 0 focal_plane 1",
        "stack 0 5 20 0.5 optical_path 1 focal_plane 1",
        "twice 0 5 20 0.5", "twice 0 5 20 0.5",
      ])
    let files = try bench.dataSet().rows().map { $0.pictures[0].sourceSha256 }
    // Both scans name the small picture last.
    #expect(Set(files).count == 3 && Set(files.map(\.last)).count == 2)
  }

  @Test func `of too many tiles some are drawn, and a larger draw holds the smaller one`() throws {
    let bench = try Bench()
    try Self.make(["section"], in: bench)
    func drawn(_ most: Int, seed: Int) throws -> Set<Int> {
      let name = "set\(most)-\(seed)"
      let cut = Cut(most: most, more: "seed: \(seed),")
      try bench.folder.write(Array(cut.recipe.utf8), to: "recipe.json5")
      #expect(try bench.convert(name).code == 0)
      #expect(try Self.compare(bench, cut, name) == ["section 0 \(most) 120 0.5"])
      return Set(try bench.dataSet(name).rows().map(\.pictures[0].selection.index))
    }
    let few = try drawn(5, seed: 1)
    #expect(few.count == 5)
    #expect(try drawn(12, seed: 1).isSuperset(of: few))
    #expect(try drawn(5, seed: 2) != few)
  }

  @Test func `tiles of a slide that was cut short show background, or are refused`() throws {
    let bench = try Bench(recipe: Cut().recipe)
    try Self.make(["dicom"], in: bench)
    try FileManager.default.removeItem(at: bench.sources.appending(path: "dicom_1.dcm"))
    #expect(try bench.convert().code == 0)
    // Where tissue is, the smaller level still says.
    #expect(try Self.compare(bench, Cut()) == ["dicom 0 35 120 0.5"])
    #expect(try bench.dataSet().findings().keys.sorted() == ["tiles_missing"])
    try bench.folder.write(
      Array(Cut(more: "truncated: \"reject\",").recipe.utf8), to: "recipe.json5")
    #expect(try bench.convert("strict").code == 3)
    #expect(try bench.dataSet("strict").rejects().map(\.code) == ["truncated"])
  }

  @Test func `a damaged place costs the tiles that show it`() throws {
    let bench = try Bench(recipe: Cut().recipe)
    try Self.make(["damaged"], in: bench)
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rejects().map(\.code) == ["damaged_pixels"])
    // 1024 to 1280 are shown by the fifth and sixth column and row of twelve: all of these are tissue.
    let found = try bench.dataSet().rows().map(\.pictures[0].selection.index)
    #expect(found.count == 35 - 4 && Set(found).isDisjoint(with: [52, 53, 64, 65]))
  }

  @Test(.needsCorpus) func `slides of the corpus give tiles by the recipe for pathology`() throws {
    let cut = Cut(size: 896)
    let recipe = try Program.run("recipe", "show", "pathology-tiles").output
    let bench = try Bench(recipe: recipe)
    for path in [
      "libvips__libvips/test/test-suite/images/CMU-1-Small-Region.svs",
      "ImagingDataCommons__highdicom/data/test_files/sm_image.dcm",
    ] {
      let from = Corpus.location.appending(path: path)
      try bench.write([UInt8](Data(contentsOf: from)), to: from.lastPathComponent)
    }
    #expect(try bench.convert().code == 3)
    // 2220 x 2967 pixels of 0.499 are 2 x 3 tiles.
    #expect(try Self.compare(bench, cut) == ["CMU-1-Small-Region 0 2 6 0.499"])
    // 50 x 50 pixels.
    #expect(try bench.dataSet().rejects().map(\.code) == ["slide_size"])
  }

  @Test(arguments: ["macenko", "reinhard"])
  func `all tiles of a slide are stained by what is found in the whole slide`(_ method: String)
    throws
  {
    let bench = try Bench(
      recipe: "{slides: {pictures: 'tiles', tile_size: 224, least_tissue: 0.3, stain: '\(method)'}}"
    )
    try Self.make(["section"], in: bench)
    #expect(try bench.convert().code == 0)
    let stains = try bench.dataSet().rows().compactMap(\.pictures[0].display.stain)
    #expect(stains.count > 3)
    #expect(try stains.count == bench.dataSet().rows().count)
    #expect(stains.allSatisfy { $0 == stains[0] && $0.method == method })
  }
}

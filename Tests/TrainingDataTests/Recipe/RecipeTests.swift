import Foundation
import MedicalImaging
import Preprocessing
import TestSupport
import Testing
import TrainingData

@Suite struct RecipeTests {
  private func read(_ text: String) throws -> Recipe {
    try RecipeReader().read(Array(text.utf8))
  }

  private func problems(_ text: String) -> [String] {
    RecipeReader().problems(in: Array(text.utf8)).map(\.description)
  }

  @Test func `an empty recipe is the recipe of all defaults`() throws {
    let recipe = try read("{}")
    #expect(recipe == Recipe())
    #expect(recipe.name == "dataset")
    #expect(recipe.splits.map(\.name) == ["train", "validation", "test"])
    #expect(recipe.slices.select == .all && recipe.slices.n == 1)
    #expect(recipe.frames == .init(.evenly, n: 16))
  }

  /// A value other than the default for every key.
  private static let other = """
    {
      name: "liver-1", description: "d \\"q\\"\\n", licence: "CC0", citation: "c", seed: 2,
      splits: {a: 0.25, b: 0.75}, split_seed: 3, shard_megabytes: 64, min_shards: 1,
      burned_in: "accept", exclude: ["secondary_capture", "localizer"],
      slices: {select: "every", n: 5}, frames: {select: "all", n: 2},
      labels: {
        sources: ["structure_set"], names: {BODY: "skin"}, least_pixels: 9, tolerance: 0.5,
      },
      slides: {
        pictures: "tiles", longest_side: 512, microns_per_pixel: 0.25, optical_path: "DAPI",
        focal_plane: 2, tile_microns_per_pixel: 0.25, tile_size: 512, tile_overlap: 64,
        least_tissue: 0.25, most_tiles: 100, pen_marks: "keep", stain: "reinhard",
      },
      intensity: {
        mode: "sa-med2d", ct: "-600/1500.5", mr: "landmarks", mr_foreground: "all", mr_percentiles: [1, 99],
        z_range: [-5, 4.5], landmarks: [[1, 0], [50, 42.5], [99, 100]], percentiles: [0, 100], pet: "suv_bsa",
        pet_range: [-1, 7.5],
      },
      picture: {format: "jpeg", quality: 80},
      tiles: {
        policy: "physical", write: "cut", filter: "box", size: 336, min: 2, max: 6, thumbnail: false,
        pinpoints: [[336, 672]], factor: 32, min_pixels: 1, max_pixels: 9000, edge_mm: 0.5, edge_microns: 9,
      },
      text: {language: "en", questions: ["plane", "caption"]},
    }
    """

  @Test func `every key arrives in its property`() throws {
    let recipe = try read(Self.other)
    #expect(recipe.name == "liver-1")
    #expect(recipe.description == "d \"q\"\n")
    #expect(recipe.licence == "CC0")
    #expect(recipe.citation == "c")
    #expect(recipe.seed == 2)
    #expect(recipe.splits == [.init("a", 0.25), .init("b", 0.75)])
    #expect(recipe.splitSeed == 3)
    #expect(recipe.shardMegabytes == 64)
    #expect(recipe.minShards == 1)
    #expect(recipe.burnedIn == .accept)
    #expect(recipe.exclude == [.localizer, .secondaryCapture])
    #expect(recipe.slices.select == .every && recipe.slices.n == 5)
    #expect(recipe.frames == .init(.all, n: 2))
    #expect(recipe.labels.sources == [.structureSet])
    #expect(recipe.labels.names == [.init("BODY", "skin")])
    #expect(recipe.labels.leastPixels == 9 && recipe.labels.tolerance == 0.5)
    #expect(recipe.slides.longestSide == 512)
    #expect(recipe.slides.micronsPerPixel == 0.25)
    #expect(recipe.slides.opticalPath == "DAPI")
    #expect(recipe.slides.focalPlane == 2)
    #expect(recipe.slides.stain == .reinhard)
    #expect(recipe.slides.pictures == .tiles && recipe.slides.tileMicronsPerPixel == 0.25)
    #expect(recipe.slides.tileSize == 512 && recipe.slides.tileOverlap == 64)
    #expect(recipe.slides.leastTissue == 0.25 && recipe.slides.mostTiles == 100)
    #expect(recipe.slides.penMarks == .keep)
    #expect(recipe.intensity.mode == .saMed2D)
    #expect(recipe.intensity.ct == .window(Window(center: -600, width: 1500.5)))
    #expect(recipe.intensity.mr == .landmarks && recipe.intensity.mrForeground == .all)
    #expect(recipe.intensity.zRange == -5...4.5)
    #expect(recipe.intensity.landmarks?.landmarks.map(\.percentile) == [1, 50, 99])
    #expect(recipe.intensity.landmarks?.landmarks.map(\.standard) == [0, 42.5, 100])
    #expect(try recipe.intensity.mrPercentiles == PercentilePair(low: 1, high: 99))
    #expect(try recipe.intensity.percentiles == PercentilePair(low: 0, high: 100))
    #expect(recipe.intensity.pet == .bodySurface)
    #expect(recipe.intensity.petRange == -1...7.5)
    #expect(recipe.picture.format == .jpeg)
    #expect(recipe.picture.quality == 80)
    #expect(recipe.tiles.size == 336)
    #expect(recipe.tiles.min == 2)
    #expect(recipe.tiles.max == 6)
    #expect(recipe.tiles.policy == "physical" && recipe.tiles.pinpoints == [[336, 672]])
    #expect(recipe.tiles.factor == 32 && recipe.tiles.maxPixels == 9000)
    #expect(recipe.tiles.edge == 0.5 && recipe.tiles.slideEdge == 9)
    #expect(!recipe.tiles.thumbnail && recipe.tiles.write == .cut && recipe.tiles.filter == .box)
    #expect(recipe.text.questions == [.caption, .plane])
  }

  @Test func `what is shown reads back equal, with a comment above every key`() throws {
    for recipe in [Recipe(), try read(Self.other)] {
      let shown = recipe.show()
      #expect(try read(shown) == recipe)
      let lines = shown.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      let keys = lines.indices.filter { lines[$0].contains(": ") && !lines[$0].hasPrefix("//") }
      // 13 keys at the top, 68 in 9 groups, and the 9 groups themselves.
      #expect(keys.count == 13 + 68 + 9)
      for key in keys { #expect(lines[key - 1].hasPrefix("// "), "\(lines[key])") }
    }
  }

  @Test func `the canonical JSON has every key in one order`() throws {
    #expect(
      try read("{tiles: {max: 6}, name: 'x'}").canonicalJSON
        == #"{"name":"x","description":"","licence":"","citation":"","seed":1,"#
        + #""splits":{"train":0.9,"validation":0.05,"test":0.05},"split_seed":1,"#
        + #""shard_megabytes":256,"min_shards":8,"burned_in":"reject","#
        + #""pictures":"auto","exclude":[],"truncated":"accept","#
        + #""slices":{"planes":["acquired"],"select":"all","n":1,"least_area":0.0,"#
        + #""gaps":"keep","tilt":"keep","oblique":"keep","#
        + #""projection":"none","slab_mm":null,"neighbours":0,"neighbours_as":"pictures","#
        + #""edge_ratio":0.0,"#
        + #""square_pixels":true,"spacing_mm":null,"orientation":"display"},"#
        + #""volumes":{"select":"all","projection":"none"},"#
        + #""frames":{"select":"evenly","n":16,"projection":"none"},"#
        + #""slides":{"pictures":"overview","longest_side":2048,"microns_per_pixel":null,"#
        + #""optical_path":null,"focal_plane":null,"tile_microns_per_pixel":0.5,"#
        + #""tile_size":896,"tile_overlap":0,"least_tissue":0.5,"most_tiles":null,"#
        + #""pen_marks":"leave_out","stain":"none"},"#
        + #""labels":{"sources":["segmentation","structure_set","label_volume","slide_annotations"],"#
        + #""names":{},"#
        + #""least_pixels":1,"tolerance":0.0},"#
        + #""intensity":{"mode":"profile","ct":"body_part","mr":"percentiles","mr_foreground":"otsu","#
        + #""mr_percentiles":[0.5,99.5],"z_range":[-3.0,3.0],"landmarks":[],"#
        + #""percentiles":[0.5,99.5],"#
        + #""pet":"suv_bw","pet_range":[0.0,10.0]},"#
        + #""picture":{"format":"png","depth":8,"quality":95,"square_pixels":true,"#
        + #""ultrasound":"regions","collimator":"keep","background":"keep"},"#
        + #""tiles":{"policy":"internvl","write":"layout","filter":"bicubic","size":null,"min":1,"max":6,"#
        + #""thumbnail":true,"pinpoints":null,"factor":null,"min_pixels":null,"max_pixels":null,"#
        + #""edge_mm":null,"edge_microns":null},"#
        + #""text":{"language":"en","questions":["caption","modality","body_region","plane","view","#
        + #""laterality"]}}"#)
  }

  @Test func `the hash is that of the canonical JSON`() {
    // python: hashlib.sha256(line of `Recipe()` above with name "dataset" and max 12).hexdigest()
    #expect(
      Recipe().sha256.hex == "8868108479ca7a80ab7d62ce801fc6b89be9c21eb0db2e95c473e0235f375655")
  }

  @Test func `layout, comments, defaults and the order of keys and words leave the hash alone`()
    throws
  {
    let plain = try read(
      "{seed: 7, exclude: ['localizer', 'derived'], intensity: {ct: '40/400', percentiles: [1, 99]}}"
    )
    let other = try read(
      """
      // The same.
      { name: 'dataset', exclude: ['derived', 'localizer',],
        "intensity": { "percentiles": [1.0, 9.9e1], "ct": "+40.0/400." }, seed: 0x7 }
      """)
    #expect(plain == other)
    #expect(plain.sha256 == other.sha256)
    #expect(try read("{seed: 8}").sha256 != read("{seed: 7}").sha256)
    #expect(try read("{description: 'a'}").sha256 != Recipe().sha256)
    // The order of splits decides who is where.
    #expect(
      try read("{splits: {a: 0.5, b: 0.5}}").sha256 != read("{splits: {b: 0.5, a: 0.5}}").sha256)
  }

  @Test func `every key changes the hash`() throws {
    let other = try JSONValue(json5: Array(Self.other.utf8))
    guard case .object(let members) = other else { throw TestSupportError("no object") }
    var hashes: Set<String> = [Recipe().sha256.hex]
    var count = 1
    for member in members {
      var single: [JSONValue] = [.object([member])]
      if case .object(let inner) = member.value, member.key != "splits" {
        single = inner.filter { !["language", "mr"].contains($0.key) }
          .map { .object([.init(member.key, .object([$0]))]) }
      }
      for recipe in single {
        hashes.insert(try read(recipe.compact).sha256.hex)
        count += 1
      }
    }
    // 11 keys at the top and 45 of the 47 below, since one has one value only and one needs another.
    #expect(count == 1 + 11 + 45)
    #expect(hashes.count == count)
  }

  @Test func `a coded recipe is the same recipe`() throws {
    let recipe = try read(Self.other)
    let data = try JSONEncoder().encode([recipe])
    #expect(try JSONDecoder().decode([Recipe].self, from: data) == [recipe])
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode([Recipe].self, from: Data(#"["{\"seed\":-1}"]"#.utf8))
    }
  }

  @Test(arguments: [
    ("{nmae: 'x'}", "line 1, column 2: nmae is no key of a recipe. Did you mean name?"),
    (
      "{\n tiles: {\n  sise: 448}}",
      "line 3, column 3: tiles.sise is no key of a recipe. Did you mean size?"
    ),
    ("{size: 448}", "line 1, column 2: size is no key of a recipe. Did you mean tiles.size?"),
    ("{'tiles.size': 448}", "line 1, column 2: tiles.size is no key of a recipe."),
    ("{frobnicate: 1}", "line 1, column 2: frobnicate is no key of a recipe."),
    ("{tiles: 3}", "line 1, column 9: tiles is 3. Allowed: an object."),
    (
      "{name: 'Liver'}",
      "line 1, column 8: name is \"Liver\". Allowed: 1 to 64 of a-z, 0-9, - and _."
    ),
    ("{name: ''}", "line 1, column 8: name is \"\". Allowed: 1 to 64 of a-z, 0-9, - and _."),
    (
      "{seed: 1.0}",
      "line 1, column 8: seed is 1.0. Allowed: a whole number from 0 to 9007199254740991."
    ),
    (
      "{seed: -1}",
      "line 1, column 8: seed is -1. Allowed: a whole number from 0 to 9007199254740991."
    ),
    (
      "{seed: '1'}",
      "line 1, column 8: seed is \"1\". Allowed: a whole number from 0 to 9007199254740991."
    ),
    (
      "{seed: null}",
      "line 1, column 8: seed is null. Allowed: a whole number from 0 to 9007199254740991."
    ),
    (
      "{shard_megabytes: 0}",
      "line 1, column 19: shard_megabytes is 0. Allowed: a whole number from 1 to 16384."
    ),
    (
      "{min_shards: 1025}",
      "line 1, column 14: min_shards is 1025. Allowed: a whole number from 1 to 1024."
    ),
    (
      "{burned_in: 'acept'}",
      "line 1, column 13: burned_in is \"acept\" (did you mean \"accept\"?). Allowed: one of \"reject\", \"accept\"."
    ),
    (
      "{exclude: 'derived'}",
      "line 1, column 11: exclude is \"derived\". Allowed: a list of \"localizer\", \"derived\", \"secondary_capture\", each once."
    ),
    (
      "{exclude: ['CT']}",
      "line 1, column 11: exclude is [\"CT\"] (\"CT\" is none of them). Allowed: a list of \"localizer\", \"derived\", \"secondary_capture\", each once."
    ),
    (
      "{exclude: ['derived', 'derived']}",
      "line 1, column 11: exclude is [\"derived\",\"derived\"] (\"derived\" stands twice). Allowed: a list of \"localizer\", \"derived\", \"secondary_capture\", each once."
    ),
    (
      "{text: {questions: []}}",
      "line 1, column 20: text.questions is []. Allowed: a list of at least 1 of \"caption\", \"modality\", \"body_region\", \"plane\", \"view\", \"laterality\", each once."
    ),
    ("{text: {language: 'de'}}", "line 1, column 19: text.language is \"de\". Allowed: \"en\"."),
    (
      "{slides: {tile_microns_per_pixel: null}}",
      "line 1, column 35: slides.tile_microns_per_pixel is null. Allowed: a number from 0.02 to 20."
    ),
    (
      "{slides: {tile_size: 100, tile_overlap: 100}}",
      "line 1, column 41: slides.tile_overlap is 100, not below slides.tile_size, which is 100."
    ),
    (
      "{slices: {n: 0}}",
      "line 1, column 14: slices.n is 0. Allowed: a whole number from 1 to 1000000."
    ),
    (
      "{splits: {train: 0.9, test: 0.2}}",
      "line 1, column 10: splits is {\"train\":0.9,\"test\":0.2} (the shares add up to 1.1). Allowed: names of a-z, each with a share above 0, which add up to 1."
    ),
    (
      "{splits: {train: 1, test: 0}}",
      "line 1, column 10: splits is {\"train\":1,\"test\":0} (0 is no share for test). Allowed: names of a-z, each with a share above 0, which add up to 1."
    ),
    (
      "{splits: {Train: 1}}",
      "line 1, column 10: splits is {\"Train\":1} (\"Train\" is no name). Allowed: names of a-z, each with a share above 0, which add up to 1."
    ),
    (
      "{splits: {}}",
      "line 1, column 10: splits is {}. Allowed: names of a-z, each with a share above 0, which add up to 1."
    ),
    (
      "{intensity: {percentiles: [99, 1]}}",
      "line 1, column 27: intensity.percentiles is [99,1]. Allowed: [low, high] with 0 <= low < high <= 100."
    ),
    (
      "{intensity: {mr_percentiles: [0.5, 100.5]}}",
      "line 1, column 30: intensity.mr_percentiles is [0.5,100.5]. Allowed: [low, high] with 0 <= low < high <= 100."
    ),
    (
      "{picture: {quality: 101}}",
      "line 1, column 21: picture.quality is 101. Allowed: a whole number from 1 to 100."
    ),
    (
      "{tiles: {size: 450}}",
      "line 1, column 16: tiles.size is 450. Allowed: null, or a multiple of 14 from 28 to 8190."
    ),
    ("{tiles: {thumbnail: 1}}", "line 1, column 21: tiles.thumbnail is 1. Allowed: true or false."),
    (
      "{tiles: {min: 5, max: 4}}", "line 1, column 23: tiles.max is 4, below tiles.min, which is 5."
    ),
    (
      "{intensity: {landmarks: [[1, 0], [99, 0]]}}",
      "line 1, column 25: intensity.landmarks is [[1,0],[99,0]]. Allowed: [], or a list of at least two [percentile, value], both rising within 0 to 100."
    ),
    (
      "{intensity: {mr: 'landmarks'}}",
      "line 1, column 18: intensity.mr is \"landmarks\", of which intensity.landmarks has none."
    ),
    (
      "{intensity: {mode: 'sa-med2d'}, picture: {depth: 16}}",
      "line 1, column 50: picture.depth is 16; \"sa-med2d\" of intensity.mode has 8 bits."
    ),
    (
      "{slices: {neighbours: 2, neighbours_as: 'channels'}}",
      "line 1, column 23: slices.neighbours is 2; a picture has three channels, one for a slice on either side."
    ),
    (
      "{slices: {neighbours: 1, projection: 'max'}}",
      "line 1, column 23: slices.neighbours is 1; slices.projection shows several slices as one already."
    ),
    ("{tiles: {min: 13}}", "line 1, column 1: tiles.max is 12, below tiles.min, which is 13."),
    ("[]", "line 1, column 1: A recipe is an object: { ... }."),
    ("{seed: 1,\n seed: 2}", "line 2, column 2: The key \"seed\" stands twice in this object."),
  ])
  func `a mistake is named with key, place, what was found and what is allowed`(
    _ text: String, _ sentence: String
  ) {
    #expect(problems(text) == [sentence])
  }

  @Test func `all mistakes are named at once, and reading throws them`() throws {
    let text = "{seed: -1,\n tiles: {size: 1, max: 'x'},\n nmae: 1}"
    #expect(problems(text).count == 4)
    let error = try #require(throws: ImageError.self) { try read(text) }
    #expect(error.code == .recipe)
    #expect(error.message.hasPrefix("The recipe has 4 mistakes:\n  line 1, column 8: seed is -1."))
    #expect(error.remedy.contains("recipe show"))
  }

  @Test(arguments: [
    ("body_part", DisplayParameters.CT.bodyPart), ("header", .header), ("lung", .preset(.lung)),
    ("soft_tissue", .preset(.softTissue)),
    ("40/400", .window(Window(center: 40, width: 400))),
    ("-600/1500", .window(Window(center: -600, width: 1500))),
    ("39.5/1", .window(Window(center: 39.5, width: 1))),
  ])
  func `a CT window is a word or center and width`(_ text: String, _ window: DisplayParameters.CT)
    throws
  {
    #expect(try read("{intensity: {ct: '\(text)'}}").intensity.ct == window)
    #expect(window.description == text)
  }

  @Test(arguments: [
    "40/0.5", "40", "40/400/1", "/400", "40/", "Lung", "", "nan/1", "0x1/400", "40/inf", "40 / 400",
  ])
  func `what is no CT window is refused`(_ text: String) {
    #expect(problems("{intensity: {ct: '\(text)'}}").count == 1)
  }

  @Test func `another name than a preset's is refused with the nearest`() {
    let found = problems("{intensity: {ct: 'lungs'}}")
    #expect(found.count == 1)
    #expect(found[0].contains("did you mean \"lung\"?"))
    #expect(found[0].contains("\"lung\", \"liver\""))
  }

  @Test func `a split's shares may miss 1 by rounding, no more`() {
    #expect(problems("{splits: {a: 0.1, b: 0.2, c: 0.7}}").isEmpty)
    #expect(problems("{splits: {a: 0.333333333333, b: 0.333333333333, c: 0.333333333333}}").isEmpty)
    #expect(problems("{splits: {a: 0.33333, b: 0.33333, c: 0.33333}}").count == 1)
  }
}

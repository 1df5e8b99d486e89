import Foundation
import TestSupport
import Testing

@testable import gmai_prep

@Suite struct TileUsageTests {
  @Test(arguments: [
    [], ["--policy", "nobody"], ["--policy", "internvl", "--min-tiles", "3", "--max-tiles", "2"],
    ["--policy", "internvl", "--tile-size", "0"], ["--policy", "internvl", "--tile-size", "20"],
    ["--policy", "internvl", "--max-tiles", "257"], ["--policy", "internvl", "--max-tiles", "-1"],
    ["--policy", "internvl", "--filter", "nearest"], ["--policy", "internvl", "--pixel-size", "0"],
    ["--policy", "internvl", "--pixel-size", "nan"], ["--policy", "internvl", "--tensor", "csv"],
    ["--policy", "internvl", "--statistics", "clip"],
    ["--policy", "internvl", "--scalar", "float16"],
    ["--policy", "internvl", "--tensor", "npy", "--scalar", "bfloat16"],
    ["--policy", "internvl", "--tensor", "npy", "--scalar", "int64"], ["--policy", "physical"],
    ["--policy", "smart-resize", "--tile-size", "56"], ["--policy", "fixed", "--max-tiles", "3"],
    ["--policy", "smart-resize", "--factor", "27"], ["--policy", "anyres", "--no-thumbnail"],
    ["--policy", "smart-resize", "--min-pixels", "9000", "--max-pixels", "8000"],
    ["--policy", "anyres", "--pinpoints", "336x"],
    ["--policy", "anyres", "--pinpoints", "300x300"],
  ])
  func `what cannot be meant is refused before anything is read`(words: [String]) throws {
    let folder = try TemporaryFolder()
    let out = folder.url("out").path
    let call = Session(["tile", "/nonexistent", "--out", out] + words)
    #expect(call.code == .usage)
    #expect(call.errors.hasPrefix("error: "))
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test func `numbers that make no rule are named`() throws {
    let call = Session(
      "tile", "a.png", "--policy", "internvl", "--out", "out", "--min-tiles", "5", "--max-tiles",
      "2")
    #expect(call.errors.contains("not from 5 to 2."))
    let json = Session(
      "tile", "a.png", "--policy", "internvl", "--out", "out", "--tile-size", "8200",
      "--log-format", "json")
    #expect(json.errors.hasPrefix("{"))
    #expect(json.errors.contains("28 to 8192 pixels a side, not 8200."))
  }

  @Test func `a picture that is not there fails with a sentence, and no folder is made`() throws {
    let folder = try TemporaryFolder()
    let out = folder.url("out").path
    let call = Session("tile", "/nonexistent/a.png", "--policy", "internvl", "--out", out)
    #expect(call.code == .failed)
    #expect(call.errors.contains("/nonexistent/a.png cannot be found."))
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test func `a folder that holds something is left alone`() throws {
    let folder = try TemporaryFolder()
    try folder.write([1], to: "mine")
    let call = Session(
      "tile", folder.url.path, "--policy", "internvl", "--out", folder.url.path)
    #expect(call.code == .failed)
    #expect(call.errors.contains("is not empty"))
    #expect(try folder.bytes(of: "mine") == [1])
  }

  @Test func `a folder without pictures ends with 2`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("hello".utf8), to: "a.png")
    let out = folder.url("out").path
    let call = Session("tile", folder.url.path, "--policy", "internvl", "--out", out)
    #expect(call.code == .nothingToConvert)
    #expect(call.errors.contains("Nothing in the folders is a PNG"))
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test func `two pictures of one name are refused, and both are named`() throws {
    let folder = try TemporaryFolder()
    try folder.write([1], to: "scan.png")
    try folder.write([1], to: "scan.one.png")
    let below = folder.url("below")
    try FileManager.default.createDirectory(at: below, withIntermediateDirectories: false)
    try folder.write([1], to: "below/scan.jpg")
    let out = folder.url("out").path
    let call = Session(
      "tile", folder.url("scan.one.png").path, folder.url("scan.png").path,
      folder.url("below/scan.jpg").path, "--policy", "internvl", "--out", out)
    #expect(call.code == .usage)
    #expect(call.errors.contains("would share a folder: scan."))
    #expect(call.errors.contains("below/scan.jpg"))
    #expect(!FileManager.default.fileExists(atPath: out))
  }
}

/// Pictures of many kinds.
@Suite(.serialized) struct TileExportTests {
  static let pictures = Result {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url("in"), withIntermediateDirectories: false)
    try Peer.run(script: "tiles.py", ["make", "in"], in: folder)
    return folder
  }

  private static func tile(_ words: String...) throws -> Program.End {
    try Program(words: ["tile", "--policy", "internvl"] + words, in: pictures.get().url).end()
  }

  private static func files(_ path: String) throws -> [String: [UInt8]] {
    let folder = try pictures.get()
    let all = try FileManager.default.subpathsOfDirectory(atPath: folder.url(path).path)
    return Dictionary(
      uniqueKeysWithValues: try all.filter { $0.hasSuffix(".png") || $0.hasSuffix(".json") }.map {
        ($0, try folder.bytes(of: "\(path)/\($0)"))
      })
  }

  @Test(.needsPeers)
  func
    `tiles are those of InternVL's procedure with Pillow, byte by byte, and the layout says where`()
    throws
  {
    let end = try Self.tile("in", "--out", "small", "--tile-size", "56")
    // Cut off, float, signed, and one that claims 10 GB.
    #expect(end.code == 3)
    let pictures = ["deep", "grey", "one", "pages", "palette", "rgb", "turned", "wavelets", "wide"]
    let paths = pictures.map { name in
      let ends = ["turned": "jpg", "wide": "jpg", "pages": "tif", "wavelets": "jp2"]
      return "in/\(name).\(ends[name] ?? "png")"
    }
    let said = try Peer.run(
      script: "tiles.py", ["compare", "small", "1", "12", "56", "yes"] + paths,
      in: Self.pictures.get())
    #expect(
      said == """
        deep I;16 97x64 in 3x2, 7 tiles
        grey L 45x200 in 1x5, 6 tiles
        one L 1x1 in 1x1, 1 tiles
        pages/page_00 RGB 20x30 in 2x3, 7 tiles
        pages/page_01 RGB 30x30 in 1x1, 1 tiles
        pages/page_03 RGB 50x30 in 3x2, 7 tiles
        palette RGB 40x40 in 1x1, 1 tiles
        rgb RGB 130x61 in 2x1, 3 tiles
        turned RGB 50x84 in 2x3, 7 tiles
        wavelets RGB 47x44 in 1x1, 1 tiles
        wide L 300x20 in 12x1, 13 tiles

        """)
  }

  @Test(.needsPeers) func `numbers of the policy are those of its procedure`() throws {
    let end = try Self.tile(
      "in/rgb.png", "in/wide.jpg", "--out", "numbers", "--tile-size", "84", "--min-tiles", "3",
      "--max-tiles", "6", "--no-thumbnail")
    #expect(end.code == 0)
    let said = try Peer.run(
      script: "tiles.py",
      ["compare", "numbers", "3", "6", "84", "no", "in/rgb.png", "in/wide.jpg"],
      in: Self.pictures.get())
    // 130 : 61 is 2.13, nearest 3 : 2 of 3 to 6 tiles; 300 : 20 is beyond 6 : 1.
    #expect(said == "rgb RGB 130x61 in 3x2, 6 tiles\nwide L 300x20 in 6x1, 6 tiles\n")
  }

  @Test(
    .needsPeers,
    arguments: [
      ("npy", "float32", nil), ("npy", "float16", "clip"), ("safetensors", "bfloat16", "siglip"),
      ("safetensors", "float32", "none"),
    ])
  func `a tensor holds its tiles in the order of operations of transformers, bit for bit`(
    format: String, scalar: String, statistics: String?
  ) throws {
    let out = "tensor-\(format)-\(scalar)"
    var words = ["tile", "in/rgb.png", "in/grey.png", "--policy", "internvl", "--out", out]
    words += ["--tile-size", "56", "--tensor", format, "--scalar", scalar]
    words += statistics.map { ["--statistics", $0] } ?? []
    #expect(try Program(words: words, in: Self.pictures.get().url).end().code == 0)
    let said = try Peer.run(script: "tiles.py", ["tensors", out], in: Self.pictures.get())
    // InternVL's own are those of ImageNet.
    let kind = "\(scalar) \(statistics ?? "imagenet")"
    #expect(said == "grey \(kind) 6x3x56x56\nrgb \(kind) 3x3x56x56\n")
  }

  @Test(
    .needsPeers,
    arguments: [
      ("expand2square", ["1x3x336x336", "1x3x336x336"]), ("fixed", ["1x3x336x336", "1x3x336x336"]),
      // The first of the two smallest pinpoints: two tiles, and the whole.
      ("anyres", ["3x3x336x336", "3x3x336x336"]),
      // 140 x 56 and 56 x 196 pixels in patches of 14, each 3 x 2 x 14 x 14.
      ("smart-resize", ["40x1176", "56x1176"]),
    ])
  func `numbers are those of the tiles beside them, or their patches, whatever the policy`(
    policy: String, shapes: [String]
  ) throws {
    let folder = try Self.pictures.get()
    let end = try Program.run(
      "tile", "in/rgb.png", "in/grey.png", "--policy", policy, "--out", policy, "--tensor", "npy",
      in: folder.url)
    #expect(end.code == 0)
    let said = try Peer.run(script: "tiles.py", ["tensors", policy], in: folder)
    #expect(said == "grey float32 clip \(shapes[1])\nrgb float32 clip \(shapes[0])\n")
  }

  @Test(.needsPeers) func `tiles of physical have the edge that was asked for`() throws {
    let folder = try Self.pictures.get()
    let end = try Program.run(
      "tile", "in/rgb.png", "--policy", "physical", "--pixel-size", "0.25", "--edge", "28",
      "--tile-size", "56", "--out", "physical", in: folder.url)
    #expect(end.code == 0)
    let layout = try JSONSerialization.jsonObject(
      with: Data(folder.bytes(of: "physical/rgb/layout.json")))
    let fields = try #require(layout as? [String: Any])
    // 28 mm over 56 pixels; 32.5 x 15.25 mm are 65 x 31 of them, in two tiles, and the whole once more.
    let size = try #require(fields["millimetres_per_pixel"] as? [Double])
    #expect(size[0] == 0.5 && abs(size[1] - 15.25 / 31) < 1e-12)
    #expect((fields["tiles"] as? [Any])?.count == 3)
    #expect(
      fields["parameters"] as? [String: Double] == [
        "tile_size": 56, "max_tiles": 12, "thumbnail": 1, "edge_mm": 28,
      ])
    let canvases = try #require(fields["canvases"] as? [[String: Any]])
    #expect(canvases.map { $0["columns"] as? Int } == [2, 1])
    #expect(canvases[0]["ground"] as? [Int] == [0, 0, 0])
  }

  @Test(.needsPeers) func `16 bits on a coloured ground become colours of 8`() throws {
    let folder = try Self.pictures.get()
    let end = try Program.run(
      "tile", "in/deep.png", "--policy", "expand2square", "--tile-size", "28", "--out", "ground",
      "--tensor", "npy", in: folder.url)
    #expect(end.code == 0)
    let layout = String(
      decoding: try folder.bytes(of: "ground/deep/layout.json"), as: UTF8.self)
    #expect(layout.contains(#""channels": 3"#) && layout.contains(#""depth": 8"#))
    #expect(layout.contains(#""ground": [122, 116, 104]"#))
    // Its corner is ground alone: a third of the picture is.
    let corner = try Peer.run(
      """
      import sys
      from PIL import Image
      print(*Image.open(sys.argv[1]).getpixel((0, 0)))
      """, folder.url("ground/deep/tile_00.png").path)
    #expect(corner == "122 116 104")
  }

  @Test(.needsPeers) func `a size that the policy refuses costs that picture`() throws {
    let end = try Program.run(
      "tile", "in/wide.jpg", "in/rgb.png", "--policy", "smart-resize", "--out", "sizes",
      in: Self.pictures.get().url)
    #expect(end.code == 3)
    #expect(end.output.contains("Rejected, tiling: 1 file"))
    #expect(end.output.contains("A side of 20 pixels is shorter than the factor, 28."))
  }

  @Test(.needsPeers) func `a bad picture costs itself, is named, and leaves no folder`() throws {
    let folder = try Self.pictures.get()
    let end = try Self.tile(
      "in/cut.png", "in/one.png", "in/words.png", "in/float.tif", "in/signed.tif", "in/huge.png",
      "--out", "bad")
    #expect(end.code == 3)
    for (code, files) in [
      ("truncated: 1 file", ["cut.png"]), ("unsupported_format: 1 file", ["words.png"]),
      ("unsupported_pixels: 2 files", ["float.tif", "signed.tif"]),
      ("memory: 1 file", ["huge.png"]),
    ] {
      #expect(end.output.contains("Rejected, \(code)"))
      for file in files { #expect(end.output.contains("  in/\(file)\n")) }
    }
    #expect(end.output.hasSuffix("\n1 picture, 1 tile in bad, 5 rejected\n"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url("bad").path) == ["one"])
    // Where nothing is left, nothing is made.
    #expect(try Self.tile("in/cut.png", "--out", "none").code == 3)
    #expect(!FileManager.default.fileExists(atPath: folder.url("none").path))
  }

  @Test(.needsPeers) func `of a folder the pictures are taken, of a picture named twice one`()
    throws
  {
    let end = try Self.tile(
      "in", "in/one.png", "in/../in/one.png", "--out", "twice", "--tile-size", "28")
    #expect(end.code == 3)
    #expect(end.output.contains("\n10 pictures, "))
    #expect(end.output.contains(" in twice, 4 rejected\n"))
    #expect(end.output.hasSuffix("1 other file in the folders is no such picture\n"))
  }

  @Test(.needsPeers) func `medical images are sent to the commands that show them`() throws {
    let folder = try Self.pictures.get()
    let made = try Program.run("sample-data", "--out", "export", in: folder.url)
    #expect(made.code == 0)
    let end = try Self.tile("export/VOLUME/head.nii", "--out", "volume")
    #expect(end.code == 3)
    #expect(end.output.contains("`gmai-prep slice`"))
    #expect(!FileManager.default.fileExists(atPath: folder.url("volume").path))
  }

  @Test(.needsPeers)
  func `pictures are shown as a conversion shows them: tiles of its PNGs are the same`() throws {
    let folder = try Self.pictures.get()
    try folder.write(ICCPhantom.adobe.bytes, to: "adobe.icc")
    try Peer.run(
      """
      import sys
      from PIL import Image
      picture, profile, out = sys.argv[1:]
      Image.open(picture).save(out, icc_profile=open(profile, "rb").read())
      """, folder.url("in/rgb.png").path, folder.url("adobe.icc").path,
      folder.url("profiled.png").path)
    let names =
      ["profiled.png"]
      + ["colours.tif", "turned.jpg", "wavelets.jp2", "palette.png", "grey.png"].map { "in/" + $0 }
    let made = try Program(
      words: ["convert"] + names + ["--out", "set", "--format", "llava"], in: folder.url
    ).end()
    #expect(made.code == 0)
    let shown = try Self.files("set/images").keys.sorted().map { "set/images/" + $0 }
    #expect(shown.count == names.count)
    for (out, paths) in [("own", names), ("shown", shown)] {
      let words = ["tile", "--policy", "internvl", "--tile-size", "28", "--out", out]
      #expect(try Program(words: words + paths, in: folder.url).end().code == 0)
    }
    // Folders have other names, and what was found in reading differs.
    func tiles(_ path: String) throws -> Set<[UInt8]> {
      Set(try Self.files(path).filter { $0.key.hasSuffix(".png") }.values)
    }
    #expect(try tiles("own") == tiles("shown"))
    #expect(try tiles("own").count > 20)
    let layout = try folder.bytes(of: "own/profiled/layout.json")
    #expect(String(decoding: layout, as: UTF8.self).contains(#""findings": ["icc_converted"]"#))
  }

  @Test(.needsPeers) func `bytes do not depend on workers, nor on the order of pictures`() throws {
    #expect(
      try Self.tile(
        "in/rgb.png", "in/grey.png", "in/pages.tif", "--out", "first", "--jobs", "1",
        "--tile-size", "28"
      ).code == 0)
    #expect(
      try Self.tile(
        "in/pages.tif", "in/grey.png", "in/rgb.png", "--out", "second", "--jobs", "3",
        "--tile-size", "28"
      ).code == 0)
    let files = try Self.files("first")
    #expect(files.count > 20)
    #expect(try files == Self.files("second"))
  }

  @Test(.needsPeers) func `after Ctrl-C nothing is left behind`() throws {
    let folder = try Self.pictures.get()
    for (name, exists) in [("empty", true), ("fresh", false)] {
      if exists {
        try FileManager.default.createDirectory(
          at: folder.url(name), withIntermediateDirectories: false)
      }
      // 256 tiles of 1,008 pixels a side take a while.
      let program = try Program(
        words: [
          "tile", "in/grey.png", "in/rgb.png", "--policy", "internvl", "--out", name, "--jobs", "1",
          "--min-tiles", "250", "--max-tiles", "256", "--tile-size", "1008",
        ], in: folder.url)
      func entries() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.url(name).path)) ?? []
      }
      let patience = Date.now.addingTimeInterval(30)
      while Date.now < patience, entries().isEmpty { usleep(2000) }
      #expect(entries().allSatisfy { $0.hasPrefix(".gmai-prep-") })
      program.send(SIGINT)
      let end = try program.end()
      #expect(end.signal == SIGINT)
      #expect(end.errors.contains("Interrupted. Nothing is left behind."))
      #expect(entries().isEmpty)
      #expect(FileManager.default.fileExists(atPath: folder.url(name).path) == exists)
    }
    #expect(try Self.tile("in/one.png", "--out", "empty").code == 0)
  }
}

@Suite struct TileCorpusTests {
  @Test(.needsCorpus, .needsPeers) func `real pictures: every tile is Pillow's, byte by byte`()
    throws
  {
    let folder = try TemporaryFolder()
    let root = Corpus.location.appending(
      path: "uni-medical__GMAI-VL/demo/gmai_vl_demo/sample_assets"
    ).path
    let end = try Program.run(
      "tile", root, "--policy", "internvl", "--out", "out", "--max-tiles", "4", in: folder.url)
    #expect(end.code == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: root).filter {
      $0.hasSuffix(".png")
    }.sorted()
    let said = try Peer.run(
      script: "tiles.py",
      ["compare", "out", "1", "4", "448", "yes"] + names.map { "\(root)/\($0)" },
      in: folder)
    #expect(said.split(separator: "\n").count == 7)
  }
}

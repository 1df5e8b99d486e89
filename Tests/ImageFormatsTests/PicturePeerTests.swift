import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Every picture of the corpus beside Pillow, tifffile and imagecodecs.
@Suite(.needsCorpus, .needsPeers) struct PicturePeerTests {
  @Test func `Every page that a peer reads has the peer's samples, but for those with a reason`()
    throws
  {
    let folder = try TemporaryFolder()
    try Peer.run(script: "pictures.py", [Corpus.location.path], in: folder)
    let answers = try PictureAnswer.all(in: folder)
    var equal: [String: Int] = [:]
    var unused = Set(Self.reasons.keys)
    var files: [String: Set<String>] = [:]
    var levels: [String: Int] = [:]
    for answer in answers where answer.values != nil {
      let path = Corpus.location.appending(path: answer.path).path
      // A slide's pages may be its label: they are read as a slide's or not at all.
      guard !path.hasSuffix(".svs") else {
        #expect(throws: ImageError.self) {
          try PictureReader.read(SourceBytes(path: path), page: answer.page)
        }
        continue
      }
      let ours = Result { () throws(ImageError) in
        try PictureReader.read(SourceBytes(path: path), page: answer.page)
      }
      let difference = try answer.difference(from: ours, in: folder)
      let name = answer.path.split(separator: "/").last ?? ""
      let key = "\(answer.peer) \(name) \(answer.page)"
      if Self.reasons[key] != nil {
        unused.remove(key)
        #expect(difference != nil, "\(key) has a reason, and does not differ")
      } else {
        #expect(difference == nil, "\(answer.peer) \(answer.path), page \(answer.page)")
        equal[answer.peer, default: 0] += 1
        if answer.tiled == true { levels[String(name.prefix(11)), default: 0] += 1 }
        files[answer.peer, default: []].insert(answer.path)
      }
    }
    #expect(unused.isEmpty, "no such answer, though there is a reason for one")
    let counts = equal.sorted { $0.key < $1.key }.map { peer, pages in
      "\(peer) \(pages) pages of \(files[peer]!.count) files"
    }
    print("pictures equal to those of", counts.joined(separator: ", "))
    #expect(equal["Pillow", default: 0] >= 736)
    #expect(equal["tifffile", default: 0] >= 207)
    #expect(equal["imagecodecs", default: 0] >= 16)
    // Every level of every tiled pyramid: test_orient0 to 8 have three.
    let pyramids = ["yb10kx5k.zs": 5, "rgba_geotif": 2, "small_la.ti": 1, "test_orient": 9 * 3]
    for (name, count) in pyramids { #expect(levels[name] == count, "\(name)") }
  }

  /// Where we differ on purpose: peer, file, page, and why.
  private static let reasons = [
    "Pillow issue412.jp2 0":
      "Pillow makes one of equal entries of the palette, so that indices miss; imagecodecs does not",
    "Pillow 8bit.s.tif 0": "Pillow shows signed bytes as unsigned ones; we keep the sign",
    "Pillow separate_planar_extra_samples.tiff 0":
      "Pillow shows signed bytes as unsigned ones; we keep the sign",
    "Pillow no_rows_per_strip.tif 2":
      "no Photometric Interpretation: Pillow takes 0 for it and inverts, we and libtiff do not",
    "tifffile no_rows_per_strip.tif 2":
      "no Photometric Interpretation: tifffile takes 0 for it, we and libtiff do not",
    "tifffile crash-2020-10-test.tif 1": "a damaged directory is refused as a whole",
    "tifffile crash-2020-10-test.tif 2": "a damaged directory is refused as a whole",
    "tifffile crash-74d2a78403a5a59db1fb0a2b8735ac068a75f6e3.tif 0":
      "damaged CCITT lines: libtiff and Pillow fill them up in another way",
    "tifffile old-style-jpeg-compression.tif 0":
      "chrominance is repeated by tifffile's old-style JPEG, not smoothed as by Pillow and us",
    "tifffile old-style-jpeg-compression-no-samplesperpixel.tif 0":
      "chrominance is repeated by tifffile's old-style JPEG, not smoothed as by Pillow and us",
  ]
}

import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// A generated slide in every format that OpenSlide 3.4.1 reads.
@Suite(.needsPeers) struct SlideMakersTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Name in `make_makers.py`, file, OpenSlide's word for the maker, what the file claims, and the
  /// pictures beside the tissue.
  static let makers:
    [(name: String, file: String, vendor: String, claim: SlideClaim, beside: Set<SlidePicture>)] = [
      ("aperio", "aperio.svs", "aperio", .slide, [.label, .overview, .thumbnail]),
      ("philips", "philips.tiff", "philips", .slide, [.label, .overview]),
      ("leica", "leica.scn", "leica", .slide, [.overview]),
      ("trestle", "trestle.tif", "trestle", .slide, [.overview]),
      ("ventana", "ventana.bif", "ventana", .slide, [.overview, .thumbnail]),
      ("ndpi", "hamamatsu.ndpi", "hamamatsu", .slide, [.overview]),
      ("vms", "hamamatsu.vms", "hamamatsu", .several, [.overview]),
      ("vmu", "hamamatsu.vmu", "hamamatsu", .several, [.overview]),
      ("mirax", "mirax.mrxs", "mirax", .several, [.label, .overview, .thumbnail]),
      ("sakura", "sakura.svslide", "sakura", .database, [.label, .overview, .thumbnail]),
    ]

  private func made(_ name: String, _ file: String) throws -> String {
    try Peer.run(script: "make_makers.py", [".", name], in: folder)
    return folder.url(file).path
  }

  @Test(arguments: makers)
  func `A slide of every maker is openslide-python's, byte for byte, and its pages are no pictures`(
    name: String, file: String, vendor: String, claim: SlideClaim, beside: Set<SlidePicture>
  ) throws {
    let path = try made(name, file)
    #expect(try OpenSlideTests.compare(path, seed: 7) >= 20)
    let slide = try OpenSlideImage(.file(path: path))
    #expect(slide.vendor == vendor)
    #expect(Set(slide.pictures) == beside)
    #expect(slide.findings.isEmpty)
    #expect(slide.resolution() == .known(MicronsPerPixel(x: 0.5, y: 0.5)))

    let bytes = try SourceBytes(path: path)
    #expect(SlideClaim(bytes, named: path) == claim)
    #expect(try SlideReader.recognises(path: path, claim: claim))
    guard claim == .slide else { return }
    #expect(throws: ImageError.self) { try PictureReader.contents(of: bytes) }
    #expect(throws: ImageError.self) { try PictureReader.instance(of: bytes) }
    for page in 0..<5 {
      #expect(throws: ImageError.self) { try PictureReader.read(bytes, page: page) }
    }
  }

  /// Descriptions of two pages in strips, which OpenSlide takes for no slide, and the Software of both.
  private static let words: [(first: String, second: String, software: String, isSlide: Bool)] = [
    ("Aperio Image Library v11.2.1", "", "", true),
    ("", "Aperio Image Library v11.2.1 \nlabel 60x50", "", true),
    ("<scn xmlns=\"http://www.leica-microsystems.com/scn/2042/01/01\"/>", "", "", true),
    ("<DataObject ObjectType=\"DPUfsImport\"/>", "", "", true),
    ("", "", "MedScan 9", true),
    ("<PerkinElmer-QPI-ImageDescription/>", "", "", true),
    ("tissue", "Label", "", true), ("tissue", "macro -offset=(0,0)", "", true),
    ("tissue", "Label_Image", "", true),
    ("<OME><Image ID=\"Image:1\" Name=\"label image\"/></OME>", "", "", true),
    ("", "", "", false), ("Macrophages", "Labels", "Philips Paint", false),
    ("<OME><Image Name=\"labels.tif\"/></OME>", "", "", false),
  ]

  @Test func `Words tell a slide where OpenSlide sees none, and other words do not`() throws {
    try Peer.run(
      """
      import numpy, sys, tifffile
      words = sys.argv[2:]
      for number in range(len(words) // 3):
          with tifffile.TiffWriter(f"{sys.argv[1]}/{number}.tif") as file:
              for text in words[3 * number : 3 * number + 2]:
                  file.write(numpy.zeros((50, 60, 3), "u1"), photometric="rgb", metadata=None,
                             software=words[3 * number + 2], description=text or None)
      """, words: [folder.url.path] + Self.words.flatMap { [$0.first, $0.second, $0.software] })
    for (number, word) in Self.words.enumerated() {
      let path = folder.url("\(number).tif").path
      let bytes = try SourceBytes(path: path)
      let claim = SlideClaim(bytes, named: path)
      #expect(claim == (word.isSlide ? .slide : .tiff), "\(word)")
      #expect(try OpenSlideImage.vendor(path: path) == nil)
      guard word.isSlide else {
        #expect(try !SlideReader.recognises(path: path, claim: claim))
        #expect(try PictureReader.contents(of: bytes).pages.count == 2)
        continue
      }
      let failure = #expect(throws: ImageError.self) {
        try SlideReader.recognises(path: path, claim: claim)
      }
      #expect(failure?.code == .unsupportedFormat)
      #expect(throws: ImageError.self, "\(word)") {
        try PictureReader.read(bytes, page: word.second.isEmpty ? 0 : 1)
      }
    }
  }

  @Test func `A level that OpenSlide puts together and reads wrong costs the slide`() throws {
    let path = try made("leica_small", "small.scn")
    let failure = #expect(throws: ImageError.self) { try OpenSlideImage(.file(path: path)) }
    #expect(failure?.code == .unsupportedPixels)
  }

  @Test(arguments: [("vms", "hamamatsu.vms"), ("mirax", "mirax.mrxs")])
  func `A slide of several files without the others is refused`(name: String, file: String) throws {
    _ = try made(name, file)
    let alone = try TemporaryFolder()
    try alone.write(folder.bytes(of: file), to: file)
    let path = alone.url(file).path
    let claim = SlideClaim(try SourceBytes(path: path), named: path)
    #expect(claim == .several)
    let failure = #expect(throws: ImageError.self) {
      if try SlideReader.recognises(path: path, claim: claim) {
        _ = try SlideReader.instance(path: path)
      }
    }
    // OpenSlide knows the one by its words, the other by what lies beside it.
    #expect(failure?.code == (name == "vms" ? .damagedHeader : .missing))
  }
}

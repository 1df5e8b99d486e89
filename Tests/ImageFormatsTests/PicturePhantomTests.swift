import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Pictures of every kind that the corpus lacks, made by a script that knows their samples.
@Suite(.needsPeers) struct PicturePhantomTests {
  @Test func `Every depth, layout, codec and orientation gives the samples that went in`() throws {
    let folder = try TemporaryFolder()
    try Peer.run(script: "make_pictures.py", in: folder)
    let answers = try PictureAnswer.all(in: folder)
    for answer in answers {
      let ours = Result { () throws(ImageError) in
        try PictureReader.read(
          SourceBytes(path: folder.url(answer.path).path), page: answer.page)
      }
      let difference = try answer.difference(from: ours, in: folder)
      #expect(difference == nil, "\(answer.path), page \(answer.page)")
    }
    print("made pictures:", answers.count)
    #expect(answers.count >= 736)
    try pagesAreTold(folder)
  }

  /// Of 200 pages every third is a smaller version of half the rows.
  private func pagesAreTold(_ folder: TemporaryFolder) throws {
    let contents = try PictureReader.contents(
      of: SourceBytes(path: folder.url("pages.tif").path))
    #expect(contents.findings.isEmpty)
    #expect(
      contents.pages
        == (0..<200).map {
          let isReduced = $0 % 3 == 2
          return .init(
            index: $0, columns: 8, rows: isReduced ? 3 : 6, role: isReduced ? .reduced : .picture,
            pixels: .init(channels: 1, sample: .uint8, bits: 8))
        })
    let mask = try PictureReader.contents(of: SourceBytes(path: folder.url("mask.tif").path))
    #expect(mask.pages.map(\.role) == [.mask])
  }
}

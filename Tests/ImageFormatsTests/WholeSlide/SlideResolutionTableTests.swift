import MedicalImaging
import Testing

@testable import ImageFormats

@Suite struct SlideResolutionTableTests {
  private static func size(_ text: String, of file: String = "a.svs") throws -> MicronsPerPixel? {
    try SlideResolutionTable.size(of: file, in: text)
  }

  @Test func `a row gives one size or two, and a file without one none`() throws {
    let table = "file,microns_per_pixel,microns_per_pixel_y\n\"a.svs\",0.25,0.5\n\"b, c.svs\",1,1\n"
    #expect(try Self.size(table) == MicronsPerPixel(x: 0.25, y: 0.5))
    #expect(try Self.size(table, of: "b, c.svs") == MicronsPerPixel(x: 1, y: 1))
    #expect(try Self.size(table, of: "d.svs") == nil)
    #expect(
      try Self.size("microns_per_pixel,file\r\n0.5,a.svs\r\n") == MicronsPerPixel(x: 0.5, y: 0.5))
  }

  @Test(arguments: [
    "", "file,size\na.svs,1\n", "file,microns_per_pixel\na.svs,one\n",
    "file,microns_per_pixel\na.svs,0.25\na.svs,0.5\n", "file,microns_per_pixel\na.svs\n",
  ])
  func `a table without a size for the file refuses it`(_ table: String) {
    let error = #expect(throws: ImageError.self) { try Self.size(table) }
    #expect(error?.code == .slideResolution)
  }
}

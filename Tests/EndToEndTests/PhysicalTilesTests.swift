import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Tiles of one size in the patient, by what headers say of their pixels.
@Suite struct PhysicalTilesTests {
  private static let recipe = """
    {burned_in: 'accept', tiles: {policy: 'physical', size: 56, edge_mm: 28, thumbnail: false}}
    """

  private static func radiograph(_ number: Int) -> DICOMObject {
    var series = PhantomSeries(patient: number, .cr, slices: 1)
    (series.rows, series.columns) = (60, 40)
    return series.object(0)
  }

  private static func converted(_ object: DICOMObject) throws -> (
    tiles: [DataSetFolder.Row.Tiles], rejects: [DataSetFolder.Reject]
  ) {
    let bench = try Bench(recipe: recipe)
    try bench.write(DICOMWriter.file(object), to: "picture.dcm")
    try bench.convert()
    let set = bench.dataSet()
    return (try set.rows().flatMap(\.pictures).map(\.tiles), try set.rejects())
  }

  @Test func `a radiograph has its scale from the detector`() throws {
    var object = Self.radiograph(1)
    object.set(.imagerPixelSpacing, .decimals([0.4, 0.4]))
    let tiles = try #require(Self.converted(object).tiles.first)
    // 16 x 24 mm at 28 / 56 = 0.5 mm: 32 x 48 pixels in the middle of one tile.
    #expect(tiles.policy == "physical")
    #expect((tiles.columns, tiles.rows) == (1, 1))
    #expect(tiles.canvas == [56, 56])
    #expect(tiles.content == [12, 4, 44, 52])
    #expect(tiles.millimetresPerPixel == [0.5, 0.5])
  }

  @Test func `an ultrasound image has its scale from its regions`() throws {
    var object = Self.radiograph(2)
    object.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.6.1")
    object.set(.modality, "US")
    func region(_ delta: Double) -> DICOMObject {
      var region = DICOMObject()
      region.set(DICOMAttribute(0x0018, 0x6012, .us), 1)
      region.set(DICOMAttribute(0x0018, 0x6024, .us), 3)
      region.set(DICOMAttribute(0x0018, 0x6026, .us), 3)
      region.set(DICOMAttribute(0x0018, 0x602C, .fd), .decimals([delta]))
      region.set(DICOMAttribute(0x0018, 0x602E, .fd), .decimals([delta]))
      return region
    }
    object.set(DICOMAttribute(0x0018, 0x6011, .sq), .items([region(0.1)]))
    let tiles = try #require(Self.converted(object).tiles.first)
    // 0.1 cm a pixel: 40 x 60 mm at 0.5 mm, 80 x 120 pixels in 2 x 3 tiles of 56.
    #expect((tiles.columns, tiles.rows) == (2, 3))
    #expect(tiles.canvas == [112, 168])
    #expect(tiles.content == [16, 24, 96, 144])
    // Regions that disagree say nothing of the whole.
    object.set(DICOMAttribute(0x0018, 0x6011, .sq), .items([region(0.1), region(0.2)]))
    #expect(try Self.converted(object).rejects.map(\.code) == ["tiling"])
  }

  @Test func `a picture of unknown size is refused, and the message says why`() throws {
    let (tiles, rejects) = try Self.converted(Self.radiograph(3))
    #expect(tiles.isEmpty)
    #expect(rejects.map(\.code) == ["tiling"])
  }
}

import MedicalImaging
import Testing

@testable import Preprocessing

@Suite struct PictureCroppingTests {
  private static let all = PictureCropping(ultrasound: true, collimator: true, background: true)

  private func header(_ modality: String, columns: Int, rows: Int) -> InstanceHeader {
    var description = InstanceHeader.Description()
    description.modality = modality
    return InstanceHeader(
      identity: .init(), description: description, order: .init(),
      format: PixelFormat(
        rows: rows, columns: columns, samplesPerPixel: 1, photometric: .monochrome2,
        planarConfiguration: 0, bitsAllocated: 8, bitsStored: 8, highBit: 7, isSigned: false),
      frames: 1, shared: .init(), perFrame: [], padding: nil, palette: nil, pixels: .init(),
      findings: [])
  }

  private func plane(_ columns: Int, _ rows: Int) -> StoredPlane {
    StoredPlane(
      columns: columns, rows: rows, samplesPerPixel: 1, sample: .uint8,
      bytes: (0..<columns * rows).map { UInt8(truncatingIfNeeded: $0) })
  }

  private func region(_ spatialFormat: Int, _ dataType: Int) -> UltrasoundRegion {
    UltrasoundRegion(
      columns: 2...5, rows: 1...3, spatialFormat: spatialFormat, dataType: dataType)
  }

  @Test func `regions of echoes are shown, of ultrasound alone`() {
    var header = header("US", columns: 10, rows: 6)
    // Tissue in 2D and M-mode, flow, and both spectra; traces, bars and graphics are none.
    for (format, type) in [(1, 1), (2, 1), (1, 2), (3, 3), (3, 4)] {
      header.areas.ultrasound = [region(format, type)]
      let outcome = Self.all.outcome(of: plane(10, 6), header, frame: 0, isSlice: false)
      #expect(outcome.crop?.columns == 2..<6 && outcome.crop?.rows == 1..<4)
      #expect(outcome.crop?.mask == nil && outcome.findings.isEmpty)
    }
    for (format, type) in [(0, 1), (4, 1), (5, 1), (1, 0), (1, 5), (1, 10), (1, 13), (1, 15)] {
      header.areas.ultrasound = [region(format, type)]
      #expect(Self.all.outcome(of: plane(10, 6), header, frame: 0, isSlice: false) == .init())
    }
    header.areas.ultrasound = [region(1, 1)]
    header.description.modality = "CT"
    #expect(Self.all.outcome(of: plane(10, 6), header, frame: 0, isSlice: false) == .init())
  }

  @Test func `a picture of another size than its header says is not cropped`() {
    var header = header("US", columns: 10, rows: 6)
    header.areas.ultrasound = [region(1, 1)]
    let outcome = Self.all.outcome(of: plane(9, 6), header, frame: 0, isSlice: false)
    #expect(outcome.crop == nil && outcome.areas.isEmpty)
    #expect(outcome.findings.map(\.code) == ["crop_size"])
  }

  @Test func `of slices no background is cropped`() {
    // Bright columns 4 to 7 of 20.
    let header = header("DX", columns: 20, rows: 20)
    let plane = StoredPlane(
      columns: 20, rows: 20, samplesPerPixel: 1, sample: .uint8,
      bytes: (0..<400).map { (4...7).contains($0 % 20) ? 200 : 3 })
    let outcome = Self.all.outcome(of: plane, header, frame: 0, isSlice: false)
    // 4 columns and 2 for the margin are 6, and half of the side 10: 2 more on either side.
    #expect(outcome.crop?.columns == 1..<11 && outcome.crop?.rows == 0..<20)
    #expect(outcome.areas.map(\.source) == [.background])
    #expect(Self.all.outcome(of: plane, header, frame: 0, isSlice: true) == .init())
  }

  @Test func `a crop is the same in whichever order its shapes come`() {
    let shapes: [PlaneShape] = [
      .circle(center: PixelPoint(column: 5, row: 5), radius: 4),
      .rectangle(columns: 3...20, rows: -4...6),
      .polygon([
        PixelPoint(column: 0, row: 0), PixelPoint(column: 9, row: 2), PixelPoint(column: 4, row: 9),
      ]),
    ]
    let places = (0..<100).filter { place in
      shapes.allSatisfy {
        $0.mask(columns: 0..<10, rows: 0..<10).bytes[place] == 1
      }
    }
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]] {
      var crop = PlaneCrop(columns: 10, rows: 10)
      for index in order { crop.narrow(to: shapes[index]) }
      let numbers = StoredPlane(
        columns: 10, rows: 10, samplesPerPixel: 1, sample: .uint8, bytes: Array(0..<100))
      #expect(crop.pixels(of: numbers).bytes == places.map { UInt8($0) })
      #expect(crop.area == places.count)
      #expect(crop.columns.lowerBound == places.map { $0 % 10 }.min())
      #expect(crop.columns.upperBound == places.map { $0 % 10 }.max().map { $0 + 1 })
      #expect(crop.rows.upperBound == places.map { $0 / 10 }.max().map { $0 + 1 })
      // What is not among those places is zero, and nothing else but the first pixel of the plane is.
      let cut = crop.applied(to: numbers.bytes, columns: 10, pixelBytes: 1)
      #expect(cut.filter { $0 != 0 } == places.filter { $0 != 0 }.map { UInt8($0) })
    }
  }
}

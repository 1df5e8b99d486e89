import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// What becomes of pixels on their way into a picture: their shape, their colours, and what is not there.
@Suite struct PixelShapeTests {
  private static let pixelAspectRatio = DICOMAttribute(0x0028, 0x0034, .is)
  private static let iccProfile = DICOMAttribute(0x0028, 0x2000, .ob)

  /// A picture of a camera or a detector, without a place in the patient.
  private func object(_ number: Int, colour: Bool = false) -> DICOMObject {
    var series = PhantomSeries(patient: number, .cr, slices: 1)
    (series.rows, series.columns) = (30, 40)
    var object = series.object(0)
    guard colour else { return object }
    object.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.77.1.4")
    object.set(.modality, "XC")
    object.set(.samplesPerPixel, 3)
    object.set(.photometricInterpretation, "RGB")
    object.set(.planarConfiguration, 0)
    object.set(.bitsAllocated, 8)
    object.set(.bitsStored, 8)
    object.set(.highBit, 7)
    object = object.without(.pixelWords)
    object.set(
      .pixelBytes, .bytes((0..<30 * 40 * 3).map { UInt8(truncatingIfNeeded: $0 * 73 / 11) }))
    return object
  }

  private func write(_ object: DICOMObject, to bench: Bench, _ name: String) throws {
    try bench.write(DICOMWriter.file(object), to: name)
  }

  @Test(.needsPeers) func `Pixels that are not square are made so, as Pillow resizes`() throws {
    var shapes: [(name: String, object: DICOMObject)] = []
    func add(_ name: String, colour: Bool = false, _ change: (inout DICOMObject) -> Void) {
      var object = object(shapes.count + 1, colour: colour)
      change(&object)
      shapes.append((name, object))
    }
    add("square") { _ in }
    add("ratio") { $0.set(Self.pixelAspectRatio, .integers([3, 2])) }
    add("colour", colour: true) { $0.set(Self.pixelAspectRatio, .integers([4, 5])) }
    add("imager") { $0.set(.imagerPixelSpacing, .decimals([0.15, 0.1])) }
    // What is said of the imager goes before the ratio.
    add("both") {
      $0.set(.imagerPixelSpacing, .decimals([0.1, 0.1]))
      $0.set(Self.pixelAspectRatio, .integers([3, 2]))
    }
    add("impossible") { $0.set(Self.pixelAspectRatio, .integers([300, 2])) }
    for (recipe, wanted) in [
      (
        "{}",
        [
          // 30 x 3 / 2 = 45 rows; 40 / (4 / 5) = 50 columns.
          "both 40 30 1.0 1.0", "colour 50 30 0.8 1.0", "imager 40 45 1.0 0.6666666666666666",
          "impossible 40 30 1.0 1.0", "ratio 40 45 1.0 0.6666666666666666", "square 40 30 1.0 1.0",
        ]
      ),
      (
        "{picture: {square_pixels: false}}",
        ["both", "colour", "imager", "impossible", "ratio", "square"].map { $0 + " 40 30 1.0 1.0" }
      ),
    ] {
      let bench = try Bench(recipe: recipe)
      for (name, object) in shapes { try write(object, to: bench, name) }
      let end = try bench.convert()
      #expect(end.code == 0, "\(end.errors)")
      let said = try Peer.run(
        script: "square_pixels.py", [bench.dataSet().url.path, bench.sources.path],
        in: bench.folder)
      #expect(said.split(separator: "\n").map(String.init).sorted() == wanted)
      let findings = try bench.dataSet().findings()
      #expect(findings["pixels_not_square"] == (recipe == "{}" ? 3 : nil))
      #expect(findings["pixel_aspect"] == 1)
    }
  }

  @Test func `A picture that would not fit into a worker once it is square is a reject`() throws {
    let bench = try Bench()
    var series = PhantomSeries(patient: 1, .cr, slices: 1)
    (series.rows, series.columns) = (2000, 2000)
    var object = series.object(0)
    object.set(Self.pixelAspectRatio, .integers([9, 1]))
    try write(object, to: bench, "high")
    // 2000 x 18000 bytes four times over are 144 MB; half of 0.25 GiB are 134 MB.
    #expect(try bench.convert(from: nil, "--jobs", "1", "--memory", "0.25").code == 3)
    let rejects = try bench.dataSet().rejects()
    #expect(rejects.map(\.code) == ["memory"])
    #expect(rejects.allSatisfy { $0.message.contains("square") })
  }

  @Test func `An embedded profile is applied to the picture, and that is counted`() throws {
    let bench = try Bench()
    var object = object(1, colour: true)
    object.set(Self.iccProfile, .bytes(ICCPhantom.adobe.bytes))
    try write(object, to: bench, "adobe")
    var broken = self.object(2, colour: true)
    broken.set(Self.iccProfile, .bytes(Array(ICCPhantom.adobe.bytes.prefix(150))))
    try write(broken, to: bench, "broken")
    try write(self.object(3, colour: true), to: bench, "plain")
    #expect(try bench.convert().code == 0)
    let findings = try bench.dataSet().findings()
    #expect(findings["icc_converted"] == 1)
    #expect(findings["icc_profile"] == 1)
    let pictures = try bench.dataSet().pictureBytes()
    #expect(pictures.count == 3)
    let stored = (0..<30 * 40 * 3).map { UInt8(truncatingIfNeeded: $0 * 73 / 11) }
    let plane = StoredPlane(
      columns: 40, rows: 30, samplesPerPixel: 3, sample: .uint8, bytes: stored)
    let converted = ColorTransform(profile: ICCPhantom.adobe.bytes).applied(to: plane, bits: 8)
      .plane.bytes
    let decoded = try pictures.map { try PictureReader.read(SourceBytes([UInt8]($0))).bytes }
    #expect(decoded.count { $0 == converted } == 1)
    #expect(decoded.count { $0 == stored } == 2)
  }

  @Test func `Frames that are whole are used, or none, as the recipe says`() throws {
    var series = PhantomSeries(patient: 1, .cr, slices: 1)
    (series.rows, series.columns) = (16, 20)
    var object = series.object(0)
    object.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.12.1")
    object.set(.modality, "XA")
    object.set(.numberOfFrames, 4)
    let frame = series.storedValues(0).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    object.set(.pixelWords, .bytes(frame + frame + frame + frame))
    // Within the third frame.
    let cut = try Array(DICOMWriter.file(object).dropLast(frame.count + 100))
    for (recipe, samples) in [("{}", 2), ("{truncated: \"reject\"}", 0)] {
      let bench = try Bench(recipe: recipe)
      try bench.write(cut, to: "cut")
      try PhantomSeries(patient: 2, slices: 3).write(to: bench.sources)
      #expect(try bench.convert().code == 3)
      #expect(try bench.dataSet().rows().count == 3 + samples)
      let rejects = try bench.dataSet().rejects()
      #expect(rejects.map(\.code) == ["truncated"])
      #expect(rejects.map(\.source) == [Bench.token("cut")])
      // Counted of images that are used.
      let findings = try bench.dataSet().findings()
      #expect(findings["frames_missing"] == (samples > 0 ? 1 : nil))
      #expect(findings["pixels_truncated"] == (samples > 0 ? 1 : nil))
    }
  }
}

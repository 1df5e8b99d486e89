import Foundation
import ImageFormats
import MedicalImaging
import Preprocessing

@testable import TrainingData

/// Samples that were made by nobody's conversion.
enum Samples {
  /// A picture of which nothing is known that could be absent.
  static func plain() throws -> Sample {
    let record = PictureRecord(
      width: 640, height: 480, sources: [String(repeating: "a", count: 64)],
      instances: [String(repeating: "b", count: 32)],
      selection: .init(kind: .frame, plane: nil, index: 0), modality: nil, units: .unspecified,
      mapping: try DisplayMapping(.none), sourceFromPixel: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
      pixelToPatient: nil,
      // 640 : 480 is 4 : 3 exactly, and no other layout of 12 tiles at most is.
      tiles: try InternVLTiling().layout(of: TiledPicture(columns: 640, rows: 480)))
    return Sample(
      key: "0123456789abcdef", id: "2d#caption#other#set#p#s/s/0123456789abcdef.0.png",
      images: ["0123456789abcdef.0.png"],
      conversations: [
        Turn(from: .human, value: "<image>\nDescribe this image."),
        Turn(from: .gpt, value: "This is an image."),
      ],
      modality: .other, dicomModality: nil, department: nil, task: nil, granularity: "image",
      language: "en", split: "train", pictures: [record],
      provenance: Sample.Provenance(
        subject: "p", study: "s", series: "s", gaps: [], template: "caption.0.0", seed: 1,
        recipeSHA256: String(repeating: "c", count: 64), toolVersion: "0.1.0"))
  }

  /// A slice of which everything is known, with fractions wherever a number may have one.
  static func full() throws -> Sample {
    var sample = try plain()
    sample.dicomModality = "CT"
    sample.department = "Pulmonary Medicine"
    sample.task = "OR-T"
    sample.pictures[0].selection = .init(kind: .slice, plane: .oblique, index: 7, frame: 41)
    sample.pictures[0].selection.rect = [4, 2, 30, 20]
    sample.pictures[0].patientOrientation = ["A", "FR"]
    sample.pictures[0].selection.areas = [
      PictureArea(.ultrasound, .rectangle(columns: 4...29, rows: 2...19)),
      PictureArea(.shutter, .circle(center: PixelPoint(column: 12.5, row: 8), radius: 9.25)),
      PictureArea(
        .collimator,
        .polygon([(0, 1), (40, 2), (20, 30)].map { PixelPoint(column: $0.0, row: $0.1) })),
    ]
    sample.pictures[0].selection.mended = ["gaps", "tilt"]
    sample.pictures[0].stain = try JSONDecoder().decode(
      StainNormalization.self,
      from: Data(
        #"{"method":"reinhard","source":[[8,0,0.5],[1,2,3]],"target":[[9,0,0],[1,1,1.5]]}"#.utf8))
    sample.pictures[0].selection.projections = [.init(kind: .mean, over: .volumes, count: 3)]
    sample.pictures[0].selection.channels = [6, 7, 8]
    sample.pictures[0].modality = .linear(slope: 0.5, intercept: -1024.25)
    sample.pictures[0].units = .hounsfield
    sample.pictures[0].mapping = try DisplayMapping(
      .window(Window(center: 40.5, width: 400.25)), inverted: true)
    sample.pictures[0].pixelToPatient = [
      [0.7, 0, 0, -170.3], [0, 0.7, 0, 1e-7], [0, 0, 0, 12.5], [0, 0, 0, 1],
    ]
    sample.provenance.gaps = [GeometryFinding(.uneven, after: 3, planes: 0, millimetres: 4.5)]
    return sample
  }

  static func json(_ sample: Sample) -> [UInt8] {
    var json = JSONWriter()
    sample.write(to: &json)
    return json.bytes
  }
}

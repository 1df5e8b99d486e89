import Foundation
import ImageFormats
import MedicalImaging
import TestSupport

/// What a peer made of one page of a picture file; without `values` it made nothing of it.
struct PictureAnswer: Decodable {
  var peer: String
  var path: String
  var page: Int
  /// Of a TIFF: whether the page is cut into tiles, as levels of pyramids are.
  var tiled: Bool?
  var columns, rows, channels: Int?
  var dtype: String?
  /// Only the higher byte of samples of 16 bits is there.
  var high: Bool?
  /// The file of the samples, in C order.
  var values: String?
  /// The error that the page is to end in.
  var refused: ErrorCode?
  /// The codes of what is to be noted.
  var findings: [String]?

  /// The lines of `answers.jsonl`.
  static func all(in folder: TemporaryFolder) throws -> [PictureAnswer] {
    let lines = try String(contentsOf: folder.url("answers.jsonl"), encoding: .utf8)
    return try lines.split(separator: "\n").map {
      try JSONDecoder().decode(PictureAnswer.self, from: Data($0.utf8))
    }
  }

  /// How our page differs from the peer's, in words; nil where it does not.
  func difference(from ours: Result<Picture, ImageError>, in folder: TemporaryFolder) throws
    -> String?
  {
    let picture: Picture
    switch ours {
    case .failure(let error):
      return error.code == refused ? nil : "refused as \(error.code.rawValue): \(error)"
    case .success(let value): picture = value
    }
    guard let name = values else { return "read" }
    let noted = picture.findings.map(\.code)
    if let findings, findings != noted { return "noted \(noted), not \(findings)" }
    let isHigh = high == true
    let shape = [rows, columns, channels]
    guard shape == [picture.rows, picture.columns, picture.channels] else {
      return "\(picture.rows) x \(picture.columns) x \(picture.channels), not \(shape)"
    }
    let type = isHigh ? "uint16" : dtype
    guard type == picture.sample.rawValue else { return "\(picture.sample), not \(type ?? "")" }
    let theirs = try SourceBytes(path: folder.url(name).path)
    return unsafe theirs.withUnsafeBytes { theirs in
      unsafe picture.bytes.withUnsafeBytes { bytes in
        let step = isHigh ? 2 : 1
        guard theirs.count * step == bytes.count else { return "another length" }
        if unsafe step == 1 && memcmp(theirs.baseAddress!, bytes.baseAddress!, bytes.count) == 0 {
          return nil
        }
        var (count, most) = (0, 0)
        for i in theirs.indices {
          let (a, b) = unsafe (Int(theirs[i]), Int(bytes[step * i + step - 1]))
          if a != b { count += 1 }
          most = max(most, abs(a - b))
        }
        return count == 0 ? nil : "\(count) of \(theirs.count) bytes, by at most \(most)"
      }
    }
  }
}

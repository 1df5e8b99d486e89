import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Files that pydicom and encoders of others made of known values, for what no real file at hand has.
@Suite struct DICOMMadePhantomTests {
  private struct Phantom: Decodable {
    var name: String
    var dtype: String
    var findings: [String]
  }

  @Test(.needsPeers)
  func `Stored values are those put in: hidden bits, overlays, fragments, offset tables, colours`()
    throws
  {
    let folder = try TemporaryFolder()
    try Peer.run(script: "make_phantoms.py", in: folder)
    let lines = try String(contentsOf: folder.url("phantoms.jsonl"), encoding: .utf8)
    var compared: [String: Int] = [:]
    for line in lines.split(separator: "\n") {
      let phantom = try JSONDecoder().decode(Phantom.self, from: Data(line.utf8))
      let bytes = try SourceBytes(path: folder.url(phantom.name + ".dcm").path)
      do {
        guard case .image(let header) = try DICOMReader.read(bytes) else {
          Issue.record("\(phantom.name) is no image")
          continue
        }
        let decoder = try FrameDecoder(header: header, bytes: bytes)
        var findings = header.findings.map(\.code)
        var values: [UInt8] = []
        for index in 0..<header.frames {
          let frame = try decoder.decode(frame: index)
          #expect(frame.plane.sample.rawValue == phantom.dtype, "\(phantom.name)")
          values += frame.plane.bytes
          for finding in frame.findings where !findings.contains(finding.code) {
            findings.append(finding.code)
          }
        }
        let isEqual = try values == folder.bytes(of: phantom.name + ".raw")
        #expect(isEqual, "\(phantom.name)")
        #expect(findings == phantom.findings, "\(phantom.name)")
        compared[String(phantom.name.prefix { $0 != "_" }), default: 0] += 1
      } catch {
        Issue.record("\(phantom.name): \(error)")
      }
    }
    print("phantoms compared:", compared.sorted { $0.key < $1.key })
    #expect(compared["bits", default: 0] >= 150)
    #expect(compared["fragments", default: 0] >= 40)
    #expect(compared["colour", default: 0] == 32)
  }
}

import FoundationEssentials
import Glibc
import MedicalImaging
import Preprocessing

// For every path on standard input, of a square plane of bytes: a line with the seconds that components
// and outlines took, with the number of components and of the outlines' points.
while let path = readLine() {
  let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
  let side = Int(Double(bytes.count).squareRoot())
  var (components, points) = (0, 0)
  let time = try ContinuousClock().measure {
    let plane = try LabelPlane(
      StoredPlane(columns: side, rows: side, samplesPerPixel: 1, sample: .uint8, bytes: bytes))
    let found = ConnectedComponents(plane)
    components = found.components.count
    points = found.polygons().reduce(0) { $0 + $1.rings.reduce(0) { $0 + $1.count } }
  }
  let (seconds, attoseconds) = time.components
  print(Double(seconds) + Double(attoseconds) * 1e-18, components, points)
  // A pipe is not written to line by line.
  fflush(nil)
}

import Glibc
import ImageFormats
import MedicalImaging

// For every path on standard input: a line with the seconds that reading that picture took.
while let path = readLine() {
  var pixels = 0
  let time = try ContinuousClock().measure {
    pixels = try PictureReader.read(SourceBytes(path: path)).bytes.count
  }
  precondition(pixels > 0)
  let (seconds, attoseconds) = time.components
  print(Double(seconds) + Double(attoseconds) * 1e-18)
  // A pipe is not written to line by line.
  fflush(nil)
}

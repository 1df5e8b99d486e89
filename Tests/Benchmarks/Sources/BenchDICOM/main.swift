// Milliseconds a slice for parsing and decoding DICOM files: BenchDICOM REPEATS FILE...
//
// Each file is opened, its header read and all its frames decoded, as often as REPEATS says; the sum of
// all samples is printed too, so that nothing can be left out.
import ImageFormats
import MedicalImaging

let words = CommandLine.arguments
guard words.count > 2, let repeats = Int(words[1]) else {
  fatalError("BenchDICOM REPEATS FILE...")
}
let clock = ContinuousClock()
var frames = 0
var bytes = 0
let time = try clock.measure {
  for _ in 0..<repeats {
    for path in words[2...] {
      let source = try SourceBytes(path: path)
      guard case .image(let header) = try DICOMReader.read(source) else { continue }
      let decoder = try FrameDecoder(header: header, bytes: source)
      for frame in 0..<header.frames {
        bytes += try decoder.decode(frame: frame).plane.bytes.count
        frames += 1
      }
    }
  }
}
let (seconds, atto) = time.components
print((Double(seconds) * 1e3 + Double(atto) * 1e-15) / Double(frames), bytes)

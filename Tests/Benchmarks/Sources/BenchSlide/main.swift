// Reads level 0 of a slide in regions of 448 x 448 and prints the seconds that this took, opening
// included: `BenchSlide FILE`. See `Tests/Benchmarks/slide`.
import Foundation
import ImageFormats

let path = CommandLine.arguments[1]
let clock = ContinuousClock()
let start = clock.now
let bytes = try SourceBytes(path: path)
let slide: any WholeSlide =
  if DICOMReader.recognises(head: bytes.head(ImageFormats.headCount)) {
    try DICOMSlide([(DICOMSlideInstance.read(bytes), bytes)])
  } else {
    try OpenSlideImage(.file(path: path))
  }
let side = 448
var sum = 0
for y in stride(from: 0, to: slide.levels[0].rows, by: side) {
  for x in stride(from: 0, to: slide.levels[0].columns, by: side) {
    let region = try slide.region(level: 0, x: x, y: y, columns: side, rows: side)
    sum += Int(region.bytes[region.bytes.count / 2])
  }
}
let seconds = (clock.now - start) / .seconds(1)
print(seconds, sum)

import Glibc
import ImageFormats

// Prints the seconds that one way of reading a file takes in a fresh process:
//   BenchNIfTI volume FILE    the header, and the first volume as a whole
//   BenchNIfTI slices FILE    the header, and the first volume slice by slice
//   BenchNIfTI bytes FILE     its bytes into memory, by read(2)
let words = CommandLine.arguments
guard words.count == 3 else {
  print("usage: BenchNIfTI volume|slices|bytes FILE")
  exit(64)
}
let clock = ContinuousClock()
let start = clock.now
var count = 0
if words[1] == "bytes" {
  let file = unsafe open(words[2], O_RDONLY)
  let size = Int(lseek(file, 0, SEEK_END))
  lseek(file, 0, SEEK_SET)
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
  while count < size {
    let part = unsafe read(file, memory.baseAddress! + count, size - count)
    guard part > 0 else { break }
    count += part
  }
} else {
  let source = try ImageFiles(path: words[2])
  let header = try NIfTIReader.read(source.header, matrix: source.matrix)
  let decoder = VolumeDecoder(header: header, voxels: source.voxels)
  switch words[1] {
  case "volume": count = try decoder.decode(volume: 0).volume.bytes.count
  case "slices":
    for slice in 0..<header.slices {
      count += try decoder.decode(volume: 0, slices: slice..<slice + 1).volume.bytes.count
    }
  default: break
  }
}
let duration = clock.now - start
let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
print(seconds, count)

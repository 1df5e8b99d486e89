import Glibc
import MedicalImaging
import Preprocessing

// BenchTiles FOLDER: for every line on standard input a line with the seconds that it took.
//
//   window                  FOLDER/radiograph.u16 shown through a window
//   tensor POLICY THREADS   the same, by the policy, into a tensor of its own statistics, by each thread once
//   write POLICY            the tensor, written to FOLDER/ours.f32; its shape in place of seconds

/// A radiograph of 2048 x 2048 and 16 bits, shown through its window on the way.
struct Radiograph: Sendable {
  let plane: StoredPlane

  init(_ folder: String) {
    plane = StoredPlane(
      columns: 2048, rows: 2048, samplesPerPixel: 1, sample: .uint16,
      bytes: readAll("\(folder)/radiograph.u16"))
  }

  /// A table a picture: windows of radiographs differ.
  func shown() throws -> Raster<UInt8> {
    let mapping = try DisplayMapping(.range(low: 400, high: 3600))
    let table = DisplayTable(
      sample: .uint16, modality: .identity, padding: nil, mapping: mapping)
    return Raster(
      columns: plane.columns, rows: plane.rows, channels: 1, samples: table.render(plane))
  }

  func values(_ patcher: PicturePatcher) throws -> PixelValues {
    try patcher.pixelValues(of: shown())
  }
}

func readAll(_ path: String) -> [UInt8] {
  let descriptor = unsafe open(path, O_RDONLY)
  precondition(descriptor >= 0, "no \(path)")
  defer { close(descriptor) }
  let size = Int(lseek(descriptor, 0, SEEK_END))
  return unsafe [UInt8](unsafeUninitializedCapacity: size) { memory, used in
    while used < size {
      let count = unsafe pread(descriptor, memory.baseAddress! + used, size - used, off_t(used))
      precondition(count > 0)
      used += count
    }
  }
}

func writeAll(_ bytes: [UInt8], _ path: String) {
  let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  precondition(descriptor >= 0)
  defer { close(descriptor) }
  var done = 0
  while done < bytes.count {
    let count = unsafe bytes.withUnsafeBytes { all in
      unsafe write(descriptor, all.baseAddress! + done, all.count - done)
    }
    precondition(count > 0)
    done += count
  }
}

func seconds(_ work: () async throws -> Void) async throws -> Double {
  let (whole, attoseconds) = try await ContinuousClock().measure(work).components
  return Double(whole) + Double(attoseconds) * 1e-18
}

let folder = CommandLine.arguments[1]
let radiograph = Radiograph(folder)

while let line = readLine() {
  let words = line.split(separator: " ").map(String.init)
  switch words[0] {
  case "window":
    print(try await seconds { _ = try radiograph.shown() })
  case "tensor":
    let patcher = PicturePatcher(try TilingPolicies.policy(named: words[1], TilingParameters()))
    let threads = Int(words[2])!
    let time = try await seconds {
      guard threads > 1 else {
        let count = try radiograph.values(patcher).pixels.count
        return precondition(count > 0)
      }
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<threads {
          group.addTask { try radiograph.values(patcher).pixels.count }
        }
        for try await count in group { precondition(count > 0) }
      }
    }
    print(time)
  default:
    let patcher = PicturePatcher(try TilingPolicies.policy(named: words[1], TilingParameters()))
    let values = try radiograph.values(patcher)
    writeAll(values.pixels.bytes, "\(folder)/ours.f32")
    print(values.pixels.shape.map(String.init).joined(separator: "x"))
  }
  // A pipe is not written to line by line.
  fflush(nil)
}

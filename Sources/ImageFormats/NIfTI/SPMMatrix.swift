import MedicalImaging

/// The .mat file that SPM writes beside an Analyze header: MATLAB's level 4 (MAT-File Format,
/// chapter 2) with a 4 x 4 from voxel to RAS millimetres that counts voxels from 1.
enum SPMMatrix {
  /// 3 x 4 for voxels that are counted from 0; nil where there is none that can be read.
  static func voxelToRAS(_ source: SourceBytes) -> [[Double]]? {
    guard let bytes = try? PlainBytes(source).copy(at: 0, count: 1 << 16) else { return nil }
    let matrices = read(bytes)
    // "mat" says the side; "M" leaves the flip of the first axis, SPM's default, to the reader.
    guard let matrix = matrices["mat"] ?? matrices["M"]?.flipped else { return nil }
    let rows = (0..<3).map { row in
      let r = (0..<4).map { matrix.values[4 * $0 + row] }
      return [r[0], r[1], r[2], r[3] + r[0] + r[1] + r[2]]
    }
    let isFinite = rows.allSatisfy { $0.allSatisfy(\.isFinite) }
    return isFinite ? rows : nil
  }

  private struct Matrix {
    /// Column by column.
    var values: [Double]

    var flipped: Matrix {
      var values = values
      for column in 0..<4 { values[4 * column] = -values[4 * column] }
      return Matrix(values: values)
    }
  }

  /// All 4 x 4 matrices of doubles, by name.
  private static func read(_ bytes: [UInt8]) -> [String: Matrix] {
    var matrices: [String: Matrix] = [:]
    var at = 0
    while bytes.count - at >= 20 {
      // The type's thousands are 0 in little-endian files and 1 in big-endian ones.
      let isBigEndian = bytes[at] == 0 && bytes[at + 1] == 0 && bytes[at + 2] != 0
      let numbers = HeaderNumbers(bytes, isBigEndian: isBigEndian)
      func word(_ i: Int) -> Int { numbers.integer(at: at + 4 * i, size: 4) }
      let (type, rows, columns, name) = (word(0), word(1), word(2), word(4))
      guard type == (isBigEndian ? 1000 : 0), word(3) == 0, (1...64).contains(name),
        (0...64).contains(rows), (0...64).contains(columns)
      else { return matrices }
      let first = at + 20 + name
      let next = first + 8 * rows * columns
      guard next <= bytes.count else { return matrices }
      if rows == 4 && columns == 4 {
        let key = String(decoding: bytes[(at + 20)..<(first - 1)], as: UTF8.self)
        matrices[key] = Matrix(values: (0..<16).map { numbers.real(at: first + 8 * $0, size: 8) })
      }
      at = next
    }
    return matrices
  }
}

/// What is done with whole lines, so that it becomes vector code: no sample is asked where it lies.
extension PlaneResampler {
  /// Mixes the two rows of a plane between which a row of the grid lies: `scale` times their mean by
  /// distance. `line` has one sample more than a row.
  static func blend(
    _ plane: [Double], _ rows: AxisSampling, _ row: Int, _ scale: Double,
    into line: inout [Double], adds: Bool
  ) {
    let count = line.count - 1
    let (lower, share) = (rows.lower[row], rows.share[row])
    unsafe plane.withUnsafeBufferPointer { plane in
      unsafe line.withUnsafeMutableBufferPointer { line in
        let first = unsafe UnsafeBufferPointer(rebasing: plane[lower * count..<(lower + 1) * count])
        guard share > 0 else {
          if adds {
            for i in 0..<count { unsafe line[i] += scale * first[i] }
          } else {
            for i in 0..<count { unsafe line[i] = scale * first[i] }
          }
          return
        }
        let next = unsafe UnsafeBufferPointer(
          rebasing: plane[(lower + 1) * count..<(lower + 2) * count])
        let (a, b) = (scale * (1 - share), scale * share)
        if adds {
          for i in 0..<count { unsafe line[i] += a * first[i] + b * next[i] }
        } else {
          for i in 0..<count { unsafe line[i] = a * first[i] + b * next[i] }
        }
      }
    }
  }

  /// Samples of the grid within `range`, out of a line of the source.
  static func spread(
    _ line: [Double], _ columns: AxisSampling, _ range: Range<Int>, into total: inout [Double],
    adds: Bool
  ) {
    let even = columns.even.clamped(to: range)
    look(line, columns, range.lowerBound..<even.lowerBound, into: &total, adds: adds)
    look(line, columns, even.upperBound..<range.upperBound, into: &total, adds: adds)
    guard let first = even.first else { return }
    let share = columns.share[first]
    let (a, b) = (1 - share, share)
    let lower = columns.lower[first]
    unsafe line.withUnsafeBufferPointer { line in
      unsafe total.withUnsafeMutableBufferPointer { total in
        let line = unsafe UnsafeBufferPointer(rebasing: line[lower...lower + even.count])
        let total = unsafe UnsafeMutableBufferPointer(rebasing: total[even])
        if adds {
          for x in 0..<even.count { unsafe total[x] += a * line[x] + b * line[x + 1] }
        } else {
          for x in 0..<even.count { unsafe total[x] = a * line[x] + b * line[x + 1] }
        }
      }
    }
  }

  /// The same by table.
  private static func look(
    _ line: [Double], _ columns: AxisSampling, _ range: Range<Int>, into total: inout [Double],
    adds: Bool
  ) {
    unsafe line.withUnsafeBufferPointer { line in
      unsafe columns.lower.withUnsafeBufferPointer { lower in
        unsafe columns.share.withUnsafeBufferPointer { share in
          unsafe total.withUnsafeMutableBufferPointer { total in
            for x in range {
              let (i, share) = unsafe (lower[x], share[x])
              let value = unsafe (1 - share) * line[i] + share * line[i + 1]
              unsafe total[x] = adds ? total[x] + value : value
            }
          }
        }
      }
    }
  }

  static func scale(_ total: inout [Double], _ range: Range<Int>, by part: Double) {
    unsafe total.withUnsafeMutableBufferPointer { total in
      for x in range { unsafe total[x] *= part }
    }
  }

  static func round(
    _ total: [Double], _ range: Range<Int>, into out: UnsafeMutableBufferPointer<Float>
  ) {
    unsafe total.withUnsafeBufferPointer { total in
      for x in range { unsafe out[x] = Float(total[x]) }
    }
  }
}

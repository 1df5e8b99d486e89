import MedicalImaging

/// COCO's text for run lengths: groups of five bits from the lowest, a sixth where more follow, 48
/// added; from the fourth count on, each as the difference from the one two before it
/// (maskApi.c, rleToString).
extension MaskRuns {
  /// Throws `.annotation` where the text is none, or does not fit the picture.
  public init(columns: Int, rows: Int, text: String) throws(ImageError) {
    var counts: [Int] = []
    var value = 0
    var shift = 0
    for byte in text.utf8 {
      // No count of a picture needs more than twelve groups.
      guard (48..<48 + 64).contains(byte), shift < 60 else {
        throw .annotation("The runs of a mask are written in a way that does not exist.")
      }
      let group = Int(byte) - 48
      value |= (group & 31) << shift
      shift += 5
      guard group & 32 == 0 else { continue }
      if group & 16 != 0 { value -= 1 << shift }
      if counts.count > 2 {
        let (sum, overflows) = value.addingReportingOverflow(counts[counts.count - 2])
        guard !overflows else { throw .annotation("The runs of a mask do not fit its picture.") }
        value = sum
      }
      counts.append(value)
      (value, shift) = (0, 0)
    }
    guard shift == 0 else { throw .annotation("The runs of a mask end within a number.") }
    try self.init(columns: columns, rows: rows, counts: counts)
  }

  public var text: String {
    var bytes: [UInt8] = []
    for (i, count) in counts.enumerated() {
      var value = i > 2 ? count - counts[i - 2] : count
      while true {
        let group = value & 31
        value >>= 5
        let isLast = group & 16 == 0 ? value == 0 : value == -1
        bytes.append(UInt8(48 + group + (isLast ? 0 : 32)))
        if isLast { break }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

import Glibc

/// Takes the bits that mean something out of samples and extends their sign (PS3.5 8.1.1).
///
/// Each function is one pass over the samples, written so that it becomes vector code.
struct SampleBits {
  /// Bits Stored.
  var width: Int
  /// Bits below the lowest one that means something: High Bit + 1 - Bits Stored.
  var low = 0
  /// Whether words come with their bytes in the other order.
  var isSwapped = false

  /// Samples of 1, 2 or 4 bytes, in native order.
  func values(_ bytes: [UInt8], size: Int, isSigned: Bool) -> [UInt8] {
    switch size {
    case 1: octets(bytes, isSigned: isSigned)
    case 2: words(bytes, isSigned: isSigned)
    default: unsafe bytes.withBytes { unsafe longs($0, isSigned: isSigned) }
    }
  }

  /// 16-bit samples of bytes, in native order.
  func words(_ bytes: [UInt8], isSigned: Bool) -> [UInt8] {
    if low == 0 && width >= 16 && !isSwapped { return bytes }
    return unsafe bytes.withBytes { unsafe words($0, isSigned: isSigned) }
  }

  /// 16-bit samples of memory, which need not be aligned; its count is even.
  func words(_ source: UnsafeRawBufferPointer, isSigned: Bool) -> [UInt8] {
    let count = source.count / 2
    return unsafe [UInt8](unsafeUninitializedCapacity: count * 2) { out, used in
      used = count * 2
      guard count > 0, let from = source.baseAddress else { return }
      let to = UnsafeMutableRawPointer(out.baseAddress!)
      if low == 0 && width >= 16 && !isSwapped {
        unsafe memcpy(to, from, count * 2)
        return
      }
      let up = UInt16(max(16 - width - low, 0))
      let down = UInt16(min(max(16 - width, 0), 15))
      let swapped = isSwapped
      if isSigned {
        for i in 0..<count {
          let raw = unsafe from.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)
          let word = (swapped ? raw.byteSwapped : raw) &<< up
          unsafe to.storeBytes(
            of: Int16(bitPattern: word) &>> Int16(bitPattern: down), toByteOffset: 2 * i,
            as: Int16.self)
        }
      } else {
        for i in 0..<count {
          let raw = unsafe from.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)
          let word = (swapped ? raw.byteSwapped : raw) &<< up
          unsafe to.storeBytes(of: word &>> down, toByteOffset: 2 * i, as: UInt16.self)
        }
      }
    }
  }

  /// Whether 16-bit samples of memory are what `words` would make of them.
  func areClean(words source: UnsafeRawBufferPointer, isSigned: Bool) -> Bool {
    guard low == 0, !isSwapped else { return false }
    guard width < 16, let from = source.baseAddress else { return true }
    let unused = UInt16(16 - width)
    // What differs gathers without a branch, so that it becomes vector code.
    var different: UInt16 = 0
    for i in 0..<source.count / 2 {
      let word = unsafe from.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)
      let shifted = word &<< unused
      let clean =
        isSigned
        ? UInt16(bitPattern: Int16(bitPattern: shifted) &>> Int16(bitPattern: unused))
        : shifted &>> unused
      different |= clean ^ word
    }
    return different == 0
  }

  /// 32-bit samples of memory, which need not be aligned; its count is a multiple of 4.
  func longs(_ source: UnsafeRawBufferPointer, isSigned: Bool) -> [UInt8] {
    let count = source.count / 4
    return unsafe [UInt8](unsafeUninitializedCapacity: count * 4) { out, used in
      used = count * 4
      let to = UnsafeMutableRawBufferPointer(out)
      let up = UInt32(max(32 - width - low, 0))
      let down = UInt32(min(max(32 - width, 0), 31))
      for i in 0..<count {
        let raw = unsafe source.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)
        let long = (isSwapped ? raw.byteSwapped : raw) &<< up
        let value = isSigned ? Int32(bitPattern: long) &>> Int32(bitPattern: down) : 0
        unsafe to.storeBytes(
          of: isSigned ? UInt32(bitPattern: value) : long &>> down, toByteOffset: 4 * i,
          as: UInt32.self)
      }
    }
  }

  /// 8-bit samples of bytes.
  func octets(_ bytes: [UInt8], isSigned: Bool) -> [UInt8] {
    if low == 0 && width >= 8 { return bytes }
    let up = UInt8(max(8 - width - low, 0))
    let down = UInt8(min(max(8 - width, 0), 7))
    return isSigned
      ? bytes.map { UInt8(bitPattern: Int8(bitPattern: $0 &<< up) &>> Int8(bitPattern: down)) }
      : bytes.map { ($0 &<< up) &>> down }
  }

  /// 16-bit samples of bytes that hold 8-bit ones.
  func widened(_ bytes: [UInt8], isSigned: Bool) -> [UInt8] {
    let octets = octets(bytes, isSigned: isSigned)
    return unsafe [UInt8](unsafeUninitializedCapacity: octets.count * 2) { out, used in
      for i in octets.indices {
        unsafe out[2 * i] = octets[i]
        unsafe out[2 * i + 1] = isSigned && octets[i] >= 0x80 ? 0xFF : 0
      }
      used = octets.count * 2
    }
  }
}

import Glibc

/// Memory for much at once.
public enum LargeMemory {
  /// Asks the kernel for pages of 2 MiB under fresh memory that is about to be filled: taking it in
  /// pages of 4 KiB costs as much time as filling it. Where the kernel has none, nothing changes.
  public static func prepare(_ memory: UnsafeMutableRawBufferPointer) {
    let page = 1 << 21
    guard memory.count >= 4 * page, let start = memory.baseAddress else { return }
    let first = unsafe start.alignedUp(toMultipleOf: page)
    let last = unsafe (start + memory.count).alignedDown(toMultipleOf: page)
    _ = unsafe madvise(first, last - first, Int32(MADV_HUGEPAGE))
  }
}

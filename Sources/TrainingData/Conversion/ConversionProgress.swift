/// What a conversion tells whoever watches it; counts and tokens alone.
public enum ConversionProgress: Sendable {
  /// Files that were found in the first walk.
  case found(Int)
  /// A header that was read.
  case scanned(String)
  /// Planning is done: so many planes are to be read in all.
  case planned(planes: Int)
  /// A source that a worker has begun.
  case begun(source: String, bytes: Int)
  case partitionDone
  /// A worker died at a source, which is tried once more alone.
  case workerDied
}

import MedicalImaging
import Synchronization

/// Decoded tiles that neighbouring regions share; the one used longest ago goes first.
final class TileCache: Sendable {
  struct Key: Hashable, Sendable {
    var source: Int
    var frame: Int
  }

  private struct Entry {
    var frame: DecodedFrame
    var lastUse: Int
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var bytes = 0
    var uses = 0
  }

  private let limit: Int
  private let state = Mutex(State())

  /// `limit` is of the tiles' bytes.
  init(limit: Int) { self.limit = limit }

  func frame(_ key: Key) -> DecodedFrame? {
    state.withLock { state in
      guard state.entries[key] != nil else { return nil }
      state.uses += 1
      state.entries[key]?.lastUse = state.uses
      return state.entries[key]?.frame
    }
  }

  func keep(_ frame: DecodedFrame, as key: Key) {
    let size = frame.plane.bytes.count
    guard size <= limit else { return }
    state.withLock { state in
      guard state.entries[key] == nil else { return }
      while state.bytes + size > limit,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.bytes -= oldest.value.frame.plane.bytes.count
        state.entries[oldest.key] = nil
      }
      state.uses += 1
      state.entries[key] = Entry(frame: frame, lastUse: state.uses)
      state.bytes += size
    }
  }
}

import ImageFormats
import MedicalImaging

/// What tells one volume of a file from the others: technical values alone.
struct VolumeFacts {
  /// Milliseconds.
  var echoTime: Double?
  /// s/mm2.
  var bValue: Double?
  /// Milliseconds after the R peak.
  var triggerTime: Double?
  var temporalPosition: Int?
  /// Seconds since the file's first volume, by Acquisition Time.
  var seconds: Double?

  /// Of each volume of a stack by its first plane in time.
  static func of(_ stack: VolumeStack, _ headers: [InstanceHeader]) -> [VolumeFacts] {
    let starts = stack.volumes.map { planes in
      planes.compactMap { headers[$0.instance].order.acquisitionTime }.min()
    }
    // Times that stand still say nothing of when a volume was acquired.
    let areTold = starts.count == 1 || Set(starts).count > 1
    return zip(stack.volumes, starts).map { planes, start in
      let header = headers[planes[0].instance]
      let facts = header.facts(frame: planes[0].frame)
      return VolumeFacts(
        echoTime: finite(facts.echoTime ?? header.order.echoTime),
        bValue: finite(facts.bValue ?? header.order.bValue),
        triggerTime: finite(facts.triggerTime ?? header.order.triggerTime),
        temporalPosition: facts.temporalPosition ?? header.order.temporalPosition,
        seconds: areTold ? start.flatMap { start in starts[0].map { since($0, start) } } : nil)
    }
  }

  private static func finite(_ number: Double?) -> Double? {
    number.flatMap { $0.isFinite ? $0 : nil }
  }

  /// Seconds from one volume to the next where that is one number: of echo-planar series the period
  /// of the header, unless their times contradict it; else by those times, where they are even.
  static func timeStep(
    _ volumes: [VolumeFacts], of stack: VolumeStack, _ order: InstanceHeader.Order
  ) -> Double? {
    let isTime = stack.differences.contains {
      [.temporalPosition, .acquisition, .triggerTime, .time, .repetition].contains($0)
    }
    guard volumes.count > 1, isTime, !stack.differences.contains(.echo) else { return nil }
    let measured = evenStep(volumes.map(\.seconds))
    guard let period = finite(order.volumePeriod).map({ $0 / 1000 }) else { return measured }
    // Times are written with fewer digits, and stand still in some series.
    guard let measured, abs(measured - period) > 0.05 * period else { return period }
    return measured
  }

  /// The step of times that differ by it within 2 %; nil where there is none.
  private static func evenStep(_ times: [Double?]) -> Double? {
    let known = times.compactMap(\.self)
    guard known.count == times.count, let last = known.last, last > 0 else { return nil }
    let step = last / Double(known.count - 1)
    let isEven = known.enumerated().allSatisfy { abs($1 - step * Double($0)) <= 0.02 * step }
    return isEven ? step : nil
  }

  /// Times of day, of which the later one may be past midnight.
  private static func since(_ start: Double, _ time: Double) -> Double {
    // An hour back is another clock's mistake, not another day.
    time - start < -3600 ? time - start + 86_400 : time - start
  }
}

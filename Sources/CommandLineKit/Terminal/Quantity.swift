/// Amounts in words for people: three digits, the unit that suits. Nothing reads them back.
public enum Quantity {
  /// 999 B, 1.50 kB, 23.4 MB, 812 GB: powers of 1,000.
  public static func bytes(_ count: Int) -> String {
    guard count >= 1000 else { return "\(count) B" }
    var value = Double(count)
    var unit = 0
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    // 999.5 kB would round to 1000 kB.
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return "\(digits(value)) \(units[unit])"
  }

  /// 812 images/s, 4.50 images/s, 0.250 images/s.
  public static func rate(_ perSecond: Double, _ unit: String) -> String {
    "\(digits(perSecond)) \(unit)/s"
  }

  /// 0.700 mm, 3.30 mm, 12.0 mm.
  public static func millimetres(_ length: Double) -> String { "\(digits(length)) mm" }

  /// 42 s, 2 min 07 s, 3 h 05 min, 2 d 04 h; seconds are rounded.
  public static func duration(_ seconds: Double) -> String {
    // Beyond a century nobody waits, and the conversion below would trap.
    let total = Int(min(max(seconds, 0), 3.2e9).rounded())
    return switch total {
    case ..<60: "\(total) s"
    case ..<3600: "\(total / 60) min \(two(total % 60)) s"
    case ..<86_400: "\(total / 3600) h \(two(total % 3600 / 60)) min"
    default: "\(total / 86_400) d \(two(total % 86_400 / 3600)) h"
    }
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// Three digits: 0.250, 4.50, 23.4, 812; more where there are more before the point.
  private static func digits(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "0" }
    let places = value < 0.9995 ? 3 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0
    let scale = [1.0, 10, 100, 1000][places]
    let scaled = Int(min(value * scale, 1e18).rounded())
    guard places > 0 else { return "\(scaled)" }
    let fraction = String(scaled % Int(scale))
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(scaled / Int(scale)).\(zeros)\(fraction)"
  }
}

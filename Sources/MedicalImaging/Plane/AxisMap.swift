/// How places along one side of a picture lie along one side of its source: (a x + b) / d.
///
/// The three are whole numbers as long as they stay below 2^53, which they do in flips, shifts and a
/// few resizes: then nothing is lost until the last division. Beyond that they are rounded.
struct AxisMap: Hashable, Sendable {
  private(set) var a = 1.0
  private(set) var b = 0.0
  private(set) var d = 1.0

  /// Up to here whole numbers are exact.
  private static let most = 0x1p53

  /// Source of one unit of the picture.
  var scale: Double { a / d }

  func source(of x: Double) -> Double { (a * x + b) / d }
  func picture(of x: Double) -> Double { (d * x - b) / a }

  /// Where the centre of the first pixel lies in the source, counted from that one's centre: what is
  /// added to a scaled index.
  var centerOffset: Double { (scale - 1) / 2 + b / d }

  /// The picture now begins so many of its units further on; they may be below zero.
  mutating func shift(_ start: Int) {
    b += a * Double(start)
    reduce()
  }

  /// The picture, so many units long, now runs the other way.
  mutating func reverse(_ count: Int) {
    b += a * Double(count)
    a = -a
    reduce()
  }

  /// The picture, `old` units long, now has `new` of them.
  mutating func resize(from old: Int, to new: Int) {
    a *= Double(old)
    b *= Double(new)
    d *= Double(new)
    reduce()
  }

  private mutating func reduce() {
    guard max(abs(a), abs(b), d) < Self.most else {
      (a, b, d) = (a / d, b / d, 1)
      return
    }
    let divisor = Self.commonDivisor(Self.commonDivisor(abs(a), abs(b)), d)
    (a, b, d) = (a / divisor, b / divisor, d / divisor)
  }

  /// 1 of what is not whole.
  private static func commonDivisor(_ x: Double, _ y: Double) -> Double {
    guard x.rounded() == x, y.rounded() == y else { return 1 }
    var (x, y) = (x, y)
    while y != 0 { (x, y) = (y, x.truncatingRemainder(dividingBy: y)) }
    return x
  }
}

/// A date and time of a header, of which nothing but its distance from others is used.
struct DICOMMoment {
  /// Seconds from the first day of the calendar's year 1970, by the clock that was read.
  let seconds: Double
  /// Seconds of that clock before UTC; nil where nothing says it.
  let zone: Double?

  static let day = 86_400.0

  init(seconds: Double, zone: Double?) {
    self.seconds = seconds
    self.zone = zone
  }

  /// Of a DA and a TM, which tells minutes at least; `zone` is that of the data set.
  init?(date: String, time: String, zone: Double?) {
    guard let day = Self.days(date), let time = Self.time(time) else { return nil }
    self.init(seconds: Double(day) * Self.day + time, zone: zone)
  }

  /// Of a DT, which tells minutes at least and may tell a time zone of its own (PS3.5 6.2).
  init?(dateTime text: String, zone: Double?) {
    let date = String(text.prefix(8))
    let time = text.dropFirst(8).prefix { $0 != "+" && $0 != "-" }
    let own = text.dropFirst(8 + time.count)
    guard own.isEmpty || Self.zone(String(own)) != nil else { return nil }
    self.init(date: date, time: String(time), zone: own.isEmpty ? zone : Self.zone(String(own)))
  }

  /// Seconds from `other` to this; nil where a time zone is known of one of them alone.
  func seconds(since other: DICOMMoment) -> Double? {
    switch (zone, other.zone) {
    case (nil, nil): seconds - other.seconds
    case (let mine?, let theirs?): seconds - mine - (other.seconds - theirs)
    default: nil
    }
  }

  /// The same moment's day at a time of day, in seconds.
  func sameDay(at time: Double, zone: Double?) -> DICOMMoment {
    DICOMMoment(seconds: (seconds / Self.day).rounded(.down) * Self.day + time, zone: zone)
  }

  /// Seconds since midnight of a TM that tells minutes at least.
  static func time(_ text: String) -> Double? {
    text.filter { $0 != ":" }.prefix { $0 != "." }.count >= 4 ? DICOMText.time(text) : nil
  }

  /// Seconds before UTC of a text such as +0100 (PS3.3 C.12.1.1.8).
  static func zone(_ text: String) -> Double? {
    guard text.count == 5, let sign = text.first, sign == "+" || sign == "-",
      let number = number(text.dropFirst()), number % 100 < 60, number <= 1400
    else { return nil }
    return Double((sign == "-" ? -1 : 1) * (number / 100 * 3600 + number % 100 * 60))
  }

  /// Days since 1970 of YYYYMMDD, or of YYYY.MM.DD as ACR-NEMA wrote it, in the Gregorian calendar.
  private static func days(_ text: String) -> Int? {
    let digits = text.filter { $0 != "." }
    guard digits.count == 8, let date = number(digits) else { return nil }
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100)
    let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard year > 0, (1...12).contains(month), (1...lengths[month - 1]).contains(day) else {
      return nil
    }
    let before = year - 1
    let leaps = before / 4 - before / 100 + before / 400
    // 719,162 days lie before 1970.
    return before * 365 + leaps + lengths.prefix(month - 1).reduce(0, +) + day - 1 - 719_162
  }

  /// Of digits alone.
  private static func number(_ text: some StringProtocol) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }
}

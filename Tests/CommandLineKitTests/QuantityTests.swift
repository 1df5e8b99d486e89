import CommandLineKit
import Testing

@Suite struct QuantityTests {
  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (1500, "1.50 kB"), (23_449_000, "23.4 MB"),
    // 999,499 B are 999.499 kB, 999,500 B round to the next unit: 0.9995 MB is 1.00 MB.
    (999_499, "999 kB"), (999_500, "1.00 MB"), (256_000_000_000, "256 GB"),
    (Int.max, "9.22 EB"),
  ])
  func `bytes have three digits and a decimal unit`(_ count: Int, _ words: String) {
    #expect(Quantity.bytes(count) == words)
  }

  @Test(arguments: [
    (812.4, "812 images/s"), (99.96, "100 images/s"), (23.44, "23.4 images/s"),
    (4.5, "4.50 images/s"), (9.996, "10.0 images/s"), (0.25, "0.250 images/s"),
    (0.9996, "1.00 images/s"), (12_345.0, "12345 images/s"), (.nan, "0 images/s"),
  ])
  func `rates have three digits`(_ rate: Double, _ words: String) {
    #expect(Quantity.rate(rate, "images") == words)
  }

  @Test(arguments: [
    (0.4, "0 s"), (42.0, "42 s"), (59.5, "1 min 00 s"), (127.0, "2 min 07 s"),
    (3599.4, "59 min 59 s"), (3600.0, "1 h 00 min"), (11_100.0, "3 h 05 min"),
    (187_200.0, "2 d 04 h"), (-5.0, "0 s"), (.infinity, "37037 d 00 h"),
  ])
  func `durations have two units`(_ seconds: Double, _ words: String) {
    #expect(Quantity.duration(seconds) == words)
  }
}

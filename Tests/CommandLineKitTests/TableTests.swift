import CommandLineKit
import Testing

@Suite struct TableTests {
  private func series(_ overflow: Table.Column.Overflow) -> Table {
    var table = Table([.init("Series", overflow), .init(right: "Slices"), .init("Plane")])
    table.append(["CT thorax with contrast", "461", "axial"])
    table.append(["scout", "2", "coronal"])
    return table
  }

  @Test func `words stand left, numbers right, two spaces between`() {
    #expect(
      series(.truncate).text(width: 80) == """
        Series                   Slices  Plane
        CT thorax with contrast     461  axial
        scout                         2  coronal

        """)
  }

  @Test func `a narrow terminal cuts the widest column with an ellipsis`() {
    // 23 + 6 + 7 and two gaps of 2 are 40; ten columns less leave 13 to the first.
    #expect(
      series(.truncate).text(width: 30) == """
        Series         Slices  Plane
        CT thorax wi…     461  axial
        scout               2  coronal

        """)
  }

  @Test func `a wrapping column uses more lines`() {
    #expect(
      series(.wrap).text(width: 30) == """
        Series         Slices  Plane
        CT thorax         461  axial
        with contrast
        scout               2  coronal

        """)
  }

  @Test(arguments: 32...60) func `no line is wider than the terminal`(_ width: Int) {
    for overflow in [Table.Column.Overflow.truncate, .wrap] {
      var table = Table([.init("A", overflow), .init("B", overflow), .init(right: "N")])
      table.append(["a long cell of many words indeed", "anothercellofonelongword", "123456789"])
      for line in table.text(width: width).split(separator: "\n") { #expect(line.count <= width) }
    }
  }

  @Test func `numbers are never cut, even where nothing fits`() {
    var table = Table([.init("Name"), .init(right: "Bytes")])
    table.append(["abcdefghij", "123456789012345678"])
    // The name keeps six columns at least: abcde and the ellipsis.
    #expect(table.text(width: 10).contains("abcde…  123456789012345678\n"))
  }

  @Test func `wide characters count as two columns`() {
    var table = Table([.init("Name"), .init("Next")])
    table.append(["頭部CT", "x"])
    table.append(["ab", "y"])
    #expect(table.text(width: 80) == "Name    Next\n頭部CT  x\nab      y\n")
    // 6 columns: two wide ones, a narrow one and the ellipsis; 5 + 1 would begin a third wide one.
    var narrow = Table([.init("N"), .init(right: "B")])
    narrow.append(["頭部頭部", "1"])
    #expect(narrow.text(width: 9).contains("頭部…   1\n"))
  }

  @Test func `a cell cannot steer the terminal`() {
    var table = Table([.init("Name")])
    table.append(["a\u{1B}[31mb\rc\u{9B}d"])
    #expect(table.text(width: 80) == "Name\na\u{FFFD}[31mb\u{FFFD}c\u{FFFD}d\n")
  }
}

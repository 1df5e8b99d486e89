import MedicalImaging
import Testing
import TrainingData

/// Pascal VOC's XML; its pixels count from 1, and boxes hold their last one.
@Suite struct VOCTests {
  private static func text(_ objects: String) -> [UInt8] {
    Array(
      """
      <?xml version="1.0"?>
      <annotation>
        <folder>x</folder><filename> scan &amp; 1.png </filename>
        <source><database>Unknown</database></source>
        <size><width>20</width><height>10</height><depth>3</depth></size>
        <segmented>0</segmented>
      \(objects)
      </annotation>
      """.utf8)
  }

  private static func object(_ name: String, _ numbers: [String]) -> String {
    let sides = zip(["xmin", "ymin", "xmax", "ymax"], numbers).map { "<\($0)>\($1)</\($0)>" }
    return "<object><name>\(name)</name><bndbox>\(sides.joined())</bndbox></object>"
  }

  @Test func `the first pixel is 1, and the last is within the box`() throws {
    let set = try VOCReader.read(
      Self.text(
        """
        \(Self.object("polyp", ["1", "1", "1", "1"]))
        <!-- the whole picture -->
        <object>
          <name><![CDATA[<ulcer>]]></name><pose>Left</pose><difficult>0</difficult>
          <bndbox><ymax>10</ymax><xmax> 20 </xmax><ymin>1</ymin><xmin>1</xmin></bndbox>
          <part><name>edge</name><bndbox><xmin>2</xmin></bndbox></part>
        </object>
        \(Self.object("polyp", ["3.5", "4", "6.25", "8"]))
        """))
    #expect(set.pictures == [.init(name: "scan & 1.png", columns: 20, rows: 10)])
    #expect(
      set.classes == [.init(number: 1, name: "polyp"), .init(number: 2, name: "<ulcer>")])
    #expect(set.annotations.map(\.name) == ["polyp", "<ulcer>", "polyp"])
    // Less one on the left and above; on the right and below the last pixel's far edge, which is its
    // number.
    #expect(
      set.annotations.map(\.box) == [
        EdgeBox(x0: 0, y0: 0, x1: 1, y1: 1), EdgeBox(x0: 0, y0: 0, x1: 20, y1: 10),
        EdgeBox(x0: 2.5, y0: 3, x1: 6.25, y1: 8),
      ])
    let written = try VOCWriter.write(set, picture: 0)
    #expect(try VOCReader.read(written) == set)
    let words = String(decoding: written, as: UTF8.self)
    #expect(words.contains("<xmin>3.5</xmin>") && words.contains("<xmax>20</xmax>"))
    #expect(throws: ImageError.self) {
      var set = set
      set.annotations[0].name = "a\u{1}"
      _ = try VOCWriter.write(set, picture: 0)
    }
  }

  @Test(
    arguments: [
      ["0", "1", "2", "2"], ["1", "1", "21", "2"], ["1", "1", "2", "11"], ["3", "1", "2", "2"],
      ["1", "1", "2"], ["1", "1", "2", "x"], ["1", "1", "2", "nan"], ["1", "1", "2", "inf"],
      ["1", "1", "2", ""],
    ])
  func `a box that is wrong is named`(numbers: [String]) {
    let good = Self.object("Doe", ["1", "1", "2", "2"])
    Self.expect(Self.text("\(good)\n\(Self.object("Doe", numbers))"), says: "Object 2 (line 8)")
  }

  @Test(
    arguments: [
      ("<object><bndbox/></object>", "Object 1"), ("<object><name> </name></object>", "Object 1"),
      ("<object><name>Doe</name></object>", "Object 1"), ("<object>", "line 8"),
      ("</annotation>", "line 8"), ("<a b=Doe/>", "line 7"), ("&Doe;", "line 7"),
      (String(repeating: "<a>", count: 100_000), "line 7"),
      (String(repeating: "<a/>", count: 300_000), "line 7"),
    ])
  func `XML that is damaged, or without end, says its line`(objects: String, place: String) {
    Self.expect(Self.text(objects), says: place)
  }

  @Test func `other texts are refused`() {
    Self.expect([], says: "line 1")
    Self.expect(Array("Doe".utf8), says: "line 1")
    Self.expect(Array("<annotation><filename>Doe</filename></annotation>".utf8), says: "VOC")
    Self.expect([0x3C, 0x61, 0x3E, 0xFF], says: "UTF-8")
    Self.expect(
      Array(
        String(decoding: Self.text(""), as: UTF8.self)
          .replacing("<width>20<", with: "<width>99999999999999999999<").utf8), says: "VOC")
  }

  @Test(
    arguments: [
      // A few lines that grow a billionfold, and a file of the machine.
      """
      <!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
      """,
      #"<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>"#,
      #"<!DOCTYPE annotation SYSTEM "http://127.0.0.1:9/a.dtd">"#,
    ])
  func `a document type is refused`(type: String) {
    Self.expect(
      Array((type + "<annotation><filename>&b;&e;</filename></annotation>").utf8),
      says: "document type")
  }

  private static func expect(_ xml: [UInt8], says words: String) {
    #expect {
      try VOCReader.read(xml)
    } throws: {
      guard let error = $0 as? ImageError else { return false }
      return error.code == .annotation && error.message.contains(words)
        && !error.description.contains("Doe")
    }
  }
}

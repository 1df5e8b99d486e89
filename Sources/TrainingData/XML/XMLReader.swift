import CXML
import MedicalImaging

/// Reads small XML texts in UTF-8 (XML 1.0) through libxml2.
///
/// A document type is refused before libxml2 sees the text: without one there are no entities but the
/// five of XML itself, and nothing outside the text can be named.
enum XMLReader {
  /// Annotations of one picture are far smaller.
  private static let mostBytes = 16 << 20
  private static let mostElements = 200_000
  private static let deepest = 64

  /// The root element.
  ///
  /// Throws `.annotation` with the line of the first mistake; `.memory` where the text is too long.
  static func read(_ bytes: [UInt8]) throws(ImageError) -> XMLElement {
    guard bytes.count <= mostBytes else {
      throw ImageError(.memory, "The XML is longer than is read.")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .annotation("The XML is not UTF-8.", remedy: "Save it as UTF-8.")
    }
    guard !text.utf8.contains("<!DOCTYPE".utf8) else {
      throw .annotation(
        "The XML has a document type, which may make it grow without bounds.",
        remedy: "Save it without a DOCTYPE.")
    }
    _ = start
    var tree = XMLTree()
    var line = 1
    let isWhole = unsafe bytes.withUnsafeBytes { raw in
      guard
        let reader = unsafe xmlReaderForMemory(
          raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count), nil, "UTF-8",
          cxml_options)
      else { return false }
      defer { unsafe xmlFreeTextReader(reader) }
      while unsafe xmlTextReaderRead(reader) == 1 {
        line = unsafe xmlGetLineNo(xmlTextReaderCurrentNode(reader))
        switch unsafe xmlTextReaderNodeType(reader) {
        case cxml_element:
          guard tree.count < mostElements, tree.depth < deepest else { return false }
          unsafe tree.open(string(xmlTextReaderConstName(reader)), line: line)
          if unsafe xmlTextReaderIsEmptyElement(reader) == 1 { tree.close() }
        case cxml_element_end: tree.close()
        case cxml_text: unsafe tree.add(string(xmlTextReaderConstValue(reader)))
        default: break
        }
      }
      line = max(line, Int(unsafe xmlTextReaderGetParserLineNumber(reader)))
      return unsafe xmlTextReaderReadState(reader) == Int32(XML_TEXTREADER_MODE_EOF.rawValue)
    }
    guard isWhole, let root = tree.root else {
      throw .annotation("The XML is damaged, or too deep or too large, at line \(line).")
    }
    return root
  }

  /// libxml2's tables, made once before several threads may ask for them.
  private static let start: Void = xmlInitParser()

  private static func string(_ text: UnsafePointer<xmlChar>?) -> String {
    guard let text = unsafe text else { return "" }
    return unsafe String(cString: text)
  }
}

/// Elements as they open and close.
private struct XMLTree {
  private(set) var root: XMLElement?
  private(set) var count = 0
  private var open: [XMLElement] = []

  var depth: Int { open.count }

  mutating func open(_ name: String, line: Int) {
    count += 1
    open.append(XMLElement(name: name, line: line))
  }

  mutating func add(_ text: String) {
    if !open.isEmpty { open[open.count - 1].text += text }
  }

  mutating func close() {
    guard let done = open.popLast() else { return }
    if open.isEmpty { root = done } else { open[open.count - 1].children.append(done) }
  }
}

import CXML
import MedicalImaging

/// Reads XML texts in UTF-8 (XML 1.0) through libxml2.
///
/// A document type is refused before libxml2 sees the text: without one there are no entities but the
/// five of XML itself, and nothing outside the text can be named.
enum XMLReader {
  /// What a text may have at most.
  struct Limits {
    var bytes: Int
    var elements: Int

    /// Annotations of one picture are far smaller.
    static let tree = Limits(bytes: 16 << 20, elements: 200_000)
  }

  /// What comes next in a text.
  enum Event {
    /// `attributes` in the order of the text, no name twice.
    case open(name: String, line: Int, attributes: [(name: String, value: String)])
    case text(String)
    case close
  }

  private static let deepest = 64

  /// The root element, attributes left out.
  ///
  /// Throws `.annotation` with the line of the first mistake; `.memory` where the text is too long.
  static func read(_ bytes: [UInt8]) throws(ImageError) -> XMLElement {
    var tree = XMLTree()
    try walk(bytes, .tree, attributes: false) { event throws(ImageError) in
      switch event {
      case .open(let name, let line, _): tree.open(name, line: line)
      case .text(let text): tree.add(text)
      case .close: tree.close()
      }
    }
    guard let root = tree.root else { throw damage(line: 1) }
    return root
  }

  /// Tells what stands in a text from front to back, without keeping it.
  ///
  /// Throws as `read` does, and what `event` throws.
  static func walk(
    _ bytes: [UInt8], _ limits: Limits, attributes: Bool,
    _ event: (Event) throws(ImageError) -> Void
  ) throws(ImageError) {
    guard bytes.count <= min(limits.bytes, Int(Int32.max)) else {
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
    var (depth, count, line) = (0, 0, 1)
    var failure: ImageError?
    let isWhole = unsafe bytes.withUnsafeBytes { raw in
      guard
        let reader = unsafe xmlReaderForMemory(
          raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count), nil, "UTF-8",
          cxml_options)
      else { return false }
      defer { unsafe xmlFreeTextReader(reader) }
      do throws(ImageError) {
        while unsafe xmlTextReaderRead(reader) == 1 {
          line = unsafe xmlGetLineNo(xmlTextReaderCurrentNode(reader))
          switch unsafe xmlTextReaderNodeType(reader) {
          case cxml_element:
            guard count < limits.elements, depth < deepest else { return false }
            count += 1
            let name = unsafe string(xmlTextReaderConstName(reader))
            let isEmpty = unsafe xmlTextReaderIsEmptyElement(reader) == 1
            try event(
              .open(
                name: name, line: line,
                attributes: attributes ? unsafe Self.attributes(reader) : []))
            if isEmpty { try event(.close) } else { depth += 1 }
          case cxml_element_end:
            depth -= 1
            try event(.close)
          case cxml_text: try event(.text(unsafe string(xmlTextReaderConstValue(reader))))
          default: break
          }
        }
      } catch { failure = error }
      line = max(line, Int(unsafe xmlTextReaderGetParserLineNumber(reader)))
      return unsafe xmlTextReaderReadState(reader) == Int32(XML_TEXTREADER_MODE_EOF.rawValue)
    }
    if let failure { throw failure }
    guard isWhole, count > 0 else { throw damage(line: line) }
  }

  private static func damage(line: Int) -> ImageError {
    .annotation("The XML is damaged, or too deep or too large, at line \(line).")
  }

  /// Of the element that the reader stands at.
  private static func attributes(_ reader: xmlTextReaderPtr) -> [(name: String, value: String)] {
    var all: [(name: String, value: String)] = []
    while unsafe xmlTextReaderMoveToNextAttribute(reader) == 1 {
      unsafe all.append(
        (string(xmlTextReaderConstName(reader)), string(xmlTextReaderConstValue(reader))))
    }
    _ = unsafe xmlTextReaderMoveToElement(reader)
    return all
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
  private var open: [XMLElement] = []

  mutating func open(_ name: String, line: Int) {
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

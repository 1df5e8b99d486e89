import MedicalImaging

/// A paragraph of a report.
public struct ReportParagraph: Hashable, Sendable {
  /// What the sections around it are called, the outermost first; the report's title is none of them.
  public var headings: [String]
  /// What the paragraph itself is called; "" where it is not said.
  public var label: String
  /// Free text: it may hold personal data.
  public var text: String
}

extension DICOMReport {
  /// Its texts, codes and measured values in the report's order; persons, dates and the contexts of
  /// observation and acquisition left out.
  ///
  /// Values are followed by the code of their unit; lines end with \n.
  public var paragraphs: [ReportParagraph] {
    var found: [ReportParagraph] = []
    func add(_ item: ReportItem, _ headings: [String]) {
      let label = item.concept?.meaning ?? ""
      var inner = headings
      switch item.value {
      case .container:
        if !label.isEmpty { inner.append(label) }
      case .text(let text):
        found.append(.init(headings: headings, label: label, text: Self.lines(text)))
      case .code(let code):
        found.append(.init(headings: headings, label: label, text: code.meaning))
      case .number(let number):
        let unit = number.unit.map { $0.value == "1" ? "" : " " + $0.value } ?? ""
        let value = number.value.description
        found.append(
          .init(
            headings: headings, label: label,
            text: (value.hasSuffix(".0") ? String(value.dropLast(2)) : value) + unit))
      default: break
      }
      for child in item.children where child.isTold { add(child, inner) }
    }
    for child in root.children where child.isTold { add(child, []) }
    return found
  }

  /// The paragraphs as plain text: title, headings and paragraphs, an empty line between them.
  public var plainText: String {
    var blocks = [title?.meaning ?? ""].filter { !$0.isEmpty }
    var open: [String] = []
    for paragraph in paragraphs {
      let shared = zip(open, paragraph.headings).prefix { $0 == $1 }.count
      blocks += paragraph.headings.dropFirst(shared)
      open = paragraph.headings
      blocks.append(
        paragraph.label.isEmpty ? paragraph.text : "\(paragraph.label): \(paragraph.text)")
    }
    return blocks.joined(separator: "\n\n")
  }

  /// Line ends of Windows and of old Macs as \n.
  private static func lines(_ text: String) -> String {
    text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
  }
}

extension ReportItem {
  /// Whether it is of what the report tells, and not of how that came about.
  fileprivate var isTold: Bool {
    switch relationship {
    case .contains, .hasProperties, .inferredFrom: true
    default: false
    }
  }
}

import Foundation
import Testing

@Suite struct LinkTests {
  @Test(arguments: Page.all) func `every relative link leads somewhere`(page: Page) throws {
    let folder = Page.root.appending(path: page.path).deletingLastPathComponent()
    for match in page.prose.matches(of: /\]\(([^)\s]+)\)/) {
      let target = String(match.1)
      if target.contains("://") { continue }
      let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let file =
        parts[0].isEmpty
        ? Page.root.appending(path: page.path)
        : folder.appending(path: String(parts[0])).standardizedFileURL
      #expect(FileManager.default.fileExists(atPath: file.path), "\(page.path): \(target)")
      if parts.count == 2 {
        let prefix = Page.root.standardizedFileURL.path + "/"
        let linked = Page(String(file.standardizedFileURL.path.dropFirst(prefix.count)))
        #expect(linked.anchors.contains(String(parts[1])), "\(page.path): \(target)")
      }
    }
  }

  @Test func `every page is linked to from the README, directly or through others`() {
    var reached: Set<String> = []
    var open = ["README.md"]
    while let path = open.popLast() {
      guard reached.insert(path).inserted else { continue }
      let folder = Page.root.appending(path: path).deletingLastPathComponent()
      for match in Page(path).prose.matches(of: /\]\(([^)#\s]+\.md)/) {
        let file = folder.appending(path: String(match.1)).standardizedFileURL.path
        open.append(String(file.dropFirst(Page.root.standardizedFileURL.path.count + 1)))
      }
    }
    let lost = Page.all.map(\.path).filter { !reached.contains($0) }
    #expect(lost.isEmpty)
  }

  @Test(arguments: Page.all) func `no line is too long to read, tables and links aside`(page: Page)
  {
    let long = page.lines.filter {
      $0.count > 120 && !$0.hasPrefix("|") && !$0.contains("](") && !$0.hasPrefix("  ")
        && !$0.hasPrefix("{")
    }
    #expect(long.isEmpty)
  }

  @Test(arguments: Page.all) func `no page names a folder of somebody's machine`(page: Page) {
    for folder in ["/home/", "/root/", "/Users/", "/work/", "/tmp/"] {
      #expect(!page.text.contains(folder))
    }
  }
}

import MedicalImaging
import Preprocessing
import Testing

/// The page of tensors against the code.
@Suite struct TensorPageTests {
  private let page = Page("Docs/Reference/tensors.md")

  @Test func `statistics have their rows, and no other is told`() {
    let rows = Page.rows(page.section("## Statistics") ?? "")
    let known = PixelStatistics.allCases.map { statistics in
      ["`\(statistics.rawValue)`"]
        + [statistics.mean, statistics.deviation].map { numbers in
          numbers.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }.joined(separator: ", ")
        }
    }
    #expect(rows.map { Array($0.prefix(3)) } == known)
  }

  @Test func `policies bring pixels to what the page says`() {
    let text = page.section("## Statistics") ?? ""
    #expect(text.contains("`internvl` `imagenet`, all others `clip`"))
    for policy in TilingPolicies.all {
      #expect(policy.statistics == (policy.name == "internvl" ? .imagenet : .clip))
    }
  }

  @Test func `types and orders have their rows`() {
    let told = Page.rows(page.section("## Form") ?? "").map { $0[0] }
    let types = Tensor.Scalar.allCases.filter { $0 != .int64 }.map { "`\($0.rawValue)`" }
    let orders = TensorForm.Order.allCases.map { "`\($0.rawValue)`" }
    #expect(told == types + orders)
  }
}

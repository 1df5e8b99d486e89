import Preprocessing
import Testing

@Suite struct LabelledSlicesTests {
  private let areas: [[Int: Double]] = [
    [:], [1: 0.2], [1: 0.3, 2: 0.01], [1: 0.3], [2: 0.02], [1: 0.1, 3: 0],
  ]

  @Test func `the largest slices of each class are chosen, of equal ones the first`() {
    #expect(LabelledSlices.largest(1).indices(of: areas) == [2, 4])
    #expect(LabelledSlices.largest(2).indices(of: areas) == [2, 3, 4])
    #expect(LabelledSlices.largest(9).indices(of: areas) == [1, 2, 3, 4, 5])
  }

  @Test func `slices are chosen that a class covers enough of`() {
    #expect(LabelledSlices.covered(0.2).indices(of: areas) == [1, 2, 3])
    // Nothing covers nothing.
    #expect(LabelledSlices.covered(0).indices(of: areas) == [1, 2, 3, 4, 5])
    #expect(LabelledSlices.covered(0.5).indices(of: areas) == [])
  }
}

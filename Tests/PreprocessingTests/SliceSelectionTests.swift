import Preprocessing
import Testing

@Suite struct SliceSelectionTests {
  @Test func `all are all`() {
    #expect(SliceSelection.all.indices(of: 3) == [0, 1, 2])
    #expect(SliceSelection.all.indices(of: 0) == [])
  }

  @Test func `every n begins with the first`() {
    #expect(SliceSelection.every(4).indices(of: 10) == [0, 4, 8])
    #expect(SliceSelection.every(1).indices(of: 3) == [0, 1, 2])
    #expect(SliceSelection.every(7).indices(of: 3) == [0])
  }

  @Test func `evenly takes the middle of each part`() {
    // 100 in 16 parts of 6.25: middles 3.125, 9.375, 15.625, 21.875, 28.125 ...
    #expect(
      SliceSelection.evenly(16).indices(of: 100)
        == [3, 9, 15, 21, 28, 34, 40, 46, 53, 59, 65, 71, 78, 84, 90, 96])
    #expect(SliceSelection.evenly(1).indices(of: 5) == [2])
  }

  @Test func `evenly gives n distinct ones in order, or all where there are fewer`() {
    for count in 0...70 {
      for n in 1...70 {
        let indices = SliceSelection.evenly(n).indices(of: count)
        #expect(indices.count == min(n, count))
        #expect(indices.allSatisfy { (0..<count).contains($0) })
        #expect(zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 })
      }
    }
  }

  @Test func `apart takes the first, and the next that lies far enough on`() {
    #expect(SliceSelection.apart(5).indices(of: [0, 2.5, 5, 7.5, 10]) == [0, 2, 4])
    // Of positions with few digits, 4.995 is 5.
    #expect(SliceSelection.apart(5).indices(of: [0, 4.995, 12, 16, 17]) == [0, 1, 2, 4])
    #expect(SliceSelection.apart(1).indices(of: [-3, 0, 3]) == [0, 1, 2])
    #expect(SliceSelection.apart(9).indices(of: []) == [])
    // Without a place there is no distance.
    #expect(SliceSelection.apart(9).indices(of: 3) == [0, 1, 2])
  }
}

import Foundation
import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// Places, boxes, polygons and masks through everything that cuts a picture out of its source.
@Suite struct PictureMapTests {
  @Test func `each step does what its name says`() {
    let source = PictureMap(columns: 10, rows: 6)
    let corner = EdgePoint(x: 1, y: 2)
    #expect(source.appending(.mirror).picture(of: corner) == EdgePoint(x: 9, y: 2))
    #expect(source.appending(.flip).picture(of: corner) == EdgePoint(x: 1, y: 4))
    #expect(source.appending(.transpose).picture(of: corner) == EdgePoint(x: 2, y: 1))
    // A quarter clockwise: what was left is on top, and what was on top is on the right.
    let turned = source.turned(.turned90)
    #expect((turned.columns, turned.rows) == (6, 10))
    #expect(turned.picture(of: corner) == EdgePoint(x: 4, y: 1))
    let cropped = source.appending(.crop(columns: 1..<7, rows: 1..<6))
    #expect((cropped.columns, cropped.rows) == (6, 5))
    #expect(cropped.picture(of: corner) == EdgePoint(x: 0, y: 1))
    let padded = cropped.appending(.pad(left: 3, top: 2, right: 1, bottom: 0))
    #expect((padded.columns, padded.rows) == (10, 7))
    #expect(padded.picture(of: corner) == EdgePoint(x: 3, y: 3))
    #expect(padded.visible == EdgeBox(x0: 3, y0: 2, x1: 9, y1: 7))
    // 6 x 5 over 9 x 15: half as large again, three times as high.
    let resized = cropped.appending(.resize(columns: 9, rows: 15))
    #expect(resized.picture(of: EdgePoint(x: 5, y: 3)) == EdgePoint(x: 6, y: 6))
    // The centre of the first pixel lies 1 / 3 into the first column of the crop, which is column 1;
    // counted from centres that is 1 + 1 / 3 - 1 / 2. Rows: 1 + 1 / 6 - 1 / 2.
    let wanted: [[Double]] = [[2.0 / 3, 0, 5.0 / 6], [0, 1.0 / 3, 2.0 / 3], [0, 0, 1]]
    for (a, b) in zip(resized.sourceFromPixel.joined(), wanted.joined()) {
      #expect(abs(a - b) < 1e-15)
    }
  }

  @Test func `without a resize everything comes back exactly`() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<3000 {
      let plane = RandomPlane.make(using: &generator)
      let map = RandomMap.make(
        columns: plane.columns, rows: plane.rows, resizes: false, using: &generator)
      let back = map.inverse
      #expect(back.inverse == map)
      #expect((back.columns, back.rows) == (plane.columns, plane.rows))
      let picture = map.labels(plane)
      let matrix = map.sourceFromPixel
      for row in 0..<map.rows {
        for column in 0..<map.columns {
          // By the matrix, pixel by pixel.
          let place = matrix.map { $0[0] * Double(column) + $0[1] * Double(row) + $0[2] }
          let center = EdgePoint(PixelPoint(column: Double(column), row: Double(row)))
          let there = EdgePoint(PixelPoint(column: place[0], row: place[1]))
          #expect(map.source(of: center) == there && back.picture(of: center) == there)
          #expect(map.picture(of: there) == center && back.source(of: there) == center)
          let isSeen = map.visible.contains(center)
          let wanted =
            isSeen ? plane.numbers[Int(place[1]) * plane.columns + Int(place[0])] : 0
          #expect(picture.numbers[row * map.columns + column] == wanted)
        }
      }
      var seen = plane
      for i in seen.numbers.indices {
        let place = PixelPoint(
          column: Double(i % plane.columns), row: Double(i / plane.columns))
        if !back.visible.contains(EdgePoint(place)) { seen.numbers[i] = 0 }
      }
      #expect(back.labels(picture) == seen)
    }
  }

  @Test func `with resizes places come back within a billionth of a pixel`() {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<3000 {
      let map = RandomMap.make(
        columns: .random(in: 1...40, using: &generator),
        rows: .random(in: 1...40, using: &generator),
        resizes: true, using: &generator)
      func near(_ a: EdgePoint, _ b: EdgePoint) -> Bool {
        abs(a.x - b.x) < 1e-9 && abs(a.y - b.y) < 1e-9
      }
      for _ in 0..<4 {
        let place = EdgePoint(
          x: .random(in: -5...45, using: &generator), y: .random(in: -5...45, using: &generator))
        #expect(near(map.picture(of: map.source(of: place)), place))
        #expect(near(map.inverse.picture(of: place), map.source(of: place)))
        let pixel = PixelPoint(place)
        let there = map.sourceFromPixel.map { $0[0] * pixel.column + $0[1] * pixel.row + $0[2] }
        #expect(near(EdgePoint(PixelPoint(column: there[0], row: there[1])), map.source(of: place)))
      }
      #expect(map.appending(map.inverse).columns == map.sourceColumns)
    }
  }

  @Test func `many resizes one after the other lose nothing that counts`() {
    // Sizes without common factors, and a crop before each: the fractions outgrow 2^53.
    var map = PictureMap(columns: 509, rows: 503)
    for size in [499, 491, 487, 479, 467, 463, 461, 457, 449, 443, 439, 433] {
      map.append(.crop(columns: 1..<map.columns, rows: 0..<map.rows - 1))
      map.append(.resize(columns: size, rows: size + 2))
    }
    let back = map.inverse
    for place in [EdgePoint(x: 0, y: 0), EdgePoint(x: 433, y: 435), EdgePoint(x: 7.25, y: 200)] {
      let there = map.source(of: place)
      #expect(abs(back.picture(of: place).x - there.x) < 1e-9)
      #expect(abs(map.picture(of: there).x - place.x) < 1e-9)
      #expect(abs(map.picture(of: there).y - place.y) < 1e-9)
    }
  }

  @Test func `a box keeps the share that is left, and is dropped where none is`() throws {
    let map = PictureMap(columns: 20, rows: 20)
      .appending(.crop(columns: 5..<15, rows: 5..<15))
      .appending(.resize(columns: 20, rows: 10))
      .appending(.pad(left: 4, top: 0, right: 0, bottom: 0))
    let inside = try #require(map.box(EdgeBox(x0: 6, y0: 6, x1: 8, y1: 9)))
    #expect(inside.box == EdgeBox(x0: 6, y0: 1, x1: 10, y1: 4))
    #expect(inside.share == 1)
    // Columns 5...8 of 2...8, rows 5...9 of 3...9: 3 / 6 of one, 4 / 6 of the other.
    let cut = try #require(map.box(EdgeBox(x0: 2, y0: 3, x1: 8, y1: 9)))
    #expect(cut.box == EdgeBox(x0: 4, y0: 0, x1: 10, y1: 4))
    #expect(abs(cut.share - 1.0 / 3) < 1e-15)
    #expect(map.box(EdgeBox(x0: 0, y0: 0, x1: 5, y1: 20)) == nil)
    // The way back: what the crop left out stays away, and padding shows nothing.
    let back = try #require(map.inverse.box(EdgeBox(x0: 0, y0: 0, x1: 10, y1: 4)))
    #expect(back.box == EdgeBox(x0: 5, y0: 5, x1: 8, y1: 9))
    #expect(back.share == 0.6)
    #expect(map.inverse.box(EdgeBox(x0: 0, y0: 0, x1: 4, y1: 4)) == nil)
  }

  @Test func `outlines go where their pixels go, and are cut where the picture ends`() {
    var generator = SeededGenerator(seed: 3)
    var (cuts, pieces) = (0, 0)
    for _ in 0..<1500 {
      let plane = RandomPlane.make(using: &generator, most: 22)
      let map = RandomMap.make(
        columns: plane.columns, rows: plane.rows, resizes: false, using: &generator)
      let connectivity = PixelConnectivity.allCases.randomElement(using: &generator) ?? .eight
      let found = ConnectedComponents(plane, connectivity: connectivity)
      for (index, polygon) in found.polygons().enumerated() {
        let mask = map.mask(found.mask(of: index))
        guard let (mapped, share) = map.polygon(polygon) else {
          #expect(mask.area == 0)
          continue
        }
        #expect(mapped.mask(columns: map.columns, rows: map.rows) == mask)
        #expect(mapped.area == Double(mask.area))
        #expect(share == Double(mask.area) / Double(found.components[index].area))
        let outer = mapped.rings.prefix { EdgePolygon.signedArea($0) > 0 }
        #expect(!outer.isEmpty)
        #expect(mapped.rings[outer.count...].allSatisfy { EdgePolygon.signedArea($0) < 0 })
        #expect(mapped.rings.allSatisfy { $0.allSatisfy { Self.holds(map.visible, $0) } })
        cuts += share < 1 ? 1 : 0
        pieces += outer.count > 1 ? 1 : 0
      }
    }
    #expect(cuts > 500 && pieces > 50)
  }

  private static func holds(_ box: EdgeBox, _ p: EdgePoint) -> Bool {
    p.x >= box.x0 && p.x <= box.x1 && p.y >= box.y0 && p.y <= box.y1
  }

  @Test func `a slanted polygon is cut along the sides of a box`() {
    // A diamond around (5, 5), 4 pixels to each side, cut at x = 3: a triangle of 2 x 2 x 2 / 2 is gone.
    let diamond = EdgePolygon(ring: [
      EdgePoint(x: 5, y: 1), EdgePoint(x: 1, y: 5), EdgePoint(x: 5, y: 9), EdgePoint(x: 9, y: 5),
    ])
    #expect(diamond.area == 32)
    let cut = diamond.clipped(to: EdgeBox(x0: 3, y0: 0, x1: 20, y1: 20))
    #expect(cut.area == 28)
    #expect(Set(cut.rings[0]).isSuperset(of: [EdgePoint(x: 3, y: 3), EdgePoint(x: 3, y: 7)]))
    // Random polygons, paths that cross themselves too: the even-odd filling within the box is the same.
    var generator = SeededGenerator(seed: 6)
    for round in 0..<1000 {
      let rings = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        (0..<Int.random(in: 3...9, using: &generator)).map { _ in
          let steps = round.isMultiple(of: 2) ? 1.0 : 4.0
          return EdgePoint(
            x: (Double.random(in: -4...20, using: &generator) * steps).rounded() / steps,
            y: (Double.random(in: -4...20, using: &generator) * steps).rounded() / steps)
        }
      }
      let polygon = EdgePolygon(rings: rings)
      let (x, y) = (
        Int.random(in: 0..<12, using: &generator), Int.random(in: 0..<12, using: &generator)
      )
      let box = EdgeBox(columns: x..<x + 5, rows: y..<y + 4)
      var wanted = polygon.mask(columns: 17, rows: 16)
      for i in wanted.bytes.indices where !(x..<x + 5 ~= i % 17 && y..<y + 4 ~= i / 17) {
        wanted.bytes[i] = 0
      }
      // Places where the path meets a centre may fall either way by the last digit of a crossing.
      let made = polygon.clipped(to: box).mask(columns: 17, rows: 16)
      #expect(Self.differsOnlyOnPaths(made, wanted, polygon))
    }
  }

  private static func differsOnlyOnPaths(
    _ a: PlaneMask, _ b: PlaneMask, _ polygon: EdgePolygon
  ) -> Bool {
    a.bytes.indices.allSatisfy { i in
      if a.bytes[i] == b.bytes[i] { return true }
      let (x, y) = (Double(i % a.columns) + 0.5, Double(i / a.columns) + 0.5)
      return polygon.rings.contains { ring in
        ring.indices.contains { j in
          let (p, q) = (ring[j], ring[(j + 1) % ring.count])
          let turn = (q.x - p.x) * (y - p.y) - (x - p.x) * (q.y - p.y)
          return abs(turn) < 1e-4
        }
      }
    }
  }

  private struct Job: Encodable {
    var columns, rows: Int
    var steps: [[Int]]
    var mask: [UInt8]
    /// Of the picture, what this package makes of it.
    var pictureColumns, pictureRows: Int
    var picture: [UInt8]
  }

  @Test(.needsPeers) func `masks through any steps, and through all sizes, are Pillow's`() throws {
    var generator = SeededGenerator(seed: 12)
    var jobs: [Job] = []
    for round in 0..<3000 {
      var map: PictureMap
      if round < 1000 {
        map = RandomMap.make(
          columns: .random(in: 1...20, using: &generator),
          rows: .random(in: 1...20, using: &generator), resizes: true, using: &generator)
      } else {
        // One resize from any size to any other: where centres meet edges, rounding decides.
        map = PictureMap(columns: .random(in: 1...900, using: &generator), rows: 1)
        map.append(.resize(columns: .random(in: 1...900, using: &generator), rows: 2))
      }
      var mask = PlaneMask(columns: map.sourceColumns, rows: map.sourceRows, filled: false)
      for i in mask.bytes.indices {
        mask.bytes[i] = UInt8.random(in: 0...255, using: &generator)
      }
      jobs.append(
        Job(
          columns: mask.columns, rows: mask.rows, steps: map.steps.map(Self.words),
          mask: mask.bytes, pictureColumns: map.columns, pictureRows: map.rows,
          picture: map.mask(mask).bytes))
    }
    let folder = try TemporaryFolder()
    try folder.write(Array(JSONEncoder().encode(jobs)), to: "jobs.json")
    let compared = try Peer.run(script: "picture_steps.py", in: folder)
    #expect(compared.trimmingCharacters(in: .whitespacesAndNewlines) == "3000")
  }

  private static func words(_ step: PictureMap.Step) -> [Int] {
    switch step {
    case .mirror: [0]
    case .flip: [1]
    case .transpose: [2]
    case .crop(let columns, let rows):
      [3, columns.lowerBound, rows.lowerBound, columns.upperBound, rows.upperBound]
    case .pad(let left, let top, let right, let bottom): [4, left, top, right, bottom]
    case .resize(let columns, let rows): [5, columns, rows]
    }
  }
}

import MedicalImaging
import Preprocessing

/// Labels of pictures: the regions of their planes, through what was done to the pixels.
struct PictureLabeller {
  /// The labels of a picture, and which of the unit's annotations drew them.
  struct Found {
    var labels: [PictureLabel] = []
    /// In their order, each once.
    var annotations: [Int] = []
  }

  let recipe: Recipe.Labels
  let labels: UnitLabels

  init(_ recipe: Recipe.Labels, _ labels: UnitLabels) {
    self.recipe = recipe
    self.labels = labels
  }

  /// Of a plane as it was acquired, which was cropped, turned and resized in this order.
  func labels(
    ofPlane index: Int, volume: Int, crop: PlaneCrop?, orientation: PlaneOrientation,
    shape: SquarePixels
  ) -> Found {
    found(
      labels.masks(volume: volume, index: index).map { region, runs in
        var map = PictureMap(columns: runs.columns, rows: runs.rows)
        if let crop { map.append(.crop(columns: crop.columns, rows: crop.rows)) }
        return (region, map.turned(orientation).mask(runs.mask))
      }, shape)
  }

  /// Of a section, which is cut as it is shown.
  func labels(
    ofSection index: Int, of sections: VolumeSections, _ volume: LabelVolume?, shape: SquarePixels
  ) -> Found {
    found(volume?.masks(on: index, of: sections) ?? [], shape)
  }

  /// Of a level of a slide, or of a tile in it.
  func labels(ofSlide slide: PlannedSlide, tile: SlideTile?, shape: SquarePixels) -> Found {
    var found = Found()
    let columns = tile?.columns ?? 0..<slide.columns
    let rows = tile?.rows ?? 0..<slide.rows
    for drawn in labels.shapes {
      let (x, y) = (
        Double(drawn.columns) / Double(slide.columns), Double(drawn.rows) / Double(slide.rows)
      )
      // What cannot be in the tile is not mapped: there may be a million of them.
      guard drawn.box.x1 > Double(columns.lowerBound) * x,
        drawn.box.x0 < Double(columns.upperBound) * x,
        drawn.box.y1 > Double(rows.lowerBound) * y, drawn.box.y0 < Double(rows.upperBound) * y
      else { continue }
      var map = PictureMap(columns: drawn.columns, rows: drawn.rows)
      map.append(.resize(columns: slide.columns, rows: slide.rows))
      map.append(.crop(columns: columns, rows: rows))
      let region = labels.regions[drawn.region]
      guard let seen = map.polygon(drawn.polygon)?.polygon,
        seen.area >= Double(recipe.leastPixels)
      else { continue }
      let outline =
        recipe.tolerance > 0 ? seen.simplified(tolerance: recipe.tolerance) : seen
      guard let polygon = shape.map.polygon(outline)?.polygon, let box = polygon.box else {
        continue
      }
      found.labels.append(
        PictureLabel(
          structure: region.structure, box: box, polygon: polygon,
          areaFraction: polygon.area / Double(shape.columns * shape.rows)))
      if !found.annotations.contains(region.annotation) {
        found.annotations.append(region.annotation)
      }
    }
    found.annotations.sort()
    return found
  }

  private func found(_ masks: [(region: Int, mask: PlaneMask)], _ shape: SquarePixels) -> Found {
    var found = Found()
    for (region, mask) in masks {
      let region = labels.regions[region]
      let parts = PictureLabel.parts(
        of: region.structure, in: mask, shape: shape, leastPixels: recipe.leastPixels,
        tolerance: recipe.tolerance)
      guard !parts.isEmpty else { continue }
      found.labels += parts
      if found.annotations.last != region.annotation {
        found.annotations.append(region.annotation)
      }
    }
    return found
  }
}

extension Unit {
  /// Leaves those of the acquired planes that a rule chooses by their labels.
  mutating func keepPlanes(by rule: LabelledSlices, _ labels: UnitLabels) {
    for (number, volume) in volumes.enumerated() where volume.kind == .volume {
      let kept = Set(rule.indices(of: labels.areas(volume: number, planes: volume.planeCount)))
      for at in planes.indices where planes[at].volume == number {
        planes[at].isSelected = planes[at].isSelected && kept.contains(planes[at].index)
      }
      volumes[number].standIns.removeAll { !kept.contains($0) }
    }
    // What is read for nothing is not read.
    planes.removeAll { plane in
      !plane.isSelected && volumes[plane.volume].kind == .volume
        && volumes[plane.volume].grid == nil
        && !displays[instances[plane.instance].display].needsStatistics
    }
  }

  /// Leaves those sections of a volume that a rule chooses by its labels.
  mutating func keepSections(
    of block: VolumeBlocks.Block, by rule: LabelledSlices, _ drawn: LabelVolume?,
    _ labels: UnitLabels
  ) {
    let (volume, voxels) = (block.volume, block.block.volume)
    var kept: [AnatomicalPlane: Set<Int>] = [:]
    for plane in Set(sections.filter { $0.volume == volume }.map(\.plane)) {
      guard let drawn, let grid = volumes[volume].grid,
        let cut = VolumeSections(
          plane, of: grid, columns: voxels.columns, rows: voxels.rows, slices: voxels.slices)
      else { continue }
      kept[plane] = Set(rule.indices(of: drawn.areas(of: cut, labels)))
    }
    sections.removeAll { $0.volume == volume && kept[$0.plane]?.contains($0.index) != true }
  }
}

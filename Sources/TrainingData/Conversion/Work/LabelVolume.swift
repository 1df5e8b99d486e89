import MedicalImaging
import Preprocessing

/// The regions of one volume as volumes of numbers, to be cut across its planes as the volume is.
///
/// Regions that overlap lie in different layers, so that each voxel of a layer has one number.
struct LabelVolume {
  private struct Layer {
    var volume: StoredVolume
    /// Region by number - 1.
    var regions: [Int] = []
  }

  private var layers: [Layer] = []

  /// Of a volume of so many voxels. Throws `.memory` where the layers would take more than
  /// `memoryLimit` bytes.
  init(
    _ labels: UnitLabels, volume: Int, columns: Int, rows: Int, slices: Int, memoryLimit: Int
  ) throws(ImageError) {
    var planesByRegion: [Int: [(index: Int, runs: MaskRuns)]] = [:]
    for index in 0..<slices {
      for (region, runs) in labels.masks(volume: volume, index: index) {
        planesByRegion[region, default: []].append((index, runs))
      }
    }
    let size = columns * rows
    for (region, planes) in planesByRegion.sorted(by: { $0.key < $1.key }) {
      let fitting = layers.firstIndex { layer in
        layer.regions.count < Int(UInt8.max)
          && !planes.contains { Self.overlaps($0.runs, layer.volume.bytes, at: $0.index * size) }
      }
      if fitting == nil {
        guard (layers.count + 1) * size * slices <= memoryLimit else {
          throw ImageError(
            .memory, "Its structures need more memory than a worker has.",
            remedy: "Raise --memory, or leave its source out of labels.sources.")
        }
        layers.append(
          Layer(
            volume: StoredVolume(
              columns: columns, rows: rows, slices: slices, samplesPerVoxel: 1, sample: .uint8,
              bytes: [UInt8](repeating: 0, count: size * slices))))
      }
      let at = fitting ?? layers.count - 1
      layers[at].regions.append(region)
      let number = UInt8(layers[at].regions.count)
      for (index, runs) in planes {
        let mask = runs.mask.bytes
        for pixel in mask.indices where mask[pixel] != 0 {
          layers[at].volume.bytes[index * size + pixel] = number
        }
      }
    }
  }

  private static func overlaps(_ runs: MaskRuns, _ bytes: [UInt8], at start: Int) -> Bool {
    let mask = runs.mask.bytes
    return mask.indices.contains { mask[$0] != 0 && bytes[start + $0] != 0 }
  }

  /// The regions on one section, in their order, in pixels of the section as it is shown.
  func masks(on index: Int, of sections: VolumeSections) -> [(region: Int, mask: PlaneMask)] {
    layers.flatMap { layer -> [(region: Int, mask: PlaneMask)] in
      let cut = sections.cut(index..<index + 1, of: layer.volume)
      let present = Set(cut.bytes).subtracting([0]).sorted()
      return present.map { number in
        (
          layer.regions[Int(number) - 1],
          PlaneMask(
            columns: cut.columns, rows: cut.rows, bytes: cut.bytes.map { $0 == number ? 1 : 0 })
        )
      }
    }.sorted { $0.region < $1.region }
  }

  /// The share of each section that each class covers; of several regions of a class the largest.
  func areas(of sections: VolumeSections, _ labels: UnitLabels) -> [[Int: Double]] {
    var areas = [[Int: Double]](repeating: [:], count: sections.count)
    let pixels = Double(sections.columns * sections.rows)
    for layer in layers {
      for index in 0..<sections.count {
        var counts = [Int](repeating: 0, count: 256)
        for number in sections.cut(index..<index + 1, of: layer.volume).bytes {
          counts[Int(number)] += 1
        }
        for (at, region) in layer.regions.enumerated() where counts[at + 1] > 0 {
          let kind = labels.classes[region]
          areas[index][kind] = max(areas[index][kind] ?? 0, Double(counts[at + 1]) / pixels)
        }
      }
    }
    return areas
  }
}

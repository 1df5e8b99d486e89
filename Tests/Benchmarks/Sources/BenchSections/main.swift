import Glibc
import ImageFormats
import MedicalImaging
import Preprocessing

// Prints the seconds that it takes to make 8-bit pictures, in memory, of all slices of a volume that is in
// memory already, in one of its planes and CT's soft tissue window:
//   BenchSections axial|coronal|sagittal FILE
let words = CommandLine.arguments
guard words.count == 3, let plane = AnatomicalPlane(rawValue: words[1]) else {
  print("usage: BenchSections axial|coronal|sagittal FILE")
  exit(64)
}
let source = try ImageFiles(path: words[2])
let header = try NIfTIReader.read(source.header, matrix: source.matrix)
let volume = try VolumeDecoder(header: header, voxels: source.voxels).decode(volume: 0).volume
guard let geometry = header.geometry,
  let sections = VolumeSections(
    plane, of: geometry, columns: volume.columns, rows: volume.rows, slices: volume.slices)
else {
  print("the volume has no place")
  exit(1)
}
let clock = ContinuousClock()
let start = clock.now
let mapping = try DisplayMapping(.window(CTPreset.softTissue.window))
let table = DisplayTable(
  sample: volume.sample, modality: header.modality, padding: nil, mapping: mapping)
let pictures = sections.cut(0..<sections.count, of: table.render(volume))
let duration = clock.now - start
let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
print(seconds, pictures.slices, total(pictures.bytes))

/// So that every byte is needed.
nonisolated func total(_ bytes: [UInt8]) -> Int {
  var total = 0
  for byte in bytes { total &+= Int(byte) }
  return total
}

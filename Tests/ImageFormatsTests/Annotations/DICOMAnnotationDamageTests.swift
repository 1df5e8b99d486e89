import Glibc
import MedicalImaging
import TestSupport
import Testing

@testable import ImageFormats

/// Damaged annotations: whatever is wrong with them ends in a value or an `ImageError`, in little memory.
@Suite struct DICOMAnnotationDamageTests {
  /// Reads a source and asks all that it can tell; true where it was read.
  @discardableResult private func survives(_ bytes: [UInt8]) -> Bool {
    do throws(ImageError) {
      let found = try DICOMAnnotation.read(SourceBytes(bytes), memoryLimit: 1 << 26)
      _ = (found.references, found.framesOfReference, found.findings, found.identity)
      let plane = PlaneGrid(
        columns: 40, rows: 30,
        geometry: PlaneGeometry(
          position: Vector3(0, 0, 0), alongRow: Vector3(1, 0, 0), alongColumn: Vector3(0, 1, 0)),
        spacing: PixelSpacing(betweenRows: 1, betweenColumns: 1))
      switch found {
      case .structureSet(let set):
        for structure in set.structures { _ = structure.masks(on: [plane]) }
      case .report(let report): _ = (report.measurementGroups, report.plainText)
      case .presentationState(let state):
        for reference in state.references {
          _ = try state.look(of: reference.sopInstanceUID)?.shutter?.mask(columns: 40, rows: 30)
        }
      case .bulkAnnotations(let bulk):
        for group in bulk.groups {
          for index in 0..<group.count { _ = group.points(of: index).map(group.place) }
        }
      case .segmentation, .keyObjects: break
      }
      return true
    } catch {
      return false
    }
  }

  /// Peak resident memory of this process, in bytes.
  private func peak() -> Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  private static func nested(_ depth: Int) -> DICOMObject {
    var object = DICOMReportTests.text(nil, "deep")
    for _ in 0..<depth {
      object = DICOMReportTests.item("CONTAINS", "CONTAINER", nil, children: [object])
    }
    return object
  }

  @Test func `a report is read a hundred levels deep, and no deeper`() throws {
    #expect(try DICOMReportTests.document([Self.nested(90)]).failure() == nil)
    for depth in [110, 1000] {
      #expect(
        try DICOMReportTests.document([Self.nested(depth)]).failure() == .damagedHeader, "\(depth)")
    }
  }

  @Test(.needsCorpus) func `random damage to real annotations ends in a value or an error`() throws
  {
    var generator = SeededGenerator(seed: 2)
    let rows = DICOMCorpus.dicom.filter {
      ["SR", "PR", "RTSTRUCT"].contains($0.modality) && !$0.path.hasSuffix("rtss.dcm")
    }
    #expect(rows.count == 10)
    let before = peak()
    var read = 0
    for row in rows {
      let file = try DICOMCorpus.open(row)
      let bytes = file.copy(0..<file.count)
      for round in 0..<60 {
        var damaged = bytes
        func place() -> Int { .random(in: 0..<damaged.count, using: &generator) }
        switch round % 4 {
        case 0: damaged = Array(damaged.prefix(place()))
        case 1: for _ in 0..<6 { damaged[place()] = .random(in: 0...255, using: &generator) }
        case 2:
          for _ in 0..<8 { damaged[place()] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
        default:
          let at = place()
          for i in at..<min(at + 4, damaged.count) { damaged[i] = 0xFF }
        }
        if !damaged.isEmpty, survives(damaged) { read += 1 }
      }
    }
    // Most damage hits texts, which may be anything.
    #expect(read > 100)
    #expect(peak() - before < 512 << 20)
  }

  @Test(.needsCorpus) func `a structure set that ends early is refused wherever it ends`() throws {
    let row = try #require(DICOMCorpus.dicom.first { $0.path.hasSuffix("rtss.dcm") })
    let file = try DICOMCorpus.open(row)
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<6 {
      let end = Int.random(in: 400..<file.count - 60_000, using: &generator)
      #expect {
        _ = try DICOMAnnotation.read(SourceBytes(file.copy(0..<end)))
      } throws: {
        [.truncated, .damagedHeader].contains(($0 as? ImageError)?.code)
      }
    }
  }

  @Test func `ten thousand contours over each other cancel out, and are told`() {
    var structure = DICOMStructureSet.Structure(
      number: 1, name: "", frameOfReferenceUID: "", interpretedType: "", algorithm: "",
      contours: [])
    let large = DICOMStructureSet.Contour(
      kind: .closedXOR,
      points: [Vector3(-1e6, -1e6, 0), Vector3(1e6, -1e6, 0), Vector3(0, 1e6, 0)], references: [])
    structure.contours = .init(repeating: large, count: 10_000)
    let plane = PlaneGrid(
      columns: 16, rows: 16,
      geometry: PlaneGeometry(
        position: Vector3(0, 0, 0), alongRow: Vector3(1, 0, 0), alongColumn: Vector3(0, 1, 0)),
      spacing: PixelSpacing(betweenRows: 1e-4, betweenColumns: 1e-4))
    let found = structure.masks(on: [plane])
    // An even number lies over every pixel.
    #expect(found.masks[0]?.area == 0)
    #expect(found.findings.map(\.code) == ["contours_overlap"])
  }
}

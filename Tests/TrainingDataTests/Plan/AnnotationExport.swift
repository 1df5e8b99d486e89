import Foundation
import ImageFormats
import MedicalImaging
import TestSupport

@testable import TrainingData

/// A few slices and annotations of them, planned run by run, and what the plan knows then.
struct AnnotationExport {
  let export: SmallExport
  let set: TemporaryFolder

  init() throws {
    export = try SmallExport()
    set = try TemporaryFolder()
  }

  private var workspace: Workspace { Workspace(output: set.url("set").path) }

  /// Plans what is in the folder now, as one more run of the same data set.
  func plan(jobs: Int = 2) throws -> Knowledge {
    var options = Conversion.Options(output: workspace.output)
    options.salt = Array("a salt".utf8)
    options.workers.jobs = jobs
    let worker = WorkerCommand(executable: Program.path("gmai-prep"), arguments: ["worker"])
    _ = try Conversion(options, worker: worker).plan([export.path])
    return Knowledge(state: try PlanState(path: workspace.state), root: export.path)
  }

  /// The state after a run, asked by the names of files.
  struct Knowledge {
    let state: PlanState
    let root: String

    private func token(_ name: String) throws -> String {
      let path = URL(filePath: root).resolvingSymlinksInPath().appending(path: name).path
      guard let token = try state.token(of: SourceLocation(path: path)) else {
        throw TestSupportError("\(name) is no source.")
      }
      return token
    }

    private func name(_ token: String) throws -> String {
      let location = try state.location(of: token)
      let name = try location.flatMap { try state.name(of: $0) }
      return name ?? location?.path.split(separator: "/").last.map(String.init) ?? ""
    }

    /// Names of the annotations of an image, in order.
    func annotations(of image: String) throws -> [String] {
      try state.annotations(ofImage: token(image)).map { try name($0.token) }.sorted()
    }

    /// The frames that an annotation says something of in an image, reference by reference.
    func frames(of annotation: String, in image: String) throws -> [[Int]] {
      let found = try state.annotations(ofImage: token(image))
      return try found.first { try name($0.token) == annotation }?.references.map(\.frames) ?? []
    }

    func join(_ annotation: String) throws -> PlanState.Join {
      try state.join(of: token(annotation))
    }

    /// Rows of the tables beside the sources.
    func rows() throws -> [Int] {
      try ["annotation_reference", "annotation_frame"].map {
        try state.database.rows("SELECT count(*) FROM \($0)")[0][0].integer
      }
    }
  }

  // MARK: Annotations

  private static func reference(_ uid: String, frames: [Int]) -> DICOMObject {
    var item = DICOMObject()
    item.set(.referencedClass, "1.2.840.10008.5.1.4.1.1.2")
    item.set(.referencedInstance, uid)
    if !frames.isEmpty { item.set(.referencedFrames, .integers(frames)) }
    return item
  }

  private static func object(_ sopClass: String, _ uid: String, patient: String) -> DICOMObject {
    var object = DICOMObject()
    object.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1." + sopClass)
    object.set(.sopInstanceUID, uid)
    object.set(.patientID, patient)
    object.set(.studyInstanceUID, "2.25.4711")
    object.set(.seriesInstanceUID, "2.25.4712")
    return object
  }

  /// A presentation state for some instances.
  static func state(
    _ uid: String, of instances: [String], frames: [Int] = [], patient: String = "PQ-20931"
  ) -> DICOMObject {
    var series = DICOMObject()
    series.set(.seriesInstanceUID, "2.25.8811")
    series.set(.referencedImages, .items(instances.map { reference($0, frames: frames) }))
    var state = object("11.1", uid, patient: patient)
    state.set(.referencedSeries, .items([series]))
    return state
  }

  /// A structure set that draws in a frame of reference and names no picture.
  static func structures(_ uid: String, in frame: String, patient: String) -> DICOMObject {
    var item = DICOMObject()
    item.set(.frameOfReference, frame)
    var structures = object("481.3", uid, patient: patient)
    structures.set(.referencedFrames3D, .items([item]))
    return structures
  }

  /// A selection of some instances, or what is taken for one.
  static func keyObjects(_ uid: String, of instances: [String], depth: Int = 0) -> DICOMObject {
    var children = instances.map { instance in
      var item = DICOMObject()
      item.set(.relationship, "CONTAINS")
      item.set(.valueType, "IMAGE")
      item.set(.referencedInstances, .items([reference(instance, frames: [])]))
      return item
    }
    for _ in 0..<depth {
      var item = DICOMObject()
      item.set(.relationship, "CONTAINS")
      item.set(.valueType, "CONTAINER")
      item.set(.content, .items(children))
      children = [item]
    }
    var selection = object("88.59", uid, patient: "PQ-20931")
    selection.set(.valueType, "CONTAINER")
    selection.set(.content, .items(children))
    return selection
  }
}

extension DICOMAttribute {
  fileprivate static let referencedClass = DICOMAttribute(0x0008, 0x1150, .ui)
  fileprivate static let referencedInstance = DICOMAttribute(0x0008, 0x1155, .ui)
  fileprivate static let referencedFrames = DICOMAttribute(0x0008, 0x1160, .is)
  fileprivate static let referencedSeries = DICOMAttribute(0x0008, 0x1115, .sq)
  fileprivate static let referencedImages = DICOMAttribute(0x0008, 0x1140, .sq)
  fileprivate static let referencedInstances = DICOMAttribute(0x0008, 0x1199, .sq)
  fileprivate static let referencedFrames3D = DICOMAttribute(0x3006, 0x0010, .sq)
  static let frameOfReference = DICOMAttribute(0x0020, 0x0052, .ui)
  fileprivate static let relationship = DICOMAttribute(0x0040, 0xA010, .cs)
  fileprivate static let valueType = DICOMAttribute(0x0040, 0xA040, .cs)
  fileprivate static let content = DICOMAttribute(0x0040, 0xA730, .sq)
}

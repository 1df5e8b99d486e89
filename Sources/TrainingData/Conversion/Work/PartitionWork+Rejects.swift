import MedicalImaging

/// What it costs that a picture cannot be made.
extension PartitionWork {
  static let refused = InstanceHeader.Finding(
    "tiles_refused", "A picture is of a size that the tiling policy refuses; it was left out.")

  /// A picture of some instances that cannot be made costs the first of them, never the run.
  func isRejected(
    _ instances: [PlannedInstance], by make: () throws -> Void
  ) throws -> Bool {
    do {
      try tiled(instances, make)
      return false
    } catch let error as ImageError where !error.isOfTheRun {
      reject(instances[0], error, sha256: digests[instances[0].token]?.last)
      return true
    }
  }

  /// A picture that the tiling policy refuses costs itself; an instance of which nothing else is made is a
  /// reject in the end.
  func tiled(_ instances: [PlannedInstance], _ make: () throws -> Void) throws {
    do {
      try make()
    } catch let error as ImageError where error.code == .tiling {
      refusals.append((instances, error))
    }
  }

  /// Tells what the tiling policy refused of a unit; instances that are `used` by no picture are rejects.
  func settleRefusals(used: Set<String>) {
    for refusal in refusals {
      count(Self.refused)
      for instance in refusal.instances where !used.contains(instance.token) {
        reject(instance, refusal.error, sha256: digests[instance.token]?.last)
      }
    }
    refusals = []
  }

  func reject(_ instance: PlannedInstance, _ error: ImageError, sha256: String?) {
    reject(instance.token, error, sha256: sha256)
  }

  func reject(_ token: String, _ error: ImageError, sha256: String?) {
    guard !result.rejects.contains(where: { $0.token == token }) else { return }
    result.rejects.append(Reject(token: token, sha256: sha256, error: error))
  }
}

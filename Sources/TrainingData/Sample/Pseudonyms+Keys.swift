import MedicalImaging

extension Pseudonyms {
  /// The key of the first sample of a task over a picture, which `PictureSource` names.
  func key(ofPicture name: String, task: String) -> String {
    self.name("sample", "\(name)\0\(task)\0000")
  }
}

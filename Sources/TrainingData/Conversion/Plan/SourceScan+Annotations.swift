import MedicalImaging

/// Annotations: objects that are no pictures, and say something of pictures elsewhere.
extension SourceScan {
  /// Has annotations read that are new, or have changed. Where one cannot be read it stays what it
  /// is, and it is remembered why.
  func readAnnotations() throws {
    let unread = try state.unreadAnnotations()
    try restore(unread.map(\.location))
    try ask(unread, WorkerRequest.annotations) { answer, stored in
      switch answer {
      case .annotation(let token):
        let record = try StoredFields.decode(AnnotationRecord.self, stored)
        let names = names(of: record.identity, token: token)
        try state.transaction {
          try state.record(record, token, study: names.study, subject: names.subject)
          if record.summary.kind == .segmentation {
            try state.recordReject(token, ImageError(.segmentation, record.sentence))
          }
        }
      case .rejected(let token, let error, _, _):
        // What has gone since, or was closed, is read when it is there again.
        guard error.code != .missing, error.code != .permission else { return }
        try state.recordUnreadable(token, error)
      default: break
      }
    }
    try digest(state.undigestedAnnotations(), pixels: false)
  }
}

extension AnnotationRecord {
  /// What it is, and of how many images.
  fileprivate var sentence: String {
    let images = Set(references.filter(\.isOfImage).map(\.sopInstanceUID)).count
    let segments = summary.count == 1 ? "1 segment" : "\(summary.count) segments"
    let whose =
      switch images {
      case 0: "no image that it names"
      case 1: "1 image"
      default: "\(images) images"
      }
    return "The source is a DICOM segmentation: \(segments), of \(whose)."
  }
}

import MedicalImaging

extension AnnotationEntry {
  /// All members of an annotation's object.
  func write(to json: inout JSONWriter) {
    json.member("kind", kind.rawValue)
    json.member("form", summary?.form?.rawValue)
    json.member("holds", summary?.count)
    json.key("settings")
    json.array { json in
      for setting in summary?.settings ?? [] { json.string(setting.rawValue) }
    }
    json.member("study", study)
    json.list("of", parts) { json, part in
      json.member("study", part.study)
      json.member("series", part.series)
      json.member("images", part.images)
    }
    json.member("joined_by", join?.rawValue)
    let isRead = error == nil
    json.member("images_named", isRead ? images.named : nil)
    json.member("images_here", isRead ? images.here : nil)
    json.member("images_used", isRead ? images.used : nil)
    json.member("objects_named", isRead ? objects.named : nil)
    json.member("objects_here", isRead ? objects.here : nil)
    json.list("findings", summary?.findings ?? []) { json, finding in
      json.member("code", finding.code)
      json.member("sentence", finding.sentence)
    }
    json.key("unreadable")
    if let error {
      json.object { json in
        json.member("code", error.code.rawValue)
        json.member("message", error.message)
      }
    } else {
      json.null()
    }
    json.member("source", token)
    place.write(to: &json)
    json.member("same_as", original)
  }
}

import FoundationEssentials
import MedicalImaging

/// Values as they are kept in the private folder and sent between processes: JSON that only this
/// tool reads.
enum StoredJSON {
  static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // Every stored type is made of strings, finite numbers and lists of them.
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("a stored value could not be encoded")
    }
    return [UInt8](data)
  }

  /// Throws `.unreadable` where the bytes are not what this version of the tool writes.
  static func decode<T: Decodable>(_ type: T.Type, _ bytes: some Sequence<UInt8>)
    throws(ImageError) -> T
  {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw ImageError(
        .unreadable, "The state of the conversion was written by another version, or is damaged.",
        remedy: "Choose a new --out.")
    }
  }
}

/// The types of a row's fields, as PyPI's `datasets` writes them: with these a set loads whatever
/// stands in its first rows (`Features.from_dict(json.load(open("dataset.json"))["features"])`).
enum SampleFeatures {
  /// `several`: of a set whose samples may have several pictures, `image` is a list.
  static func json(several: Bool) -> JSONValue {
    [
      "id": string,
      "image": several ? list(string) : string,
      "width": integer,
      "height": integer,
      "conversations": list(["from": string, "value": string]),
      "modality": string,
      "dicom_modality": string,
      "department": string,
      "task": string,
      "granularity": string,
      "language": string,
      "split": string,
      "labels": list([
        "name": string, "code": string, "box": list(number), "polygon": list(list(list(number))),
        "area_fraction": number, "picture": integer,
      ]),
      "pictures": list([
        "width": integer,
        "height": integer,
        "source_sha256": list(string),
        "instances": list(string),
        "selection": [
          "kind": string, "plane": string, "index": integer, "frame": integer, "level": integer,
          "rect": list(integer),
          "areas": list(["source": string, "shape": string, "numbers": list(number)]),
          "mended": list(string),
          "projections": list(["kind": string, "over": string, "count": integer]),
          "channels": list(integer),
          "microns_per_pixel": number, "optical_path": integer, "focal_plane": integer,
          "tissue": number,
        ],
        "modality_values": [
          "kind": string, "slope": number, "intercept": number, "units": string, "lut": string,
        ],
        "display": [
          "kind": string,
          "channels": list([
            "low": number, "high": number, "center": number, "width": number, "function": string,
          ]),
          "inverted": boolean,
          "lut": string, "icc": boolean, "landmarks": list(list(number)),
          "stain": [
            "method": string, "source": list(list(number)), "target": list(list(number)),
          ],
        ],
        "source_from_pixel": list(list(number)),
        "pixel_to_patient": list(list(number)),
        "patient_orientation": list(string),
        "tiles": [
          "policy": string, "tile_size": integer, "columns": integer, "rows": integer,
          "thumbnail": boolean, "tokens": integer, "tile": integer, "canvas": list(integer),
          "content": list(number), "millimetres_per_pixel": list(number),
        ],
      ]),
      "provenance": [
        "subject": string,
        "study": string,
        "series": string,
        "gaps": list([
          "kind": string, "after": integer, "planes": integer, "millimetres": number,
        ]),
        "text": [
          "method": string, "template": string, "model": string, "prompt_sha256": string,
          "seed": integer,
        ],
        "recipe_sha256": string,
        "tool_version": string,
      ],
    ]
  }

  private static let string = value("string")
  private static let integer = value("int64")
  private static let number = value("float64")
  private static let boolean = value("bool")

  private static func value(_ type: String) -> JSONValue {
    ["dtype": .string(type), "_type": "Value"]
  }

  private static func list(_ feature: JSONValue) -> JSONValue {
    ["feature": feature, "_type": "List"]
  }
}

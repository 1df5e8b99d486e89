import Foundation
import ImageFormats
import MedicalImaging
import Testing

/// Lossy and coloured pixels, palettes and directories beside pydicom, Pillow and pylibjpeg.
@Suite(.enabled(if: DICOMCorpus.isComparable)) struct DICOMPeerTests {
  /// One line of the script's answer: what the peer made of a file.
  private struct Answer: Decodable {
    var path: String
    /// Which of the comparisons below it is.
    var kind: String
    var dtype: String?
    /// Largest difference that is allowed.
    var tolerance: Int?
    /// File of the peer's values, little endian.
    var values: String?
    var records: [[String]]?
  }

  private static func ask() throws -> (folder: URL, answers: [Answer]) {
    let python = try #require(DICOMCorpus.python, "GMAI_PREP_PYTHON names no python")
    let corpus = try #require(DICOMCorpus.folder)
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "dicom-peer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try script.write(to: folder.appending(path: "peer.py"), atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [folder.appending(path: "peer.py").path, corpus, folder.path]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let text = try String(contentsOf: folder.appending(path: "answers.jsonl"), encoding: .utf8)
    return (
      folder,
      try text.split(separator: "\n").map {
        try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
      }
    )
  }

  @Test func `Lossy, coloured and palette pixels are those of pydicom, Pillow and pylibjpeg`()
    throws
  {
    let (folder, answers) = try Self.ask()
    defer { try? FileManager.default.removeItem(at: folder) }
    var compared: [String: Int] = [:]
    var worst: [String: Int] = [:]
    for answer in answers {
      let bytes = try SourceBytes(path: DICOMCorpus.folder! + "/" + answer.path)
      if let records = answer.records {
        #expect(try DICOMDirectory.read(bytes) == records, "\(answer.path)")
        compared["directory", default: 0] += 1
        continue
      }
      guard case .image(let header) = try DICOMReader.read(bytes) else {
        Issue.record("\(answer.path) is no image")
        continue
      }
      let decoder = try FrameDecoder(header: header, bytes: bytes)
      var ours: [UInt8] = []
      for i in 0..<header.frames {
        var plane = try decoder.decode(frame: i).plane
        if answer.kind == "palette" { plane = PaletteColor.rgb(plane, header.palette!) }
        #expect(plane.sample.rawValue == answer.dtype!, "\(answer.path)")
        ours += plane.bytes
      }
      let theirs = try [UInt8](Data(contentsOf: folder.appending(path: answer.values!)))
      #expect(ours.count == theirs.count, "\(answer.path)")
      let difference = try Self.largestDifference(ours, theirs, answer.dtype!)
      #expect(difference <= answer.tolerance!, "\(answer.kind) \(answer.path)")
      compared[answer.kind, default: 0] += 1
      worst[answer.kind] = max(worst[answer.kind] ?? 0, difference)
    }
    print("peers:", compared.sorted { $0.key < $1.key }, "largest difference:", worst)
    for kind in [
      "jpeg8", "jpeg8color", "jpeg12", "jpeg2000", "jpegls", "color", "jpegretired", "palette",
    ] {
      #expect(compared[kind, default: 0] > 0, "\(kind)")
    }
  }

  private static func largestDifference(_ a: [UInt8], _ b: [UInt8], _ dtype: String) throws -> Int {
    guard a != b else { return 0 }
    let sample = try #require(StoredPlane.Sample(rawValue: dtype))
    func values(_ bytes: [UInt8]) -> [Int] {
      StoredPlane(
        columns: bytes.count / sample.size, rows: 1, samplesPerPixel: 1, sample: sample,
        bytes: bytes
      ).values
    }
    return zip(values(a), values(b)).map { abs($0 - $1) }.max() ?? 0
  }

  private static let script = #"""
    import csv, io, json, sys, warnings
    import numpy as np, pydicom
    from PIL import Image
    from pydicom.encaps import generate_frames
    from pydicom.pixels import apply_color_lut, get_decoder
    warnings.simplefilter("ignore")
    corpus, out = sys.argv[1:]
    answers = open(out + "/answers.jsonl", "w")

    def give(path, kind, tolerance, array):
        name = "%d.raw" % give.count
        give.count += 1
        array = np.ascontiguousarray(array)
        array.astype(array.dtype.newbyteorder("<")).tofile(out + "/" + name)
        answers.write(json.dumps({"path": path, "kind": kind, "tolerance": tolerance,
            "dtype": array.dtype.name, "values": name}) + "\n")
    give.count = 0

    def pillow(dataset):
        frames = []
        for frame in generate_frames(dataset.PixelData, number_of_frames=int(dataset.get("NumberOfFrames", 1))):
            image = Image.open(io.BytesIO(frame))
            if dataset.SamplesPerPixel == 3:
                marked = "adobe_transform" in image.info or "jfif" in image.info
                if dataset.PhotometricInterpretation == "RGB" and not marked:
                    image.draft("YCbCr", image.size)
                else:
                    image = image.convert("RGB")
            frames.append(np.frombuffer(image.tobytes(), "u1"))
        return np.concatenate(frames)

    for row in csv.DictReader(open(corpus + "/inventory.csv")):
        path = row["path"]
        if row["kind"] == "DICOMDIR":
            records = pydicom.dcmread(corpus + "/" + path).DirectoryRecordSequence
            ids = [r.ReferencedFileID for r in records if r.get("ReferencedFileID")]
            ids = [[i] if isinstance(i, str) else list(i) for i in ids]
            answers.write(json.dumps({"path": path, "kind": "directory", "records": ids}) + "\n")
            continue
        if row["transfer_syntax"].startswith("1.2.840.10008.1.2.4.5"):
            # Retired progressive ones: pydicom refuses the UID, its libjpeg reads the frame.
            import libjpeg
            frame = next(generate_frames(pydicom.dcmread(corpus + "/" + path).PixelData, number_of_frames=1))
            give(path, "jpegretired", 1, libjpeg.decode(frame))
            continue
        if not row["kind"].startswith("DICOM") or not row["decode"].startswith("ok") or path.endswith(".gz"):
            continue
        if row["sop_class"].startswith("VL Whole"):
            continue
        dataset = pydicom.dcmread(corpus + "/" + path, force=True)
        if not dataset.file_meta.get("TransferSyntaxUID"):
            dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"
        syntax = row["transfer_syntax"]
        if row["photometric"] == "PALETTE COLOR":
            if not dataset.original_encoding[1] and "RedPaletteColorLookupTableData" in dataset:
                # pydicom leaves the words of a table in the file's order; those of segments it turns.
                for name in ("Red", "Green", "Blue"):
                    data = dataset[name + "PaletteColorLookupTableData"]
                    data.value = np.frombuffer(data.value, ">u2").astype("<u2").tobytes()
            array = apply_color_lut(dataset.pixel_array, dataset)
            depth = dataset.RedPaletteColorLookupTableDescriptor[2]
            give(path, "palette", 0, (array >> (depth - 8)).astype("u1"))
        elif syntax == "JPEGBaseline" or (syntax == "JPEGExtended12" and dataset.BitsStored == 8):
            color = dataset.SamplesPerPixel == 3
            give(path, "jpeg8color" if color else "jpeg8", 1 if color else 0, pillow(dataset))
        elif syntax == "JPEGExtended12":
            if "imagecodecs" in row["decode"]:
                continue
            array, _ = get_decoder(dataset.file_meta.TransferSyntaxUID).as_array(dataset, decoding_plugin="pylibjpeg")
            give(path, "jpeg12", 1, array)
        elif syntax in ("J2K", "HTJ2K", "JPEGLS-Near"):
            array, _ = get_decoder(dataset.file_meta.TransferSyntaxUID).as_array(dataset, decoding_plugin="pylibjpeg")
            give(path, "jpegls" if syntax == "JPEGLS-Near" else "jpeg2000", 1 if dataset.SamplesPerPixel == 3 else 0, array)
        elif dataset.SamplesPerPixel == 3:
            give(path, "color", 1, dataset.pixel_array)
    """#
}

import Foundation
import ImageFormats
import MedicalImaging
import Testing

/// The corpus of real files: what pydicom made of them is what is expected here.
@Suite(.enabled(if: DICOMCorpus.isUsable)) struct DICOMConformanceTests {
  /// Kinds that are refused as such, whatever pydicom makes of their pixels.
  private static let refused: Set<ErrorCode> = [
    .slideMicroscopy, .mosaic, .unsupportedPixels,
  ]
  /// Inventory's names of the lossless syntaxes that are read; "" has no meta header.
  private static let lossless: Set<String> = [
    "", "ExplicitLE", "ImplicitLE", "ExplicitBE", "DeflatedLE", "RLE", "JPEGLossless14",
    "JPEGLosslessSV1", "JPEGLS-Lossless", "J2K-Lossless", "HTJ2K-Lossless",
  ]

  @Test func `The corpus is there`() {
    #expect(!DICOMCorpus.dicom.isEmpty)
  }

  @Test func `Lossless grey values have the digest that pydicom's have`() throws {
    var equal = 0
    var refused = 0
    for row in DICOMCorpus.dicom
    where Self.lossless.contains(row.syntax) && row.samples == 1 && !row.pixelSHA256.isEmpty {
      // Slides are read by `SlideReader`.
      if case .slide? = try? DICOMReader.read(DICOMCorpus.open(row)) { continue }
      do {
        let (header, bytes) = try #require(try DICOMCorpus.header(row))
        // Cut, and compared slice by slice in RealSeriesTests.
        if header.pixels.mosaicTiles > 0 { continue }
        let decoder = try FrameDecoder(header: header, bytes: bytes)
        var hash = SHA256()
        for i in 0..<header.frames {
          let plane = try decoder.decode(frame: i).plane
          #expect(plane.sample.rawValue == row.dtype, "\(row)")
          unsafe plane.bytes.withUnsafeBytes { unsafe hash.update($0) }
        }
        #expect(hash.finish().hex == row.pixelSHA256, "\(row)")
        equal += 1
      } catch let error as ImageError {
        #expect(Self.refused.contains(error.code), "\(row): \(error)")
        refused += 1
      }
    }
    print("lossless grey: \(equal) compared with pydicom's digests, \(refused) of refused kinds")
    #expect(equal > 800)
  }

  @Test func `Every lossless encoding of one CT gives one array`() throws {
    var arrays: [[UInt8]] = []
    for row in DICOMCorpus.dicom
    where row.path.contains("cornerstone3D/packages/dicomImageLoader/testImages/CTImage.dcm")
      && Self.lossless.contains(row.syntax)
    {
      let (header, bytes) = try #require(try DICOMCorpus.header(row))
      arrays.append(try FrameDecoder(header: header, bytes: bytes).decode(frame: 0).plane.bytes)
    }
    #expect(arrays.count >= 9)
    #expect(Set(arrays).count == 1)
  }

  /// One bit a pixel: native in both orders, RLE, JPEG 2000 and deflated, of whole bytes a row and not.
  @Test(arguments: [("liver", 5), ("liver_nonbyte_aligned", 4)])
  func `Every encoding of one segmentation gives one array`(_ stem: String, _ count: Int) throws {
    var arrays: [[UInt8]] = []
    for row in DICOMCorpus.dicom {
      let name = row.path.split(separator: "/").last ?? ""
      guard row.path.contains("pydicom-data/"),
        ["", "_expb", "_rle", "_j2k", "_deflate"].contains(where: { name == stem + $0 + ".dcm" })
      else { continue }
      let (header, bytes) = try #require(try DICOMCorpus.header(row))
      let decoder = try FrameDecoder(header: header, bytes: bytes)
      arrays.append(
        try (0..<header.frames).flatMap { try decoder.decode(frame: $0).plane.bytes })
    }
    #expect(arrays.count == count)
    #expect(Set(arrays).count == 1)
  }

  @Test func `Every file gives content or an error, of the inventory's size`() throws {
    var images = 0
    var others: [String: Int] = [:]
    for row in DICOMCorpus.dicom {
      do {
        switch try DICOMReader.read(DICOMCorpus.open(row)) {
        case .mediaDirectory: #expect(row.kind == "DICOMDIR", "\(row)")
        case .slide: others["slide", default: 0] += 1
        case .leftOut(let kind): others[kind.rawValue, default: 0] += 1
        case .image(let header):
          images += 1
          // A mosaic's rows are those of its slices.
          guard !row.rows.isEmpty, header.pixels.mosaicTiles == 0 else { continue }
          #expect("\(header.format.rows)" == row.rows, "\(row)")
          #expect("\(header.format.columns)" == row.columns, "\(row)")
          // One file says "1A", and holds 15.
          let frames = row.frames.isEmpty ? "1" : row.frames == "1A" ? "15" : row.frames
          #expect("\(header.frames)" == frames, "\(row)")
        }
      } catch let error as ImageError {
        others[error.code.rawValue, default: 0] += 1
      }
    }
    print("headers: \(images) images;", others.sorted { $0.key < $1.key })
    #expect(images > 900)
  }

  @Test func `DICOM is recognised by its first bytes, and nothing else is taken for it`() throws {
    // One byte too many stands before this one's first element.
    let strange = "no_meta.dcm"
    for row in DICOMCorpus.rows where row.path.hasSuffix(strange) == false {
      guard let bytes = try? DICOMCorpus.open(row) else { continue }
      #expect(DICOMReader.recognises(head: bytes.head(1024)) == row.isPartOfDICOM, "\(row)")
    }
  }

  /// Header texts that name a person or an instance must not come out in messages: each file is cut
  /// at many places, and what is said of it searched.
  @Test func `No message holds a header's identity`() throws {
    var said = 0
    for row in DICOMCorpus.dicom.enumerated().filter({ $0.offset % 3 == 0 }).map(\.element) {
      guard let (header, bytes) = try? DICOMCorpus.header(row), bytes.count < 1_000_000
      else { continue }
      let identity = header.identity
      let secrets = [
        identity.patientID, identity.issuerOfPatientID, identity.patientBirthDate,
        identity.sopInstanceUID, identity.seriesInstanceUID, identity.studyInstanceUID,
      ].filter { $0.count >= 5 }
      var texts = header.findings.map(\.sentence)
      for part in 1...8 {
        let cut = bytes.copy(0..<max(bytes.count * part / 9, 1))
        do {
          guard case .image(let header) = try DICOMReader.read(SourceBytes(cut)) else { continue }
          _ = try FrameDecoder(header: header, bytes: SourceBytes(cut)).decode(frame: 0)
        } catch {
          texts.append(error.description)
        }
      }
      said += texts.count
      for text in texts {
        #expect(!secrets.contains { text.range(of: $0) != nil }, "\(row)")
      }
    }
    #expect(said > 1000)
  }
}

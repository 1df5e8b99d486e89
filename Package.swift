// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors everywhere; every use of unsafe memory is named.
let swift: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
]

/// A door to one of Debian's libraries, found by pkg-config.
func door(_ name: String, _ library: String, _ package: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/Interop/\(name)", pkgConfig: library, providers: [.apt([package])])
}

let package = Package(
  name: "gmai-prep",
  products: [
    .executable(name: "gmai-prep", targets: ["gmai-prep"]),
    .library(name: "GMAIPrep", targets: ["GMAIPrep"]),
  ],
  targets: [
    // Doors: one per C library, each seen by one room alone.
    door("CArchive", "libarchive", "libarchive-dev"),
    door("CCharLS", "charls", "libcharls-dev"),
    door("CCrypto", "libcrypto", "libssl-dev"),
    door("CDeflate", "libdeflate", "libdeflate-dev"),
    door("CLCMS", "lcms2", "liblcms2-dev"),
    door("COpenJPEG", "libopenjp2", "libopenjp2-7-dev"),
    door("CSQLite", "sqlite3", "libsqlite3-dev"),
    door("CTurboJPEG", "libturbojpeg", "libturbojpeg0-dev"),
    door("CXML", "libxml-2.0", "libxml2-dev"),
    door("CZip", "libzip", "libzip-dev"),
    .target(
      name: "CDCMTK", path: "Sources/Interop/CDCMTK",
      cxxSettings: [.define("HAVE_CONFIG_H")],
      linkerSettings: [
        "dcmjpeg", "dcmimgle", "dcmdata", "oflog", "ofstd", "ijg8", "ijg12", "ijg16",
      ].map { .linkedLibrary($0) }),
    .target(
      name: "CISAL", path: "Sources/Interop/CISAL", linkerSettings: [.linkedLibrary("isal")]),
    .target(name: "COpenSlide", path: "Sources/Interop/COpenSlide"),
    .target(name: "CPlatform", path: "Sources/Interop/CPlatform"),
    .target(name: "CPNG", path: "Sources/Interop/CPNG", linkerSettings: [.linkedLibrary("png16")]),
    .target(name: "CTIFF", path: "Sources/Interop/CTIFF", linkerSettings: [.linkedLibrary("tiff")]),
    .systemLibrary(
      name: "CZlib", path: "Sources/Interop/CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"])]),

    // Rooms: each knows only those below it.
    .target(
      name: "MedicalImaging", dependencies: ["CCrypto"], swiftSettings: swift,
      linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "ImageFormats",
      dependencies: [
        "CArchive", "CCharLS", "CDCMTK", "CDeflate", "CISAL", "CLCMS", "COpenJPEG", "COpenSlide",
        "CPNG", "CTIFF", "CTurboJPEG", "CZip", "CZlib", "MedicalImaging",
      ],
      swiftSettings: swift),
    .target(name: "Preprocessing", dependencies: ["MedicalImaging"], swiftSettings: swift),
    .target(
      name: "SampleData", dependencies: ["MedicalImaging", "ImageFormats"], swiftSettings: swift),
    .target(
      name: "TrainingData",
      dependencies: [
        "CPlatform", "CSQLite", "CXML", "ImageFormats", "MedicalImaging", "Preprocessing",
      ],
      resources: [
        .embedInCode("Recipe/BuiltIn"), .embedInCode("Text/English.json5"),
        .embedInCode("Taxonomy/Structures.txt"), .embedInCode("Taxonomy/RegionNames.txt"),
      ],
      swiftSettings: swift),
    .target(
      name: "GMAIPrep",
      dependencies: [
        "ImageFormats", "MedicalImaging", "Preprocessing", "SampleData", "TrainingData",
      ],
      swiftSettings: swift),

    // The command line.
    .target(name: "CommandLineKit", dependencies: ["MedicalImaging"], swiftSettings: swift),
    .executableTarget(
      name: "gmai-prep", dependencies: ["CommandLineKit", "GMAIPrep"], swiftSettings: swift),

    // Tests, and what they share.
    .executableTarget(
      name: "BenchDICOM", dependencies: ["ImageFormats", "MedicalImaging"],
      path: "Tests/Benchmarks/Sources/BenchDICOM", swiftSettings: swift),
    .executableTarget(
      name: "BenchLabels", dependencies: ["MedicalImaging", "Preprocessing"],
      path: "Tests/Benchmarks/Sources/BenchLabels", swiftSettings: swift),
    .executableTarget(
      name: "BenchNIfTI", dependencies: ["ImageFormats"],
      path: "Tests/Benchmarks/Sources/BenchNIfTI", swiftSettings: swift),
    .executableTarget(
      name: "BenchPictures", dependencies: ["ImageFormats", "MedicalImaging"],
      path: "Tests/Benchmarks/Sources/BenchPictures", swiftSettings: swift),
    .executableTarget(
      name: "BenchSections", dependencies: ["ImageFormats", "MedicalImaging", "Preprocessing"],
      path: "Tests/Benchmarks/Sources/BenchSections", swiftSettings: swift),
    .executableTarget(
      name: "BenchSlide", dependencies: ["ImageFormats"],
      path: "Tests/Benchmarks/Sources/BenchSlide", swiftSettings: swift),
    .executableTarget(
      name: "BenchTiles", dependencies: ["MedicalImaging", "Preprocessing"],
      path: "Tests/Benchmarks/Sources/BenchTiles", swiftSettings: swift),
    .executableTarget(
      name: "MisbehavingWorker", dependencies: ["GMAIPrep"], path: "Tests/MisbehavingWorker",
      swiftSettings: swift),
    .target(
      name: "TestSupport", dependencies: ["ImageFormats", "MedicalImaging"],
      path: "Tests/TestSupport", swiftSettings: swift),
    .testTarget(
      name: "CommandLineKitTests", dependencies: ["CommandLineKit", "TestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "CommandTests", dependencies: ["CommandLineKit", "gmai-prep", "TestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "DocsTests",
      dependencies: [
        "CommandLineKit", "gmai-prep", "ImageFormats", "MedicalImaging", "Preprocessing",
        "TestSupport", "TrainingData",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "gmai-prep", "ImageFormats", "MedicalImaging", "MisbehavingWorker", "Preprocessing",
        "TestSupport", "TrainingData",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "ImageFormatsTests", dependencies: ["ImageFormats", "MedicalImaging", "TestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "MedicalImagingTests", dependencies: ["MedicalImaging"], swiftSettings: swift),
    .testTarget(
      name: "PreprocessingTests",
      dependencies: ["MedicalImaging", "Preprocessing", "TestSupport"], swiftSettings: swift),
    .testTarget(
      name: "SampleDataTests", dependencies: ["MedicalImaging", "SampleData", "TestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "TrainingDataTests",
      dependencies: [
        "ImageFormats", "MedicalImaging", "Preprocessing", "TestSupport", "TrainingData",
      ],
      swiftSettings: swift),
  ],
  cxxLanguageStandard: .cxx17
)

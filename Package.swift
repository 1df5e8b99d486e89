// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors everywhere; every target that sees a C door names its unsafe uses.
let swift: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
]

let package = Package(
  name: "gmai-prep",
  products: [
    .executable(name: "gmai-prep", targets: ["gmai-prep"]),
    .library(name: "GMAIPrep", targets: ["GMAIPrep"]),
  ],
  targets: [
    // Doors: one per C library, each seen by one room alone.
    .systemLibrary(
      name: "CArchive", path: "Sources/Interop/CArchive", pkgConfig: "libarchive",
      providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(
      name: "CCrypto", path: "Sources/Interop/CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"])]),
    .target(name: "CPlatform", path: "Sources/Interop/CPlatform"),
    .systemLibrary(
      name: "CSQLite", path: "Sources/Interop/CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CDeflate", path: "Sources/Interop/CDeflate", pkgConfig: "libdeflate",
      providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", path: "Sources/Interop/CTurboJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(
      name: "CZip", path: "Sources/Interop/CZip", pkgConfig: "libzip",
      providers: [.apt(["libzip-dev"])]),

    // Rooms: each knows only those below it.
    .target(name: "CommandLineKit", dependencies: ["MedicalImaging"], swiftSettings: swift),
    .target(
      name: "MedicalImaging", dependencies: ["CCrypto"], swiftSettings: swift,
      linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "ImageFormats",
      dependencies: ["CArchive", "CDeflate", "CTurboJPEG", "CZip", "MedicalImaging"],
      swiftSettings: swift),
    .target(name: "Preprocessing", dependencies: ["MedicalImaging"], swiftSettings: swift),
    .target(
      name: "TrainingData",
      dependencies: ["CPlatform", "CSQLite", "ImageFormats", "MedicalImaging", "Preprocessing"],
      resources: [.embedInCode("Recipe/BuiltIn"), .embedInCode("Text/English.json5")],
      swiftSettings: swift),
    .target(
      name: "GMAIPrep",
      dependencies: ["MedicalImaging", "ImageFormats", "Preprocessing", "TrainingData"],
      swiftSettings: swift),
    .executableTarget(
      name: "gmai-prep", dependencies: ["CommandLineKit", "GMAIPrep"], swiftSettings: swift),

    // Tests, and what they share.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swift),
    .testTarget(
      name: "CommandLineKitTests", dependencies: ["CommandLineKit", "TestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "CommandTests", dependencies: ["CommandLineKit", "gmai-prep", "TestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "ImageFormatsTests", dependencies: ["ImageFormats", "TestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "MedicalImagingTests", dependencies: ["MedicalImaging"], swiftSettings: swift),
    .testTarget(
      name: "TrainingDataTests", dependencies: ["MedicalImaging", "TestSupport", "TrainingData"],
      swiftSettings: swift),
  ],
  cxxLanguageStandard: .cxx17
)

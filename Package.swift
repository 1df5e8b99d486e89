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
      name: "CCrypto", path: "Sources/Interop/CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"])]),

    // Rooms: each knows only those below it.
    .target(
      name: "MedicalImaging", dependencies: ["CCrypto"], swiftSettings: swift,
      linkerSettings: [.linkedLibrary("m")]),
    .target(name: "ImageFormats", dependencies: ["MedicalImaging"], swiftSettings: swift),
    .target(name: "Preprocessing", dependencies: ["MedicalImaging"], swiftSettings: swift),
    .target(
      name: "TrainingData",
      dependencies: ["MedicalImaging", "ImageFormats", "Preprocessing"],
      swiftSettings: swift),
    .target(
      name: "GMAIPrep",
      dependencies: ["MedicalImaging", "ImageFormats", "Preprocessing", "TrainingData"],
      swiftSettings: swift),
    .executableTarget(name: "gmai-prep", dependencies: ["GMAIPrep"], swiftSettings: swift),

    .testTarget(
      name: "MedicalImagingTests", dependencies: ["MedicalImaging"], swiftSettings: swift),
    .testTarget(
      name: "PreprocessingTests",
      dependencies: ["MedicalImaging", "Preprocessing", "TestSupport"],
      swiftSettings: swift),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swift),
  ],
  cxxLanguageStandard: .cxx17
)

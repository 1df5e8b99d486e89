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
      name: "CCharLS", path: "Sources/Interop/CCharLS", pkgConfig: "charls",
      providers: [.apt(["libcharls-dev"])]),
    .systemLibrary(
      name: "CCrypto", path: "Sources/Interop/CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"])]),
    .target(
      name: "CDCMTK", path: "Sources/Interop/CDCMTK",
      cxxSettings: [.define("HAVE_CONFIG_H")],
      linkerSettings: [
        .linkedLibrary("dcmjpeg"), .linkedLibrary("dcmimgle"), .linkedLibrary("dcmdata"),
        .linkedLibrary("oflog"), .linkedLibrary("ofstd"), .linkedLibrary("ijg8"),
        .linkedLibrary("ijg12"), .linkedLibrary("ijg16"),
      ]),
    .systemLibrary(
      name: "COpenJPEG", path: "Sources/Interop/COpenJPEG", pkgConfig: "libopenjp2",
      providers: [.apt(["libopenjp2-7-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", path: "Sources/Interop/CTurboJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"])]),

    // Rooms: each knows only those below it.
    .target(
      name: "MedicalImaging", dependencies: ["CCrypto"], swiftSettings: swift,
      linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "ImageFormats",
      dependencies: ["MedicalImaging", "CCharLS", "CDCMTK", "COpenJPEG", "CTurboJPEG"],
      swiftSettings: swift),
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
      name: "ImageFormatsTests", dependencies: ["ImageFormats", "MedicalImaging"],
      swiftSettings: swift),
    .testTarget(
      name: "MedicalImagingTests", dependencies: ["MedicalImaging"], swiftSettings: swift),
  ],
  cxxLanguageStandard: .cxx17
)

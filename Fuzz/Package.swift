// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

/// The targets themselves are not under strict memory safety: they are to find what is unsafe, and only to do that.
let targetSettings = Array(swiftSettings.dropFirst())

/// One program a parser, named in the Makefile too.
let targets = ["inflate", "png", "json", "jsonplan", "aggregation", "arrow", "sketches", "encodings"]

let package = Package(
  name: "kernels-fuzz",
  dependencies: [.package(name: "kernels", path: "..")],
  targets: [
    .target(name: "FuzzHarness", dependencies: ["CLibFuzzer"], swiftSettings: swiftSettings),
    // The one entry point of libFuzzer that is called; it is linked where `-sanitize=fuzzer` is on the command line.
    .target(name: "CLibFuzzer"),
    // The oracle of inflate.
    .systemLibrary(name: "COracleZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  ]
    + targets.map {
      .executableTarget(
        name: "fuzz-\($0)",
        dependencies: ["FuzzHarness", .product(name: "Kernels", package: "kernels")]
          + ($0 == "inflate" ? ["COracleZlib"] : []),
        swiftSettings: targetSettings)
    },
  cLanguageStandard: .c11
)

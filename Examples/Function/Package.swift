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

/// STATIC_FUNCTION=1 links the executables that are deployed with everything in them, the C library too, so that no host can be too old.
/// Said to the linker alone: what is compiled is the same for every package here, and is compiled once.
let linkerSettings: [LinkerSetting] =
  Context.environment["STATIC_FUNCTION"] == "1" ? [.unsafeFlags(["-static-executable"])] : []

let package = Package(
  name: "function",
  products: [
    .executable(name: "bootstrap", targets: ["bootstrap"]),
    .executable(name: "function-bench", targets: ["function-bench"]),
    .executable(name: "least-function", targets: ["least-function"]),
    .library(name: "FunctionRuntime", targets: ["FunctionRuntime", "Wire"]),
    .library(name: "RuntimeAPIDouble", targets: ["RuntimeAPIDouble"]),
    .library(name: "Wire", targets: ["Wire"]),
  ],
  dependencies: [
    // Outside this repository: .package(url: "<where it is hosted>", from: "0.1.0")
    .package(name: "kernels", path: "../..")
  ],
  targets: [
    // Blocking HTTP/1.1 over sockets.
    .target(name: "Wire", swiftSettings: swiftSettings),
    // The loop of a custom runtime, and what handlers share.
    .target(
      name: "FunctionRuntime", dependencies: ["Wire", .product(name: "Kernels", package: "kernels")],
      swiftSettings: swiftSettings),
    // What is deployed: five handlers, served by that loop.
    .executableTarget(
      name: "bootstrap",
      dependencies: ["FunctionRuntime", "Wire", .product(name: "Kernels", package: "kernels")],
      swiftSettings: swiftSettings, linkerSettings: linkerSettings),
    // The loop with nothing in it, to measure what the kernels add.
    .executableTarget(
      name: "least-function", dependencies: ["FunctionRuntime", .product(name: "Kernels", package: "kernels")],
      swiftSettings: swiftSettings, linkerSettings: linkerSettings),

    // The other end, for tests and measurements: a runtime API that does as it is told.
    .target(name: "RuntimeAPIDouble", dependencies: ["Wire"], swiftSettings: swiftSettings),
    // Measures the functions, and the same in other languages.
    .executableTarget(
      name: "function-bench",
      dependencies: ["RuntimeAPIDouble", "Wire", .product(name: "Kernels", package: "kernels")],
      swiftSettings: swiftSettings),
  ]
)

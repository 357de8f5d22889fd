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

let package = Package(
  name: "function",
  products: [
    .executable(name: "bootstrap", targets: ["bootstrap"]),
    .executable(name: "function-bench", targets: ["function-bench"]),
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
    // What is deployed: the loop of a custom runtime, and five handlers.
    .executableTarget(
      name: "bootstrap", dependencies: ["Wire", .product(name: "Kernels", package: "kernels")],
      swiftSettings: swiftSettings),

    // The other end, for tests and measurements: a runtime API that does as it is told.
    .target(name: "RuntimeAPIDouble", dependencies: ["Wire"], swiftSettings: swiftSettings),
    // Measures the functions, and the same in other languages.
    .executableTarget(
      name: "function-bench",
      dependencies: ["RuntimeAPIDouble", "Wire", .product(name: "Kernels", package: "kernels")],
      swiftSettings: swiftSettings),
  ]
)

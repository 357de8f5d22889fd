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

/// STATIC_FUNCTION=1 links Swift's own libraries in: less to load at a start, and nothing to bring along but libpq.
let linkerSettings: [LinkerSetting] =
  Context.environment["STATIC_FUNCTION"] == "1" ? [.unsafeFlags(["-static-stdlib"])] : []

let package = Package(
  name: "database",
  products: [
    .library(name: "Database", targets: ["Database"]),
    .executable(name: "database-function", targets: ["database-function"]),
  ],
  dependencies: [
    // Outside this repository: .package(url: "<where it is hosted>", from: "0.1.0")
    .package(name: "kernels", path: "../.."),
    // The loop that serves a handler, and the other end of it for the tests.
    .package(name: "function", path: "../Function"),
  ],
  targets: [
    .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    // Connections in a pool, and rows as columns.
    .target(
      name: "Database", dependencies: ["CLibpq", .product(name: "Kernels", package: "kernels")],
      swiftSettings: swiftSettings),
    // The function: rows of a table, folded into windows.
    .executableTarget(
      name: "database-function",
      dependencies: [
        "Database", .product(name: "FunctionRuntime", package: "function"),
        .product(name: "Kernels", package: "kernels"),
      ],
      swiftSettings: swiftSettings, linkerSettings: linkerSettings),
    .testTarget(
      name: "DatabaseTests",
      dependencies: [
        "Database", "database-function", .product(name: "Kernels", package: "kernels"),
        .product(name: "RuntimeAPIDouble", package: "function"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ]
)

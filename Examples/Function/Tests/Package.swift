// swift-tools-version: 6.2
// The tests of the function: a package of its own, since they meet the function as a process. They need neither its sources nor Kernels.
import PackageDescription

let package = Package(
  name: "function-tests",
  dependencies: [.package(name: "function", path: "..")],
  targets: [
    // An oracle: what makes PNG files and looks into them here is not what the function does it with.
    .systemLibrary(name: "ZlibOracle", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .testTarget(
      name: "FunctionTests",
      dependencies: [
        "ZlibOracle", .product(name: "RuntimeAPIDouble", package: "function"),
        .product(name: "Wire", package: "function"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ]
)

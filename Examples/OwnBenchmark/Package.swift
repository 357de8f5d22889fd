// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "own-benchmark",
  dependencies: [
    // Outside this repository: .package(url: "<where it is hosted>", from: "0.1.0")
    .package(name: "kernels", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "own-benchmark", dependencies: [.product(name: "KernelBenchmark", package: "kernels")])
  ]
)

// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "kernels-benchmarks",
  // The folder that the work tree is in must not be named `benchmarks`: SwiftPM tells packages apart by it.
  dependencies: [.package(name: "kernels", path: "..")],
  targets: [
    .executableTarget(
      name: "rivals",
      dependencies: [
        .product(name: "KernelBenchmark", package: "kernels"), .product(name: "Kernels", package: "kernels"),
      ],
      swiftSettings: [
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableExperimentalFeature("Lifetimes"),
      ])
  ]
)

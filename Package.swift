// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: strict memory safety, and no warning left standing.
/// SwiftPM drops `treatAllWarnings` in a package that is used as a dependency, so users never see an error from a newer compiler.
let swiftSettings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

let cSettings: [CSetting] = [
  .enableWarning("all"),
  .enableWarning("extra"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "kernels",
  products: [
    .library(name: "Kernels", targets: ["Kernels"]),
    .library(name: "KernelsCrypto", targets: ["KernelsCrypto"]),
    .library(name: "KernelsC", type: .dynamic, targets: ["KernelsC"]),
    .library(name: "KernelBenchmark", targets: ["KernelBenchmark"]),
    .executable(name: "kernel-bench", targets: ["kernel-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // The library. Swift, no Foundation, no system library.
    .target(name: "Kernels", dependencies: ["CKernels"], swiftSettings: swiftSettings),

    // The C leaf: one folder a family, one file an instruction set.
    .target(name: "CKernels", cSettings: cSettings),

    // Authenticated encryption through libcrypto: a product of its own, so that nobody else links OpenSSL. The contexts take
    // libcrypto's functions by pointer: KernelsCrypto links them, and the C ABI looks for them where it is asked to seal.
    .target(name: "CipherContexts", dependencies: ["Kernels"], swiftSettings: swiftSettings),
    .target(
      name: "KernelsCrypto", dependencies: ["CipherContexts", "Kernels", "CLibcrypto"], swiftSettings: swiftSettings),

    // The C ABI: `include/kernels.h` is the contract, and `@implementation` makes the compiler hold us to it.
    .systemLibrary(name: "KernelsABI", path: "Sources/KernelsC/include"),
    .target(
      name: "KernelsC", dependencies: ["CipherContexts", "Kernels", "KernelsABI"], exclude: ["include"],
      swiftSettings: swiftSettings),

    // The instrument: measuring and what is made of the figures; the verbs, for any program's cases; and this package's cases.
    .target(
      name: "BenchHarness", dependencies: ["Kernels", "CKernels", "CMachineCeilings", "CPerformanceEvents"],
      swiftSettings: swiftSettings),
    .target(
      name: "KernelBenchmark",
      dependencies: [
        "BenchHarness", "Kernels", "CAllocationCounter", "CReferenceCounter", "CMachineCeilings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "kernel-bench",
      dependencies: [
        "BenchHarness", "KernelBenchmark", "Kernels", "KernelsCrypto", "CLibcrypto", "CLibpng", "CZlib",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),
    // Programs that measure link these two, and nothing else does: they replace malloc, and retain and release of Swift.
    .target(name: "CAllocationCounter", cSettings: cSettings),
    .target(name: "CReferenceCounter", cSettings: cSettings),
    .target(name: "CPerformanceEvents", cSettings: cSettings),
    .target(name: "CMachineCeilings", cSettings: cSettings),
    .systemLibrary(
      name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // Oracles of the tests and peers of kernel-bench; no library product links them.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLibpng", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),

    .testTarget(
      name: "KernelsTests", dependencies: ["Kernels", "CKernels", "CLibcrypto", "CLibpng", "CZlib"],
      swiftSettings: swiftSettings),

    .testTarget(
      name: "KernelsCryptoTests", dependencies: ["KernelsCrypto", "Kernels", "CLibcrypto"],
      swiftSettings: swiftSettings),

    // Compiles the C programs in c/ against the built library, as C and as C++. The dependency is there to build it first.
    .testTarget(
      name: "KernelsCTests", dependencies: ["KernelsC"], exclude: ["c", "secrets"], swiftSettings: swiftSettings),

    // Spawns the built kernel-bench, which it must not link: that would replace the tests' own malloc.
    .testTarget(
      name: "KernelBenchTests", dependencies: ["BenchHarness", "Kernels", "CMachineCeilings"],
      swiftSettings: swiftSettings),
  ],
  cLanguageStandard: .c11
)

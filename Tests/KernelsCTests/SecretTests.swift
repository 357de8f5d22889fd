import Foundation
import Testing

/// Whether time depends on secrets: `secrets/secrets.c` under valgrind's memcheck, which takes secrets for undefined and reports
/// every branch and every address that depends on them.
///
/// Of the rows, those that valgrind knows the instructions of: vectors of AVX2, BMI2, and portable Swift. Those of SHA-NI and AVX-512
/// are straight lines of C, which no compiler gives a branch.
@Suite(
  .serialized, .enabled(if: CToolchain.valgrind != nil, "valgrind is not installed; Scripts/setup does that"),
  .disabled(if: CToolchain.sanitizer != nil, "valgrind does not run what a sanitizer has built"))
struct SecretTests {
  #if DEBUG
    private static let isOptimised = false
  #else
    private static let isOptimised = true
  #endif

  /// The exit code of memcheck that has found something, and of a program that did as it should.
  private let reported: Int32 = 99
  private let silent: Int32 = 0

  /// Of code as users run it: unoptimised it takes minutes, and its branches are others.
  @Test(.enabled(if: isOptimised), arguments: ["sha,avx512f", "sha,avx2", "sha,avx2,bmi2"])
  func nothingDependsOnSecrets(masked: String) throws {
    #expect(try run(masked) == silent, "\(masked) masked")
  }

  /// The positive controls: without them silence would prove nothing.
  @Test(arguments: ["branch", "index", "length"])
  func leaksAreReported(control: String) throws {
    #expect(try run(control) == reported)
  }

  private func run(_ argument: String) throws -> Int32 {
    let toolchain = try CToolchain()
    defer { toolchain.cleanUp() }
    // Swift's debug information is newer than the valgrind of Debian 12 can read.
    let stripped = try toolchain.libraryWithoutDebugInformation()
    let compiled = try toolchain.compile(
      "secrets.c", as: .c, from: CToolchain.sources.deletingLastPathComponent().appending(path: "secrets"),
      library: stripped)
    #expect(compiled.status == 0, "\(compiled.output)")
    let valgrind = try #require(CToolchain.valgrind)
    let outcome = try toolchain.run(
      "secrets.c", [argument], under: [valgrind, "--quiet", "--error-exitcode=\(reported)"])
    let status = outcome.status >> 8
    if status != silent && status != reported { Issue.record("\(outcome.output)") }
    if status == reported && argument.contains(",") { Issue.record("\(outcome.output.prefix(4000))") }
    return status
  }
}

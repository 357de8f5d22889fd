import BenchHarness
import Foundation
import Kernels
import Testing

/// The built program, as a user runs it.
@Suite struct CommandLineTests {
  let place = Scratchpad()

  @Test func withoutArgumentsItHelps() throws {
    let result = try KernelBench.run([])
    #expect(result.status == 0)
    #expect(result.output.contains("USAGE: kernel-bench <subcommand>"))
  }

  @Test func listsCases() throws {
    let result = try KernelBench.run(["list"])
    #expect(result.status == 0)
    for name in ["sgemm/8 ", "sgemm/2048 ", "dgemm/1024 ", "sha256/64B ", "sha256/1MiB ", "sha256-batch/16x4KiB "] {
      #expect(result.output.contains(name), "\(name)")
    }
  }

  @Test func listsEveryRow() throws {
    let result = try KernelBench.run(["list", "--all-rows", "--filter", "^(sgemm/8|sha256/64B)/"])
    #expect(result.status == 0)
    #expect(result.output.contains("portable"))
  }

  /// Each family is there or is absent with a way to get it.
  @Test func saysWhichPeersAreAbsent() throws {
    let output = try KernelBench.run(["list", "--filter", "^sgemm/8$"]).output
    let parts = output.components(separatedBy: "absent peers")
    for (family, hint) in [("MKL", "make peers"), ("OpenBLAS", "make peers"), ("BLIS", "apt-get install")] {
      let isAbsent =
        parts.last?.split(separator: "\n").contains { $0.hasPrefix("  \(family): ") && $0.contains(hint) } ?? false
      let isPresent = parts[0].contains("\(family) ")
      #expect(isAbsent != isPresent, "\(family) in \(output)")
    }
  }

  @Test func runsAndWritesJSON() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(["run", "--quick", "--filter", "^(sgemm/8|sha256/64B)$", "--json", json])
    #expect(result.status == 0, "\(result.error)")
    for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    #expect(!result.output.contains("\u{1B}"), "no colour in a pipe")

    let report = try Report.read(json)
    #expect(report.cases.map(\.name) == ["sgemm/8", "sha256/64B"])
    for item in report.cases {
      let kernel = try #require(item.kernel)
      #expect(kernel.samples.nanoseconds.count >= 3)
      #expect((kernel[.throughput].value ?? 0) > 0)
      // No ceiling is measured for a hash that the CPU has no instructions for.
      let isPercentKnown = item.name == "sgemm/8" || !CPUFeatures.detected.isDisjoint(with: [.sha, .sha2])
      #expect(isPercentKnown ? kernel[.percentOfCeiling].value ?? 0 > 0 : kernel[.percentOfCeiling].value == nil)
      // Exactly none, or no figure at all under a sanitizer.
      #expect(kernel[.mallocCalls].value ?? 0 == 0)
    }
    #expect(report.cases[1].peers.count == 2)
    #expect(place.names == ["out.json"], "no temporary file is left")
  }

  @Test func masksFeatures() throws {
    let result = try KernelBench.run(["list", "--disable", "avx,sha,neon", "--filter", "^(sgemm/8|sha256/64B)$"])
    #expect(result.output.contains("_portable"))
    #expect(!result.output.contains("avx"))
  }

  @Test func measuresAFileOfTheUsers() throws {
    try place.write(String(repeating: "kernels ", count: 1000), to: "input.txt")
    let result = try KernelBench.run(["run", "--quick", "--filter", "sha256/input", "--input", place.path("input.txt")])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("bytes=8000"))
  }

  @Test(arguments: [
    (["run", "--filter", "nonsense"], "no case matches"),
    (["run", "--filter", "["], "not a regular expression"),
    (["run", "--disable", "avx3"], "unknown CPU feature"),
    (["run", "--input", "/nonexistent/file"], "cannot read --input"),
    (["run", "--input", "/dev/null"], "is empty"),
    (["run", "--json", "/nonexistent/out.json"], "cannot write /nonexistent/out.json"),
    (["list", "--filter", "nonsense"], "no case matches"),
  ])
  func mistakesAreToldInOneSentence(arguments: [String], message: String) throws {
    let result = try KernelBench.run(arguments)
    #expect(result.output.isEmpty)
    #expect(result.status == 1)
    let lines = result.error.split(separator: "\n").filter { !$0.hasPrefix("warning: built without optimisation") }
    #expect(lines.count == 1, "\(result.error)")
    #expect(lines.first?.contains(message) == true, "\(result.error)")
  }

  @Test func unknownOptionsAreRefused() throws {
    let result = try KernelBench.run(["run", "--fast"])
    #expect(result.status == 64)
    #expect(result.error.contains("--fast"))
  }
}

/// Runs the program that was built beside the tests.
enum KernelBench {
  /// The sanitizer that it was built with, if one was: valgrind cannot run it then, and malloc is not the system's.
  static let sanitizer = ProcessInfo.processInfo.environment["KERNELS_SANITIZER"]

  struct Result {
    let status: Int32
    let output: String
    let error: String
  }

  /// - Parameter seconds: after which the program gets what Ctrl-C sends.
  static func run(_ arguments: [String], interruptedAfter seconds: Double? = nil) throws -> Result {
    let process = Process()
    process.executableURL = try executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["NO_COLOR": "1"]) { _, new in new }
    let output = Pipe()
    let error = Scratchpad()
    // One pipe and one file: with two pipes the program could wait for the one that is not being read.
    try error.write("", to: "error")
    let errorFile = try FileHandle(forWritingTo: URL(fileURLWithPath: error.path("error")))
    process.standardOutput = output
    process.standardError = errorFile
    try process.run()
    if let seconds {
      DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { if process.isRunning { process.interrupt() } }
    }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try errorFile.close()
    return Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      error: try String(contentsOfFile: error.path("error"), encoding: .utf8))
  }

  /// In the directory of the test program, or above it where that is in a bundle.
  static var executable: URL {
    get throws {
      var directory = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent()
      for _ in 0..<5 {
        let candidate = directory.appendingPathComponent("kernel-bench")
        if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        directory.deleteLastPathComponent()
      }
      throw CocoaError(.fileNoSuchFile)
    }
  }
}

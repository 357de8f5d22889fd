import Foundation
import Kernels
import Testing

/// Generated expressions and documents against Python's jmespath, by `Scripts/jmespath-cases`.
@Suite struct JMESPathOracleTests {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../Scripts/jmespath-cases").standardizedFileURL.path

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", Self.script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test func agreesWithPython() throws {
    #if DEBUG
      let count = 2000
    #else
      let count = 6000
    #endif
    // The same cases at each run, or others by a seed of the environment.
    let seed = ProcessInfo.processInfo.environment["KERNELS_SEED"].flatMap { Int($0) } ?? 2_026
    let generated = try run(["generate", String(seed), String(count)])
    if generated.status != 0 {
      print("Python's jmespath is not there: generated expressions were not compared (pip install jmespath)")
      return
    }
    func bytes(_ hexadecimal: Substring) -> [UInt8] {
      let digits = Array(hexadecimal.utf8)
      return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)!
      }
    }
    var results = ""
    var workspace = JSONPlan.Workspace()
    for line in generated.output.split(separator: "\n") {
      let fields = line.split(separator: " ")
      do {
        let plan = try JSONPlan(.jmesPath, bytes(fields[0]))
        results +=
          "ok \(String(decoding: try unsafe plan.apply(bytes(fields[1]).span.bytes, workspace: &workspace), as: UTF8.self))\n"
      } catch {
        results += "err \(error.kind)\n"
      }
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "jmespath-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let cases = folder.appending(path: "cases").path
    let outcome = folder.appending(path: "results").path
    try generated.output.write(toFile: cases, atomically: false, encoding: .utf8)
    try results.write(toFile: outcome, atomically: false, encoding: .utf8)
    let checked = try run(["check", cases, outcome])
    #expect(checked.status == 0 && checked.output.hasSuffix(" 0 differ\n"), "\(checked.output)")
  }
}

import ArgumentParser
import BenchHarness

/// The counter of retains and releases on known calls of every entry point, and of compiled Swift.
struct SelfTestReferences: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest-references",
    abstract: "Prove the counter of retains and releases on known numbers of calls.", shouldDisplay: false)

  func run() throws {
    if let reason = ReferenceCounter.unavailable { throw BenchError("unavailable: \(reason)") }
    if let problem = ReferenceCounter.check(calls: [0, 1, 10, 1000, 100_000]) { throw BenchError(problem) }
    print("retains and releases: exact for 0...100000 calls of each entry point, and from Swift")
  }
}

import Foundation
import Testing

@testable import BenchHarness

@Suite struct ChildProcessTests {
  let place = Scratchpad()

  private func run(_ script: String, environment: [String] = [], seconds: Double = 20) throws -> ChildProcess.Outcome {
    try ChildProcess.run(
      ["/bin/sh", "-c", script], directory: place.root, environment: environment, output: place.path("output"),
      error: place.path("error"), seconds: seconds)
  }

  @Test func tellsHowItEnded() throws {
    #expect(try run("exit 0") == .ended(.exited(0)))
    #expect(try run("exit 7") == .ended(.exited(7)))
    #expect(try run("kill -KILL $$") == .ended(.signalled(SIGKILL)))
    #expect(ChildProcess.Status.exited(7).code == 7 && ChildProcess.Status.signalled(SIGKILL).code == 137)
  }

  @Test func streamsGoToFiles() throws {
    #expect(try run("echo out; echo err >&2; cat") == .ended(.exited(0)), "cat finds no input and ends")
    #expect(SystemFile.text(place.path("output")) == "out" && SystemFile.text(place.path("error")) == "err")
    #expect(try run("echo anew") == .ended(.exited(0)))
    #expect(SystemFile.text(place.path("output")) == "anew" && SystemFile.text(place.path("error")) == "")
  }

  @Test func runsWhereItIsToldWithWhatItIsGiven() throws {
    #expect(try run("pwd -P; echo $GIVEN-$HOME", environment: ["GIVEN=a b"]) == .ended(.exited(0)))
    let path = URL(fileURLWithPath: place.root).resolvingSymlinksInPath().path
    #expect(SystemFile.text(place.path("output")) == "\(path)\na b-")
  }

  @Test func isEndedWhenItTakesTooLong() throws {
    let start = Clock.nanoseconds
    #expect(try run("exec sleep 60", seconds: 0.1) == .timedOut)
    #expect(Clock.nanoseconds - start < 20_000_000_000)
  }

  @Test func saysThatItCannotBeStarted() {
    let error = #expect(throws: BenchError.self) {
      try ChildProcess.run(
        ["/nonexistent"], directory: place.root, environment: [], output: place.path("output"),
        error: place.path("error"), seconds: 1)
    }
    #expect(error?.description.contains("cannot start /nonexistent: No such file") == true)
  }

  /// A pipe's end that a process does not get as a stream closes when it starts.
  @Test func noPipeIsInherited() throws {
    let mine = try BenchHarness.Pipe()
    let other = try BenchHarness.Pipe()
    let process = try ChildProcess(
      "/bin/sh", arguments: ["sh", "-c", "ls /proc/self/fd"], output: .descriptor(mine.write.number), error: .nothing)
    let reader = mine.reading()
    let text = String(decoding: try SystemFile.bytes(reading: reader.number).get(), as: UTF8.self)
    #expect(process.wait().status == .exited(0))
    let open = text.split(separator: "\n")
    #expect(open.contains("1") && !open.contains("\(other.read.number)"), "\(text)")
  }
}

@Suite struct ProcessEnvironmentTests {
  @Test func leavesVariablesOut() {
    let all = ProcessEnvironment.variables()
    #expect(all.contains { $0.hasPrefix("PATH=") })
    #expect(ProcessEnvironment.variables(without: ["PATH"]) == all.filter { !$0.hasPrefix("PATH=") })
  }

  @Test func findsWhatCanBeExecuted() throws {
    let place = Scratchpad()
    for directory in ["a", "b"] { try place.write("#!/bin/sh\n", to: "\(directory)/tool") }
    let path = "\(place.path("absent"))::\(place.path("a")):\(place.path("b"))"
    #expect(ProcessEnvironment.find("tool", path: path) == nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path("b/tool"))
    #expect(ProcessEnvironment.find("tool", path: path) == place.path("b/tool"))
    #expect(ProcessEnvironment.find("tool", path: "") == nil)
  }
}

@Suite struct TemporaryDirectoryTests {
  @Test func goesWithItsFiles() throws {
    var directory: TemporaryDirectory? = try TemporaryDirectory()
    let path = try #require(directory?.path)
    try Data([1]).write(to: URL(fileURLWithPath: path + "/file"))
    #expect(FileManager.default.fileExists(atPath: path + "/file"))
    directory = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}

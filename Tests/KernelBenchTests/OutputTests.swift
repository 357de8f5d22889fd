import BenchHarness
import Foundation
import Testing

@Suite struct FormatTests {
  @Test(arguments: [
    (0.31, "0.31 ns"), (28.44, "28.4 ns"), (999.4, "999 ns"), (999.6, "1.00 us"), (1_234, "1.23 us"),
    (20_980_000, "21.0 ms"),
    (1.5e9, "1.50 s"), (0, "0 ns"),
  ])
  func time(nanoseconds: Double, expected: String) { #expect(Format.time(nanoseconds) == expected) }

  @Test(arguments: [
    (64.0, "64 B"), (32768, "32.0 KiB"), (524288, "512 KiB"), (33_554_432, "32.0 MiB"), (3_221_225_472, "3.00 GiB"),
  ])
  func bytes(bytes: Double, expected: String) { #expect(Format.bytes(bytes) == expected) }

  @Test(arguments: [
    (3.14159, 2, "3.14"), (0.05, 1, "0.1"), (0.004, 2, "0.00"), (-0.004, 2, "0.00"), (-12.345, 1, "-12.3"), (7, 0, "7"),
    (99.999, 2, "100.00"),
  ])
  func fixed(value: Double, digits: Int, expected: String) { #expect(Format.fixed(value, digits: digits) == expected) }

  @Test func whatIsNoNumberIsShownAsItIs() {
    #expect(Format.fixed(.infinity, digits: 2) == "inf")
    #expect(Format.fixed(.nan, digits: 2) == "nan")
  }

  @Test(arguments: [(0.0, "0"), (3, "3"), (0.25, "0.25"), (1_500_000, "1500000")])
  func count(count: Double, expected: String) { #expect(Format.count(count) == expected) }

  @Test func padding() {
    #expect("abc".padded(5) == "abc  ")
    #expect("abcdef".padded(5) == "abcd\u{2026}")
    #expect("abc".leftPadded(5) == "  abc")
    #expect("abc".cut(3) == "abc" && "abc".cut(2) == "a\u{2026}" && "abc".cut(0) == "")
  }
}

@Suite struct AtomicFileTests {
  let directory = Scratchpad()

  @Test func replacesInOneStep() throws {
    let path = directory.path("out.json")
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    let file = try AtomicFile(path: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    try file.commit(Array("new".utf8))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(directory.names == ["out.json"])
  }

  @Test func leavesNothingBehindWhenItIsNotCommitted() throws {
    _ = try AtomicFile(path: directory.path("out.json"))
    #expect(directory.names.isEmpty)
  }

  @Test func aFailureLeavesTheOldFile() throws {
    try directory.write("old", to: "out.json")
    let file = try AtomicFile(path: directory.path("out.json"))
    // What cannot be replaced by a file: a directory that came in its place meanwhile.
    try FileManager.default.moveItem(atPath: directory.path("out.json"), toPath: directory.path("kept"))
    try directory.write("", to: "out.json/inside")
    #expect(throws: BenchError.self) { try file.commit(Array("new".utf8)) }
    #expect(directory.names == ["kept", "out.json"])
    #expect(SystemFile.names(in: directory.path("out.json")) == ["inside"])
  }

  @Test func saysWhereItCannotWrite() {
    #expect(throws: BenchError.self) { try AtomicFile(path: directory.path("absent/out.json")) }
    let error = #expect(throws: BenchError.self) { try AtomicFile(path: directory.root) }
    #expect(error?.description.contains("is a directory") == true)
  }
}

@Suite struct RunTableTests {
  @Test func linesFitAHundredColumns() {
    let table = RunTable(terminal: Terminal(colour: false, progress: false))
    let result = ReportTests.result(longNames: true)
    for line in (table.header + "\n" + table.text(result) + "\n" + table.legend([result])).split(separator: "\n") {
      #expect(line.count <= RunTable.width, "\(line)")
    }
  }

  @Test func theWholeTableEndsWithGrowthAndWarnings() {
    var report = Samplers.report(sizes: [8, 16, 32, 64], peers: [String(repeating: "long ", count: 30)]) { Double($0) }
    report.isPartial = true
    let text = RunTable(terminal: Terminal(colour: false, progress: false)).text(report)
    for line in text.split(separator: "\n") { #expect(line.count <= RunTable.width, "\(line)") }
    #expect(text.contains("grows as") && text.contains("  series                                  n "))
    #expect(text.contains("BLIS: absent, not found") && text.contains("\nInterrupted: "))
  }

  @Test func whatIsMissingIsSaidAndNeverZero() {
    let table = RunTable(terminal: Terminal(colour: false, progress: false))
    let result = ReportTests.result(allocations: .unavailable(reason: "no glibc"))
    #expect(table.text(result).contains("n/a"))
    #expect(table.legend([result]).contains("n/a: no glibc"))
  }

  @Test func colourOnlyWhereItIsAsked() {
    let result = ReportTests.result()
    #expect(!RunTable(terminal: Terminal(colour: false, progress: false)).text(result).contains("\u{1B}"))
    #expect(RunTable(terminal: Terminal(colour: true, progress: false)).text(result).contains("\u{1B}[1m"))
  }
}

/// A directory that goes when the test does.
final class Scratchpad: Sendable {
  let root: String

  init() {
    root = FileManager.default.temporaryDirectory.path + "/kernel-bench-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { root + "/" + name }

  var names: [String] { SystemFile.names(in: root) }

  /// Writes a file, with the directories that it needs.
  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: path(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
}

import Foundation
import Testing

/// `kernel-bench aggregate`, as a user runs it.
@Suite struct AggregateToolTests {
  let place = Scratchpad()

  static let lines = """
    {"k":"b","v":1.5,"ts":1000}
    {"k":"a","v":2,"ts":61000}

    {"k":"a, \\"x\\"","v":null,"ts":2000}
    {"k":"a","v":3,"ts":1500}
    """
  static let records = "ts,k,v\r\n1000,b,1.5\r\n61000,a,2\r\n2000,\"a, \"\"x\"\"\",\r\n1500,a,3"

  private func plan(_ more: String = "") throws -> String {
    try place.write(
      #"{"keys":["k"],"aggregates":[{"op":"sum","column":"v","as":"total"},{"op":"count","as":"n"},"#
        + #"{"op":"histogram","column":"v","bounds":[2],"as":"h"}]"# + more + "}", to: "plan.json")
    return place.path("plan.json")
  }

  private var windows: String { #","window":{"kind":"tumbling","time":"ts","size_ms":60000}"# }

  @Test func groupsOfLines() throws {
    try place.write(Self.lines, to: "in.ndjson")
    let result = try KernelBench.run(["aggregate", try plan(), place.path("in.ndjson")])
    #expect(result.status == 0, "\(result.error)")
    #expect(
      result.output == """
        {"k":"a","total":5,"n":2,"h":[0,2]}
        {"k":"a, \\"x\\"","total":null,"n":1,"h":[0,0]}
        {"k":"b","total":1.5,"n":1,"h":[1,0]}

        """, "\(result.output)")
    #expect(result.error.hasPrefix("4 rows, 0.0 MB in ") && result.error.contains("rows/s; 3 groups in "))
    #expect(!result.error.contains("\r") && !result.error.contains("\u{1B}"), "no progress where nobody watches")
  }

  @Test func recordsGiveTheSame() throws {
    try place.write(Self.lines, to: "in.ndjson")
    try place.write(Self.records, to: "in.csv")
    for format in ["ndjson", "csv", "table"] {
      let options = ["aggregate", try plan(windows), "--to", format]
      let lines = try KernelBench.run(options + [place.path("in.ndjson")])
      let records = try KernelBench.run(options + [place.path("in.csv")])
      #expect(records.status == 0 && records.output == lines.output && !lines.output.isEmpty, "\(records.error)")
    }
  }

  @Test func recordsAndTablesGoOut() throws {
    try place.write(Self.records, to: "in.csv")
    let csv = try KernelBench.run(["aggregate", try plan(windows), place.path("in.csv"), "--to", "csv"])
    #expect(
      csv.output
        == "k,window_start,window_end,total,n,h\r\na,0,60000,3.0,1,\"[0,1]\"\r\n"
        + "\"a, \"\"x\"\"\",0,60000,,1,\"[0,0]\"\r\nb,0,60000,1.5,1,\"[1,0]\"\r\na,60000,120000,2.0,1,\"[0,1]\"\r\n")
    let table = try KernelBench.run(["aggregate", try plan(), place.path("in.csv"), "--to", "table"])
    #expect(
      table.output == """
        k       total  n  h
        ------  -----  -  -----
        a         5.0  2  [0,2]
        a, "x"         1  [0,0]
        b         1.5  1  [1,0]

        """, "\(table.output)")
  }

  @Test func standardInput() throws {
    try place.write(Self.records, to: "in.csv")
    let direct = try KernelBench.run(["aggregate", try plan(), place.path("in.csv")])
    let script = "'\(try KernelBench.executable.path)' aggregate '\(try plan())' - < '\(place.path("in.csv"))'"
    let piped = try shell(script)
    #expect(piped == direct.output && !piped.isEmpty)
    let named = try shell(script.replacingOccurrences(of: " - <", with: " - --from csv <"))
    #expect(named == direct.output)
  }

  private func shell(_ script: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }

  /// More than one piece of the file, a row across each cut.
  @Test func longFiles() throws {
    var text = ""
    for row in 0..<200_000 {
      text += "{\"k\":\(row % 7),\"v\":0.25,\"padding\":\"\(String(repeating: "x", count: row % 80))\"}\n"
    }
    try place.write(text, to: "in.ndjson")
    let result = try KernelBench.run(["aggregate", try plan(), place.path("in.ndjson"), "--to", "csv"])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.error.hasPrefix("200000 rows, "))
    let counts = result.output.split(separator: "\r\n").dropFirst().map { $0.split(separator: ",")[2] }
    #expect(counts.compactMap { Int($0) }.reduce(0, +) == 200_000 && counts.count == 7)
  }

  @Test func statesAreKeptAndPutTogether() throws {
    try place.write(Self.lines, to: "in.ndjson")
    let plan = try plan(windows)
    let (one, two, both) = (place.path("one.state"), place.path("two.state"), place.path("both.state"))
    let input = place.path("in.ndjson")
    let whole = try KernelBench.run(["aggregate", plan, input, input])
    for state in [one, two] {
      let result = try KernelBench.run(["aggregate", plan, input, "--snapshot", state])
      #expect(result.status == 0 && result.output.isEmpty, "\(result.error)")
    }
    let merged = try KernelBench.run(["aggregate", plan, "--merge", one, "--merge", two])
    #expect(merged.status == 0 && merged.output == whole.output, "\(merged.error)")
    let restored = try KernelBench.run(["aggregate", plan, "--restore", one, input])
    #expect(restored.output == whole.output)
    // What the watermark closes now and what comes later make the whole.
    let closed = try KernelBench.run(
      ["aggregate", plan, "--restore", one, "--merge", two, "--snapshot", both, "--watermark", "60000"])
    let rest = try KernelBench.run(["aggregate", plan, "--restore", both])
    #expect(closed.output + rest.output == whole.output && !closed.output.isEmpty && !rest.output.isEmpty)
    let late = try KernelBench.run(["aggregate", plan, "--restore", both, input])
    #expect(late.error.contains("; 3 rows came late and were left out"))
    try place.write("no state", to: "bad.state")
    let bad = try KernelBench.run(["aggregate", plan, "--merge", place.path("bad.state")])
    #expect(bad.status == 1 && bad.error.contains("bad.state") && bad.error.contains("write it again with --snapshot"))
    let other = try KernelBench.run(["aggregate", try self.plan(), "--restore", one])
    #expect(other.status == 1 && other.error.contains("give the plan that the state was made by"))
  }

  @Test func memoryIsLimited() throws {
    var text = ""
    for row in 0..<50_000 { text += "{\"k\":\(row),\"v\":1}\n" }
    try place.write(text, to: "in.ndjson")
    let input = place.path("in.ndjson")
    let failed = try KernelBench.run(["aggregate", try plan(), input, "--memory-limit", "100000"])
    #expect(failed.status == 1 && failed.error.contains("raise --memory-limit"), "\(failed.error)")
    #expect(failed.output.isEmpty)
    let kept = try KernelBench.run(
      ["aggregate", try plan(#","overflow":"sketch""#), input, "--memory-limit", "100000", "--to", "csv"])
    #expect(kept.status == 0 && kept.error.contains("rows of groups past the memory limit"), "\(kept.error)")
  }

  @Test(arguments: [
    ("{\"k\":1,\"v\":2}\n{\"k\":1,\"v\":}\n", "in.ndjson", "line 2, byte 25: /v: unexpected byte"),
    ("{\"k\":1,\"v\":2}\n\n{\"k\":\"a\",\"v\":2}\n", "in.ndjson", "line 3, byte 15: k: a value is of another type"),
    ("k,v\n1,2\n1,2,3\n", "in.csv", "line 3, byte 8: a record of 3 fields, not 2"),
    ("k,v\n1,x\n", "in.csv", "line 2, byte 6: v: a field is no number"),
    ("k,w\n1,2\n", "in.csv", "v: the column is missing; name a column of the file in the plan"),
    ("", "in.csv", "there is no header"),
  ])
  func badRows(_ text: String, _ name: String, _ message: String) throws {
    try place.write(text, to: name)
    let result = try KernelBench.run(["aggregate", try plan(), place.path(name)])
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.error.contains(message) && result.error.contains(name), "\(result.error)")
  }

  @Test func wrongUse() throws {
    try place.write(#"{"aggregates":[{"op":"none"}]}"#, to: "bad.json")
    let bad = try KernelBench.run(["aggregate", place.path("bad.json"), "-"])
    #expect(bad.status == 1 && bad.error.contains("aggregates/0/op: none is not known"), "\(bad.error)")
    let absent = try KernelBench.run(["aggregate", try plan(), place.path("absent.csv")])
    #expect(absent.status == 1 && absent.error.contains("cannot read") && absent.error.contains("absent.csv"))
    for options in [[], ["-", "-"], ["-", "--memory-limit", "0"], ["-", "--watermark", "5"], ["-", "--to", "xml"]] {
      let result = try KernelBench.run(["aggregate", try plan()] + options)
      #expect(result.status == 64, "\(options)")
    }
  }
}

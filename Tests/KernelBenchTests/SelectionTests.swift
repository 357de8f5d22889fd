import BenchHarness
import Testing

@Suite struct SelectionTests {
  let cases = ["sgemm/8", "sgemm/16", "dgemm/8", "sha256/64B"].map { name in
    BenchmarkCase(
      name: name, parameters: [], unit: .flops, row: "row", ceiling: .none(reason: "none"), peers: [], prepare: { [] })
  }

  @Test(arguments: [
    ("sgemm", ["sgemm/8", "sgemm/16"]), ("gemm/8", ["sgemm/8", "dgemm/8"]), ("^(sha|d)", ["dgemm/8", "sha256/64B"]),
    ("gemm/8$", ["sgemm/8", "dgemm/8"]), ("", ["sgemm/8", "sgemm/16", "dgemm/8", "sha256/64B"]),
  ])
  func matches(pattern: String, expected: [String]) throws {
    #expect(try Selection(pattern: pattern).select(cases).map(\.name) == expected)
  }

  @Test func noFilterSelectsAll() throws {
    #expect(try Selection(pattern: nil).select(cases).count == 4)
  }

  @Test(arguments: ["[", "(", "*a"]) func notARegularExpression(pattern: String) {
    #expect(throws: BenchError.self) { try Selection(pattern: pattern) }
  }

  @Test func nothingSelectedSaysWhatToDo() throws {
    let selection = try Selection(pattern: "nonsense")
    let error = #expect(throws: BenchError.self) { try selection.select(cases) }
    #expect(error?.description == "no case matches --filter \"nonsense\"; kernel-bench list shows the names")
  }
}

import BenchHarness
import Testing

@Suite struct SelectionTests {
  let series = [("sgemm", [8, 16]), ("dgemm", [8]), ("sha256", [64])].map { name, sizes in
    CaseSeries(name: name, points: sizes.map { .init($0) }) { point, name in
      BenchmarkCase(
        name: name, series: "series", size: point.size, parameters: [], unit: .flops, row: "row",
        ceiling: .none(reason: "none"), prepare: { [] })
    }
  }

  @Test(arguments: [
    ("sgemm", ["sgemm/8", "sgemm/16"]), ("gemm/8", ["sgemm/8", "dgemm/8"]), ("^(sha|d)", ["dgemm/8", "sha256/64"]),
    ("gemm/8$", ["sgemm/8", "dgemm/8"]), ("", ["sgemm/8", "sgemm/16", "dgemm/8", "sha256/64"]),
  ])
  func matches(pattern: String, expected: [String]) throws {
    #expect(try Selection(pattern: pattern).cases(series).map(\.name) == expected)
  }

  @Test func noFilterSelectsAll() throws {
    #expect(try Selection(pattern: nil).cases(series).count == 4)
  }

  @Test(arguments: ["[", "(", "*a"]) func notARegularExpression(pattern: String) {
    #expect(throws: BenchError.self) { try Selection(pattern: pattern) }
  }

  @Test func nothingSelectedSaysWhatToDo() throws {
    let selection = try Selection(pattern: "nonsense")
    let error = #expect(throws: BenchError.self) { try selection.cases(series) }
    #expect(error?.description == "no case matches --filter \"nonsense\"; kernel-bench list shows the names")
  }
}

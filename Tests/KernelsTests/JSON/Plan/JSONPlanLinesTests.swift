import Kernels
import Testing

@Suite struct JSONPlanLinesTests {
  private func lines(_ text: String, _ expression: String, _ bad: JSONBadLine = .fail, skipsNull: Bool = false) throws
    -> String
  {
    let result = try unsafe JSONPlan(jmesPath: expression).applyLines(
      Array(text.utf8).span.bytes, badLines: bad, skipsNull: skipsNull)
    return "\(result.badLineCount) " + String(decoding: result.output, as: UTF8.self)
  }

  @Test func aLineInALineOut() throws {
    #expect(try lines("{\"a\":1}\n\n {\"a\": [2, 3]} \r\n \t\r\n{}", "a") == "0 1\n[2,3]\nnull\n")
    #expect(try lines("{\"a\":1}\n{}\n", "a", skipsNull: true) == "0 1\n")
    #expect(try lines("", "a") == "0 ")
    #expect(try lines("{\"a\":-1}\nx\n{\"a\":\"\"}\n{\"a\":2}", "abs(a)", .skip) == "2 1\n2\n")
  }

  @Test func badLines() {
    let error = #expect(throws: JSONPlanLineError.self) { try lines("{}\n\n{]\n{]", "a") }
    #expect(error?.line == 3 && error?.byteOffset == 4)
    let failed = #expect(throws: JSONPlanLineError.self) { try lines("{\"a\":1}\n{\"a\":[]}", "abs(a)") }
    #expect(failed?.line == 2 && failed?.error.kind == .invalidType)
  }

  /// The same bytes, and the same first error, however many threads there are.
  @Test func threads() throws {
    var text = ""
    for index in 0..<20_000 {
      text +=
        index % 97 == 5
        ? "oops\n"
        : index % 7 == 0 ? "\n" : "{\"id\": \(index), \"s\": \"\(String(repeating: "x", count: index % 40))\"}\n"
    }
    let bytes = Array(text.utf8)
    let plan = try JSONPlan(jmesPath: "{id: id, n: length(s)}")
    let one = try unsafe plan.applyLines(bytes.span.bytes, badLines: .skip)
    let first = #expect(throws: JSONPlanLineError.self) { try unsafe plan.applyLines(bytes.span.bytes) }
    for threads in [2, 3, 8] {
      #expect(try unsafe plan.applyLines(bytes.span.bytes, badLines: .skip, threads: threads) == one)
      let error = #expect(throws: JSONPlanLineError.self) {
        try unsafe plan.applyLines(bytes.span.bytes, threads: threads)
      }
      #expect(error == first)
    }
  }

  /// One plan, many threads at once.
  @Test func sharedPlan() async throws {
    let plan = try JSONPlan(jmesPath: "sort_by(items, &k)[*].{k: k, s: to_string(@)} | [0].s")
    let expected = Array(#""{\"k\":1,\"v\":[]}""#.utf8)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var workspace = JSONPlan.Workspace()
          for _ in 0..<200 {
            let document = Array(#"{"items":[{"k":2},{"k":1,"v":[]},{"k":3}]}"#.utf8)
            guard let result = try? unsafe plan.apply(document.span.bytes, workspace: &workspace), result == expected
            else {
              return false
            }
          }
          return true
        }
      }
      for await good in group { #expect(good) }
    }
  }
}

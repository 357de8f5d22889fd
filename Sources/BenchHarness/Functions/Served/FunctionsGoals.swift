/// What the functions are to reach, beside what they reached.
package struct FunctionsGoal: Hashable, Sendable {
  package let name: String
  package let goal: String
  package let figure: String
  /// nil where it was not measured.
  package let isMet: Bool?
}

extension FunctionsReport {
  private static let loop = "loop"

  /// The workloads, without the loop alone.
  package var functions: [ServedWorkload] { workloads.filter { $0.name != Self.loop } }

  package var goals: [FunctionsGoal] {
    // The one with a database loads libpq, and what that loads, before its main.
    let own = functions.filter { $0.name != "database" }.compactMap(\.runtimes.first)
    func worst(_ values: [Double?]) -> Double? {
      values.contains { $0 == nil } ? nil : values.compactMap(\.self).max()
    }
    func goal(_ name: String, _ most: Double, _ values: [Double?], _ text: (Double) -> String) -> FunctionsGoal {
      let value = worst(values)
      return FunctionsGoal(
        name: name, goal: "<= \(text(most))", figure: value.map(text) ?? "n/a", isMet: value.map { $0 <= most })
    }
    let starts = own.map { $0.start.distribution }
    let loop = workloads.first { $0.name == Self.loop }?.runtimes.first?.invoked.raw.distribution
    var goals = [
      goal(
        "exec to first request, p50, slowest of the functions without libraries", 3e6, starts.map { $0?.median.value },
        Format.time),
      goal("exec to first request, p99", 6e6, starts.map { $0.flatMap { $0[99].value ?? $0.maximum } }, Format.time),
      goal("of it by the kernels", 0.2e6, own.map { $0.startBeyondLoop.value }, Format.time),
      goal("loop without a kernel, p50", 0.3e6, [loop?.median.value], Format.time),
      goal("loop without a kernel, p99", 1e6, [loop?[99].value], Format.time),
      goal("most memory before the first event", 15_728_640, own.map { $0.peakIdle.value }, Format.bytes),
      goal("invocations that failed", 0, workloads.flatMap(\.runtimes).map { Double($0.invoked.invocations.errors) }) {
        Format.count($0)
      },
    ]
    let answers = functions.flatMap(\.runtimes).map(\.answer)
    let unequal = answers.count { $0.hasPrefix("differs") }
    goals.append(
      FunctionsGoal(
        name: "answers that differ", goal: "<= 0", figure: "\(unequal)",
        isMet: answers.contains { !$0.hasPrefix("differs") && $0 != "equal" } ? nil : unequal == 0))
    for name in functions.first?.runtimes.dropFirst().map(\.runtime) ?? [] {
      let others = functions.flatMap(\.runtimes).filter { $0.runtime == name }
      for (figure, ratios) in [
        ("p50", others.map(\.median)), ("p99", others.map(\.p99)), ("memory", others.map(\.memory)),
      ] {
        let least = ratios.contains { $0.value == nil } ? nil : ratios.compactMap(\.value).min()
        goals.append(
          FunctionsGoal(
            name: "\(name) against the kernels, least ratio of \(figure)", goal: "> 1.00x",
            figure: least.map(Format.ratio) ?? "n/a", isMet: least.map { $0 > 1 }))
      }
    }
    return goals
  }
}

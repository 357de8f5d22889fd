/// How well the comparison of builds finds slow-downs of known size, and how often it cries wolf: what `selftest` finds.
package struct SelfTestReport: Document, Hashable, Sendable {
  package static let format = "kernel-bench selftest"
  package static let version = 1

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let plan: SideBySidePlan
  package let rule: DecisionRule
  package let seed: UInt64
  /// Whether another CPU was kept busy meanwhile.
  package let hasBusyNeighbour: Bool
  package let cases: [String]
  package private(set) var runs = 0
  /// By slow-down, the smallest first.
  package private(set) var tallies: [Tally]
  /// The user interrupted.
  package var isPartial = false

  package init(
    started: Int, machine: MachineDescription, plan: SideBySidePlan, rule: DecisionRule, seed: UInt64,
    hasBusyNeighbour: Bool, cases: [String]
  ) {
    self.started = started
    self.machine = machine
    self.plan = plan
    self.rule = rule
    self.seed = seed
    self.hasBusyNeighbour = hasBusyNeighbour
    self.cases = cases
    tallies = Self.goals.map { Tally(slowdown: $0.slowdown) }
  }

  /// The slow-downs that are injected, in percent, and how often they are to be found: none never.
  package static let goals: [(slowdown: Double, found: Double)] = [(0, 0), (3, 0.8), (5, 0.95)]

  /// The programs of a run: this one as the old build, as its control, and as the new build with every slow-down.
  package static func arms(path: String) -> [Arm] {
    [Arm(name: "old", path: path), Arm(name: "control", path: path)]
      + goals.map { Arm(name: "+\($0.slowdown) %", path: path, slowdown: $0.slowdown) }
  }

  /// Verdicts on a slow-down, one a case and run.
  package struct Tally: Hashable, Codable, Sendable {
    /// In percent.
    package let slowdown: Double
    /// The names of the cases, by verdict, once for each run.
    package fileprivate(set) var verdicts: [String: [String]] = [:]

    package init(slowdown: Double) { self.slowdown = slowdown }

    package func count(_ verdict: Verdict) -> Int { verdicts[verdict.rawValue]?.count ?? 0 }

    package var comparisons: Int { verdicts.values.reduce(0) { $0 + $1.count } }

    /// Cases with another verdict than they should have, and how often.
    package var wrong: [(name: String, times: Int)] {
      let right: [Verdict] = slowdown == 0 ? [.noChange, .inconclusive] : [.regression]
      let names = verdicts.filter { item in !right.contains { $0.rawValue == item.key } }.values.joined()
      return Dictionary(grouping: names) { $0 }.map { ($0.key, $0.value.count) }.sorted { $0 < $1 }
    }

    /// A slow-down that was called a regression; without a slow-down, any change that was seen: false alarms.
    package var found: Proportion {
      let faster = slowdown == 0 ? count(.improvement) : 0
      return Proportion(count(.regression) + faster, of: comparisons)
    }
  }

  /// - Parameter samples: of ``arms(path:)``.
  package mutating func add(run samples: [ArmSamples]) {
    guard !samples.isEmpty else { return }
    runs += 1
    for index in tallies.indices {
      for item in BuildComparison.judge(samples, candidate: index + 2, reference: (0, 1), rule: rule) {
        tallies[index].verdicts[item.verdict.rawValue, default: []].append(item.name)
      }
    }
  }

  /// Whether the figures show that a goal is missed: its rate is not in the interval, nor on its good side.
  package func misses(_ tally: Tally) -> Bool {
    guard let goal = Self.goals.first(where: { $0.slowdown == tally.slowdown }) else { return false }
    // Without a slow-down every run may err with the rule's probability.
    return goal.found == 0
      ? tally.found.interval().low > rule.level : tally.found.interval().high < goal.found
  }

  /// Too many false alarms are a fault of the instrument, too little found is one of the machine: it is too busy to tell.
  package var exitCode: Int32 {
    let missed = tallies.filter(misses)
    return missed.isEmpty
      ? GateExit.pass : missed.contains { $0.slowdown == 0 } ? GateExit.regression : GateExit.inconclusive
  }

  /// Plain text within 100 columns.
  package func text(terminal: Terminal) -> String {
    let (cases, runs) = (self.cases.count, self.runs)
    var lines = [
      "\(cases) case\(cases == 1 ? "" : "s"), \(runs) run\(runs == 1 ? "" : "s")"
        + (hasBusyNeighbour ? ", another CPU busy meanwhile" : ""),
      terminal.styled(
        "injected".padded(10) + "compared".leftPadded(8) + "slower".leftPadded(7) + "faster".leftPadded(7)
          + "no change".leftPadded(10) + "inconclusive".leftPadded(13) + "  rate (95 % interval), goal", .dim),
    ]
    for tally in tallies {
      let (found, goal) = (tally.found, Self.goals.first { $0.slowdown == tally.slowdown }?.found ?? 0)
      let interval = found.interval()
      let text =
        "\(tally.slowdown == 0 ? "false alarms" : "found") \(found.rate.map(Format.percent) ?? "n/a"), "
        + "\(Format.percent(interval.low)) ... \(Format.percent(interval.high)), "
        + (goal == 0 ? "none" : ">= \(Format.percent(goal))")
      let counts = [Verdict.regression, .improvement, .noChange, .inconclusive].map(tally.count)
      lines.append(
        (tally.slowdown == 0 ? "nothing" : "+\(Format.significant(tally.slowdown)) %").padded(10)
          + "\(tally.comparisons)".leftPadded(8) + "\(counts[0])".leftPadded(7) + "\(counts[1])".leftPadded(7)
          + "\(counts[2])".leftPadded(10) + "\(counts[3])".leftPadded(13) + "  "
          + terminal.styled(text, misses(tally) ? .bad : .good))
      let wrong = tally.wrong.map { $0.times == 1 ? $0.name : "\($0.name) (\($0.times))" }
      if !wrong.isEmpty {
        lines += "\(tally.slowdown == 0 ? "wrong" : "not found"): \(wrong.joined(separator: ", "))"
          .wrapped(RunTable.width - 2).map { terminal.styled("  " + $0, .dim) }
      }
    }
    if isPartial { lines.append("Interrupted: runs are missing.") }
    return lines.joined(separator: "\n")
  }
}

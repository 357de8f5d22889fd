/// Two builds, compared case by case: what `ab` finds.
package struct BuildComparison: Document, Hashable, Sendable {
  package static let format = "kernel-bench ab"
  package static let version = 1

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let old: String
  package let new: String
  package let plan: SideBySidePlan
  package let rule: DecisionRule
  package let seed: UInt64
  package let cases: [Case]
  /// The user interrupted.
  package let isPartial: Bool

  package struct Case: Hashable, Codable, Sendable {
    package let name: String
    /// Nanoseconds of a call: medians over blocks.
    package let oldNanoseconds: Double
    package let newNanoseconds: Double
    package let blocks: Int
    package let lives: Int
    /// Samples that were taken again since the scheduler had given the CPU to somebody else.
    package let repeated: Int
    /// New against old, old against itself: natural logarithms of ratios of time.
    package let estimate: LogRatioEstimate
    package let control: LogRatioEstimate
    /// The p-value after Holm's correction.
    package let adjusted: Double
    package let judgement: Judgement
    /// Exact figures per call that differ.
    package let counts: [CountChange]

    /// Of time and counts together: more calls of malloc are a regression however fast they are.
    package var verdict: Verdict {
      if counts.contains(where: { $0.new > $0.old }) { return .regression }
      if judgement.verdict == .noChange && !counts.isEmpty { return .improvement }
      return judgement.verdict
    }
  }

  package struct CountChange: Hashable, Codable, Sendable {
    package let metric: MetricName
    package let old: Double
    package let new: Double

    package init(metric: MetricName, old: Double, new: Double) {
      (self.metric, self.old, self.new) = (metric, old, new)
    }
  }

  package init(
    started: Int, machine: MachineDescription, old: String, new: String, plan: SideBySidePlan, rule: DecisionRule,
    seed: UInt64, cases: [Case], isPartial: Bool
  ) {
    self.started = started
    self.machine = machine
    self.old = old
    self.new = new
    self.plan = plan
    self.rule = rule
    self.seed = seed
    self.cases = cases
    self.isPartial = isPartial
  }

  package var exitCode: Int32 { GateExit.code(cases.map(\.verdict)) }
}

extension BuildComparison {
  /// Judges an arm against two of the old build, all cases together.
  ///
  /// - Parameters:
  ///   - candidate: the arm of the new build.
  ///   - reference: the two arms of the old build; the second is the control.
  package static func judge(
    _ samples: [ArmSamples], candidate: Int, reference: (Int, Int), rule: DecisionRule
  ) -> [Case] {
    let estimates = samples.map { $0.ratios(of: candidate, to: [reference.0, reference.1]).estimate() }
    let controls = samples.map { $0.ratios(of: reference.1, to: [reference.0]).estimate() }
    let adjusted = Holm.adjusted(estimates.map(\.p))
    return samples.indices.map { i in
      let (old, new) = (samples[i].counts[reference.0], samples[i].counts[candidate])
      let changes = Set(old.keys).intersection(new.keys).filter { $0.isExact && old[$0] != new[$0] }
        .sorted { $0.rawValue < $1.rawValue }
      return Case(
        name: samples[i].name, oldNanoseconds: Summary(samples[i].nanoseconds[reference.0]).median,
        newNanoseconds: Summary(samples[i].nanoseconds[candidate]).median, blocks: samples[i].blocks.reduce(0, +),
        lives: samples[i].blocks.count, repeated: samples[i].repeated, estimate: estimates[i], control: controls[i],
        adjusted: adjusted[i],
        judgement: rule.verdict(estimates[i], control: controls[i], adjusted: adjusted[i], comparisons: samples.count),
        counts: changes.map { CountChange(metric: $0, old: old[$0] ?? 0, new: new[$0] ?? 0) })
    }
  }
}

/// The table of a comparison, within 100 columns.
package struct BuildComparisonTable {
  private let terminal: Terminal

  package init(terminal: Terminal) { self.terminal = terminal }

  package func text(_ comparison: BuildComparison) -> String {
    var lines = [
      terminal.styled(
        "case".padded(34) + "old".leftPadded(10) + "new".leftPadded(10) + "change".leftPadded(9)
          + "95 % interval".leftPadded(18) + "  verdict", .dim)
    ]
    for item in comparison.cases {
      let interval = item.estimate.changeInterval
      let verdict = item.verdict
      let style: Terminal.Style = verdict == .regression ? .bad : verdict == .improvement ? .good : .dim
      lines.append(
        item.name.padded(34) + Format.time(item.oldNanoseconds).leftPadded(10)
          + Format.time(item.newNanoseconds).leftPadded(10) + Self.signed(item.estimate.change).leftPadded(9)
          + "\(Self.signed(interval.low)) ... \(Self.signed(interval.high))".leftPadded(18) + "  "
          + terminal.styled(verdict.rawValue, style))
      for change in item.counts {
        lines.append("  \(change.metric): \(Format.count(change.old)) -> \(Format.count(change.new)) per call")
      }
      if let reason = item.judgement.reason, verdict == .inconclusive {
        lines.append(terminal.styled("  " + reason, .dim))
      }
    }
    let detectable = comparison.cases.compactMap(\.judgement.detectable).max() ?? comparison.rule.floor
    let repeated = comparison.cases.reduce(0) { $0 + $1.repeated }
    lines += [
      "",
      terminal.styled(
        "change: of the time of a call, new against old, in the same blocks; below zero is faster.", .dim),
      terminal.styled(
        "A change counts from \(Format.percent(comparison.rule.floor)) on; every case would have shown one of "
          + "\(Format.percent(detectable)).", .dim),
    ]
    if repeated > 0 {
      lines.append(terminal.styled("\(repeated) samples were taken again: the CPU was given to somebody else.", .dim))
    }
    if comparison.isPartial { lines.append("Interrupted: cases may be missing, and those here have fewer blocks.") }
    return lines.map { $0 }.joined(separator: "\n")
  }

  /// "+3.1%"
  static func signed(_ change: Double) -> String {
    (change >= 0 ? "+" : "") + Format.fixed(100 * change, digits: 1) + "%"
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Two runs that were not side by side, compared case by case: what `compare` and `check` find.
package struct RunComparison: Document, Hashable, Sendable {
  package static let format = "kernel-bench comparison"
  package static let version = 1

  package let old: Side
  package let new: Side
  /// Why times are not compared; nil where they are.
  package let timesApart: String?
  package let tolerances: Tolerances
  package let cases: [Case]
  /// Cases of the new run that the old one does not have: nothing is said of them.
  package let added: [String]

  /// One of the runs.
  package struct Side: Hashable, Codable, Sendable {
    package let name: String
    /// Seconds since 1970.
    package let started: Int
    package let commit: String?
    package let fingerprint: String
    package let build: BuildDescription

    init(name: String, _ report: Report) {
      self.name = name
      started = report.started
      commit = report.commit
      fingerprint = report.machine.fingerprint
      build = report.build
    }
  }

  package struct Case: Hashable, Codable, Sendable {
    package let name: String
    package let findings: [Finding]

    /// The worst that was found.
    package var verdict: Verdict {
      for verdict in [Verdict.regression, .inconclusive, .improvement]
      where findings.contains(where: { $0.verdict == verdict && !$0.isWaived }) {
        return verdict
      }
      return .noChange
    }
  }

  /// What became of one metric of a case.
  package struct Finding: Hashable, Codable, Sendable {
    package let metric: MetricName
    package let unit: String?
    package let old: Double?
    package let new: Double?
    /// New over old, less 1; for times only.
    package let change: Double?
    package let interval: Interval?
    package let verdict: Verdict
    /// Why it is inconclusive.
    package let reason: String?
    /// The user said that it does not count.
    package let isWaived: Bool
  }

  package var exitCode: Int32 { GateExit.code(cases.map(\.verdict)) }
}

extension RunComparison {
  /// - Parameters:
  ///   - old: the baseline, with its name.
  ///   - waiver: a regular expression; what matches "case metric" does not count. nil waives nothing.
  ///   - selection: of the baseline's cases.
  /// - Throws: ``BenchError`` when the runs have no case in common.
  package init(
    old: (name: String, report: Report), new: (name: String, report: Report), tolerances: Tolerances,
    waiver: Selection? = nil, selection: Selection
  ) throws(BenchError) {
    self.old = Side(name: old.name, old.report)
    self.new = Side(name: new.name, new.report)
    self.tolerances = tolerances
    let apart = Self.timesApart(old.report, new.report)
    timesApart = apart
    let before = old.report.cases.filter { selection.contains($0.name) }
    let after = Dictionary(new.report.cases.map { ($0.name, $0) }) { first, _ in first }
    guard before.contains(where: { after[$0.name] != nil }) else {
      throw BenchError("\(old.name) and \(new.name) have no case in common; compare runs of the same cases")
    }
    cases = before.map { item in
      let findings =
        after[item.name].map { Self.findings(item, $0, tolerances, hasTimes: apart == nil) }
        ?? [Finding(.time, reason: "the case was not measured")]
      return Case(
        name: item.name,
        findings: findings.map { waiver?.contains("\(item.name) \($0.metric)") == true ? $0.waived : $0 })
    }
    let known = Set(old.report.cases.map(\.name))
    added = new.report.cases.map(\.name).filter { !known.contains($0) && selection.contains($0) }
  }

  private static func timesApart(_ old: Report, _ new: Report) -> String? {
    if let difference = new.machine.difference(to: old.machine) { return "it is of another machine: \(difference)" }
    if old.build.configuration != new.build.configuration {
      return "it is of a \(old.build.configuration) build, and this is a \(new.build.configuration) one"
    }
    return nil
  }

  private static func findings(
    _ old: CaseResult, _ new: CaseResult, _ tolerances: Tolerances, hasTimes: Bool
  ) -> [Finding] {
    guard let before = old.kernel, let after = new.kernel else {
      return [Finding(.time, reason: "a run has no kernel in this case")]
    }
    let exact = MetricName.exact.compactMap { metric -> Finding? in
      // Another row has other instructions, and that is no change of the program's.
      if metric == .simulatedInstructions && old.row != new.row {
        return before[metric].value == nil ? nil : Finding(metric, reason: "\(old.row) ran there, and \(new.row) here")
      }
      return Finding(metric, before[metric], after[metric], tolerances[metric])
    }
    return (hasTimes ? [Finding(time: before, after, tolerance: tolerances[.time])] : []) + exact
  }
}

extension RunComparison.Finding {
  /// What could not be compared.
  fileprivate init(_ metric: MetricName, reason: String) {
    self.init(
      metric: metric, unit: nil, old: nil, new: nil, change: nil, interval: nil, verdict: .inconclusive, reason: reason,
      isWaived: false)
  }

  /// An exact figure. nil where the old run does not have it, so that nothing was promised.
  fileprivate init?(_ metric: MetricName, _ old: Metric, _ new: Metric, _ tolerance: Double) {
    guard case .value(let before, let unit, _) = old else { return nil }
    guard case .value(let after, _, _) = new else {
      self.init(
        metric: metric, unit: unit, old: before, new: nil, change: nil, interval: nil, verdict: .inconclusive,
        reason: new.unavailableReason, isWaived: false)
      return
    }
    let allowed = abs(before) * tolerance
    self.init(
      metric: metric, unit: unit, old: before, new: after, change: nil, interval: nil,
      verdict: after > before + allowed ? .regression : after < before - allowed ? .improvement : .noChange,
      reason: nil, isWaived: false)
  }

  /// Medians of times. Of their ratio the interval is had from those of the medians (Zou and Donner, "Construction of confidence
  /// limits about effect measures", Statistics in Medicine 27(10), 2008). A change is one where the whole interval is beyond the
  /// tolerance, and none where the whole is within.
  fileprivate init(time old: ContenderResult, _ new: ContenderResult, tolerance: Double) {
    let interval = new.timeInterval.ratio(new.time.median, to: old.timeInterval, old.time.median)
    let limits = Interval(low: 1 / (1 + tolerance), high: 1 + tolerance)
    let verdict: Verdict =
      interval.low > limits.high
      ? .regression
      : interval.high < limits.low
        ? .improvement : limits.low <= interval.low && interval.high <= limits.high ? .noChange : .inconclusive
    self.init(
      metric: .time, unit: "ns", old: old.time.median, new: new.time.median,
      change: new.time.median / old.time.median - 1, interval: Interval(low: interval.low - 1, high: interval.high - 1),
      verdict: verdict,
      reason: verdict == .inconclusive ? "the times scatter too much; compare the two builds with ab" : nil,
      isWaived: false)
  }

  fileprivate var waived: Self {
    Self(
      metric: metric, unit: unit, old: old, new: new, change: change, interval: interval, verdict: verdict,
      reason: reason, isWaived: true)
  }
}

extension Metric {
  fileprivate var unavailableReason: String? {
    if case .unavailable(let reason) = self { return reason }
    return nil
  }
}

extension Interval {
  /// Of the ratio of two independent figures, each with its interval.
  fileprivate func ratio(_ value: Double, to base: Interval, _ baseValue: Double) -> Interval {
    func square(_ x: Double) -> Double { x * x }
    let (center, own, other) = (
      log(value / baseValue), (log(value / low), log(high / value)),
      (log(baseValue / base.low), log(base.high / baseValue))
    )
    return Interval(
      low: exp(center - (square(own.0) + square(other.1)).squareRoot()),
      high: exp(center + (square(own.1) + square(other.0)).squareRoot()))
  }
}

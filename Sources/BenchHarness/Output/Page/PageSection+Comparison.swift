extension PageSection {
  /// Two builds side by side.
  package static func ab(_ comparison: BuildComparison) -> PageSection {
    let table = HTMLTable(
      caption: "New against old, of the time of a call",
      columns: [
        .text("case"), .figure("old"), .figure("new"), .figure("change"), .figure("95 % interval"),
        .figure("would have seen"), .text("verdict"),
      ],
      groups: [
        HTMLTable.Group(
          title: nil,
          rows: comparison.cases.map { item in
            let interval = item.estimate.changeInterval
            let counts = item.counts.map { "; \($0.metric) \(Format.count($0.old)) to \(Format.count($0.new))" }
              .joined()
            return HTMLTable.Row(
              [
                "\(item.name)", "\(Format.time(item.oldNanoseconds))", "\(Format.time(item.newNanoseconds))",
                "\(BuildComparisonTable.signed(item.estimate.change))",
                "\(BuildComparisonTable.signed(interval.low)) to \(BuildComparisonTable.signed(interval.high))",
                "\(item.judgement.detectable.map(Format.percent) ?? "n/a")", "\(item.verdict.rawValue)\(counts)",
              ], isEmphasised: item.verdict == .regression || item.verdict == .improvement)
          })
      ])
    return PageSection(
      title: "Comparison of builds, \(CalendarDate(secondsSince1970: comparison.started).text)",
      body: """
        \(HTML.notes(comparison.isPartial ? ["Interrupted: cases may be missing, and those here have fewer blocks."] : [], style: "warning"))\
        \(HTML.notes(["\(comparison.machine.cpu), \(comparison.machine.system); old \(comparison.old), new \(comparison.new). A change counts from \(Format.percent(comparison.rule.floor)) on, corrected for all cases together."], style: "muted"))\
        \(comparison.changePlot.map { HTML.plot($0.svg(standalone: false), label: $0.title) } ?? .none)\
        \(table.html)
        """)
  }

  /// A run against one that was kept.
  package static func comparison(_ comparison: RunComparison) -> PageSection {
    let rows = comparison.cases.flatMap { item in
      item.findings.filter { $0.verdict != .noChange || $0.metric == .time }.map { finding -> HTMLTable.Row in
        func figure(_ value: Double?) -> String {
          value.map { finding.metric == .time ? Format.time($0) : Format.exact($0) } ?? "n/a"
        }
        return HTMLTable.Row(
          [
            "\(item.name)", "\(finding.metric.rawValue)", "\(figure(finding.old))", "\(figure(finding.new))",
            "\(finding.change.map(BuildComparisonTable.signed) ?? "")",
            "\(finding.verdict.rawValue)\(finding.isWaived ? ", waived" : "")\(finding.reason.map { ": \($0)" } ?? "")",
          ], isEmphasised: finding.verdict == .regression || finding.verdict == .improvement)
      }
    }
    let table = HTMLTable(
      caption: "Times, and what else changed",
      columns: [
        .text("case"), .text("metric"), .figure("old"), .figure("new"), .figure("change"), .text("verdict"),
      ], groups: [HTMLTable.Group(title: nil, rows: rows)])
    return PageSection(
      title: "\(comparison.old.name) against \(comparison.new.name)",
      body: """
        \(HTML.notes(comparison.timesApart.map { ["Times are not compared with \(comparison.old.name): \($0)."] } ?? [], style: "warning"))\
        \(HTML.notes(["\(comparison.cases.count) cases; exact figures without a change are not shown."], style: "muted"))\
        \(rows.isEmpty ? .none : table.html)\
        \(HTML.notes(comparison.added.isEmpty ? [] : ["Not in \(comparison.old.name): \(comparison.added.joined(separator: ", "))."], style: "muted"))
        """)
  }

  /// The gate's own rates.
  package static func selfTest(_ report: SelfTestReport) -> PageSection {
    let table = HTMLTable(
      caption: "What was injected and what was found",
      columns: [
        .text("slow-down"), .figure("compared"), .figure("slower"), .figure("faster"), .figure("no change"),
        .figure("inconclusive"), .figure("rate"), .figure("95 % interval"),
      ],
      rows: report.tallies.map { tally in
        let interval = tally.found.interval()
        return [
          "\(tally.slowdown == 0 ? "nothing" : "+\(Format.significant(tally.slowdown)) %")", "\(tally.comparisons)",
          "\(tally.count(.regression))", "\(tally.count(.improvement))", "\(tally.count(.noChange))",
          "\(tally.count(.inconclusive))", "\(tally.found.rate.map(Format.percent) ?? "n/a")",
          "\(Format.percent(interval.low)) to \(Format.percent(interval.high))",
        ]
      })
    return PageSection(
      title: "Self-test of the comparison, \(CalendarDate(secondsSince1970: report.started).text)",
      body: """
        \(HTML.notes(report.isPartial ? ["Interrupted: runs are missing."] : [], style: "warning"))\
        \(HTML.notes(["\(report.machine.cpu); \(report.cases.count) cases, \(report.runs) runs\(report.hasBusyNeighbour ? ", another CPU busy meanwhile" : "")."], style: "muted"))\
        \(table.html)
        """)
  }
}

extension BuildComparison {
  /// The changes as bars, where there is a case.
  fileprivate var changePlot: BarPlot? {
    if cases.isEmpty { return nil }
    return BarPlot(
      title: "Time of a call, new over old", description: "1 is no change, less is faster.",
      axis: PlotAxis("new over old", scale: .linear), series: ["new over old"],
      rows: cases.map { item in
        let interval = item.estimate.changeInterval
        return .init(
          item.name,
          [.init(1 + item.estimate.change, Interval(low: 1 + interval.low, high: 1 + interval.high))])
      })
  }
}

extension PageSection {
  /// Cases under the limits of memory and execution units.
  package static func roofline(_ report: RooflineReport) -> PageSection {
    let levels = HTMLTable(
      caption: "What one core reads",
      columns: [.text("level"), .figure("working set"), .figure("bandwidth"), .figure("a load takes")],
      rows: report.levels.map { level in
        [
          "\(level.name)", "\(Format.bytes(Double(level.workingSet)))",
          "\(Format.significant(level.readBandwidth.median)) GB/s", "\(Format.time(level.loadLatency.median))",
        ]
      })
    let points = HTMLTable(
      caption: "Cases and what binds them",
      columns: [
        .text("case"), .text("row"), .figure("intensity"), .figure("speed"), .figure("limit"), .figure("of limit"),
        .text("bound by"),
      ],
      rows: report.points.map { point in
        [
          "\(point.name)", "\(point.row)", "\(Format.significant(point.intensity)) \(point.unit.piece)s/B",
          "\(Format.significant(point.throughput)) \(point.unit.rawValue)",
          "\(Format.significant(point.limit)) \(point.unit.rawValue)", "\(Format.fixed(point.percent, digits: 1)) %",
          "\(point.binding)",
        ]
      })
    return PageSection(
      title: "Roofline, \(CalendarDate(secondsSince1970: report.started).text)",
      body: """
        \(HTML.notes(report.isPartial ? ["Interrupted: cases may be missing, and those here have fewer rounds."] : [], style: "warning"))\
        \(HTML.machine(report.machine, report.build))\
        \(report.plots.map { HTML.plot($0.svg(standalone: false), label: $0.title) })\
        \(HTML.notes(["Intensity is work for each byte of operands and results, as if each came once from where it fits; the limit is the lower of intensity times that level’s bandwidth and the execution units’ own."], style: "muted"))\
        \(points.html)\
        \(HTML.notes(report.omitted.map { "\($0.name) is not plotted: \($0.reason)." }, style: "muted"))\
        \(levels.html)
        """)
  }
}

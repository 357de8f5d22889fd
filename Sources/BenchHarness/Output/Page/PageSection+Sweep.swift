extension PageSection {
  /// Speed over the working set, with the knees.
  package static func sweep(_ report: SweepReport) -> PageSection {
    let knees = report.curves.flatMap { curve in
      curve.knees.map { knee -> [HTML] in
        [
          "\(curve.name)", "\(knee.cache ?? "of no cache")", "\(Format.bytes(Double(knee.last)))",
          "\(Format.bytes(Double(knee.first)))", "\(Format.ratio(knee.ratio))",
        ]
      }
    }
    let kneeTable = HTMLTable(
      caption: "Knees: where speed steps down",
      columns: [
        .text("curve"), .text("cache"), .figure("up to"), .figure("from"), .figure("speed behind"),
      ], rows: knees)
    let warnings =
      report.isPartial ? ["Interrupted: sizes may be missing, and those here have fewer samples."] : []
    return PageSection(
      title: "Sweep of \(report.subject), \(CalendarDate(secondsSince1970: report.started).text)",
      body: """
        \(HTML.notes(warnings, style: "warning"))\
        \(HTML.machine(report.machine, report.build))\
        \(report.plots.map { HTML.plot($0.svg(standalone: false), label: $0.title) })\
        \(knees.isEmpty ? HTML.notes(["No knee was found."], style: "muted") : kneeTable.html)\
        \(HTML.folded("Every size", report.sizeTable.html))
        """)
  }
}

extension SweepReport {
  /// A row a working set, a column a curve.
  fileprivate var sizeTable: HTMLTable {
    let workingSets = Set(curves.flatMap { $0.points.map(\.workingSet) }).sorted()
    return HTMLTable(
      caption: "Medians, with 95 % intervals",
      columns: [.text("working set")] + curves.map { .figure("\($0.name), \($0.unit)") },
      rows: workingSets.map { workingSet in
        ["\(Format.bytes(Double(workingSet)))"]
          + curves.map { curve -> HTML in
            guard let point = curve.points.first(where: { $0.workingSet == workingSet }) else { return .none }
            let (low, high) = (Format.significant(point.interval.low), Format.significant(point.interval.high))
            return "\(Format.significant(point.median)) (\(low) to \(high))"
          }
      })
  }
}

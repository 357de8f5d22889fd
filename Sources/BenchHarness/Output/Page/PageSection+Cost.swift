// What `cost` computed: what it rests on, and a case at a time dollars over memory.

extension PageSection {
  package static func cost(_ report: CostReport) -> PageSection {
    let cases = report.cases.map { result -> HTML in
      """
      <h3>\(result.name)</h3>
      <p>Measured: \(result.measured).</p>
      \(result.plot)\
      \(HTML.notes(result.conclusions.map(\.sentence), style: "muted"))\
      \(result.table)\
      \(HTML.folded("How the figures of \(result.name) come about", result.explanation(report)))
      """
    }
    let partial = report.partial ? ["Interrupted: cases may be missing, and the last rests on less."] : []
    let summary = """
      Dollars of a million invocations, calls in each: \(report.calls). A model of what was measured here: a vCPU \
      comes with \(CostModel.megabytesPerCPU) MB and counts for a CPU of this machine; memory is the whole process's.
      """
    return PageSection(
      title: "Cost, \(CalendarDate(secondsSince1970: report.started).text)",
      body: """
        \(HTML.notes(partial, style: "warning"))\
        \(HTML.notes([summary] + report.assumptions.map(\.sentence), style: "muted"))\
        \(HTML.machine(report.machine, report.build))\
        \(cases)
        """)
  }
}

extension CostResult {
  fileprivate var plot: HTML {
    func points(_ value: (CostSize) -> Metric) -> [LinePlot.Point] {
      sizes.compactMap { size in value(size).value.map { LinePlot.Point(Double(size.megabytes), $0) } }
    }
    let series = [
      LinePlot.Series("all of it", points(\.total)), LinePlot.Series("requests", points(\.requests)),
      LinePlot.Series("time", points(\.time)), LinePlot.Series("starts", points(\.cold)),
    ].filter { !$0.points.isEmpty }
    if series.isEmpty { return .none }
    let vCPU = Double(CostModel.megabytesPerCPU)
    let found = speedStopsPaying.value.map { [LinePlot.Mark($0, "speed stops paying", .found)] } ?? []
    let plot = LinePlot(
      title: "\(name): cost over memory",
      description: "Dollars of a million invocations of \(name) over the memory that the function is given.",
      x: PlotAxis("memory, MB", scale: .log2), y: PlotAxis("USD a million"), series: series,
      marks: found + (speedStopsPaying.value == vCPU ? [] : [LinePlot.Mark(vCPU, "one vCPU", .given)]))
    return HTML.plot(plot.svg(standalone: false), label: plot.title)
  }

  fileprivate var table: HTML {
    let rows = sizes.map { size in
      HTMLTable.Row(
        ["\(size.megabytes) MB"]
          + [
            size.cpus, size.duration, size.billed, size.requests, size.time, size.cold, size.total, size.breakEven,
          ].map { metric in HTML.figure(metric) { _ in CostFormat.text(metric) } },
        isEmphasised: Double(size.megabytes) == speedStopsPaying.value)
    }
    return HTMLTable(
      caption: "\(name), row \(row): USD of a million invocations, and from when on a host is cheaper",
      columns: [.text("memory")]
        + ["vCPU", "duration", "billed", "requests", "time", "starts", "USD", "host from"].map { .figure($0) },
      groups: [HTMLTable.Group(title: nil, rows: rows)]
    ).html
  }

  fileprivate func explanation(_ report: CostReport) -> HTML {
    let formulas = CostExplanation(self, report)
    return HTMLTable(
      caption: formulas.title, columns: [.text("figure"), .text("formula"), .figure("is")],
      rows: formulas.formulas.map { formula in
        ["\(formula.name)", "<span class=\"wide\">\(formula.text)</span>", "\(formula.value)"]
      }
    ).html
  }
}

extension String {
  /// With a capital letter and a full stop.
  fileprivate var sentence: String { prefix(1).uppercased() + dropFirst() + "." }
}

// What `functions` measured: the tables of its Markdown, with plots of tails and of shares of a CPU.

extension PageSection {
  package static func functions(_ report: FunctionsReport) -> PageSection {
    let workloads = report.workloads.map { workload -> HTML in
      """
      <h3>\(workload.name)</h3>
      <p>\(workload.description).</p>
      \(workload.tails)\
      \(workload.sizes)
      """
    }
    let tables = [
      report.goalsTable, report.summaryTable, report.filteredTable, report.startTable, report.pausesTable,
      report.sizesTable,
      report.costTable,
    ].compactMap(\.self).map(HTML.table)
    return PageSection(
      title: "Functions of \(CalendarDate(secondsSince1970: report.started).text)",
      body: """
        \(HTML.notes(report.failure.map { [$0.description] } ?? [], style: "warning"))\
        \(HTML.notes([report.introduction, FunctionsReport.notMeasured], style: "muted"))\
        \(HTML.machine(report.machine, report.build))\
        \(tables)\
        \(HTML.notes(report.sizeReasons + report.assumptions, style: "muted"))\
        \(workloads)
        """)
  }
}

extension HTML {
  fileprivate static func table(_ table: FunctionsTable) -> HTML {
    HTMLTable(
      caption: table.caption,
      columns: table.columns.map { $0.hasSuffix("*") ? .figure(String($0.dropLast())) : .text($0) },
      groups: [
        HTMLTable.Group(
          title: nil,
          rows: table.rows.map { row in
            HTMLTable.Row(row.map { "\($0)" }, isEmphasised: row.dropFirst().first == "Kernels")
          })
      ]
    ).html
  }
}

extension ServedWorkload {
  /// Time over the share of invocations that take longer.
  fileprivate var tails: HTML {
    let plot = LinePlot(
      title: "\(name): the slowest invocations",
      description: "How long the slowest one in so many invocations of \(name) takes at least, in each runtime.",
      x: PlotAxis("one in", scale: .log10), y: PlotAxis("time of an invocation", scale: .log10, figures: .time),
      series: runtimes.map { runtime in
        LinePlot.Series(runtime.runtime, InvokeResult.tail(runtime.invoked.invocations.nanoseconds.sorted()))
      })
    if plot.series.allSatisfy(\.points.isEmpty) { return .none }
    return HTML.plot(plot.svg(standalone: false), label: plot.title)
  }

  fileprivate var sizes: HTML {
    let plot = LinePlot(
      title: "\(name): time over memory",
      description: "The median time of an invocation of \(name) over the memory that the function would have.",
      x: PlotAxis("memory, MB", scale: .log2), y: PlotAxis("time of an invocation", scale: .log10, figures: .time),
      series: runtimes.map { runtime in
        LinePlot.Series(
          runtime.runtime,
          runtime.sizes.compactMap { size in
            (size.duration.distribution?.median.value).map { LinePlot.Point(Double(size.megabytes), $0) }
          })
      }, marks: [LinePlot.Mark(Double(CostModel.megabytesPerCPU), "one vCPU", .given)])
    if plot.series.allSatisfy(\.points.isEmpty) { return .none }
    return HTML.plot(plot.svg(standalone: false), label: plot.title)
  }
}

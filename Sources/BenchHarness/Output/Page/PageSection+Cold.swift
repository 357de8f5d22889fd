// What `cold` measured: a case at a time where the time of a start goes, and every phase.

extension PageSection {
  package static func cold(_ report: ColdReport) -> PageSection {
    let cases = report.cases.map { result -> HTML in
      let start = HTML.figure(result.initialisation, Format.time)
      return """
        <h3>\(result.name)</h3>
        \(result.plot)\
        \(HTML.phases("\(result.name), row \(result.row): phases of a start", result.phases))\
        \(HTML.phases("\(result.name): page faults and memory", result.counts))\
        <p>A start adds \(start) to the work of a call: exec to main, and the first call beyond a warm one.</p>

        """
    }
    let partial = report.partial ? ["Interrupted: cases may be missing, and the last has fewer starts."] : []
    return PageSection(
      title: "Cold starts of \(CalendarDate(secondsSince1970: report.started).text)",
      body: """
        \(HTML.notes(partial, style: "warning"))\
        \(HTML.notes([report.summary, HTML.quantileNote], style: "muted"))\
        \(HTML.machine(report.machine, report.build))\
        \(cases)
        """)
  }
}

extension ColdReport {
  fileprivate var summary: String {
    let cache =
      switch residentPages {
      case .value: "The program's pages were taken out of the page cache before each start; its libraries' were not."
      case .unavailable(let reason): "The page cache was warm: \(reason)."
      }
    return """
      Up to \(count) starts of this program with each case, every one a process of its own, in turns with \
      \(ColdSampling.floorProgram). Exec to main counts from right before posix_spawn; the loader is of processes beside \
      these; the case made ready is the instrument's own work. \(cache)
      """
  }
}

extension ColdResult {
  fileprivate var plot: HTML {
    let rows = phases.compactMap { phase -> BarPlot.Row? in
      guard let distribution = phase.distribution, distribution.unit == "ns", let median = distribution.median.value
      else { return nil }
      let interval = distribution.quantiles.first { $0.percent == 50 }?.interval
      return BarPlot.Row(String(phase.name.drop { $0 == " " }), [BarPlot.Bar(median, interval)])
    }
    if rows.isEmpty { return .none }
    let plot = BarPlot(
      title: "\(name): phases of a start",
      description: "The median time of each phase of a process that runs \(name), with its 95 % interval.",
      axis: PlotAxis("time", figures: .time), series: ["median"], rows: rows)
    return HTML.plot(plot.svg(standalone: false), label: plot.title)
  }
}

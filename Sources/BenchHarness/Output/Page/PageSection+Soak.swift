// What `soak` measured: a case at a time speed and memory over time, what became of them, and every interval.

extension PageSection {
  package static func soak(_ report: SoakReport) -> PageSection {
    let cases = report.cases.map { result -> HTML in
      """
      <h3>\(result.name)</h3>
      \(result.plots)\
      \(result.verdicts)\
      \(HTML.folded("Every interval of \(result.name)", result.table))
      """
    }
    var warnings = report.failure.map { [$0.description] } ?? []
    if report.partial { warnings.append("Interrupted: cases may be missing, and the last has fewer intervals.") }
    let summary = """
      \(Format.fixed(report.seconds, digits: 1)) s of calls of each case. Trends are slopes by Theil and Sen with Sen's \
      95 % interval; one below “seen from” would not be told from none. Heap is what the allocator has handed out.
      """
    return PageSection(
      title: "Soak of \(CalendarDate(secondsSince1970: report.started).text)",
      body: """
        \(HTML.notes(warnings, style: "warning"))\
        \(HTML.notes([summary], style: "muted"))\
        \(HTML.machine(report.machine, report.build))\
        \(cases)
        """)
  }
}

extension SoakResult {
  fileprivate var plots: [HTML] {
    let seconds = PlotAxis("seconds")
    func points(_ value: (SoakInterval) -> Double?) -> [LinePlot.Point] {
      intervals.compactMap { interval in value(interval).map { LinePlot.Point(interval.end, $0) } }
    }
    let speed = LinePlot(
      title: "\(name): speed over time", description: "Throughput of \(name) in each interval.", x: seconds,
      y: PlotAxis(unit.rawValue), series: [LinePlot.Series("speed", points { $0.throughput })])
    let memory = LinePlot(
      title: "\(name): memory over time",
      description: "Resident memory of the process, and what its allocator has handed out, after each interval.",
      x: seconds, y: PlotAxis("MiB"),
      series: [
        LinePlot.Series("resident", points { $0.resident.value.map { $0 / 1_048_576 } }),
        LinePlot.Series("heap", points { $0.heap.value.map { $0 / 1_048_576 } }),
      ].filter { !$0.points.isEmpty })
    return [speed, memory].filter { !$0.series.isEmpty && !intervals.isEmpty }.map {
      HTML.plot($0.svg(standalone: false), label: $0.title)
    }
  }

  fileprivate var verdicts: HTML {
    let rows = [
      trend("throughput", throughput) { value, level in level == 0 ? "n/a" : Format.percent(value / level) },
      trend("memory (RSS)", resident) { value, _ in Format.bytes(value) },
      trend("heap", heap) { value, _ in Format.bytes(value) },
    ]
    let perCall: [[HTML]] = [
      ["allocations per call", HTML.figure(mallocCalls, Format.count)],
      ["· bytes asked for", HTML.figure(mallocBytes, Format.bytes)],
    ]
    return HTMLTable(
      caption: "\(name), row \(row): \(intervals.reduce(errors) { $0 + $1.calls }) calls, \(errors) errors",
      columns: [
        .text("what"), .figure("verdict"), .figure("an hour"), .figure("95 % interval"), .figure("seen from"),
      ], rows: rows + perCall.map { $0 + [.none, .none, .none] }
    ).html
  }

  /// - Parameter text: of a slope, and the level that it is of.
  private func trend(_ name: String, _ trend: Trend, _ text: (Double, Double) -> String) -> [HTML] {
    switch trend {
    case .unavailable(let reason):
      return ["\(name)", HTML.figure(.unavailable(reason: reason)) { $0.description }, .none, .none, .none]
    case .slope(let slope):
      func figure(_ value: Double) -> String { text(value, slope.level) }
      let interval = slope.perHour.interval
      return [
        "\(name)", "\(slope.verdict.rawValue)", "\(figure(slope.perHour.slope))",
        "\(figure(interval.low)) to \(figure(interval.high))", "\(figure(slope.smallestSeen))",
      ]
    }
  }

  fileprivate var table: HTML {
    HTMLTable(
      caption: "\(name): every interval",
      columns: [
        .text("until"), .figure("calls"), .figure("calls/s"), .figure("speed"), .figure("memory (RSS)"),
        .figure("heap"), .figure("mallocs"),
      ],
      rows: intervals.map { interval in
        [
          "\(Format.fixed(interval.end, digits: 1)) s", "\(interval.calls)",
          "\(Format.count(interval.callsPerSecond.rounded()))",
          "\(Format.significant(interval.throughput)) \(unit.rawValue)", HTML.figure(interval.resident, Format.bytes),
          HTML.figure(interval.heap, Format.bytes), HTML.figure(interval.mallocCalls, Format.count),
        ]
      }
    ).html
  }
}

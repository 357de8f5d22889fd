// What `invoke` measured: a case at a time the tails, how times went on, and the figures.

extension PageSection {
  package static func invoke(_ report: InvokeReport) -> PageSection {
    let cases = report.cases.map { result -> HTML in
      """
      <h3>\(result.name)</h3>
      \(result.tails)\
      \(result.course)\
      \(HTML.phases("\(result.name), row \(result.row): time of an invocation", [result.raw, result.filtered]))\
      \(result.figures)
      """
    }
    var warnings = report.failure.map { [$0.description] } ?? []
    if report.partial { warnings.append("Interrupted: cases may be missing, and the last has fewer invocations.") }
    return PageSection(
      title: "Invocations of \(CalendarDate(secondsSince1970: report.started).text)",
      body: """
        \(HTML.notes(warnings, style: "warning"))\
        \(HTML.notes([report.summary, HTML.quantileNote], style: "muted"))\
        \(HTML.machine(report.machine, report.build))\
        \(cases)
        """)
  }
}

extension InvokeReport {
  fileprivate var summary: String {
    """
    Up to \(count) invocations of each case, every one timed by itself; a reading of the clock costs \
    \(Format.time(clockNanoseconds)) and is in every time. Filtered: without those that something else made slow: \
    \(InvocationFilter.rule).
    """
  }
}

extension InvokeResult {
  /// Time over the share of invocations that take longer, from one in two to one in all of them.
  fileprivate var tails: HTML {
    let (_, kept) = invocations.nanoseconds.isEmpty ? (nil, []) : InvocationFilter.apply(invocations)
    let series = [("raw", invocations.nanoseconds), ("filtered", kept)].map { name, times in
      LinePlot.Series(name, Self.tail(times.sorted()))
    }
    if series.allSatisfy(\.points.isEmpty) { return .none }
    let plot = LinePlot(
      title: "\(name): the slowest invocations",
      description: "How long the slowest one in so many invocations of \(name) takes at least, raw and filtered.",
      x: PlotAxis("one in", scale: .log10), y: PlotAxis("time of an invocation", scale: .log10, figures: .time),
      series: series)
    return HTML.plot(plot.svg(standalone: false), label: plot.title)
  }

  /// Six points a decade.
  static func tail(_ sorted: [Double]) -> [LinePlot.Point] {
    var points: [LinePlot.Point] = []
    var one = 2.0
    while one <= Double(sorted.count) {
      points.append(LinePlot.Point(one, Summary.percentile(100 - 100 / one, ofSorted: sorted)))
      one *= 1.468  // the sixth root of ten
    }
    return points
  }

  /// Median and slowest of each hundredth of the invocations.
  fileprivate var course: HTML {
    let times = invocations.nanoseconds
    guard times.count >= 200 else { return .none }
    let size = (times.count + 99) / 100
    let parts = stride(from: 0, to: times.count, by: size).map { start in
      (middle: Double(start) + Double(size) / 2, summary: Summary(times[start..<min(start + size, times.count)]))
    }
    let plot = LinePlot(
      title: "\(name): from the first invocation to the last",
      description: "Median and slowest invocation of each hundredth of the invocations of \(name), in their order.",
      x: PlotAxis("invocation"), y: PlotAxis("time of an invocation", scale: .log10, figures: .time),
      series: [
        LinePlot.Series("median", parts.map { LinePlot.Point($0.middle, $0.summary.median) }),
        LinePlot.Series("slowest", parts.map { LinePlot.Point($0.middle, $0.summary.maximum) }),
      ])
    return HTML.plot(plot.svg(standalone: false), label: plot.title)
  }

  fileprivate var figures: HTML {
    func time(_ metric: Metric) -> HTML { HTML.figure(metric, Format.time) }
    var rows: [[HTML]] = [
      ["invocations", "\(invocations.count)"], ["errors", "\(invocations.errors)"],
      ["the first", time(invocation(1))], ["the hundredth", time(invocation(100))],
      ["the last", time(invocation(max(1, invocations.nanoseconds.count)))],
    ]
    if let filter {
      rows += [
        ["set aside", "\(filter.setAside)"], ["· the CPU was taken away", "\(filter.switched)"],
        ["· page faults", "\(filter.faulted)"], ["· beyond \(Format.time(filter.fence))", "\(filter.beyondFence)"],
      ]
    }
    let ratio = drift.map { drift in
      let (low, high) = (Format.fixed(drift.interval.low, digits: 3), Format.fixed(drift.interval.high, digits: 3))
      return "\(Format.fixed(drift.ratio, digits: 3))x, \(low) to \(high)"
    }
    rows.append(["drift: the last tenth over the first", "\(ratio ?? "n/a")"])
    rows.append(["memory, high-water mark", HTML.figure(highWaterMark, Format.bytes)])
    rows.append(["· that came with the invocations", HTML.figure(highWaterGrowth, Format.bytes)])
    return HTMLTable(caption: "\(name): more", columns: [.text("what"), .figure("is")], rows: rows).html
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// What `run` measured: the machine, then a family at a time figures, plots and distributions.

extension PageSection {
  package static func run(_ report: Report) -> PageSection {
    let families = report.families.map { family -> HTML in
      """
      <h3>\(family.name)</h3>
      \(family.plots)\
      \(family.figures.html)\
      \(HTML.folded("Distributions of \(family.name)", "\(family.distributions)"))\
      \(HTML.folded("Every figure of \(family.name)", family.everyFigure.html))
      """
    }
    return PageSection(
      title: "Run of \(CalendarDate(secondsSince1970: report.started).text)",
      body: """
        \(HTML.notes(report.warnings, style: "warning"))\
        \(HTML.notes([report.summary], style: "muted"))\
        \(HTML.machine(report.machine, report.build))\
        \(report.peerTable)\
        \(families)\
        \(report.complexityTable)\
        \(HTML.notes(report.missing.map { "n/a: \($0)." }, style: "muted"))
        """)
  }
}

extension Report {
  /// How it was measured, in a few sentences.
  fileprivate var summary: String {
    var parts = [
      "\(cases.count) cases in random interleaved rounds", options.quick ? "quick" : "full", "seed \(options.seed)",
    ]
    if let filter = options.filter { parts.append("filter \(filter)") }
    if let input = options.input { parts.append("input \(input)") }
    return parts.joined(separator: ", ") + """
      . Times are of a call: the median of the samples, with its 95 % interval by bootstrap; spread is the median absolute \
      deviation. “Of limit” and “kernel is” are of samples of the same round. Mallocs and bytes are allocator calls and \
      bytes asked for by a warm call, counted in passes of their own.
      """
  }

  /// The peers, and how much faster than each of them the kernels are.
  fileprivate var peerTable: HTML {
    if peers.isEmpty { return .none }
    let rows = peers.map { peer -> [HTML] in
      if let absent = peer.absent {
        return ["\(peer.name)", "<span class=\"wide\">absent: \(absent)</span>", "", "", ""]
      }
      let ratios = cases.flatMap(\.peers).filter { $0.samples.name == peer.name }.compactMap {
        $0[.kernelSpeedRatio].value
      }
      let library = peer.library.map { $0.split(separator: "/").last.map(String.init) ?? $0 } ?? ""
      guard let least = ratios.min(), let most = ratios.max() else {
        return ["\(peer.name)", "\(peer.version ?? "") \(library)", "0", "", ""]
      }
      return [
        "\(peer.name)", "\(peer.version ?? "") \(library)", "\(ratios.count)", "\(Format.ratio(ratios.geometricMean))",
        "\(Format.ratio(least)) to \(Format.ratio(most))",
      ]
    }
    return HTMLTable(
      caption: "Peers, and how many times as fast as them the kernels are",
      columns: [
        .text("peer"), .text("library"), .figure("cases"), .figure("geometric mean"), .figure("least and most"),
      ], rows: rows
    ).html
  }

  fileprivate var complexityTable: HTML {
    let complexity = complexity
    if complexity.isEmpty { return .none }
    let rows = complexity.map { item -> HTMLTable.Row in
      let (fit, interval) = (item.fit, item.fit.exponentInterval)
      return HTMLTable.Row(
        [
          "\(item.series)", "\(item.contender)", "\(item.sizes.lowerBound) to \(item.sizes.upperBound)",
          "\(fit.best.growth.rawValue)", "\(Format.percent(fit.best.rms))",
          "\(Format.fixed(fit.exponent, digits: 2))",
          "\(Format.fixed(interval.low, digits: 2)) to \(Format.fixed(interval.high, digits: 2))",
        ], isEmphasised: item.role == .kernel)
    }
    let table = HTMLTable(
      caption: "The class that fits best, and the exponent of the power law that does",
      columns: [
        .text("series"), .text("contender"), .figure("sizes"), .text("grows as"), .figure("RMS error"),
        .figure("exponent"), .figure("95 % interval"),
      ], groups: [HTMLTable.Group(title: nil, rows: rows)])
    return "<h3>Time over size</h3>\n\(table.html)"
  }
}

extension [Double] {
  /// Of positive numbers, at least one.
  var geometricMean: Double { exp(reduce(0) { $0 + log($1) } / Double(count)) }
}

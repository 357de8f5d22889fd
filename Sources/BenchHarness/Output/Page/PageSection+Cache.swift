extension PageSection {
  /// Instructions and cache misses under a simulator.
  package static func cache(_ report: CacheReport) -> PageSection {
    let shown = report.cases.filter { $0.simulatedRow != nil }
    let table = HTMLTable(
      caption: "Of a call, and of a unit of its work",
      columns: [.text("case"), .text("simulated row")] + MetricName.simulated.map { .figure($0.name.title) },
      rows: shown.map { entry in
        let row = entry.simulatedRow ?? ""
        return ["\(entry.name)", "\(row)\(row == entry.row ? "" : ", here \(entry.row)")"]
          + MetricName.simulated.map { item -> HTML in
            "\(HTML.figure(entry[item.name], Format.count))<br>\(HTML.figure(entry[item.name.perWork]) { CacheReport.small($0) })"
          }
      })
    let missing = report.cases.filter { $0.simulatedRow == nil }.map { entry -> String in
      guard case .unavailable(let reason) = entry[.simulatedInstructions] else { return entry.name }
      return "\(entry.name): n/a, \(reason)."
    }
    let model = report.model
    return PageSection(
      title: "Cache model, \(CalendarDate(secondsSince1970: report.started).text)",
      body: """
        \(HTML.notes(report.isPartial ? ["Interrupted: cases are missing."] : [], style: "warning"))\
        \(HTML.machine(report.machine, report.build))\
        \(HTML.notes(["Under \(report.simulator), with first caches of \(model.i1.text) for code and \(model.d1.text) for data, and a last one of \(model.ll.text). Instructions are exact; misses are the model’s, which has no prefetcher."], style: "muted"))\
        \(shown.isEmpty ? .none : table.html)\
        \(HTML.notes(missing, style: "muted"))
        """)
  }
}

extension MetricName {
  /// "l1d read misses".
  var title: String { rawValue.split(separator: ".").dropLast().joined(separator: " ") }
}

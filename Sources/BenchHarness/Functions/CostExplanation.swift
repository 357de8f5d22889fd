/// The formulas of the cost at one size, with the numbers filled in: where speed stops paying, else the cheapest.
package struct CostExplanation {
  package let title: String
  package let formulas: [(name: String, text: String, value: String)]

  package init(_ result: CostResult, _ report: CostReport) {
    guard let size = result.size(result.speedStopsPaying) ?? result.size(result.cheapest),
      let share = size.cpus.value, let mean = result.meanDuration.value
    else {
      (title, formulas) = ("nothing to explain: no size has room", [])
      return
    }
    let prices = report.prices
    let memory = "\(size.megabytes) MB / 1024 MB x \(CostFormat.price(prices.gigabyteSecond.dollars)) USD/s"
    let cpus = Format.fixed(share, digits: 3)
    let rate = CostFormat.percent(report.coldRate)
    let start = result.initialisation.value.map(Format.time) ?? "0 (unknown)"
    let text = CostFormat.text
    let (request, host) = (CostFormat.price(prices.millionRequests.dollars), CostFormat.price(prices.hostHour.dollars))
    title = "at \(size.megabytes) MB, a million invocations"
    formulas = [
      ("vCPU", "min(1, \(size.megabytes) MB / \(CostModel.megabytesPerCPU) MB)", cpus),
      ("duration", "\(report.calls) x \(Format.time(mean)) / \(cpus)", text(size.duration)),
      ("billed", "mean of each duration rounded up to whole ms", text(size.billed)),
      ("requests", "10^6 x \(request) USD / 10^6", text(size.requests) + " USD"),
      ("time", "10^6 x \(text(size.billed)) x \(memory)", text(size.time) + " USD"),
      ("a start", "mean of (duration + \(start) / \(cpus)) rounded up, less billed", text(size.billedStart)),
      ("starts", "10^6 x \(rate) x \(text(size.billedStart)) x \(memory)", text(size.cold) + " USD"),
      ("total", "requests + time + starts", text(size.total) + " USD"),
      ("host sustains", "\(prices.hostCPUs) / (\(report.calls) x \(Format.time(mean)))", text(result.hostRate)),
      ("host from", "\(host) USD / 3600 s / (\(text(size.total)) USD / 10^6)", text(size.breakEven)),
    ]
  }

  /// As a terminal shows it.
  package var lines: [String] {
    ["  \(title):"] + formulas.map { "  " + $0.name.leftPadded(14) + " = \($0.text) = \($0.value)" }
  }
}

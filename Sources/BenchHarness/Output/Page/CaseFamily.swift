/// Cases whose series have the first part of their name in common: they share a table and plots.
struct CaseFamily {
  let name: String
  let cases: [CaseResult]

  /// The columns of the table that `run` prints, with the interval.
  var figures: HTMLTable {
    var table = HTMLTable(
      caption: "\(name): the kernel, and peers measured in turns with it",
      columns: [
        .text("contender"), .figure("time"), .figure("95 % interval"), .figure("spread"), .figure("speed"),
        .figure("of limit"), .figure("kernel is"), .figure("mallocs"), .figure("bytes"),
      ])
    table.groups = cases.map { item in
      HTMLTable.Group(
        title: title(item),
        rows: item.contenders.filter { $0.samples.role != .ceiling }.map { row($0, item) })
    }
    return table
  }

  private func title(_ item: CaseResult) -> HTML {
    var about = item.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    if let ceiling = item.ceiling, let limit = ceiling[.throughput].value {
      about += " · limit \(Format.significant(limit)) \(item.unit.rawValue) (\(ceiling.samples.name))"
    }
    return "\(item.name) <small>\(about)</small>"
  }

  private func row(_ contender: ContenderResult, _ item: CaseResult) -> HTMLTable.Row {
    let isKernel = contender.samples.role == .kernel
    let (low, high) = (contender.timeInterval.low, contender.timeInterval.high)
    return HTMLTable.Row(
      [
        "\(contender.samples.name)", "\(Format.time(contender.time.median))",
        "\(Format.time(low)) to \(Format.time(high))", "±\(Format.percent(contender.time.relativeSpread))",
        HTML.figure(contender[.throughput]) { Format.significant($0) + " " + item.unit.rawValue },
        share(contender[.percentOfCeiling]),
        isKernel ? .none : HTML.figure(contender[.kernelSpeedRatio], Format.ratio),
        HTML.figure(contender[.mallocCalls], Format.count), HTML.figure(contender[.mallocBytes], Format.count),
      ], isEmphasised: isKernel)
  }

  /// A percentage over a bar of that length.
  private func share(_ metric: Metric) -> HTML {
    guard let percent = metric.value else { return HTML.figure(metric) { $0.description } }
    let text = Format.fixed(percent, digits: 1)
    let length = Format.fixed(min(max(percent, 0), 100), digits: 1)
    return "<span class=\"share\" style=\"--share:\(length)%\">\(text) %</span>"
  }

  /// Every sample of every contender, a plot a case.
  var distributions: [HTML] {
    cases.map { item in
      let contenders = item.contenders.filter { $0.samples.role != .ceiling }
      let plot = DistributionPlot(
        title: "\(item.name): time of a call",
        description: "Every sample of \(item.name), with a box from the first quartile to the third and the median.",
        axis: PlotAxis("time of a call", figures: .time),
        groups: contenders.map { DistributionPlot.Group($0.samples.name, $0.samples.nanoseconds) })
      return HTML.plot(plot.svg(standalone: false), label: plot.title)
    }
  }

  /// All statistics and metrics, with source or reason.
  var everyFigure: HTMLTable {
    var table = HTMLTable(
      caption: "\(name): statistics of time, and every other figure with its source",
      columns: [.text("figure"), .figure("value"), .text("source, or why there is none")])
    table.groups = cases.flatMap { item in
      item.contenders.map { contender in
        let statistics = Statistic.all(contender).map { statistic -> HTMLTable.Row in
          let value = Metric.value(statistic.value, unit: statistic.unit, source: .measured)
          return HTMLTable.Row(["\(statistic.name)", "\(value.text)", "measured"])
        }
        let metrics = contender.metrics.filter { $0.name != .time }.map { named -> HTMLTable.Row in
          switch named.metric {
          case .value(_, _, let source):
            return HTMLTable.Row(["\(named.name.rawValue)", "\(named.metric.text)", "\(source.rawValue)"])
          case .unavailable(let reason):
            return HTMLTable.Row(["\(named.name.rawValue)", "n/a", "<span class=\"wide\">\(reason)</span>"])
          }
        }
        return HTMLTable.Group(
          title: "\(item.name) <small>\(contender.samples.name), \(contender.samples.role.rawValue)</small>",
          rows: statistics + metrics)
      }
    }
    return table
  }
}

extension Report {
  /// In the order of the cases.
  var families: [CaseFamily] {
    func family(_ item: CaseResult) -> String {
      item.series.split(separator: "/").first.map(String.init) ?? item.series
    }
    return cases.map(family).eachOnce.map { name in
      CaseFamily(name: name, cases: cases.filter { family($0) == name })
    }
  }
}

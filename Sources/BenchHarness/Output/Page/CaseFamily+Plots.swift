extension CaseFamily {
  /// Lines over size for each series with three sizes or more; bars, a unit at a time, for the other cases.
  var plots: [HTML] {
    let groups = cases.map(\.series).eachOnce.map { series in cases.filter { $0.series == series } }
    let lines = groups.filter { Self.hasLine($0) }.map { members in
      let plot = linePlot(members)
      return HTML.plot(plot.svg(standalone: false), label: plot.title)
    }
    let others = groups.filter { !Self.hasLine($0) }.flatMap(\.self)
    let bars = others.map(\.unit).eachOnce.map { unit in
      let plot = barPlot(others.filter { $0.unit == unit }, unit)
      return HTML.plot(plot.svg(standalone: false), label: plot.title)
    }
    return lines + bars
  }

  private static func hasLine(_ members: [CaseResult]) -> Bool { Set(members.map(\.size)).count >= 3 }

  /// - Parameter members: of one series.
  private func linePlot(_ members: [CaseResult]) -> LinePlot {
    let series = members[0].series
    return LinePlot(
      title: "\(series): throughput over size",
      description: "Median throughput of the kernel, its peers and the machine's limit at each size of \(series).",
      x: PlotAxis("size", scale: .log2), y: PlotAxis(members[0].unit.rawValue),
      series: Line.all(members).map { line in
        LinePlot.Series(
          line.name,
          members.compactMap { item in
            line.contender(item)?[.throughput].value.map { LinePlot.Point(Double(item.size), $0) }
          })
      })
  }

  private func barPlot(_ members: [CaseResult], _ unit: BenchmarkCase.Unit) -> BarPlot {
    let lines = Line.all(members)
    return BarPlot(
      title: "\(name): throughput",
      description: "Median throughput of the kernel, its peers and the machine's limit in each case.",
      axis: PlotAxis(unit.rawValue), series: lines.map(\.name),
      rows: members.map { item in
        BarPlot.Row(
          item.name,
          lines.map { line in
            guard let contender = line.contender(item), let value = contender[.throughput].value else { return nil }
            let (work, interval) = (contender.samples.work, contender.timeInterval)
            return BarPlot.Bar(value, Interval(low: work / interval.high, high: work / interval.low))
          })
      })
  }

  /// A contender through several cases: the kernel whatever its row is called, a peer by its name, the limit.
  private struct Line {
    let name: String
    let contender: (CaseResult) -> ContenderResult?

    static func all(_ members: [CaseResult]) -> [Line] {
      let peers = members.flatMap(\.peers).map(\.samples.name).eachOnce.map { name in
        Line(name: name) { item in item.peers.first { $0.samples.name == name } }
      }
      let lines = [Line(name: "kernel") { $0.kernel }] + peers + [Line(name: "limit") { $0.ceiling }]
      return lines.filter { line in members.contains { line.contender($0) != nil } }
    }
  }
}

/// Speeds over the working set, and the knees in them.
package struct SweepReport: Document, Hashable, Sendable {
  package static let format = "kernel-bench sweep"
  package static let version = 1

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let build: BuildDescription
  /// "sgemm", or "memory" for the machine itself.
  package let subject: String
  package let curves: [Curve]
  /// The user interrupted: sizes may be missing, and have fewer samples than planned.
  package let isPartial: Bool

  package init(
    started: Int, machine: MachineDescription, build: BuildDescription, subject: String, curves: [Curve],
    isPartial: Bool
  ) {
    self.started = started
    self.machine = machine
    self.build = build
    self.subject = subject
    self.curves = curves
    self.isPartial = isPartial
  }

  /// One contender at every size.
  package struct Curve: Hashable, Codable, Sendable {
    /// "sgemm f32_gemm_6x16_avx2", "load latency".
    package let name: String
    /// "GFLOP/s"; "ns" where less is better.
    package let unit: String
    /// Ascending.
    package let points: [Point]
    package let knees: [Knee]

    /// Finds the knees and names them.
    package init(name: String, unit: String, points: [Point], caches: CacheTopology) {
      self.name = name
      self.unit = unit
      self.points = points.sorted { $0.workingSet < $1.workingSet }
      let isTime = unit == "ns"
      let found = KneeFinder.knees(
        sizes: self.points.map(\.workingSet), speeds: self.points.map { isTime ? 1 / $0.median : $0.median })
      knees = KneeFinder.named(found, by: caches)
    }
  }

  package struct Point: Hashable, Codable, Sendable {
    /// Bytes.
    package let workingSet: Int
    /// In the series' own terms.
    package let size: Int
    package let median: Double
    /// Of the median, 95 %.
    package let interval: Interval

    package init(workingSet: Int, size: Int, samples: [Double]) {
      self.workingSet = workingSet
      self.size = size
      median = Summary(samples).median
      interval = Bootstrap.medianInterval(samples)
    }
  }
}

extension SweepReport {
  private enum CodingKeys: String, CodingKey {
    case started, machine, build, subject, curves
    case isPartial = "partial"
  }

  /// A plot for each unit, with the machine's caches and the knees.
  package var plots: [LinePlot] {
    var units: [String] = []
    for curve in curves where !units.contains(curve.unit) { units.append(curve.unit) }
    return units.map { unit in
      let shown = curves.filter { $0.unit == unit }
      let knees = shown.flatMap(\.knees)
      let description =
        knees.isEmpty
        ? "No knee was found." : "Knees: " + knees.map(\.text).joined(separator: "; ") + "."
      return LinePlot(
        title: "\(subject) over the working set, \(machine.cpu)", description: description,
        x: PlotAxis("working set", scale: .log2, figures: .bytes),
        y: PlotAxis(unit, scale: unit == "ns" ? .log10 : .linear),
        series: shown.map { curve in
          .init(curve.name, curve.points.map { .init(Double($0.workingSet), $0.median) })
        },
        marks: cacheMarks + knees.map { .init($0.middle, "knee\($0.cache.map { " " + $0 } ?? "")", .found) })
    }
  }

  private var cacheMarks: [LinePlot.Mark] {
    (1...4).compactMap { level in
      machine.caches.dataBytes(level: level).map {
        .init(Double($0), "L\(level) \(Format.bytes(Double($0)))", .given)
      }
    }
  }

  /// Table, plots and knees as plain text.
  package func text(width: Int = RunTable.width) -> String {
    var lines: [String] = []
    let names = curves.map { $0.name.cut(24) }
    lines.append(
      "working set".leftPadded(12) + "size".leftPadded(9)
        + zip(names, curves).map { name, curve in
          ("\(name), \(curve.unit)").cut(30).leftPadded(32)
        }.joined())
    let sizes = Set(curves.flatMap { $0.points.map(\.workingSet) }).sorted()
    for workingSet in sizes {
      let points = curves.map { curve in curve.points.first { $0.workingSet == workingSet } }
      let size = points.lazy.compactMap { $0?.size }.first.map(String.init) ?? ""
      let cells = points.map { point in
        (point.map {
          Format.significant($0.median) + " [" + Format.significant($0.interval.low) + ", "
            + Format.significant($0.interval.high) + "]"
        } ?? "").leftPadded(32)
      }
      lines.append((Format.bytes(Double(workingSet)).leftPadded(12) + size.leftPadded(9) + cells.joined()).cut(width))
    }
    lines[0] = lines[0].cut(width)
    for plot in plots { lines += [""] + TerminalPlot(plot, width: width).text.split(separator: "\n").map(String.init) }
    lines.append("")
    for curve in curves {
      lines.append("\(curve.name):\(curve.knees.isEmpty ? " no knee" : "")")
      lines += curve.knees.map { "  \($0.text)" }
    }
    if isPartial { lines.append("Interrupted: sizes may be missing, and those here have fewer samples.") }
    return lines.map { $0.cut(width) }.joined(separator: "\n")
  }
}

extension Knee {
  /// "L1: up to 32.0 KiB; from 45.0 KiB on 0.52x the speed".
  var text: String {
    "\(cache ?? "of no cache"): up to \(Format.bytes(Double(last))); from \(Format.bytes(Double(first))) on "
      + "\(Format.ratio(ratio)) the speed"
  }
}

/// Cases under the limits of this machine: memory's for what they must move at least, the execution units' for what they
/// compute (Williams, Waterman and Patterson, "Roofline: An Insightful Visual Performance Model for Multicore
/// Architectures", Communications of the ACM 52(4), 2009).
package struct RooflineReport: Document, Hashable, Sendable {
  package static let format = "kernel-bench roofline"
  package static let version = 1

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let build: BuildDescription
  package let levels: [MemoryLevel]
  package let points: [Point]
  package let omitted: [Omitted]
  /// The user interrupted: cases may be missing, and have fewer rounds than planned.
  package let isPartial: Bool

  /// A case, held against what its intensity allows.
  package struct Point: Hashable, Codable, Sendable {
    package let name: String
    package let row: String
    package let unit: BenchmarkCase.Unit
    /// Bytes that a call touches at least once.
    package let workingSet: Int
    /// Work for each of these bytes: what would be if every one came once from where they lie.
    package let intensity: Double
    /// In the unit: medians.
    package let throughput: Double
    /// The limit of the execution units for this row, and its name; nil where none is measured.
    package let peak: Double?
    package let peakName: String?
    /// The first level that is as large as the working set, and what it lets through at this intensity.
    package let level: String
    package let memoryLimit: Double

    /// The lower of both limits, in the unit.
    package var limit: Double { min(memoryLimit, peak ?? .infinity) }
    package var percent: Double { 100 * throughput / limit }
    /// "f32 FMA avx2", or the level of the memory.
    package var binding: String {
      if let peak, let peakName, peak <= memoryLimit { return peakName }
      return "\(level) read"
    }
  }

  /// A case that has no place in the plot.
  package struct Omitted: Hashable, Codable, Sendable {
    package let name: String
    package let reason: String
  }

  /// - Parameter levels: measured on the machine, the fastest first, the last one without a size: the memory itself.
  package init(
    started: Int, machine: MachineDescription, build: BuildDescription, levels: [MemoryLevel], results: [CaseResult],
    isPartial: Bool
  ) {
    self.started = started
    self.machine = machine
    self.build = build
    self.levels = levels
    self.isPartial = isPartial
    var points: [Point] = []
    var omitted: [Omitted] = []
    for result in results {
      guard let kernel = result.kernel else { continue }
      guard let workingSet = result.workingSet, workingSet > 0 else {
        omitted.append(Omitted(name: result.name, reason: "the case does not say which bytes it touches"))
        continue
      }
      guard let level = Self.level(of: workingSet, levels, machine.caches) else {
        omitted.append(Omitted(name: result.name, reason: "no level of the memory was measured"))
        continue
      }
      let intensity = kernel.samples.work / Double(workingSet)
      points.append(
        Point(
          name: result.name, row: result.row, unit: result.unit, workingSet: workingSet, intensity: intensity,
          throughput: kernel.samples.work / kernel.time.median,
          peak: result.ceiling.map { $0.samples.work / $0.time.median }, peakName: result.ceiling?.samples.name,
          level: level.name, memoryLimit: intensity * level.readBandwidth.median))
    }
    self.points = points
    self.omitted = omitted
  }

  /// The first level that a working set fits in; the last one where it fits in none.
  static func level(of workingSet: Int, _ levels: [MemoryLevel], _ caches: CacheTopology) -> MemoryLevel? {
    levels.first { level in
      guard let number = Int(level.name.dropFirst()), let bytes = caches.dataBytes(level: number) else { return false }
      return workingSet <= bytes
    } ?? levels.last
  }
}

extension RooflineReport {
  private enum CodingKeys: String, CodingKey {
    case started, machine, build, levels, points, omitted
    case isPartial = "partial"
  }

  /// A plot for each unit of work.
  package var plots: [RooflinePlot] {
    let units = [BenchmarkCase.Unit.flops, .bytes, .elements].filter { unit in points.contains { $0.unit == unit } }
    return units.map { unit in
      let shown = points.filter { $0.unit == unit }
      var peaks: [RooflinePlot.Peak] = []
      for point in shown {
        // One line for a limit, though each case has sampled it anew.
        guard let name = point.peakName, !peaks.contains(where: { $0.name == name }) else { continue }
        let samples = shown.filter { $0.peakName == name }.compactMap(\.peak)
        peaks.append(.init(name, throughput: Summary(samples).median))
      }
      let percents = shown.map(\.percent)
      let range = "\(Format.significant(percents.min() ?? 0)) to \(Format.significant(percents.max() ?? 0)) %"
      return RooflinePlot(
        title: "Roofline of \(machine.cpu), one core, \(unit.rawValue)",
        description: "\(shown.count) cases reach \(range) of the limits that memory and execution units set them.",
        unit: unit.rawValue, intensityLabel: "\(unit.piece)s for each byte of the working set",
        slopes: levels.map { .init($0.name, bandwidth: $0.readBandwidth.median) }, peaks: peaks,
        points: shown.map { .init($0.name, intensity: $0.intensity, throughput: $0.throughput) })
    }
  }

  /// Plain text within 100 columns.
  package func text(terminal: Terminal) -> String {
    func line(_ name: String, _ cells: [String]) -> String {
      zip(cells, [11, 14, 14, 14, 22]).reduce(name.padded(24)) { $0 + $1.0.leftPadded($1.1) }.cut(RunTable.width)
    }
    let bandwidths = levels.map { "\($0.name) \(Format.significant($0.readBandwidth.median))" }
    var lines = ["\(machine.cpu), one core reads: \(bandwidths.joined(separator: ", ")) GB/s".cut(RunTable.width), ""]
    lines.append(
      terminal.styled(line("", ["intensity", "speed", "limit", "of limit", "bound by"]), .dim))
    for point in points {
      lines.append(
        line(
          point.name,
          [
            Format.significant(point.intensity) + " /B",
            "\(Format.significant(point.throughput)) \(point.unit.rawValue)",
            "\(Format.significant(point.limit)) \(point.unit.rawValue)", Format.fixed(point.percent, digits: 1) + " %",
            point.binding.cut(21),
          ]))
    }
    for item in omitted { lines.append("\(item.name): not plotted, \(item.reason)".cut(RunTable.width)) }
    let legend = [
      "intensity: work for each byte of operands and results, as if each came once from where it fits.",
      "limit: the lower of intensity times that level's bandwidth and the execution units' limit.",
    ]
    lines += [""] + legend.map { terminal.styled($0, .dim) }
    let unknown = points.filter { $0.peak == nil }.map(\.name)
    if !unknown.isEmpty {
      lines.append(
        "no limit of the execution units is measured for \(unknown.joined(separator: ", "))".cut(RunTable.width))
    }
    if isPartial { lines.append("Interrupted: cases may be missing, and those here have fewer rounds.") }
    return lines.joined(separator: "\n")
  }
}

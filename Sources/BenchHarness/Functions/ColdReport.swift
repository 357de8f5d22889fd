/// What `cold` measured.
package struct ColdReport: Document, Hashable, Sendable {
  package static let format = "kernel-bench cold"
  package static let version = 1

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let build: BuildDescription
  /// Starts asked for, of each case.
  package let count: Int
  /// Pages of the program that the page cache had before a start: 0 where they were evicted.
  package let residentPages: Metric
  package let cases: [ColdResult]
  /// The user interrupted: cases may be missing, and the last one may have fewer starts.
  package let partial: Bool

  package init(
    started: Int, machine: MachineDescription, build: BuildDescription, count: Int, residentPages: Metric,
    cases: [ColdResult], partial: Bool
  ) {
    (self.started, self.machine, self.build, self.count) = (started, machine, build, count)
    (self.residentPages, self.cases, self.partial) = (residentPages, cases, partial)
  }
}

/// The starts of a program with one case.
package struct ColdResult: Hashable, Codable, Sendable {
  package let name: String
  package let row: String
  /// In the order of time, and what is a part of another behind it.
  package let phases: [Phase]
  /// Page faults and memory.
  package let counts: [Phase]
  /// Nanoseconds that a start adds to the work of a call: from exec to main, and what the first call takes beyond a warm one;
  /// medians. The preparation of the case is the instrument's and not in it.
  package let initialisation: Metric

  /// Bytes: the most memory that a process had, the median.
  package var highWaterMark: Metric {
    let phase = counts.first { $0.name == Self.highWaterMarkName }
    return phase?.distribution?.median ?? .unavailable(reason: "the system does not tell")
  }

  private static let highWaterMarkName = "memory at most (VmHWM)"

  /// nil where the user interrupted before the first start.
  ///
  /// - Parameters:
  ///   - loader, floor: nanoseconds that the loader reported, and that a program took which does nothing.
  package init?(
    name: String, row: String, starts: [ColdSampling.Start], loader: [Double] = [], floor: [Double] = []
  ) {
    guard !starts.isEmpty else { return nil }
    self.name = name
    self.row = row

    func times(_ name: String, _ value: (ColdSampling.Start) -> Double) -> Phase {
      Phase(name, starts.map(value), unit: "ns", orElse: "nothing was started")
    }
    func span(_ from: UInt64, _ to: UInt64) -> Double { Double(to) - Double(from) }
    phases = [
      times("exec to main") { span($0.process.started, $0.record.atMain) },
      Phase(
        "  of it the loader", loader, unit: "ns",
        orElse: "no dynamic loader reported: the program is linked statically, or the C library is not glibc"),
      times("main to first result") { span($0.record.atMain, $0.record.first) },
      times("  case made ready") { span($0.record.atMain, $0.record.ready) },
      times("  first call") { span($0.record.ready, $0.record.first) },
      times("warm call") { Double($0.record.warm) },
      Phase(
        "first over warm call", starts.map { span($0.record.ready, $0.record.first) / max(1, Double($0.record.warm)) },
        unit: "x", orElse: "nothing was started"),
      times("exit") { span($0.record.last, $0.process.ended) },
      times("start to end, all of it") { $0.process.nanoseconds },
      Phase(
        "floor: \(ColdSampling.floorProgram)", floor, unit: "ns",
        orElse: "\(ColdSampling.floorProgram) is not there, or does not end with 0"),
    ]

    func figures(_ name: String, unit: String, _ value: (ColdRecord) -> Int?) -> Phase {
      Phase(
        name, starts.compactMap { value($0.record).map { Double($0) } }, unit: unit,
        orElse: "the system does not tell")
    }
    counts = [
      figures("minor faults to main", unit: "") { $0.minorFaultsAtMain },
      figures("  to first result", unit: "") { $0.minorFaultsAtFirst },
      figures("major faults", unit: "") { $0.majorFaultsAtFirst },
      figures("memory after (RSS)", unit: "B") { $0.resident },
      figures(Self.highWaterMarkName, unit: "B") { $0.highWaterMark },
    ]

    let toMain = Summary(starts.map { span($0.process.started, $0.record.atMain) }).median
    let extra = Summary(starts.map { span($0.record.ready, $0.record.first) - Double($0.record.warm) }).median
    initialisation = .value(toMain + max(0, extra), unit: "ns", source: .derived)
  }
}

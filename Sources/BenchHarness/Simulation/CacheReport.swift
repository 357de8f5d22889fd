/// What the simulator counted of several cases.
package struct CacheReport: Document, Hashable, Sendable {
  package static let format = "kernel-bench cache"
  package static let version = 1

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let build: BuildDescription
  /// "valgrind-3.19.0".
  package let simulator: String
  package let model: CacheModel
  package var cases: [Entry]
  /// The user interrupted: cases are missing.
  package var isPartial: Bool

  package init(
    started: Int, machine: MachineDescription, build: BuildDescription, simulator: String, model: CacheModel,
    cases: [Entry] = [], isPartial: Bool = false
  ) {
    self.started = started
    self.machine = machine
    self.build = build
    self.simulator = simulator
    self.model = model
    self.cases = cases
    self.isPartial = isPartial
  }

  package struct Entry: Hashable, Codable, Sendable {
    package let name: String
    /// The row that runs on the CPU.
    package let row: String
    /// The row that ran in the simulator; nil where none did.
    package let simulatedRow: String?
    package let unit: BenchmarkCase.Unit
    /// Of a call.
    package let work: Double?
    package let workingSet: Int?
    package let calls: Int?
    /// By name.
    package let metrics: [String: Metric]

    /// - Parameter result: of the simulator, or why there is none.
    package init(_ benchmark: BenchmarkCase, _ result: Result<SimulatedCase, Simulator.Unavailable>) {
      let counted = try? result.get()
      name = benchmark.name
      row = benchmark.row
      unit = benchmark.unit
      workingSet = benchmark.workingSet
      simulatedRow = counted?.row
      work = counted?.work
      calls = counted?.calls
      switch result {
      case .success(let counted):
        metrics = Dictionary(uniqueKeysWithValues: counted.metrics.map { ($0.name.rawValue, $0.metric) })
      case .failure(let problem):
        let names = MetricName.simulated.flatMap { [$0.name, $0.name.perWork] }
        metrics = Dictionary(
          uniqueKeysWithValues: names.map { ($0.rawValue, .unavailable(reason: problem.reason)) })
      }
    }

    package subscript(name: MetricName) -> Metric {
      metrics[name.rawValue] ?? .unavailable(reason: "\(name) was not simulated")
    }
  }

  private enum CodingKeys: String, CodingKey {
    case started, machine, build, simulator, model, cases
    case isPartial = "partial"
  }

  /// Plain text within 100 columns.
  package func text(terminal: Terminal) -> String {
    var lines = [
      "\(simulator); first caches \(model.i1.text) for code, \(model.d1.text) for data; last \(model.ll.text); lines of "
        + "\(model.d1.line) B"
    ]
    for entry in cases { lines += [""] + text(entry, terminal) }
    lines += [
      "",
      terminal.styled("Simulated: instructions are exact; misses are the model's, which has no prefetcher.", .dim),
    ]
    if isPartial { lines.append("Interrupted: cases are missing.") }
    return lines.map { $0.cut(RunTable.width + (terminal.colour ? 8 : 0)) }.joined(separator: "\n")
  }

  private func text(_ entry: Entry, _ terminal: Terminal) -> [String] {
    let name = terminal.styled(entry.name.cut(40), .bold)
    guard let row = entry.simulatedRow else {
      guard case .unavailable(let reason) = entry[.simulatedInstructions] else { return [name] }
      return [name, "  n/a: \(reason)"]
    }
    let other = row == entry.row ? "" : ", as the simulator does not know those of \(entry.row)"
    var lines = [name + "  row \(row)\(other)"]
    lines.append("".padded(30) + "a call".leftPadded(18) + "a \(entry.unit.piece)".leftPadded(14))
    for item in MetricName.simulated {
      let (call, work) = (entry[item.name], entry[item.name.perWork])
      let title = item.name.title
      if case .unavailable(let reason) = call {
        lines.append("  " + title.padded(28) + "n/a".leftPadded(18) + "  \(reason)")
      } else {
        let share = work.value.map(Self.small) ?? "n/a"
        lines.append(
          "  " + title.padded(28) + (call.value.map(Self.grouped) ?? "n/a").leftPadded(18) + share.leftPadded(14))
      }
    }
    return lines
  }

  /// Three digits, of what is below 0.1 too: "2.05e-4".
  static func small(_ value: Double) -> String {
    if value == 0 || value >= 0.1 { return Format.significant(value) }
    var (mantissa, exponent) = (value, 0)
    while mantissa < 0.9995 && exponent > -30 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    return exponent < -2 ? "\(Format.significant(mantissa))e\(exponent)" : Format.fixed(value, digits: 1 - exponent + 1)
  }

  /// "12 345.50": exact counts in full.
  private static func grouped(_ value: Double) -> String {
    let text = Format.fixed(value, digits: value == value.rounded() ? 0 : 2)
    let whole = text.prefix { $0 != "." }
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0 && (whole.count - index) % 3 == 0 { result += " " }
      result.append(digit)
    }
    return result + text.dropFirst(whole.count)
  }
}

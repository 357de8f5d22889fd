/// The table that `run` prints, a case at a time, within 100 columns.
///
///     sgemm/1024  m=1024 n=1024 k=1024 · limit 108 GFLOP/s (f32 FMA avx2)
///       f32_gemm_6x16_avx2            21.3 ms  ±0.4 %   101 GFLOP/s   93.1 %               0        0 B
///       MKL 2026.2                    20.9 ms  ±0.3 %   103 GFLOP/s   94.9 %   0.98x       0        0 B
package struct RunTable {
  private let terminal: Terminal

  package init(terminal: Terminal) { self.terminal = terminal }

  package static let width = 100

  /// Widths: 2 + 31 + 10 + 8 + 14 + 9 + 8 + 9 + 9.
  private static func line(_ name: String, _ cells: [String]) -> String {
    let text = zip(cells, [10, 8, 14, 9, 8, 9, 9]).reduce("  " + name.padded(31)) { $0 + $1.0.leftPadded($1.1) }
    return String(text.reversed().drop { $0 == " " }.reversed())
  }

  /// The whole report: what was measured on, every case, and what the columns mean.
  package func text(_ report: Report) -> String {
    var lines = opening(report) + ["", header] + report.cases.map(text) + [""]
    let kernels = complexity(report.complexity.filter { $0.role == .kernel })
    if !kernels.isEmpty { lines += kernels + [""] }
    lines.append(legend(report.cases))
    lines += report.warnings.flatMap { $0.wrapped(Self.width) }
    return lines.joined(separator: "\n")
  }

  /// What was measured on, and beside what.
  package func opening(_ report: Report) -> [String] {
    let build = report.build
    var lines = [
      "\(report.machine.cpu), \(report.machine.system); version \(build.version), Swift \(build.swift), "
        + build.configuration
    ]
    for peer in report.peers {
      let file = peer.library?.split(separator: "/").last ?? ""
      lines.append("peer \(peer.name): " + (peer.absent.map { "absent, \($0)" } ?? "\(peer.version ?? ""), \(file)"))
    }
    return lines.flatMap { $0.wrapped(Self.width, indent: 2) }
  }

  /// How time grows with size: a line a series, and what the columns mean. Empty where no series has sizes enough.
  package func complexity(_ complexity: [SeriesComplexity]) -> [String] {
    if complexity.isEmpty { return [] }
    let rows = complexity.map { item in
      let fit = item.fit
      let interval = fit.exponentInterval
      let name = (item.series + (item.role == .kernel ? "" : ", \(item.contender)")).padded(40)
      return "  " + name + fit.best.growth.rawValue.padded(12) + Format.percent(fit.best.rms).leftPadded(8)
        + Format.fixed(fit.exponent, digits: 2).leftPadded(10)
        + "\(Format.fixed(interval.low, digits: 2)) to \(Format.fixed(interval.high, digits: 2))".leftPadded(20)
    }
    let header =
      "  " + "time over size".padded(40) + "grows as".padded(12) + "RMS".leftPadded(8)
      + "exponent".leftPadded(10) + "95 % interval".leftPadded(20)
    let note = "RMS: of the relative error of that class. exponent: of the power law that fits best."
    return [terminal.styled(header, .dim)] + rows + [terminal.styled(note, .dim)]
  }

  package var header: String {
    terminal.styled(Self.line("", ["time", "spread", "speed", "of limit", "ratio", "mallocs", "bytes"]), .dim)
  }

  package func text(_ result: CaseResult) -> String {
    let parameters = result.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    var heading = "  " + parameters
    if let ceiling = result.ceiling, let limit = ceiling[.throughput].value {
      heading += " · limit \(Format.significant(limit)) \(result.unit.rawValue) (\(ceiling.samples.name))"
    }
    let name = result.name.cut(Self.width)
    var lines = [terminal.styled(name, .bold) + heading.cut(Self.width - name.count)]
    for contender in result.contenders where contender.samples.role != .ceiling {
      lines.append(text(contender, unit: result.unit, row: result.row))
    }
    return lines.joined(separator: "\n")
  }

  private func text(_ contender: ContenderResult, unit: BenchmarkCase.Unit, row: String) -> String {
    let text = Self.line(
      contender.samples.role == .kernel ? row : contender.samples.name,
      [
        Format.time(contender.time.median), "±" + Format.percent(contender.time.relativeSpread),
        cell(contender[.throughput]) { Format.significant($0) + " " + unit.rawValue },
        cell(contender[.percentOfCeiling]) { Format.fixed($0, digits: 1) + " %" },
        contender.samples.role == .kernel ? "" : cell(contender[.kernelSpeedRatio]) { Format.ratio($0) },
        cell(contender[.mallocCalls]) { Format.count($0) },
        cell(contender[.mallocBytes]) { Format.count($0) },
      ])
    return contender.samples.role == .kernel ? text : terminal.styled(text, .dim)
  }

  /// A figure, or "n/a" where there is none.
  private func cell(_ metric: Metric, _ format: (Double) -> String) -> String {
    metric.value.map(format) ?? "n/a"
  }

  /// What the columns mean, and why figures are missing in `results`.
  package func legend(_ results: [CaseResult]) -> String {
    var lines = [
      "time: the median of interleaved samples; spread: its median absolute deviation, relative.",
      "of limit: of the limit measured in the same round. ratio: the kernel's speed over that peer's.",
      "mallocs, bytes: allocator calls and bytes asked for per warm call, counted in passes of their own.",
    ]
    let reasons = results.flatMap(\.contenders).filter { $0.samples.role != .ceiling }.flatMap { contender in
      [contender[.percentOfCeiling], contender[.mallocCalls]].compactMap { metric in
        if case .unavailable(let reason) = metric { reason } else { nil }
      }
    }
    for reason in Set(reasons).sorted() { lines += "n/a: \(reason)".wrapped(Self.width, indent: 5) }
    return lines.map { terminal.styled($0.cut(Self.width), .dim) }.joined(separator: "\n")
  }
}

/// A table of GitHub Flavored Markdown (section 4.10 of its specification) for a comment or a page.
package enum MarkdownFormat {
  package static func text(_ report: Report) -> String {
    let machine = report.machine
    let build = report.build
    var lines = [
      escaped(
        "\(machine.cpu), \(machine.system); version \(build.version), Swift \(build.swift), "
          + build.configuration),
      "",
      "| case | contender | time | 95 % interval | spread | speed | of limit | kernel is | mallocs | bytes |",
      "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for item in report.cases {
      for contender in item.contenders where contender.samples.role != .ceiling {
        lines.append("| " + cells(item, contender).map(escaped).joined(separator: " | ") + " |")
      }
    }
    let complexity = report.complexity.filter { $0.role == .kernel }
    if !complexity.isEmpty {
      lines += [
        "", "| series | sizes | grows as | RMS error | exponent | 95 % interval |", "|---|--:|---|--:|--:|--:|",
      ]
      lines += complexity.map { item in
        let fit = item.fit
        let cells = [
          item.series, "\(item.sizes.lowerBound) to \(item.sizes.upperBound)", fit.best.growth.rawValue,
          Format.percent(fit.best.rms), Format.fixed(fit.exponent, digits: 2),
          Format.fixed(fit.exponentInterval.low, digits: 2) + " to "
            + Format.fixed(fit.exponentInterval.high, digits: 2),
        ]
        return "| " + cells.map(escaped).joined(separator: " | ") + " |"
      }
    }
    let notes = report.missing.map { "n/a: \($0)" } + report.absentPeers + report.warnings
    if !notes.isEmpty { lines += [""] + notes.map { "- " + escaped($0) } }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func cells(_ item: CaseResult, _ contender: ContenderResult) -> [String] {
    func figure(_ name: MetricName, _ format: (Double) -> String) -> String {
      contender[name].value.map(format) ?? "n/a"
    }
    let isKernel = contender.samples.role == .kernel
    return [
      isKernel ? item.name : "", contender.samples.name, Format.time(contender.time.median),
      Format.time(contender.timeInterval.low) + " to " + Format.time(contender.timeInterval.high),
      "±" + Format.percent(contender.time.relativeSpread),
      figure(.throughput) { Format.significant($0) + " " + item.unit.rawValue },
      figure(.percentOfCeiling) { Format.fixed($0, digits: 1) + " %" },
      isKernel ? "" : figure(.kernelSpeedRatio, Format.ratio),
      figure(.mallocCalls, Format.count), figure(.mallocBytes, Format.count),
    ]
  }

  /// Text of which Markdown makes nothing else, on one line.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "|", "\\", "`", "*", "_", "<", ">", "[", "]", "&", "~": result += "\\" + String(character)
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    return result
  }
}

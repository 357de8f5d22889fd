/// What `cold` prints.
package struct ColdText {
  private let terminal: Terminal
  private var table: DistributionTable { DistributionTable(terminal: terminal) }

  package init(terminal: Terminal) { self.terminal = terminal }

  package func text(_ report: ColdReport) -> String {
    var lines = [report.machine.cpu.cut(RunTable.width)]
    for result in report.cases {
      let heading = "  row \(result.row), in a process of its own, \(report.count) times"
      let name = result.name.cut(RunTable.width)
      lines += ["", terminal.styled(name, .bold) + heading.cut(RunTable.width - name.count), table.header]
      lines += (result.phases + result.counts).map(table.text)
      if let initialisation = result.initialisation.value {
        lines.append("a start adds \(Format.time(initialisation)): exec to main, and the first call beyond a warm one")
      }
    }
    let all = report.cases.flatMap { $0.phases + $0.counts }.compactMap(\.distribution)
    lines += ["", table.legend(all)]
    lines.append("exec to main counts from right before posix_spawn. The loader: in processes beside these.")
    lines.append("case made ready: the instrument's own work, arguments and operands; exit: from its last reading on.")
    lines += pageCache(report.residentPages)
    if report.partial { lines.append("Interrupted: cases may be missing, and the last has fewer starts.") }
    return lines.joined(separator: "\n")
  }

  private func pageCache(_ residentPages: Metric) -> [String] {
    switch residentPages {
    case .value:
      [
        "The program's pages were taken out of the page cache before each start; its libraries' were not, and a",
        "hypervisor's cache below may still have them.",
      ]
    case .unavailable(let reason):
      [
        "Page cache warm: a first start on a new host also reads the program and its libraries from a disk.",
        "Not evicted: \(reason)".cut(RunTable.width),
      ]
    }
  }
}

import ArgumentParser
import BenchHarness
import Kernels

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The cases: parameters, the row that runs, unit, limit and peers.")

  @OptionGroup var cases: CaseOptions

  func run() throws {
    let catalogue = try cases.catalogue()
    let selected = try catalogue.cases(Selection(pattern: cases.filter))
    let terminal = Terminal.current
    var absences: [String] = []
    for item in selected {
      let parameters = item.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
      print("\(terminal.styled(item.name, .bold))  \(parameters)")
      print("  row \(item.row), in \(item.unit.rawValue), limit \(Self.text(item.ceiling))")
      var present: [String] = []
      for peer in item.peers {
        switch peer {
        case .present(let name): present.append(name)
        case .absent(let name, let reason):
          let text = "\(name): \(reason)"
          if !absences.contains(text) { absences.append(text) }
        }
      }
      print("  peers \(present.isEmpty ? "none" : present.joined(separator: ", "))")
    }
    if !absences.isEmpty { print("\nabsent peers\n" + absences.map { "  " + $0 }.joined(separator: "\n")) }
  }

  private static func text(_ ceiling: BenchmarkCase.CeilingChoice) -> String {
    switch ceiling {
    case .loop(let loop): loop.name
    case .none(let reason): "none (\(reason))"
    }
  }
}

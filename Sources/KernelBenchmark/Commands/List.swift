import ArgumentParser
import BenchHarness

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The cases: parameters, the row that runs, unit, limit and peers.")

  @OptionGroup var cases: CaseOptions

  func run() throws {
    let terminal = Terminal.current
    let selected = try cases.selected()
    for item in selected {
      let parameters = item.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
      print("\(terminal.styled(item.name, .bold))  \(parameters)")
      print("  row \(item.row), in \(item.unit.rawValue), limit \(Self.text(item.ceiling))")
      let present = item.peers.filter { $0.absent == nil }.map(\.name)
      print("  peers \(present.isEmpty ? "none" : present.joined(separator: ", "))")
    }
    let absent = selected.peers.compactMap { peer in peer.absent.map { "  \(peer.name): \($0)" } }
    if !absent.isEmpty { print("\nabsent peers\n" + absent.joined(separator: "\n")) }
  }

  private static func text(_ ceiling: BenchmarkCase.CeilingChoice) -> String {
    switch ceiling {
    case .loop(let loop): loop.name
    case .reading(let bytes): "reading \(Format.bytes(Double(bytes)))"
    case .copying(let bytes): "copying \(Format.bytes(Double(bytes)))"
    case .none(let reason): "none (\(reason))"
    }
  }
}

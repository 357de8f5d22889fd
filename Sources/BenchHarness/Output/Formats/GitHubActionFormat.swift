#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What github-action-benchmark reads with `tool: customSmallerIsBetter`: an array of names with a unit and a value, and
/// with a range and further text to show.
///
/// The times of kernels and peers, and what kernels allocate. A figure that is not available has no entry: its reason stands
/// in the text of the kernel's time.
package enum GitHubActionFormat {
  /// Other figures of which less is better.
  static let counts: [MetricName] = [.mallocCalls, .mallocBytes]

  package static func text(_ report: Report) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let entries = report.cases.flatMap { item in
      item.contenders.flatMap { contender in self.entries(item, contender, report) }
    }
    return String(decoding: try encoder.encode(entries), as: UTF8.self) + "\n"
  }

  private struct Entry: Encodable {
    let name: String
    let unit: String
    let value: Double
    let range: String?
    let extra: String
  }

  private static func entries(_ item: CaseResult, _ contender: ContenderResult, _ report: Report) -> [Entry] {
    let samples = contender.samples
    switch samples.role {
    case .ceiling: return []
    case .peer: return [time(item, contender, name: "\(item.name) by \(samples.name)", extra: [])]
    case .kernel:
      var extra = ["row \(item.row)"] + item.parameters.map { "\($0.name)=\($0.value)" }
      var counted: [Entry] = []
      for name in counts {
        switch contender[name] {
        case .value(let value, let unit, let source):
          counted.append(
            Entry(name: "\(item.name) \(name)", unit: unit, value: value, range: nil, extra: source.rawValue))
        case .unavailable(let reason): extra.append("\(name): n/a (\(reason))")
        }
      }
      extra.append(report.machine.cpu)
      return [time(item, contender, name: item.name, extra: extra)] + counted
    }
  }

  private static func time(_ item: CaseResult, _ contender: ContenderResult, name: String, extra: [String]) -> Entry {
    let (time, interval) = (contender.time, contender.timeInterval)
    let text = [
      "median of \(time.count) samples",
      "95 % interval \(Format.time(interval.low)) to \(Format.time(interval.high))",
    ]
    return Entry(
      name: name, unit: "ns", value: time.median, range: "± \(Format.exact(time.mad))",
      extra: (text + extra).joined(separator: "\n"))
  }
}

import ArgumentParser
import BenchHarness
import Kernels

struct Machine: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The CPU, its features and caches, and its limits as measured now.",
    discussion:
      "Every limit is the median of interleaved samples on one thread, with the median absolute deviation beside it.")

  @Flag(help: "Shorter samples.")
  var quick = false

  func run() throws {
    let terminal = Terminal.current
    let machine = MachineDescription.current()
    func heading(_ text: String) { print("\n" + terminal.styled(text, .bold)) }

    print(terminal.styled(machine.cpu, .bold) + "  \(machine.architecture), \(machine.system)")
    print("CPUs: \(machine.affinity) by affinity, quota \(machine.quota.map(String.init) ?? "none")")
    print("features: \(machine.featuresActive.replacing(",", with: " "))")
    if !machine.featuresMasked.isEmpty { print("masked: \(machine.featuresMasked.joined(separator: " "))") }

    heading("Caches (from \(machine.caches.source))")
    for cache in machine.caches.caches {
      var text = "L\(cache.level) \(cache.kind.rawValue)".padded(18) + Format.bytes(Double(cache.bytes)).leftPadded(10)
      if let ways = cache.ways { text += "  \(ways) ways" }
      if let line = cache.line { text += "  lines of \(line) B" }
      if let shared = cache.sharedBy { text += "  CPUs \(shared)" }
      print("  " + text)
    }

    let plan = quick ? Plan.quick : Plan.full
    heading("Limits of the execution units")
    terminal.showProgress("measuring the execution units")
    let loops = Self.computeCeilings
    let samples = try Sampling.sideBySide(loops.map(\.contender), plan: plan, seed: 1)
    terminal.clearProgress()
    for (loop, samples) in zip(loops, samples) {
      let speed = Summary(samples.speeds)
      print(Self.line(loop.name, speed, unit: loop.unit.rawValue))
    }

    heading("Limits of the memory, one core")
    let line = machine.caches.line
    for level in MemoryCeilings.workingSets(machine.caches) {
      terminal.showProgress("measuring \(level.name)")
      let measured = try MemoryCeilings.measure(level, line: line, plan: plan, seed: 1)
      terminal.clearProgress()
      let name = "\(level.name), \(Format.bytes(Double(level.bytes)))"
      print(
        Self.line(name + " read", measured.readBandwidth, unit: "GB/s")
          + Format.significant(measured.loadLatency.median).leftPadded(10) + " ns latency"
          + ("±" + Format.percent(measured.loadLatency.relativeSpread)).leftPadded(9))
    }
  }

  private static func line(_ name: String, _ speed: Summary, unit: String) -> String {
    "  " + name.padded(26) + "\(Format.significant(speed.median)) \(unit)".leftPadded(14)
      + ("±" + Format.percent(speed.relativeSpread)).leftPadded(9)
  }

  /// Those that the process may use.
  private static var computeCeilings: [ComputeCeiling] {
    let all =
      FloatType.allCases.flatMap { ComputeCeiling.fma($0) }
      + [ComputeCeiling.amx, .sha256Stream, .sha256Streams].compactMap { $0 }
    return all.filter { CPUFeatures.current.isSuperset(of: $0.requires) }
  }
}

import BenchHarness
import CMachineCeilings
import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension MeasuringOptions {
  /// Measures what the options select: what `run`, `baseline save` and `check` have in common.
  ///
  /// Shows progress, ends at Ctrl-C with what there is.
  ///
  /// - Parameter wanted: which of the selected cases, by name.
  /// - Throws: ``BenchError`` when nothing is selected, or a case fails.
  func measure(terminal: Terminal, wanted: (String) -> Bool = { _ in true }) throws -> Report {
    let selected = try cases.selected().filter { wanted($0.name) }
    if selected.isEmpty {
      throw BenchError("none of the cases is in this program; \(Program.current.name) list shows them")
    }
    Self.warnOfDebug()
    Interruption.listen()
    let overhead = LoopOverhead.measure()
    var runner = Runner(
      plan: plan, overhead: overhead, masked: try cases.masked, meters: Self.meters(), seed: seed)
    let started = Int(time(nil))
    defer { terminal.clearProgress() }
    let results = try runner.run(selected) { terminal.show($0) }
    return Report(
      started: started, machine: .current(), build: .current(version: Program.current.version),
      options: .init(
        filter: cases.filter, quick: quick, allRows: cases.allRows, disabled: cases.disable, input: cases.input,
        seed: seed),
      plan: plan, loopOverhead: overhead, peers: selected.peers, cases: results,
      isPartial: Interruption.isRequested)
  }

  /// What is counted beside time, each meter proved right before it is used.
  static func meters() -> [any Meter] {
    [
      AllocationCounter.meter(), AllocationCounter.liveMeter(), ReferenceCounter.meter(), ProcessMeter(scope: .process),
      PerformanceMeter(),
    ]
  }

  static func warnOfDebug() {
    if !BuildDescription.isOptimised {
      Terminal.writeError("warning: built without optimisation, so its figures say nothing; build with -c release\n")
    }
  }
}

extension [BenchmarkCase] {
  /// Every peer once, in the order of the cases.
  var peers: [Peer] {
    var result: [Peer] = []
    for peer in flatMap(\.peers) where !result.contains(peer) { result.append(peer) }
    return result
  }
}

extension Terminal {
  /// A line of progress, with the time that is left.
  func show(_ progress: Runner.Progress) { show(progress.text, nanosecondsLeft: progress.nanosecondsLeft) }

  func show(_ text: String, nanosecondsLeft: Double?) {
    let left = nanosecondsLeft.map { ", \(Int(($0 / 1e9).rounded(.up))) s left" } ?? ""
    showProgress(text.cut(80) + left)
  }
}

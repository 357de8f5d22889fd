import CPerformanceEvents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cycles, instructions and misses per call, of the calling thread in user space, by the CPU's counters.
///
/// When it is made, it counts the instructions of a loop of known length, and trusts nothing where that is off by more than
/// a percent. Each event is then tried beside the instructions. Every group has the instructions in it, and as many
/// others as the CPU can count at a time; where it cannot count all, there are several groups, with a pass for each. A group
/// that was not on the counters all the time gives no figure: nothing is scaled.
///
/// A figure is what a pass of calls counts, less a pass without calls, but not below 0.
package struct PerformanceMeter: Meter {
  package static let standardEvents: [PerformanceEvent] = [
    .cycles, .branchMisses, .l1dMisses, .llcMisses, .dtlbMisses,
  ]

  private let counters: any PerformanceCounting
  private let events: [PerformanceEvent]
  /// Events that are counted together; the instructions are first in each.
  package let groups: [[PerformanceEvent]]
  private let reasons: [MetricName: String]
  private let paranoid: String?

  /// - Parameters:
  ///   - events: what to count beside instructions.
  ///   - paranoid: the kernel's setting, for what to tell the user.
  ///   - loop: runs the known loop that many times around.
  package init(
    counters: any PerformanceCounting = LinuxPerformanceCounters(), events: [PerformanceEvent] = standardEvents,
    paranoid: String? = SystemFile.text("/proc/sys/kernel/perf_event_paranoid"),
    loop: @escaping (UInt64) -> Void = { pe_loop($0) }
  ) {
    let all = [PerformanceEvent.instructions] + events
    let trial = Trial(counters: counters, loop: loop)
    var reasons: [MetricName: String] = [:]
    var working: [PerformanceEvent] = []
    if let failure = trial.failure([.instructions]) {
      let reason = failure.reason(paranoid: paranoid)
      for event in all { reasons[event.name] = reason }
    } else {
      for event in events {
        if let failure = trial.failure([.instructions, event]) {
          reasons[event.name] = failure.reason(paranoid: paranoid)
        } else {
          working.append(event)
        }
      }
    }
    self.counters = counters
    self.events = all
    self.reasons = reasons
    self.paranoid = paranoid
    groups = reasons[.instructions] == nil ? trial.groups(working) : []
  }

  package func perCall(_ calls: Int, _ body: (Int) throws -> Void) throws -> [NamedMetric] {
    precondition(calls >= 1, "PerformanceMeter: calls must be 1 or more")
    var metrics = reasons.mapValues { Metric.unavailable(reason: $0) }
    var ipc: Metric?
    for group in groups {
      do {
        let none = try counters.count(group) { try body(0) }
        let some = try counters.count(group) { try body(calls) }
        if let failure = none.failure ?? some.failure { throw failure }
        let figures = zip(some.values, none.values).map { Double($0 - min($0, $1)) / Double(calls) }
        for (event, figure) in zip(group, figures) where metrics[event.name] == nil {
          metrics[event.name] = .value(figure, unit: event.unit, source: .measured)
        }
        if let cycles = group.firstIndex(of: .cycles), figures[cycles] > 0 {
          ipc = .value(figures[0] / figures[cycles], unit: "instructions/cycle", source: .derived)
        }
      } catch let failure as PerformanceFailure {
        for event in group where metrics[event.name] == nil {
          metrics[event.name] = .unavailable(reason: failure.reason(paranoid: paranoid))
        }
      }
    }
    var result = events.map { NamedMetric($0.name, metrics[$0.name] ?? .unavailable(reason: "no group counts it")) }
    if events.contains(.cycles) {
      let why = [.instructions, .cycles].lazy.compactMap { metrics[$0]?.reason }.first
      result.append(
        NamedMetric(.instructionsPerCycle, ipc ?? .unavailable(reason: why ?? "the calls took no cycle")))
    }
    return result
  }
}

/// Tries groups on the known loop.
private struct Trial {
  let counters: any PerformanceCounting
  let loop: (UInt64) -> Void

  private static let iterations: UInt64 = 1_000_000

  /// Why a group, led by the instructions, does not count; nil where it does.
  func failure(_ group: [PerformanceEvent]) -> PerformanceFailure? {
    do {
      let reading = try counters.count(group) { loop(Self.iterations) }
      if let failure = reading.failure { return failure }
      let expected = Self.iterations * UInt64(PE_LOOP_INSTRUCTIONS)
      let counted = reading.values[0]
      // Starting and stopping add some hundred instructions.
      let isRight = counted >= expected && counted <= expected + expected / 100
      return isRight ? nil : .wrongCount(counted: counted, expected: expected)
    } catch let failure as PerformanceFailure {
      return failure
    } catch {
      preconditionFailure("PerformanceCounting: only a body throws anything else, and the loop does not: \(error)")
    }
  }

  /// `events`, each of which counts alone, in as few groups as halving finds.
  func groups(_ events: [PerformanceEvent]) -> [[PerformanceEvent]] {
    let group = [.instructions] + events
    if events.count <= 1 || failure(group) == nil { return [group] }
    let half = (events.count + 1) / 2
    return groups(Array(events[..<half])) + groups(Array(events[half...]))
  }
}

extension PerformanceReading {
  /// Counters that ran for a part of the time would have to be scaled, which guesses.
  fileprivate var failure: PerformanceFailure? { running < enabled || enabled == 0 ? .notScheduled : nil }
}

extension PerformanceFailure {
  /// What to tell the user.
  ///
  /// - Parameter paranoid: the content of /proc/sys/kernel/perf_event_paranoid.
  func reason(paranoid: String?) -> String {
    switch self {
    case .refused(let error):
      switch error.code {
      case ENOENT, EOPNOTSUPP, ENODEV: "this machine has no such counter, as most virtual machines have none"
      case EACCES, EPERM:
        "the kernel does not allow it (kernel.perf_event_paranoid is \(paranoid ?? "unknown")): "
          + "sysctl kernel.perf_event_paranoid=2, or a container that may call perf_event_open"
      case ENOSYS: "there is no perf_event_open here"
      default: "perf_event_open failed: \(error)"
      }
    case .notScheduled: "the counters are in use by somebody else, such as the NMI watchdog, or too few"
    case .wrongCount(let counted, let expected):
      "\(counted) instructions were counted on a loop of \(expected)"
    }
  }
}

extension Metric {
  fileprivate var reason: String? { if case .unavailable(let reason) = self { reason } else { nil } }
}

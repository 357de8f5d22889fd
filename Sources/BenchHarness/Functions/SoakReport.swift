/// What `soak` measured.
package struct SoakReport: Document, Hashable, Sendable {
  package static let format = "kernel-bench soak"
  package static let version = 1

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let build: BuildDescription
  /// Asked for, of each case.
  package let seconds: Double
  package let cases: [SoakResult]
  /// The user interrupted: cases may be missing, and the last one may have fewer intervals.
  package let partial: Bool

  package init(
    started: Int, machine: MachineDescription, build: BuildDescription, seconds: Double, cases: [SoakResult],
    partial: Bool
  ) {
    (self.started, self.machine, self.build) = (started, machine, build)
    (self.seconds, self.cases, self.partial) = (seconds, cases, partial)
  }

  /// What is told in the end where calls failed.
  package var failure: BenchError? {
    cases.lazy.compactMap { result in
      result.firstError.map { BenchError("\(result.name): \(result.errors) calls failed, the first with: \($0)") }
    }.first
  }
}

/// A case that ran for long, interval by interval.
package struct SoakResult: Hashable, Codable, Sendable {
  package let name: String
  package let row: String
  package let unit: BenchmarkCase.Unit
  package let intervals: [SoakInterval]
  package let errors: Int
  package let firstError: String?
  /// What became of throughput, in calls per second, over the hours.
  package let throughput: Trend
  /// Of physical memory, and of what the allocator has handed out; bytes.
  package let resident: Trend
  package let heap: Trend
  /// Per call, of all intervals together.
  package let mallocCalls: Metric
  package let mallocBytes: Metric

  package init(
    name: String, row: String, unit: BenchmarkCase.Unit, intervals: [SoakInterval], errors: Int, firstError: String?
  ) {
    (self.name, self.row, self.unit, self.intervals) = (name, row, unit, intervals)
    (self.errors, self.firstError) = (errors, firstError)
    let hours = intervals.map { $0.end / 3600 }
    throughput = Trend(hours: hours, values: intervals.map(\.callsPerSecond), resolution: 0)
    resident = Trend(hours: hours, metrics: intervals.map(\.resident), resolution: 4096)
    heap = Trend(hours: hours, metrics: intervals.map(\.heap), resolution: 16)
    let calls = Double(intervals.reduce(errors) { $0 + $1.calls })
    func perCall(_ metric: KeyPath<SoakInterval, Metric>) -> Metric {
      var sum = 0.0
      for interval in intervals {
        guard case .value(let value, _, _) = interval[keyPath: metric] else { return interval[keyPath: metric] }
        sum += value
      }
      if calls == 0 { return .unavailable(reason: "no call was made") }
      return .value(sum / calls, unit: metric == \SoakInterval.mallocBytes ? "B" : "calls", source: .derived)
    }
    mallocCalls = perCall(\.mallocCalls)
    mallocBytes = perCall(\.mallocBytes)
  }
}

/// A part of a soak.
package struct SoakInterval: Hashable, Codable, Sendable {
  /// Seconds since the first call.
  package let end: Double
  /// Those that did not fail.
  package let calls: Int
  /// Seconds of the calls alone, without what reading the system took.
  package let seconds: Double
  /// Units of work per nanosecond, which is 10^9 a second.
  package let throughput: Double
  /// At its end.
  package let resident: Metric
  package let heap: Metric
  /// In all of it.
  package let mallocCalls: Metric
  package let mallocBytes: Metric

  package init(
    end: Double, calls: Int, seconds: Double, throughput: Double, resident: Metric, heap: Metric, mallocCalls: Metric,
    mallocBytes: Metric
  ) {
    (self.end, self.calls, self.seconds, self.throughput) = (end, calls, seconds, throughput)
    (self.resident, self.heap) = (resident, heap)
    (self.mallocCalls, self.mallocBytes) = (mallocCalls, mallocBytes)
  }

  package var callsPerSecond: Double { Double(calls) / seconds }
}

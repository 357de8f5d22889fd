/// Calls of the C allocator and the bytes that they asked for.
package struct AllocationCounts: Hashable, Codable, Sendable {
  /// Calls that may return a block: malloc, calloc, realloc and their kin.
  package var allocations: UInt64
  package var frees: UInt64
  package var bytes: UInt64

  package init(allocations: UInt64, frees: UInt64, bytes: UInt64) {
    (self.allocations, self.frees, self.bytes) = (allocations, frees, bytes)
  }

  package static func - (a: AllocationCounts, b: AllocationCounts) -> AllocationCounts {
    AllocationCounts(allocations: a.allocations - b.allocations, frees: a.frees - b.frees, bytes: a.bytes - b.bytes)
  }
}

/// Reads the allocation counters, where there are any: only the executable may link what replaces malloc.
package enum AllocationMeter: Sendable {
  /// What the process counted so far. The closure itself must not allocate.
  case counting(@Sendable () -> AllocationCounts)
  case unavailable(reason: String)

  /// Mallocs, frees and bytes per call of what `body` repeats, counted in passes of their own.
  ///
  /// One pass of `calls` and one of twice as many: what a pass itself allocates, such as the context of a closure in a
  /// debug build, is in both and drops out of the difference.
  ///
  /// - Parameter body: runs its argument's number of calls; warm, so that what is allocated once is not in the figure.
  package func perCall(_ calls: Int, _ body: (Int) -> Void) -> AllocationMetrics {
    switch self {
    case .unavailable(let reason):
      let metric = Metric.unavailable(reason: reason)
      return AllocationMetrics(allocations: metric, frees: metric, bytes: metric)
    case .counting(let read):
      _ = read()  // the first reading of all may set up what later ones use
      let start = read()
      body(calls)
      let once = read()
      body(2 * calls)
      let twice = read()
      let (single, double) = (once - start, twice - once)
      func metric(_ count: KeyPath<AllocationCounts, UInt64>, _ unit: String) -> Metric {
        let difference = double[keyPath: count].subtractingReportingOverflow(single[keyPath: count])
        if difference.overflow { return .unavailable(reason: "a pass of twice the calls allocated less") }
        return .value(Double(difference.partialValue) / Double(calls), unit: unit, source: .measured)
      }
      return AllocationMetrics(
        allocations: metric(\.allocations, "calls"), frees: metric(\.frees, "calls"), bytes: metric(\.bytes, "B"))
    }
  }
}

/// Allocation figures per call.
package struct AllocationMetrics: Hashable, Codable, Sendable {
  package let allocations: Metric
  package let frees: Metric
  package let bytes: Metric

  package init(allocations: Metric, frees: Metric, bytes: Metric) {
    (self.allocations, self.frees, self.bytes) = (allocations, frees, bytes)
  }
}

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

  /// Mallocs, frees and bytes per call of `body`, over `calls` calls in a pass of its own.
  ///
  /// - Parameter body: runs its argument's number of calls; warm, so that what is allocated once is not in the figure.
  package func perCall(_ calls: Int, _ body: (Int) -> Void) -> AllocationMetrics {
    switch self {
    case .unavailable(let reason):
      return AllocationMetrics(
        allocations: .unavailable(reason: reason), frees: .unavailable(reason: reason), bytes: .unavailable(reason: reason))
    case .counting(let read):
      let before = read()
      body(calls)
      let spent = read() - before
      func metric(_ total: UInt64, _ unit: String) -> Metric {
        .value(Double(total) / Double(calls), unit: unit, source: .measured)
      }
      return AllocationMetrics(
        allocations: metric(spent.allocations, "calls"), frees: metric(spent.frees, "calls"),
        bytes: metric(spent.bytes, "B"))
    }
  }
}

/// Allocation figures per call.
package struct AllocationMetrics: Hashable, Codable, Sendable {
  package let allocations: Metric
  package let frees: Metric
  package let bytes: Metric
}

/// The functions of the C allocator; raw values count from 0.
package enum AllocationEntryPoint: Int, CaseIterable, Sendable {
  case malloc, calloc, realloc, reallocarray, alignedAlloc, memalign, posixMemalign, valloc, pvalloc, free

  /// Those that may return a block.
  package static let allocating = allCases.filter { $0 != .free }

  /// As C spells it.
  package var name: String {
    switch self {
    case .alignedAlloc: "aligned_alloc"
    case .posixMemalign: "posix_memalign"
    default: "\(self)"
    }
  }
}

/// Calls of the C allocator, and the bytes that they asked for, by entry point.
package struct AllocationCounts: Sendable {
  package struct Count: Hashable, Sendable {
    package var calls: UInt64
    package var bytes: UInt64

    package init(calls: UInt64 = 0, bytes: UInt64 = 0) { (self.calls, self.bytes) = (calls, bytes) }
  }

  /// In place, for a reading must not allocate.
  private var counts: InlineArray<10, Count>

  package init() { counts = InlineArray(repeating: Count()) }

  package subscript(entry: AllocationEntryPoint) -> Count {
    get { counts[entry.rawValue] }
    set { counts[entry.rawValue] = newValue }
  }

  /// Calls that may return a block, of every entry point but free.
  package var allocations: UInt64 { AllocationEntryPoint.allocating.reduce(0) { $0 &+ self[$1].calls } }
  /// What those asked for.
  package var bytes: UInt64 { AllocationEntryPoint.allocating.reduce(0) { $0 &+ self[$1].bytes } }
  package var frees: UInt64 { self[.free].calls }
}

/// Calls of malloc and its kin and the bytes that they ask for, together and by entry point, on all threads.
///
/// Exact: the entry points of the program are counters that forward to the C library's. Only the executable may link what
/// replaces malloc, so that the counters come as a closure. Where they cannot be had, or failed their self-test, every
/// figure is unavailable.
package enum AllocationMeter: Meter {
  /// What the process counted so far. The closure itself must not allocate.
  case counting(@Sendable () -> AllocationCounts)
  case unavailable(reason: String)

  package func perCall(_ calls: Int, _ body: (Int) throws -> Void) rethrows -> [NamedMetric] {
    switch self {
    case .unavailable(let reason):
      return Self.figures.map { NamedMetric($0.name, .unavailable(reason: reason)) }
    case .counting(let read):
      var passes = try TwoPasses(calls, body, read: read)
      // Other threads' calls are counted as well, of a library that is compared with, say.
      for _ in 0..<2 where passes.isDisturbed({ Int64(truncatingIfNeeded: $0.allocations) }) {
        passes = try TwoPasses(calls, body, read: read)
      }
      return Self.figures.map { figure in
        NamedMetric(figure.name, passes.perCall(unit: figure.unit) { Int64(truncatingIfNeeded: figure.count($0)) })
      }
    }
  }

  private struct Figure {
    let name: MetricName
    let unit: String
    let count: @Sendable (AllocationCounts) -> UInt64
  }

  private static let figures: [Figure] =
    [
      Figure(name: .mallocCalls, unit: "calls") { $0.allocations },
      Figure(name: .mallocBytes, unit: "B") { $0.bytes },
      Figure(name: .freeCalls, unit: "calls") { $0.frees },
    ]
    + AllocationEntryPoint.allocating.flatMap { entry in
      [
        Figure(name: .calls(of: entry), unit: "calls") { $0[entry].calls },
        Figure(name: .bytes(of: entry), unit: "B") { $0[entry].bytes },
      ]
    }
}

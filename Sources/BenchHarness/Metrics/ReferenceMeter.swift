/// References to Swift objects that came and went, since counting began.
package struct ReferenceCounts: Hashable, Sendable {
  package var retains: UInt64
  package var releases: UInt64

  package init(retains: UInt64 = 0, releases: UInt64 = 0) { (self.retains, self.releases) = (retains, releases) }
}

/// Retains and releases of automatic reference counting, on all threads.
///
/// The runtime's public entry points are counters that forward to it. Calls inside the standard library's own code do not
/// come through them, so that figures are "at least". Only the executable may link what replaces them.
package enum ReferenceMeter: Meter {
  /// `count` begins from zero or ends; `read` is what was counted since.
  case counting(count: @Sendable (Bool) -> Void, read: @Sendable () -> ReferenceCounts)
  case unavailable(reason: String)

  package func perCall(_ calls: Int, _ body: (Int) throws -> Void) rethrows -> [NamedMetric] {
    switch self {
    case .unavailable(let reason):
      return [.retains, .releases].map { NamedMetric($0, .unavailable(reason: reason)) }
    case .counting(let count, let read):
      count(true)
      defer { count(false) }
      let passes = try TwoPasses(calls, body, read: read)
      func figure(_ name: MetricName, _ counter: KeyPath<ReferenceCounts, UInt64>) -> NamedMetric {
        NamedMetric(
          name,
          passes.perCall(unit: "calls", source: .atLeast) { Int64(truncatingIfNeeded: $0[keyPath: counter]) })
      }
      return [figure(.retains, \.retains), figure(.releases, \.releases)]
    }
  }
}

extension Aggregation {
  /// Throws what makes the plan impossible, with the field.
  package func validate() throws(AggregationError) {
    guard keys.count <= Self.maximumKeyCount else {
      throw AggregationError(.limitExceeded, "keys", "more than \(Self.maximumKeyCount) keys")
    }
    guard aggregates.count <= Self.maximumAggregateCount else {
      throw AggregationError(.limitExceeded, "aggregates", "more than \(Self.maximumAggregateCount) aggregates")
    }
    var names = window == nil ? Set<String>() : ["window_start", "window_end"]
    for key in keys where !names.insert(key).inserted {
      throw AggregationError(.invalidPlan, key, "two columns of the output have this name")
    }
    for aggregate in aggregates {
      guard names.insert(aggregate.name).inserted else {
        throw AggregationError(.invalidPlan, aggregate.name, "two columns of the output have this name")
      }
      try validate(aggregate)
    }
    if let memoryLimit, memoryLimit <= 0 {
      throw AggregationError(.invalidPlan, "memory_limit", "must be positive")
    }
    if let window { try validate(window) }
  }

  private func validate(_ aggregate: Aggregate) throws(AggregationError) {
    let name = aggregate.name
    if aggregate.column == nil, aggregate.operation != .count {
      throw AggregationError(.invalidPlan, name, "\(aggregate.operation.name) needs a column")
    }
    switch aggregate.operation {
    case .first, .last:
      guard window != nil else {
        throw AggregationError(
          .invalidPlan, name, "\(aggregate.operation.name) goes by the time of a window, and there is none")
      }
    case .quantile(let q):
      guard q >= 0, q <= 1 else { throw AggregationError(.invalidPlan, name, "q must be from 0 to 1") }
    case .topK(let k):
      guard k > 0, k <= 10_000 else { throw AggregationError(.invalidPlan, name, "k must be from 1 to 10000") }
    case .histogram(let bounds):
      guard !bounds.isEmpty, bounds.count <= 10_000, bounds.allSatisfy(\.isFinite),
        zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 })
      else { throw AggregationError(.invalidPlan, name, "bounds must be 1 to 10000 finite numbers that rise") }
    default: break
    }
  }

  private func validate(_ window: Window) throws(AggregationError) {
    func check(_ value: Int64, _ field: String) throws(AggregationError) {
      guard value > 0 else { throw AggregationError(.invalidPlan, field, "must be positive") }
      guard value <= Self.maximumMilliseconds else { throw AggregationError(.limitExceeded, field, "above 2^60 ms") }
    }
    switch window.kind {
    case .tumbling(let size), .sliding(let size): try check(size, "size_ms")
    case .session(let gap): try check(gap, "gap_ms")
    case .hopping(let size, let hop):
      try check(size, "size_ms")
      try check(hop, "hop_ms")
      // Windows and slices of a row: both are work at each emission.
      guard size / hop <= Self.maximumOverlap, size / greatestCommonDivisor(size, hop) <= Self.maximumOverlap else {
        throw AggregationError(
          .limitExceeded, "hop_ms",
          "a row would be in more than \(Self.maximumOverlap) windows or a window have more slices")
      }
    }
    guard window.lateness >= 0 else { throw AggregationError(.invalidPlan, "lateness_ms", "must not be negative") }
    guard window.lateness <= Self.maximumMilliseconds else {
      throw AggregationError(.limitExceeded, "lateness_ms", "above 2^60 ms")
    }
  }
}

func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}

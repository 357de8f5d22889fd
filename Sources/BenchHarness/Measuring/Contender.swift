public import CMachineCeilings

/// One thing that is timed: a kernel, a rival that does the same work, or a loop that shows the machine's limit.
@safe
package struct Contender {
  package enum Role: String, Hashable, Codable, Sendable {
    case kernel, peer, ceiling
  }

  package let name: String
  package let role: Role
  /// Units of work that one iteration does: operations or bytes.
  package let work: Double
  /// Does its argument's number of iterations in one call, so that the cost of calling a closure is spread over all of them.
  package let body: (Int) -> Void

  package init(_ name: String, role: Role, work: Double, body: @escaping (Int) -> Void) {
    precondition(work > 0, "Contender: work must be positive")
    (self.name, self.role, self.work, self.body) = (name, role, work, body)
  }
}

/// Calls `body` `count` times, with a barrier after each that keeps the optimiser from dropping, merging or hoisting calls.
///
/// The cost of the loop itself is what ``LoopOverhead`` measures.
@inlinable @inline(__always)
package func repeating(_ count: Int, _ body: () -> Void) {
  var left = count
  while left > 0 {
    body()
    cm_barrier()
    left &-= 1
  }
}

/// The cost of an iteration of ``repeating(_:_:)`` around nothing.
package enum LoopOverhead {
  /// Nanoseconds per iteration: the least of several samples, for whatever comes on top is not the loop's.
  package static func measure() -> Double {
    let iterations = 200_000
    var least = Double.infinity
    for _ in 0..<9 { least = min(least, Clock.time { repeating(iterations) {} } / Double(iterations)) }
    return least
  }
}

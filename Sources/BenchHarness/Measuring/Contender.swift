public import CMachineCeilings

/// One thing that is timed: a kernel, a rival that does the same work, or a loop that shows the machine's limit.
@safe
package struct Contender {
  package enum Role: String, Hashable, Codable, Sendable {
    case kernel, peer, ceiling
  }

  package let name: String
  package let role: Role
  /// Units of work that one iteration does: operations, bytes or elements.
  package let work: Double
  /// How an iteration is called, which is what is taken off its time.
  package let loop: LoopOverhead.Loop
  /// Does its argument's number of iterations in one call, so that the cost of calling a closure is spread over all of them.
  package let body: (Int) throws -> Void

  package init(
    _ name: String, role: Role, work: Double, loop: LoopOverhead.Loop? = nil, body: @escaping (Int) throws -> Void
  ) {
    precondition(work > 0, "Contender: work must be positive")
    (self.name, self.role, self.work, self.body) = (name, role, work, body)
    self.loop = loop ?? (role == .ceiling ? .own : .inlined)
  }
}

/// Calls `body` `count` times, with a barrier after each that keeps the optimiser from dropping, merging or hoisting calls.
///
/// The cost of the loop itself is what ``LoopOverhead`` measures.
@inlinable @inline(__always)
package func repeating(_ count: Int, _ body: () throws -> Void) rethrows {
  var left = count
  while left > 0 {
    try body()
    cm_barrier()
    left &-= 1
  }
}

/// Nanoseconds that an iteration costs around nothing, to be taken off.
package struct LoopOverhead: Hashable, Codable, Sendable {
  package enum Loop: Sendable {
    /// ``repeating(_:_:)`` around a body that the compiler sees.
    case inlined
    /// The same around a closure that it does not see.
    case closure
    /// The contender's own loop, whose cost is a part of what it shows.
    case own
  }

  package let inlined: Double
  package let closure: Double

  package init(inlined: Double, closure: Double) { (self.inlined, self.closure) = (inlined, closure) }

  package static let none = LoopOverhead(inlined: 0, closure: 0)

  package subscript(loop: Loop) -> Double {
    switch loop {
    case .inlined: inlined
    case .closure: closure
    case .own: 0
    }
  }

  /// The least of several samples, for whatever comes on top is not the loop's.
  package static func measure() -> LoopOverhead {
    let iterations = 200_000
    func least(_ loop: (Int) -> Void) -> Double {
      (0..<9).map { _ in Clock.time { loop(iterations) } / Double(iterations) }.min() ?? 0
    }
    return LoopOverhead(
      inlined: least { repeating($0) {} },
      closure: least { count in
        let body = opaque()
        try? repeating(count) { try body() }
      })
  }

  /// A closure that does nothing and that no optimiser sees through.
  @inline(never) @_optimize(none)
  private static func opaque() -> () throws -> Void { {} }
}

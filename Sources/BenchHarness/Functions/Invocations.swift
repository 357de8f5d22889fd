/// Every invocation timed by itself, as a function meets them: the first one too, nothing batched, nothing averaged.
package struct Invocations: Hashable, Codable, Sendable {
  /// Of those that did not fail, in their order. The reading of the clock is in every one.
  package var nanoseconds: [Double]
  /// Indices in `nanoseconds`: during these, the thread lost the CPU to another.
  package var switched: [Int]
  /// Indices in `nanoseconds`: during these, the thread had a page fault.
  package var faulted: [Int]
  /// Invocations that threw.
  package var errors: Int
  package var firstError: String?

  package init(
    nanoseconds: [Double] = [], switched: [Int] = [], faulted: [Int] = [], errors: Int = 0, firstError: String? = nil
  ) {
    (self.nanoseconds, self.switched, self.faulted) = (nanoseconds, switched, faulted)
    (self.errors, self.firstError) = (errors, firstError)
  }

  package var count: Int { nanoseconds.count + errors }
}

/// Times invocations one by one.
///
/// What is kept is written to memory that was touched before, and the system's counters are read right before and right after
/// the clock: no page fault or switch of the recording falls on an invocation, and no memory of it on the kernel.
package struct InvocationRecorder {
  private var times: [Double]
  private var marks: [Mark]
  private var kept = 0
  private var errors = 0
  private var firstError: String?

  /// - Parameter count: of invocations, 1 or more.
  package init(count: Int) {
    precondition(count >= 1, "InvocationRecorder: count must be 1 or more")
    times = Array(repeating: 0, count: count)
    marks = Array(repeating: [], count: count)
  }

  /// Invokes `body`. Ends early where the user interrupts.
  ///
  /// - Parameters:
  ///   - body: one invocation when its argument is 1.
  ///   - progress: told the number of invocations done, ten times a second.
  package mutating func record(_ body: (Int) throws -> Void, progress: (Int) -> Void = { _ in }) {
    var lastProgress = Clock.nanoseconds
    for index in times.indices where !Interruption.isRequested {
      let before = ProcessUsage.thread
      let start = Clock.nanoseconds
      do {
        try body(1)
        let end = Clock.nanoseconds
        let spent = ProcessUsage.thread - before
        times[kept] = Double(end - start)
        if spent.involuntarySwitches > 0 { marks[kept].insert(.switched) }
        if spent.minorFaults + spent.majorFaults > 0 { marks[kept].insert(.faulted) }
        kept += 1
        if end - lastProgress > 100_000_000 {
          progress(index + 1)
          lastProgress = Clock.nanoseconds
        }
      } catch {
        errors += 1
        if firstError == nil { firstError = "\(error)" }
      }
    }
  }

  /// What was recorded so far.
  package var invocations: Invocations {
    Invocations(
      nanoseconds: Array(times[..<kept]), switched: (0..<kept).filter { marks[$0].contains(.switched) },
      faulted: (0..<kept).filter { marks[$0].contains(.faulted) }, errors: errors, firstError: firstError)
  }

  private struct Mark: OptionSet {
    let rawValue: UInt8
    static let switched = Mark(rawValue: 1)
    static let faulted = Mark(rawValue: 2)
  }
}

extension Clock {
  /// Nanoseconds between two readings with nothing between them: what is in every time that is taken by itself.
  package static func readingCost() -> Double {
    Summary((0..<2001).map { _ in Clock.time {} }).median
  }
}

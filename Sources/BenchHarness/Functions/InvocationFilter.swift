/// Takes out the invocations that something other than the kernel made slow, and says how many and why.
///
/// An invocation is set aside when
/// - the scheduler took the CPU from the thread during it (`getrusage` of the thread, involuntary context switches), or
/// - the thread had a page fault during it (the same, minor and major), or
/// - it took longer than Tukey's outer fence, p75 + 3 (p75 - p25), of all invocations: a neighbour on the same core, an
///   interrupt, or a hypervisor's pause, none of which the system counts for the thread.
///
/// A kernel may itself be the reason, one that maps memory for instance, so that the figures of all invocations come first.
package struct InvocationFilter: Hashable, Codable, Sendable {
  /// Nanoseconds.
  package let fence: Double
  /// How many each reason holds for; one invocation may have several.
  package let switched: Int
  package let faulted: Int
  package let beyondFence: Int
  /// How many have at least one reason.
  package let setAside: Int

  package static let rule =
    "involuntarily switched, page fault, or beyond Tukey's outer fence, p75 + 3 (p75 - p25)"

  /// - Parameter invocations: at least one that did not fail.
  /// - Returns: the filter's account, and the times that stay, in their order.
  package static func apply(_ invocations: Invocations) -> (filter: InvocationFilter, kept: [Double]) {
    let times = invocations.nanoseconds
    let summary = Summary(times)
    let fence = summary.p75 + 3 * (summary.p75 - summary.p25)
    let marked = Set(invocations.switched).union(invocations.faulted)
    let kept = times.enumerated().filter { !marked.contains($0.offset) && $0.element <= fence }.map(\.element)
    let filter = InvocationFilter(
      fence: fence, switched: invocations.switched.count, faulted: invocations.faulted.count,
      beyondFence: times.count { $0 > fence }, setAside: times.count - kept.count)
    return (filter, kept)
  }
}

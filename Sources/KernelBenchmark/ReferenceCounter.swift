import BenchHarness
import CReferenceCounter

/// The counters that this program links before the Swift runtime's retain and release.
enum ReferenceCounter {
  /// A meter that has just been proved right on known numbers of calls, or the reason why there is none.
  static func meter() -> ReferenceMeter {
    if let reason = unavailable { return .unavailable(reason: reason) }
    if let problem = check(calls: [0, 1, 7]) {
      return .unavailable(reason: "the counter of references failed its self-test: \(problem)")
    }
    return .counting(count: { rc_count($0) }, read: { read() })
  }

  /// Why nothing is counted in this build; nil where it is.
  static var unavailable: String? {
    guard let reason = unsafe rc_unavailable() else { return nil }
    return unsafe String(cString: reason)
  }

  /// What is counted after known calls of each entry point, and after retains and releases of compiled Swift, that is not
  /// what it must be; nil when all is right.
  static func check(calls: [UInt64]) -> String? {
    let object = Object()
    for pair in 0..<RC_PAIRS.rawValue {
      let references: UInt64 = pair == RC_NATIVE_N.rawValue || pair == RC_BRIDGE_N.rawValue ? 3 : 1
      for number in calls {
        let found = counted {
          unsafe rc_exercise(rc_pair(rawValue: pair), Unmanaged.passUnretained(object).toOpaque(), number)
        }
        let expected = number * references
        if found != ReferenceCounts(retains: expected, releases: expected) {
          return "\(number) calls of pair \(pair) gave \(found) instead of \(expected) each"
        }
      }
    }
    for number in calls where number > 0 {
      // The difference of two passes, for compiled code may retain the object around the calls; and a whole number of times
      // the calls, for without optimisation it retains more than once at each.
      let (once, twice) = (counted { object.retain(number) }, counted { object.retain(2 * number) })
      let (retains, releases) = (twice.retains - once.retains, twice.releases - once.releases)
      if retains < number || retains % number != 0 || releases != retains {
        return "\(number) and \(2 * number) retains in Swift gave \(once) and \(twice)"
      }
    }
    return nil
  }

  private static func counted(_ body: () -> Void) -> ReferenceCounts {
    rc_count(true)
    body()
    rc_count(false)
    return read()
  }

  private static func read() -> ReferenceCounts {
    var counts = rc_counts()
    unsafe rc_read(&counts)
    return ReferenceCounts(retains: counts.retains, releases: counts.releases)
  }

  private final class Object {
    /// Retains itself, then releases itself as often.
    @inline(never)
    func retain(_ count: UInt64) {
      let reference = unsafe Unmanaged.passUnretained(self)
      for _ in 0..<count { _ = unsafe reference.retain() }
      for _ in 0..<count { unsafe reference.release() }
    }
  }
}

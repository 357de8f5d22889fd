import Glibc

/// A point in time, by a clock that does not jump.
struct Deadline {
  private let nanoseconds: UInt64

  init(afterMilliseconds milliseconds: Int) { nanoseconds = Self.now + UInt64(max(0, milliseconds)) * 1_000_000 }

  /// For calls that wait: 0 once it has passed, and rounded up before, so that nobody spins through the last millisecond.
  var millisecondsLeft: Int32 {
    let now = Self.now
    return now >= nanoseconds ? 0 : Int32(clamping: (nanoseconds - now + 999_999) / 1_000_000)
  }

  /// For calls that wait until then.
  var time: timespec {
    timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }

  private static var now: UInt64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

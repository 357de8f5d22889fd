import BenchHarness
import CAllocationCounter

/// The counters that this executable links in place of the C library's allocator.
enum AllocationCounter {
  /// Entry points, in the order of `ac_entry_point`.
  static let entryPoints: [ac_entry_point] = (0..<AC_ENTRY_POINTS.rawValue).map { ac_entry_point(rawValue: $0) }

  /// A meter that has just been proved right on known numbers of calls, or the reason why there is none.
  static func meter() -> AllocationMeter {
    if let reason = unsafe ac_unavailable() { return unsafe .unavailable(reason: String(cString: reason)) }
    for entry in entryPoints {
      for calls: UInt64 in [0, 1, 7] {
        if let problem = check(entry, calls: calls, bytes: 48) {
          return .unavailable(reason: "the allocation counter failed its self-test: \(problem)")
        }
      }
    }
    return .counting { read().total }
  }

  /// What is counted after `calls` calls of `entry` that is not what it must be; nil when all is right.
  static func check(_ entry: ac_entry_point, calls: UInt64, bytes: Int) -> String? {
    let before = read()
    ac_exercise(entry, calls, bytes)
    let after = read()
    // ac_exercise pairs every block with one free, and free with one malloc.
    let allocating = entry == AC_FREE ? AC_MALLOC : entry
    for counted in entryPoints {
      let expected = counted == allocating || counted == AC_FREE ? calls : 0
      let found = after[counted] - before[counted]
      if found != expected {
        return "\(calls) of \(name(entry)) gave \(found) of \(name(counted)) instead of \(expected)"
      }
    }
    let spent = after.counts.bytes - before.counts.bytes
    let asked = calls * UInt64(bytes)
    return spent == asked ? nil : "\(calls) of \(name(entry)) gave \(spent) bytes instead of \(asked)"
  }

  static func name(_ entry: ac_entry_point) -> String { unsafe String(cString: ac_name(entry)) }

  /// Everything counted so far. Does not allocate.
  static func read() -> Reading {
    var counts = ac_counts()
    unsafe ac_read(&counts)
    return Reading(counts: counts)
  }

  struct Reading {
    let counts: ac_counts

    subscript(entry: ac_entry_point) -> UInt64 {
      unsafe withUnsafeBytes(of: counts.calls) { unsafe $0.bindMemory(to: UInt64.self)[Int(entry.rawValue)] }
    }

    var total: AllocationCounts {
      var allocations: UInt64 = 0
      for entry in 0..<AC_FREE.rawValue { allocations += self[ac_entry_point(rawValue: entry)] }
      return AllocationCounts(allocations: allocations, frees: self[AC_FREE], bytes: counts.bytes)
    }
  }
}

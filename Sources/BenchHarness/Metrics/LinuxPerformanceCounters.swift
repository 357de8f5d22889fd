import CPerformanceEvents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The counters of perf_event_open(2): a pinned group, of the calling thread in user space.
package struct LinuxPerformanceCounters: PerformanceCounting {
  package init() {}

  package func count(_ events: [PerformanceEvent], _ body: () throws -> Void) throws -> PerformanceReading {
    let group = try Group(events)
    try Self.check(pe_start(group.leader))
    do {
      try body()
    } catch {
      _ = pe_stop(group.leader)
      throw error
    }
    try Self.check(pe_stop(group.leader))
    var times = pe_times()
    var values = [UInt64](repeating: 0, count: events.count)
    try Self.check(unsafe pe_read(group.leader, values.count, &times, &values))
    return PerformanceReading(values: values, enabled: times.enabled, running: times.running)
  }

  /// - Parameter status: 0, an error number, or -1 for a group that was not on the counters.
  private static func check(_ status: Int32) throws {
    if status < 0 { throw PerformanceFailure.notScheduled }
    if status > 0 { throw PerformanceFailure.refused(Errno(code: status)) }
  }

  /// The open events; closed when it goes.
  private struct Group: ~Copyable {
    private var files: [Int32] = []

    init(_ events: [PerformanceEvent]) throws {
      precondition(1...Int(PE_GROUP_LIMIT) ~= events.count, "count: a group has 1 to 16 events")
      for event in events {
        let file = pe_open(pe_event(type: event.type, config: event.config), files.first ?? -1)
        guard file >= 0 else {
          for file in files.reversed() { pe_close(file) }
          throw PerformanceFailure.refused(Errno(code: -file))
        }
        files.append(file)
      }
    }

    deinit { for file in files.reversed() { pe_close(file) } }

    var leader: Int32 { files[0] }
  }
}

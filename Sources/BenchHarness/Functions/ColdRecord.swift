/// What a process measures of its own start: a line that it prints for the one that started it.
package struct ColdRecord: Hashable, Sendable {
  /// Nanoseconds of the monotonic clock: at main, with the case ready, after its first call, and last of all.
  package var atMain: UInt64 = 0
  package var ready: UInt64 = 0
  package var first: UInt64 = 0
  package var last: UInt64 = 0
  /// Nanoseconds: the median of later calls, each timed by itself as the first one is.
  package var warm: UInt64 = 0
  /// Since the process began; up to main and up to the first result.
  package var minorFaultsAtMain = 0
  package var minorFaultsAtFirst = 0
  package var majorFaultsAtFirst = 0
  /// Bytes, after the calls.
  package var resident: Int?
  package var highWaterMark: Int?

  package init() {}

  /// Runs a case in a process that did nothing else.
  ///
  /// - Parameters:
  ///   - benchmark: of a context with the kernel alone.
  ///   - start: when the process came to main.
  /// - Throws: what the case throws, with its name.
  package static func measure(_ benchmark: BenchmarkCase, start: ProcessStart) throws(BenchError) -> ColdRecord {
    var record = ColdRecord()
    record.atMain = start.nanoseconds
    record.minorFaultsAtMain = start.usage.minorFaults
    let kernel = try benchmark.attempt { try benchmark.prepare()[0] }
    record.ready = Clock.nanoseconds
    try benchmark.attempt { try kernel.body(1) }
    record.first = Clock.nanoseconds
    let usage = ProcessUsage.process
    record.minorFaultsAtFirst = usage.minorFaults
    record.majorFaultsAtFirst = usage.majorFaults

    // A hundred, or as many as 20 ms hold, and at least one.
    var times: [Double] = []
    repeat {
      times.append(try benchmark.attempt { try Clock.time { try kernel.body(1) } })
    } while times.count < 100 && Clock.nanoseconds < record.first + 20_000_000
    record.warm = UInt64(Summary(times).median)
    record.resident = ProcessMemory.exactResident.value.map { Int($0) }
    record.highWaterMark = ProcessMemory.highWaterMark.value.map { Int($0) }
    return record
  }

  // MARK: - As a line

  private static let heading = "kernel-bench cold-child 1"

  private static var clocks: [(String, WritableKeyPath<ColdRecord, UInt64>)] {
    [
      ("main", \.atMain), ("ready", \.ready), ("first", \.first), ("last", \.last), ("warm", \.warm),
    ]
  }
  private static var counts: [(String, WritableKeyPath<ColdRecord, Int>)] {
    [
      ("minor-at-main", \.minorFaultsAtMain), ("minor-at-first", \.minorFaultsAtFirst),
      ("major-at-first", \.majorFaultsAtFirst),
    ]
  }
  private static var sizes: [(String, WritableKeyPath<ColdRecord, Int?>)] {
    [
      ("rss", \.resident), ("hwm", \.highWaterMark),
    ]
  }

  package var line: String {
    var text = Self.heading
    for (name, path) in Self.clocks { text += " \(name)=\(self[keyPath: path])" }
    for (name, path) in Self.counts { text += " \(name)=\(self[keyPath: path])" }
    for (name, path) in Self.sizes { if let value = self[keyPath: path] { text += " \(name)=\(value)" } }
    return text
  }

  /// From all that a process printed; nil where no line of it is a record, or one whose moments are not in order.
  package init?(output: String) {
    guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix(Self.heading + " ") }) else {
      return nil
    }
    var values: [Substring: Substring] = [:]
    for word in line.dropFirst(Self.heading.count).split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      values[parts[0]] = parts[1]
    }
    for (name, path) in Self.clocks {
      guard let value = values[name[...]].flatMap({ UInt64($0) }) else { return nil }
      self[keyPath: path] = value
    }
    for (name, path) in Self.counts {
      guard let value = values[name[...]].flatMap({ Int($0) }) else { return nil }
      self[keyPath: path] = value
    }
    for (name, path) in Self.sizes { self[keyPath: path] = values[name[...]].flatMap { Int($0) } }
    guard atMain <= ready, ready <= first, first <= last else { return nil }
  }
}

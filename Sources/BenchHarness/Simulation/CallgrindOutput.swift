/// What callgrind counted in one part of a program: the totals of a file in its profile format, version 1 (Valgrind User
/// Manual, "Callgrind Format Specification").
package struct CallgrindOutput: Hashable, Sendable {
  /// Names of events, in the order of the file, and how often each happened.
  package let events: [String]
  package let counts: [UInt64]

  /// - Parameter text: of the whole file.
  /// - Throws: ``BenchError`` when it has no events or no totals.
  package init(_ text: String) throws(BenchError) {
    func line(_ name: String) -> [Substring]? {
      text.split(separator: "\n").first { $0.hasPrefix(name + ":") }?.split(separator: " ").dropFirst().map { $0 }
    }
    guard let events = line("events"), !events.isEmpty, let totals = line("totals") ?? line("summary") else {
      throw BenchError("callgrind wrote a file without events and totals; look whether another version is installed")
    }
    let counts = totals.compactMap { UInt64($0) }
    // Zeros at the end are left out.
    guard counts.count == totals.count, counts.count <= events.count else {
      throw BenchError("callgrind wrote totals that are no counts; look whether another version is installed")
    }
    self.events = events.map(String.init)
    self.counts = counts + Array(repeating: 0, count: events.count - counts.count)
  }

  package subscript(event: String) -> UInt64? { events.firstIndex(of: event).map { counts[$0] } }
}

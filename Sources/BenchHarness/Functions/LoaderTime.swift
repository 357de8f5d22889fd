import CMachineCeilings

/// What the dynamic loader says that it took: glibc's prints it where `LD_DEBUG=statistics` is set (ld.so(8)).
///
/// It counts ticks of the CPU's own counter, from its first instruction to the end of relocation: mapping the libraries and
/// linking them, but not running their initialisers. Printing comes on top of the process's time, so that these are processes of their own.
package struct LoaderTime: Sendable {
  package static let environment = "LD_DEBUG=statistics"

  /// Ticks of the counter in a nanosecond; nil where the architecture has none that is known.
  private let ticksPerNanosecond: Double?

  /// Holds the counter against the clock for 20 ms.
  package init() {
    let (ticks, start) = (cm_ticks(), Clock.nanoseconds)
    var now = start
    while now < start + 20_000_000 { now = Clock.nanoseconds }
    let spent = cm_ticks() &- ticks
    ticksPerNanosecond = spent == 0 ? nil : Double(spent) / Double(now - start)
  }

  init(ticksPerNanosecond: Double?) { self.ticksPerNanosecond = ticksPerNanosecond }

  /// Nanoseconds; nil where no loader has said anything.
  package func nanoseconds(_ output: String) -> Double? {
    guard let ticksPerNanosecond else { return nil }
    // "     27183:	  total startup time in dynamic loader: 2013452 cycles"
    for line in output.split(separator: "\n") {
      guard let range = line.firstRange(of: "total startup time in dynamic loader: ") else { continue }
      let words = line[range.upperBound...].split(separator: " ")
      if words.count == 2, words[1] == "cycles", let ticks = Double(words[0]) { return ticks / ticksPerNanosecond }
    }
    return nil
  }
}

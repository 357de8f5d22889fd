/// What invocations of a function cost at a size of memory.
///
/// A function is given memory, and with it a share of a CPU: one vCPU at 1,769 MB, in proportion below (AWS Lambda Developer
/// Guide, "Configure Lambda function memory"). It is billed for its memory over its time, in milliseconds rounded up, with
/// the time of a start where there is one (in force for all since August 2025), and for each request.
///
/// The model takes a vCPU for as fast as a CPU of this machine, and all of the time for work: a function on a share of
/// a CPU takes as many times longer. Beyond one vCPU nothing gets faster, for a case runs on one thread.
package struct CostModel: Sendable {
  package let prices: Prices
  /// The share of invocations that find no process waiting, 0 to 1.
  package let coldRate: Double
  /// Calls of the case in an invocation.
  package let calls: Int
  /// Nanoseconds of calls on a whole CPU, each by itself.
  package let nanoseconds: [Double]
  /// The same, the shortest first.
  private let ascending: [Double]
  /// Nanoseconds that a start adds, on a whole CPU.
  package let startNanoseconds: Double
  /// Bytes of memory that the process needs, where that is known.
  package let memory: Double?

  /// Megabytes of 2^20 bytes that come with one vCPU.
  package static let megabytesPerCPU = 1769
  /// Megabytes that a function can be given.
  package static let sizes = 128...10_240
  /// A size that costs this much more than the cheapest is as good: dollars are known no better.
  package static let tolerance = 0.01

  /// - Parameter nanoseconds: at least one, above 0.
  package init(
    prices: Prices, coldRate: Double, calls: Int, nanoseconds: [Double], startNanoseconds: Double, memory: Double?
  ) {
    precondition(!nanoseconds.isEmpty, "CostModel: there must be at least one invocation")
    precondition(0...1 ~= coldRate && calls >= 1, "CostModel: a rate is 0 to 1, and calls are 1 or more")
    self.prices = prices
    self.coldRate = coldRate
    self.calls = calls
    // Several calls vary less than each of them, so that they are taken at their mean.
    let mean = nanoseconds.reduce(0, +) / Double(nanoseconds.count)
    self.nanoseconds = calls == 1 ? nanoseconds : [mean * Double(calls)]
    ascending = self.nanoseconds.sorted()
    self.startNanoseconds = startNanoseconds
    self.memory = memory
  }

  /// Nanoseconds of an invocation on a whole CPU, the mean.
  package var meanNanoseconds: Double { nanoseconds.reduce(0, +) / Double(nanoseconds.count) }

  /// The share of a CPU that comes with a size of memory, and that one thread can use.
  package static func share(megabytes: Int) -> Double { min(1, Double(megabytes) / Double(megabytesPerCPU)) }

  /// The least size that has room for the process; nil where none has.
  package var leastMegabytes: Int? {
    guard let memory else { return Self.sizes.lowerBound }
    let needed = (memory / 1_048_576).rounded(.up)
    return needed > Double(Self.sizes.upperBound) ? nil : max(Self.sizes.lowerBound, Int(needed))
  }

  /// The means over all invocations at a size: milliseconds that are billed, and those that a start adds to them.
  package func billed(megabytes: Int) -> (warm: Double, start: Double) {
    let scale = 1 / (1e6 * Self.share(megabytes: megabytes))
    let count = Double(nanoseconds.count)
    let warm = billedTotal(scale: scale, start: 0)
    return (warm / count, (billedTotal(scale: scale, start: startNanoseconds * scale) - warm) / count)
  }

  /// The whole milliseconds, at least one each, of all invocations, of which `start` more are in each.
  ///
  /// O(different milliseconds times the logarithm of the invocations): those of equal milliseconds stand together.
  private func billedTotal(scale: Double, start: Double) -> Double {
    func milliseconds(_ index: Int) -> Double { max(1, (ascending[index] * scale + start).rounded(.up)) }
    var total = 0.0
    var first = 0
    while first < ascending.count {
      let billed = milliseconds(first)
      // Steps that double as long as the milliseconds are the same, then halves of the last step.
      var (end, step) = (first + 1, 1)
      while end + step <= ascending.count && milliseconds(end + step - 1) == billed {
        end += step
        step *= 2
      }
      while step > 0 {
        if end + step <= ascending.count && milliseconds(end + step - 1) == billed { end += step }
        step /= 2
      }
      total += billed * Double(end - first)
      first = end
    }
    return total
  }

  /// Dollars of a million invocations at a size: for requests, for warm time and for starts.
  package func dollars(
    megabytes: Int, billed: (warm: Double, start: Double)
  ) -> (requests: Double, time: Double, starts: Double) {
    // A million invocations, of thousandths of a second.
    let ofMillisecond = 1e3 * Double(megabytes) / 1024 * prices.gigabyteSecond.dollars
    return (prices.millionRequests.dollars, billed.warm * ofMillisecond, coldRate * billed.start * ofMillisecond)
  }

  /// The sizes that matter, megabyte by megabyte: nil where no size has room.
  ///
  /// O(sizes below a vCPU times different milliseconds times the logarithm of the invocations).
  package var landmarks: Landmarks? {
    guard let least = leastMegabytes else { return nil }
    var full: (warm: Double, start: Double)?
    let totals = (least...Self.sizes.upperBound).map { size -> Double in
      let whole = size >= Self.megabytesPerCPU
      let billed = whole ? full ?? self.billed(megabytes: size) : self.billed(megabytes: size)
      if whole { full = billed }
      let dollars = dollars(megabytes: size, billed: billed)
      return dollars.requests + dollars.time + dollars.starts
    }
    guard let lowest = totals.min(), let cheapest = totals.firstIndex(of: lowest) else { return nil }
    let enough = totals.lastIndex { $0 <= lowest * (1 + Self.tolerance) } ?? cheapest
    return Landmarks(
      cheapest: least + cheapest, speedStopsPaying: max(least, min(least + enough, Self.megabytesPerCPU)))
  }

  /// Megabytes.
  package struct Landmarks: Hashable, Sendable {
    package let cheapest: Int
    /// The largest size that makes the function faster, and a million invocations cost no more than ``tolerance`` above
    /// the cheapest: beyond it cost only rises.
    package let speedStopsPaying: Int
  }

  /// Invocations in a second that a host has the CPUs for, busy without a pause.
  package var hostRate: Double { Double(prices.hostCPUs) * 1e9 / meanNanoseconds }
}

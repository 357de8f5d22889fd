/// Readings of counters around a pass of some calls and one of twice as many.
///
/// What a pass itself does, such as allocating the context of a closure in a debug build, is in both and drops out of the
/// difference, so that counts that are exact stay exact per call.
struct TwoPasses<Reading> {
  private let calls: Int
  private let start: Reading
  private let once: Reading
  private let twice: Reading

  /// - Parameters:
  ///   - calls: of the first pass, 1 or more.
  ///   - read: the counters so far, since any moment. Must not count by itself.
  init(_ calls: Int, _ body: (Int) throws -> Void, read: () -> Reading) rethrows {
    precondition(calls >= 1, "TwoPasses: calls must be 1 or more")
    self.calls = calls
    _ = read()  // the first reading of all may set up what later ones use
    start = read()
    try body(calls)
    once = read()
    try body(2 * calls)
    twice = read()
  }

  /// Whether the first pass added more than the second one of twice as many calls: something that is done once, or not by the calls.
  func isDisturbed(_ count: (Reading) -> Int64) -> Bool { net(count) < 0 }

  /// What one call adds to a counter that never falls.
  func perCall(unit: String, source: Metric.Source = .measured, _ count: (Reading) -> Int64) -> Metric {
    let change = net(count)
    if isDisturbed(count) { return .unavailable(reason: "a pass of twice the calls counted less") }
    return .value(Double(change) / Double(calls), unit: unit, source: source)
  }

  /// What one call adds to a balance, which may fall.
  func balancePerCall(unit: String, _ balance: (Reading) -> Int64) -> Metric {
    .value(Double(net(balance)) / Double(calls), unit: unit, source: .measured)
  }

  private func net(_ count: (Reading) -> Int64) -> Int64 {
    (count(twice) &- count(once)) &- (count(once) &- count(start))
  }
}

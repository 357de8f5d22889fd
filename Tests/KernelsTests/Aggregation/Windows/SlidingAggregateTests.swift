import Synchronization
import Testing

@testable import Kernels

/// Windows that slide over a series in order, against folding each of them anew.
@Suite struct SlidingAggregateTests {
  /// Neither commutes nor has an inverse: what came first stands first.
  @Test(arguments: 0..<40)
  func equalsFoldingAnew(_ seed: UInt64) {
    var random = AggregationRandom(seed)
    var window = SlidingAggregate<[Int]>(minimumCapacity: Int(seed) % 5) { $0 + $1 }
    var kept: [Int] = []
    var next = 0
    for _ in 0..<400 {
      // Long runs of either, so that the queue empties and turns round at all sizes.
      let adds = Int.random(in: 0..<Int(seed % 7 + 2), using: &random) > 0
      if adds || kept.isEmpty {
        window.append([next], at: Int64(next))
        kept.append(next)
        next += 1
      } else if Bool.random(using: &random) {
        window.removeFirst()
        kept.removeFirst()
      } else {
        let time = kept[0] + Int.random(in: 0...kept.count, using: &random)
        window.remove(before: Int64(time))
        kept.removeAll { $0 < time }
      }
      #expect(window.count == kept.count)
      #expect(window.value == (kept.isEmpty ? nil : kept))
    }
  }

  /// No single call combines more often than it says, whatever the size.
  @Test func combinesAConstantNumberOfTimes() {
    let calls = Atomic<Int>(0)
    func counted(_ body: () -> Void) -> Int {
      let before = calls.load(ordering: .relaxed)
      body()
      return calls.load(ordering: .relaxed) - before
    }
    var window = SlidingAggregate<Int> {
      calls.add(1, ordering: .relaxed)
      return $0 &+ $1
    }
    var (appends, removals, values) = (0, 0, 0)
    for step in 0..<20_000 {
      // Grows to 5,000, slides, shrinks, and again.
      if step % 10_000 < 5_000 || step % 2 == 0 {
        appends = max(appends, counted { window.append(step, at: Int64(step)) })
      }
      if step % 10_000 >= 5_000, window.count > 0 { removals = max(removals, counted { window.removeFirst() }) }
      if step % 10_000 > 8_000, window.count > 0 { removals = max(removals, counted { window.removeFirst() }) }
      values = max(values, counted { _ = window.value })
    }
    #expect(appends <= 4 && removals <= 3 && values <= 1)
    #expect(appends == 4 && removals == 3, "all steps were taken")
  }
}

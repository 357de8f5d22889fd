import Kernels
import Synchronization
import Testing

@Suite struct ThreadsTests {
  @Test(arguments: [0, 1, 2, 3, 7, 64])
  func everyIndexRunsOnce(count: Int) {
    // One bit an index, and a count: a repeated index would show in the one, a missing index in the other.
    let seen = Atomic<UInt64>(0)
    let runs = Atomic(0)
    Threads.run(count) { index in
      seen.bitwiseOr(1 << UInt64(index), ordering: .relaxed)
      runs.add(1, ordering: .relaxed)
    }
    // No count below one: the caller's own part is always run.
    let expected = max(1, count)
    #expect(runs.load(ordering: .relaxed) == expected)
    #expect(seen.load(ordering: .relaxed) == UInt64.max >> UInt64(64 - expected))
  }

  @Test func allRunAtTheSameTime() {
    // Each waits for all the others: only threads of their own get them past this.
    let arrived = Atomic(0)
    Threads.run(4) { _ in
      arrived.add(1, ordering: .acquiringAndReleasing)
      while arrived.load(ordering: .acquiring) < 4 {}
    }
    #expect(arrived.load(ordering: .relaxed) == 4)
  }

  @Test func whatTheyWroteIsThereAfterwards() {
    var results = [Int](repeating: 0, count: 16)
    unsafe results.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let results = unsafe buffer
      Threads.run(16) { index in unsafe results[index] = index * index }
    }
    #expect(results == (0..<16).map { $0 * $0 })
  }

  @Test func callsNest() {
    let runs = Atomic(0)
    Threads.run(3) { _ in Threads.run(3) { _ in runs.add(1, ordering: .relaxed) } }
    #expect(runs.load(ordering: .relaxed) == 9)
  }

  @Test func theCapIsTheQuota() {
    #expect(Threads.cap(1) == 1)
    #expect(Threads.cap(0) == 1)
    #expect(Threads.cap(-1) == 1)
    #expect(Threads.cap(.max) == CPUQuota.current)
    #expect(Threads.cap(2) == min(2, CPUQuota.current))
  }
}

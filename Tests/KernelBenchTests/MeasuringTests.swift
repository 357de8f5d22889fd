import BenchHarness
import Testing

@Suite struct CalibrationTests {
  @Test(arguments: [1.0, 3, 30, 1_000, 250_000, 5e8])
  func reachesTheTarget(nanosecondsPerIteration: Double) {
    let target = 200_000.0
    let calibration = Calibration(target: target) { Double($0) * nanosecondsPerIteration }
    #expect(calibration.nanoseconds >= target)
    // No more than what growing overshoots by, or a single iteration.
    #expect(calibration.nanoseconds <= max(1.35 * target, nanosecondsPerIteration))
    #expect(calibration.nanoseconds == Double(calibration.iterations) * nanosecondsPerIteration)
  }

  @Test func warmsUpBeforeItCounts() {
    var calls: [Int] = []
    _ = Calibration(target: 1000) { iterations in
      calls.append(iterations)
      return calls.count == 1 ? 1e9 : Double(iterations) * 100  // the first call is slow, as first calls are
    }
    #expect(calls.first == 1)
    #expect(calls.count > 2)
    #expect((calls.last ?? 0) >= 10)
  }

  @Test func anInterruptionIsNotTakenForTheTime() {
    var calls = 0
    let calibration = Calibration(target: 1000) { iterations in
      calls += 1
      return Double(iterations) * 10 + (calls == 2 ? 5000 : 0)
    }
    #expect(calibration.iterations >= 100)
  }

  @Test func aClockThatStandsStillEndsToo() {
    let calibration = Calibration(target: 1) { _ in 0 }
    #expect(calibration.iterations == 1 << 40)
  }
}

@Suite struct PlanTests {
  let plan = Plan(sampleNanoseconds: 100, minimumRounds: 5, maximumRounds: 50, caseNanoseconds: 10_000)

  @Test(arguments: [(10.0, 50), (200, 50), (500, 20), (2_000, 5), (1e9, 5), (0, 50)])
  func rounds(roundNanoseconds: Double, expected: Int) {
    #expect(plan.rounds(roundNanoseconds: roundNanoseconds) == expected)
  }
}

@Suite struct SamplerTests {
  let plan = Plan(sampleNanoseconds: 20_000, minimumRounds: 5, maximumRounds: 9, caseNanoseconds: 1_000_000)

  @Test func everyContenderOnceInEveryRound() {
    // After calibration the calls come in rounds: each round has each contender once.
    var log: [Int] = []
    let contenders = (0..<3).map { index in
      Contender("c\(index)", role: index == 2 ? .ceiling : .peer, work: 1) { iterations in
        log.append(index)
        spin(iterations)
      }
    }
    var sampler = Sampler(plan: plan, loopOverhead: 0, seed: 3)
    let samples = sampler.sample(contenders)
    let rounds = samples[0].nanoseconds.count
    #expect(plan.minimumRounds...plan.maximumRounds ~= rounds)
    #expect(samples.map(\.name) == ["c0", "c1", "c2"])
    #expect(samples.map(\.role) == [.peer, .peer, .ceiling])
    let measured = log.suffix(3 * rounds)
    var orders: Set<[Int]> = []
    for start in stride(from: measured.startIndex, to: measured.endIndex, by: 3) {
      let order = Array(measured[start..<start + 3])
      #expect(order.sorted() == [0, 1, 2])
      orders.insert(order)
    }
    #expect(orders.count > 1, "the order is random")
  }

  @Test func anOverheadThatIsLargerThanTheTimeLeavesMoreThanNothing() {
    var sampler = Sampler(plan: plan, loopOverhead: 1e9, seed: 1)
    let samples = sampler.sample([Contender("c", role: .kernel, work: 1, body: spin)])
    #expect(samples[0].nanoseconds.allSatisfy { $0 > 0 })
  }

  @Test func ratiosArePairedByRound() {
    // Both drift tenfold; in every round one is twice as fast.
    let drift = [1.0, 2, 5, 10]
    let fast = Samples(name: "fast", role: .kernel, work: 1, iterations: 1, nanoseconds: drift.map { 10 * $0 })
    let slow = Samples(name: "slow", role: .peer, work: 1, iterations: 1, nanoseconds: drift.map { 20 * $0 })
    let ratio = fast.speedRatio(to: slow)
    #expect(ratio.median == 2 && ratio.mad == 0)
    #expect(slow.speedRatio(to: fast).median == 0.5)
  }

  @Test func ratiosAreOfSpeedsNotOfTimes() {
    // Twice the work in the same time is twice the speed: how a kernel is held against a ceiling of other steps.
    let a = Samples(name: "a", role: .kernel, work: 200, iterations: 1, nanoseconds: [10, 10])
    let b = Samples(name: "b", role: .ceiling, work: 100, iterations: 1, nanoseconds: [10, 10])
    #expect(a.speedRatio(to: b).median == 2)
    #expect(a.speeds == [20, 20])
  }
}

@Suite struct LoopTests {
  @Test(arguments: [0, 1, 2, 1000]) func repeatsAsOftenAsAsked(count: Int) {
    var calls = 0
    repeating(count) { calls += 1 }
    #expect(calls == count)
  }

  @Test func theLoopCostsLittle() {
    let overhead = LoopOverhead.measure()
    #expect(overhead > 0)
    if BuildDescription.isOptimised { #expect(overhead <= 2) }
  }

  @Test func theBarrierKeepsWorkThatNobodyLooksAt() {
    // Were the calls merged, a thousand times the iterations would take no longer.
    func time(_ iterations: Int) -> Double {
      (0..<5).map { _ in Clock.time { repeating(iterations) {} } }.min() ?? 0
    }
    #expect(time(10_000_000) > 20 * time(10_000))
  }
}

private func spin(_ iterations: Int) {
  repeating(iterations) {}
}

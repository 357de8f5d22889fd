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

@Suite struct SamplingTests {
  let plan = Plan(sampleNanoseconds: 20_000, minimumRounds: 5, maximumRounds: 9, caseNanoseconds: 1_000_000)

  @Test func everyContenderOnceInEveryRound() throws {
    // After calibration the calls come in rounds: each round has each contender once.
    var log: [Int] = []
    let contenders = (0..<3).map { index in
      Contender("c\(index)", role: index == 2 ? .ceiling : .peer, work: 1) { iterations in
        log.append(index)
        spin(iterations)
      }
    }
    let samples = try Sampling.sideBySide(contenders, plan: plan, seed: 3)
    let rounds = samples[0].nanoseconds.count
    #expect(plan.minimumRounds...plan.maximumRounds ~= rounds)
    #expect(samples.map(\.name) == ["c0", "c1", "c2"])
    #expect(samples.map(\.role) == [.peer, .peer, .ceiling])
    // Each warms up before its sample.
    let measured = log.suffix(6 * rounds)
    var orders: Set<[Int]> = []
    for start in stride(from: measured.startIndex, to: measured.endIndex, by: 6) {
      let order = Array(measured[start..<start + 6])
      #expect(order.sorted() == [0, 0, 1, 1, 2, 2])
      #expect(order[0] == order[1] && order[2] == order[3] && order[4] == order[5])
      orders.insert(order)
    }
    #expect(orders.count > 1, "the order is random")
  }

  @Test func anOverheadThatIsLargerThanTheTimeLeavesMoreThanNothing() throws {
    let samples = try Sampling.sideBySide(
      [Contender("c", role: .kernel, work: 1, body: spin)], plan: plan,
      overhead: LoopOverhead(inlined: 1e9, closure: 1e9), seed: 1)
    #expect(samples[0].nanoseconds.allSatisfy { $0 > 0 })
  }

  @Test func ratiosArePairedByRound() {
    // Both drift tenfold; in every round one is twice as fast.
    let drift = [1.0, 2, 5, 10]
    let fast = Samples(name: "fast", role: .kernel, work: 1, iterations: 1, nanoseconds: drift.map { 10 * $0 })
    let slow = Samples(name: "slow", role: .peer, work: 1, iterations: 1, nanoseconds: drift.map { 20 * $0 })
    #expect(fast.speedRatios(to: slow) == [2, 2, 2, 2])
    #expect(slow.speedRatios(to: fast) == [0.5, 0.5, 0.5, 0.5])
  }

  @Test func ratiosAreOfSpeedsNotOfTimes() {
    // Twice the work in the same time is twice the speed: how a kernel is held against a ceiling of other steps.
    let a = Samples(name: "a", role: .kernel, work: 200, iterations: 1, nanoseconds: [10, 10])
    let b = Samples(name: "b", role: .ceiling, work: 100, iterations: 1, nanoseconds: [10, 10])
    #expect(a.speedRatios(to: b) == [2, 2])
    #expect(a.speeds == [20, 20])
  }
}

@Suite struct RunnerTests {
  let plan = Plan(
    sampleNanoseconds: 5_000, minimumRounds: 5, maximumRounds: 9, caseNanoseconds: 1_000_000,
    totalNanoseconds: 10_000_000)

  private func benchmark(_ name: String, body: @escaping (Int) throws -> Void) -> BenchmarkCase {
    BenchmarkCase(
      name: name, series: name, size: 1, parameters: [], unit: .elements, row: "row", ceiling: .none(reason: "none"),
      prepare: { [Contender("row", role: .kernel, work: 1, body: body)] })
  }

  @Test func roundsOfAllCasesAreInterleaved() throws {
    var log: [Int] = []
    let cases = (0..<4).map { index in
      benchmark("case/\(index)") { iterations in
        if log.last != index { log.append(index) }
        spin(iterations)
      }
    }
    var runner = Runner(plan: plan, overhead: .none, seed: 1)
    let results = try runner.run(cases)
    #expect(results.map(\.name) == cases.map(\.name))
    for result in results { #expect(5...9 ~= (result.kernel?.samples.nanoseconds.count ?? 0)) }
    // One after the other there would be eight runs of equal ones: calibration and sampling.
    #expect(log.count > 12)
  }

  @Test func whatAKernelThrowsNamesTheCase() {
    struct Broken: Error, CustomStringConvertible { let description = "the disk is gone" }
    var runner = Runner(plan: plan, overhead: .none, seed: 1)
    let error = #expect(throws: BenchError.self) {
      try runner.run([benchmark("good", body: spin), benchmark("bad/7") { _ in throw Broken() }])
    }
    #expect(error?.description == "bad/7 failed: the disk is gone")
  }

  @Test func manyCasesShareTheTime() {
    #expect(plan.sharing(1).caseNanoseconds == 1_000_000)
    #expect(plan.sharing(10).caseNanoseconds == 1_000_000)
    #expect(plan.sharing(40).caseNanoseconds == 250_000)
  }

  @Test func metersCountEveryContenderButTheCeiling() throws {
    struct Once: Meter {
      func perCall(_ calls: Int, _ body: (Int) throws -> Void) -> [NamedMetric] {
        [NamedMetric(MetricName("test.calls"), .value(Double(calls), unit: "calls", source: .measured))]
      }
    }
    var runner = Runner(plan: plan, overhead: .none, meters: [Once()], seed: 1)
    let item = BenchmarkCase(
      name: "a/1", series: "a", size: 1, parameters: [], unit: .elements, row: "row", ceiling: .none(reason: "none"),
      prepare: {
        [Contender("row", role: .kernel, work: 1, body: spin), Contender("limit", role: .ceiling, work: 1, body: spin)]
      })
    let result = try #require(try runner.run([item]).first)
    #expect(result.kernel?[MetricName("test.calls")].value ?? 0 >= 1)
    #expect(result.ceiling?[MetricName("test.calls")].value == nil)
  }
}

@Suite struct CaseSeriesTests {
  private func series(_ workingSet: ((Int) -> Int)?) -> CaseSeries {
    CaseSeries(name: "s", suffix: "/row", points: [.init(1), .init(2, label: "two")], workingSet: workingSet) {
      point, name in
      BenchmarkCase(
        name: name, series: "s/row", size: point.size, parameters: [], unit: .elements, row: "row",
        ceiling: .none(reason: "none"), prepare: { [] })
    }
  }

  @Test(arguments: [(12, 1), (47, 1), (48, 2), (12 * 1_000_000, 1000), (12 * 1_000_000 - 1, 999)])
  func theLargestSizeThatFits(bytes: Int, size: Int) {
    #expect(series { 12 * $0 * $0 }.size(workingSet: bytes) == size)
  }

  @Test func tooSmallForAnySizeAndNoWorkingSet() {
    #expect(series { 12 * $0 * $0 }.size(workingSet: 11) == nil)
    #expect(series(nil).size(workingSet: 1 << 20) == nil)
  }

  @Test func names() {
    let series = series(nil)
    #expect(series.points.map { series.name($0) } == ["s/1/row", "s/two/row"])
    #expect(series.benchmark(series.points[1]).name == "s/two/row")
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
    #expect(overhead.inlined > 0 && overhead.closure > 0)
    if BuildDescription.isOptimised { #expect(overhead.inlined <= 2) }
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

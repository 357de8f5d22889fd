import Foundation
import Testing

@testable import BenchHarness

@Suite struct CostModelTests {
  static let prices = Prices(
    gigabyteSecond: .given(0.0000166667), millionRequests: .given(0.20), hostHour: .given(0.09), hostCPUs: 2)

  static func model(
    _ nanoseconds: [Double], start: Double = 0, memory: Double? = 1e6, coldRate: Double = 0, calls: Int = 1,
    prices: Prices = prices
  ) -> CostModel {
    CostModel(
      prices: prices, coldRate: coldRate, calls: calls, nanoseconds: nanoseconds, startNanoseconds: start,
      memory: memory)
  }

  /// The documentation's own arithmetic: 100 ms at 1,024 MB are 0.1 GB-seconds.
  @Test func aBillByHand() {
    let model = Self.model([100e6 * 1024 / 1769])
    let billed = model.billed(megabytes: 1024)
    #expect(billed.warm == 100 && billed.start == 0)
    let dollars = model.dollars(megabytes: 1024, billed: billed)
    #expect(dollars.requests == 0.20 && dollars.starts == 0)
    #expect(abs(dollars.time - 1e6 * 0.1 * 0.0000166667) < 1e-9)
  }

  @Test func timeIsRoundedUpOfEachInvocation() {
    // 0.2, 1.0 and 1.1 ms are billed as 1, 1 and 2.
    #expect(Self.model([0.2e6, 1e6, 1.1e6]).billed(megabytes: 1769).warm == 4.0 / 3)
    // On a half of a CPU they take 0.4, 2.0 and 2.2.
    #expect(abs(Self.model([0.2e6, 1e6, 1.1e6]).billed(megabytes: 884).warm - 7.0 / 3) < 1)
    // Beyond one CPU nothing gets faster.
    #expect(Self.model([1.1e6]).billed(megabytes: 10_240).warm == 2)
  }

  /// Against each invocation by itself, for times from far below a millisecond to seconds, many of them equal once rounded.
  @Test func billsAreTheSumOfAllInvocations() {
    for (count, longest) in [(1, 5e5), (7, 3e6), (257, 2e6), (1000, 4e7), (300, 5e9)] {
      let times = (0..<count).map { Double(($0 * 7919 + 13) % 1009) / 1009 * longest + 1 }
      for megabytes in [128, 129, 500, 884, 1768, 1769, 4000] {
        let scale = 1 / (1e6 * CostModel.share(megabytes: megabytes))
        let start = 2.2e6
        let warm = times.reduce(0) { $0 + max(1, ($1 * scale).rounded(.up)) }
        let cold = times.reduce(0) { $0 + max(1, ($1 * scale + start * scale).rounded(.up)) }
        let billed = Self.model(times, start: start).billed(megabytes: megabytes)
        #expect(billed.warm == warm / Double(count) && billed.start == (cold - warm) / Double(count))
      }
    }
  }

  @Test func aStartIsRoundedWithItsInvocation() {
    let billed = Self.model([0.5e6], start: 2.2e6).billed(megabytes: 1769)
    #expect(billed.warm == 1 && billed.start == 2)
    let model = Self.model([0.5e6], start: 2.2e6, coldRate: 0.25)
    #expect(model.dollars(megabytes: 1024, billed: billed).starts == 0.25 * 2 * 1e3 * 0.0000166667)
  }

  @Test func severalCallsAreOneInvocation() {
    let model = Self.model([0.1e6, 0.3e6], calls: 100)
    #expect(model.meanNanoseconds == 20e6 && model.billed(megabytes: 1769).warm == 20)
    #expect(model.hostRate == 100)
  }

  @Test(arguments: [(1.0, 128), (200e6, 191), (134_217_729.0, 129)])
  func memoryIsRoundedUp(bytes: Double, megabytes: Int) {
    #expect(Self.model([1], memory: bytes).leastMegabytes == megabytes)
  }

  @Test func whatIsTooLargeHasNoSize() {
    let model = Self.model([1], memory: 11e9)
    #expect(model.leastMegabytes == nil && model.landmarks == nil)
    #expect(Self.model([1], memory: nil).leastMegabytes == 128)
  }

  /// A short call is billed a millisecond at every size, so that memory alone counts: 1 % of 0.2021 USD is as much as
  /// 127 MB more.
  @Test func speedDoesNotPayForShortCalls() throws {
    let landmarks = try #require(Self.model([1000]).landmarks)
    #expect(landmarks.cheapest == 128)
    let expected = 1.01 * (0.20 + 128 / 1024 * 0.0166667) - 0.20
    #expect(landmarks.speedStopsPaying == Int(expected * 1024 / 0.0166667))
  }

  /// A long one costs the same at every share of a CPU, so that speed is free up to a whole one.
  @Test func speedIsFreeForLongCalls() throws {
    #expect(try #require(Self.model([3e9]).landmarks).speedStopsPaying == 1769)
    // And where memory is needed beyond that, less than what is needed is none.
    #expect(try #require(Self.model([3e9], memory: 3e9).landmarks).speedStopsPaying == 2862)
  }

  /// What fits into a millisecond from 883 MB on: a prime number, so that two milliseconds at half of it are more. Requests
  /// being free, 1 % is 8 MB.
  @Test func theCheapestIsWhereAMillisecondIsSaved() throws {
    var prices = Self.prices
    prices.millionRequests = .given(0)
    let landmarks = try #require(Self.model([882.9 / 1769 * 1e6], prices: prices).landmarks)
    #expect(landmarks.cheapest == 883 && landmarks.speedStopsPaying == 891)
  }
}

@Suite struct CostTests {
  let place = Scratchpad()

  static func result(
    _ nanoseconds: [Double] = [0.5e6, 0.6e6], memory: Metric = .value(200e6, unit: "B", source: .measured),
    prices: Prices = CostModelTests.prices, name: String = "case/1"
  ) -> CostResult {
    CostResult(
      name: name, row: "row_1", nanoseconds: nanoseconds, highWaterMark: memory,
      initialisation: .value(2e6, unit: "ns", source: .derived), starts: 10, prices: prices, coldRate: 0.01, calls: 1)
  }

  static func report(_ cases: [CostResult], partial: Bool = false) -> CostReport {
    CostReport(
      started: 1_800_000_000, machine: .current(), build: .current(version: "1.2.3"), prices: CostModelTests.prices,
      coldRate: 0.01, calls: 1, cases: cases, partial: partial)
  }

  @Test func everyFigureIsModelled() throws {
    let result = Self.result()
    for size in result.sizes where size.megabytes >= 191 {
      for metric in [
        size.cpus, size.duration, size.billed, size.billedStart, size.requests, size.time, size.cold, size.total,
        size.breakEven,
      ] {
        guard case .value(_, _, .modelled) = metric else {
          Issue.record("\(metric)")
          return
        }
      }
      let (requests, time, cold) = (size.requests.value ?? 0, size.time.value ?? 0, size.cold.value ?? 0)
      #expect(size.total.value == requests + time + cold)
    }
    // 128 MB are too few, and say so.
    guard case .unavailable(let reason) = try #require(result.sizes.first).total else {
      Issue.record("128 MB for 200 MB")
      return
    }
    #expect(reason.contains("191 MiB"))
  }

  @Test func aHostBreaksEven() throws {
    let result = Self.result()
    let size = try #require(result.size(result.cheapest))
    // As many invocations as the host's price of a second buys.
    let invocations = 0.09 / 3600 / (try #require(size.total.value) / 1e6)
    #expect(result.breakEven.value == invocations)
    #expect(result.hostRate.value == 2e9 / 0.55e6)
    #expect(result.breakEvenLoad.value == 100 * invocations / (2e9 / 0.55e6))
    #expect(result.conclusions.contains { $0.hasPrefix("host: cheaper from") })
  }

  @Test func aHostThatIsTooDearNeverIs() {
    var prices = CostModelTests.prices
    prices.hostHour = .given(1e6)
    #expect(Self.result(prices: prices).conclusions.contains { $0.hasPrefix("host: never cheaper") })
  }

  @Test func whatHasNoPriceIsNotZero() {
    var prices = CostModelTests.prices
    (prices.gigabyteSecond, prices.millionRequests) = (.given(0), .given(0))
    let result = Self.result(prices: prices)
    #expect(result.speedStopsPaying == .unavailable(reason: "memory costs nothing at the price that was given"))
    #expect(result.breakEven == .unavailable(reason: "invocations cost nothing at the prices that were given"))
    #expect(result.breakEvenLoad == result.breakEven && result.requestEquivalent.value == nil)
  }

  @Test(arguments: [
    result(), result([3e9]), result([3e12], memory: .value(12e9, unit: "B", source: .measured)),
    result(memory: .unavailable(reason: "no <status>")),
  ])
  func roundTripAndWidth(result: CostResult) throws {
    let report = Self.report([result], partial: true)
    #expect(try CostReport(json: report.json()) == report)
    let text = CostText(terminal: InvokeTests.terminal).text(report, explained: true)
    for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    #expect(text.contains("Interrupted"))
  }

  /// The numbers that stand in the explanation give what stands in the table.
  @Test func theExplanationAddsUp() throws {
    let result = Self.result([3e9])
    let lines = CostExplanation(result, Self.report([result])).lines
    #expect(lines.contains { $0.contains("vCPU = min(1, 1769 MB / 1769 MB) = 1.000") })
    #expect(lines.contains { $0.hasSuffix("duration = 1 x 3.00 s / 1.000 = 3.00 s") })
    #expect(
      lines.contains { $0.hasSuffix("time = 10^6 x 3.00 s x 1769 MB / 1024 MB x 0.0000166667 USD/s = 86.38 USD") })
    #expect(lines.contains { $0.contains("host sustains = 2 / (1 x 3.00 s) = 0.667/s") })
    #expect(lines.count == 11)
  }

  @Test(arguments: [(0.0, "0.00"), (12.345, "12.35"), (0.2049, "0.205"), (0.002134, "0.00213"), (1234.5, "1234.50")])
  func dollars(value: Double, text: String) { #expect(CostFormat.dollars(value) == text) }

  @Test(arguments: [(0.2, "0.20"), (0.0000166667, "0.0000166667"), (0, "0.00"), (12, "12.00")])
  func price(value: Double, text: String) { #expect(CostFormat.price(value) == text) }

  @Test func listedPricesSayFromWhen() {
    let (x86, arm) = (Prices.listed(architecture: "x86_64"), Prices.listed(architecture: "aarch64"))
    #expect(x86.gigabyteSecond.dollars > arm.gigabyteSecond.dollars)
    for price in [x86, arm].flatMap({ [$0.gigabyteSecond, $0.millionRequests, $0.hostHour] }) {
      #expect(price.dollars > 0 && price.source.contains("us-east-1") && price.source.contains("202"))
    }
  }

  @Test func asAUserRunsIt() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run([
      "cost", "sha256/64B", "--quick", "--starts", "3", "--price-gb-second", "0.00002", "--price-request", "0.4",
      "--price-host-hour", "0.05", "--host-cpus", "4", "--cold-rate", "0.1", "--calls", "10", "--explain",
      "--json", json,
    ])
    #expect(result.status == 0, "\(result.error)")
    for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    #expect(result.output.contains("0.40 USD a million (given)") && result.output.contains("starts: 10 %"))
    let report = try CostReport.read(json)
    let cost = try #require(report.cases.first)
    #expect(report.calls == 10 && report.coldRate == 0.1 && report.prices.hostCPUs == 4)
    #expect(report.prices.gigabyteSecond == .given(0.00002))
    #expect(cost.duration.count == 200 && cost.starts == 3)
    #expect((cost.initialisation.value ?? 0) > 0 && (cost.highWaterMark.value ?? 1e6) >= 1e6)
    #expect(cost.sizes.allSatisfy { ($0.total.value ?? 0) >= 0.4 })
    #expect(place.names == ["out.json"])
  }

  @Test func ctrlCKeepsWhatWasMeasured() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(
      ["cost", "sha256/64B", "--starts", "100000", "--json", json], interruptedAfter: 3)
    #expect(result.status == 130, "\(result.error)")
    #expect(try CostReport.read(json).partial)
  }

  @Test(arguments: [
    (["cost"], 1, "no case is named"), (["cost", "nonsense"], 1, "no case is called \"nonsense\""),
    (["cost", "sgemm/8", "--price-request", "-1"], 64, "--price-request"),
    (["cost", "sgemm/8", "--price-request=-1"], 1, "--price-request -1.0 is no price"),
    (["cost", "sgemm/8", "--price-gb-second", "inf"], 1, "--price-gb-second inf is no price"),
    (["cost", "sgemm/8", "--cold-rate", "2"], 1, "--cold-rate 2.0 is not within 0...1"),
    (["cost", "sgemm/8", "--host-cpus", "0"], 1, "--host-cpus 0 is not within"),
    (["cost", "sgemm/8", "--calls", "0"], 1, "--calls 0 is not within"),
    (["cost", "sgemm/8", "--json", "/nonexistent/a.json"], 1, "cannot write"),
  ])
  func mistakes(arguments: [String], status: Int32, message: String) throws {
    let result = try KernelBench.run(arguments)
    #expect(result.status == status && result.output.isEmpty)
    #expect(result.error.contains(message), "\(result.error)")
  }
}

import BenchHarness
import Foundation
import Testing

@Suite struct StudentTTests {
  /// Abramowitz and Stegun, table 26.10, column A(t|ν) = 0.95 in its notation.
  @Test(arguments: [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (7, 2.365), (30, 2.042), (120, 1.980)])
  func quantiles(degrees: Int, expected: Double) {
    #expect(abs(StudentT.quantile(within: 0.95, degrees: degrees) - expected) < 0.0006)
  }

  @Test func probabilities() {
    #expect(StudentT.probability(within: 0, degrees: 5) == 0)
    // One degree is Cauchy's distribution: half of it lies within 1.
    #expect(abs(StudentT.probability(within: 1, degrees: 1) - 0.5) < 1e-12)
    // Two degrees: t / sqrt(2 + t^2).
    #expect(abs(StudentT.probability(within: 3, degrees: 2) - 3 / 11.0.squareRoot()) < 1e-12)
  }
}

@Suite struct ComplexityFitTests {
  static let sizes = [1, 4, 16, 64, 256, 1024]

  @Test(arguments: ComplexityFit.Growth.allCases)
  func findsWhatTheTimesWereMadeOf(growth: ComplexityFit.Growth) throws {
    var random = SplitMix64(seed: 3)
    let points = Self.sizes.map { size in
      (size: size, nanoseconds: 7 * growth.value(Double(size)) * Double.random(in: 0.97...1.03, using: &random))
    }
    let fit = try #require(ComplexityFit(points))
    #expect(fit.best.growth == growth)
    #expect(abs(fit.best.coefficient / 7 - 1) < 0.03)
    #expect(fit.best.rms < 0.03)
    #expect(fit.candidates.count == 7 && fit.candidates.map(\.rms) == fit.candidates.map(\.rms).sorted())
  }

  /// 2 · n^1.5 is of none of the classes: the exponent tells.
  @Test func theExponentIsFree() throws {
    let points = Self.sizes.map { (size: $0, nanoseconds: 2 * pow(Double($0), 1.5)) }
    let fit = try #require(ComplexityFit(points))
    #expect(abs(fit.exponent - 1.5) < 1e-9)
    #expect(fit.exponentInterval.high - fit.exponentInterval.low < 1e-6)
    #expect(fit.best.rms > 0.1)
  }

  /// Over many drawn series the interval covers the true exponent about 95 times of 100.
  @Test func theIntervalCoversTheExponent() throws {
    var random = SplitMix64(seed: 11)
    // The sum of twelve uniform numbers less six is close to normal, with a deviation of 1.
    func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0...1, using: &random) } }
    let covered = try (0..<400).count { _ in
      let points = Self.sizes.map { (size: $0, nanoseconds: 5 * pow(Double($0), 2) * exp(0.2 * normal())) }
      return try #require(ComplexityFit(points)).exponentInterval.contains(2)
    }
    #expect((365...395).contains(covered), "\(covered) of 400")
  }

  @Test func fewSizesAreNoCurve() {
    #expect(ComplexityFit([]) == nil)
    #expect(ComplexityFit([(8, 1), (16, 2), (32, 3)]) == nil)
    #expect(ComplexityFit([(8, 1), (16, 2), (32, 3), (32, 3)]) == nil)
  }

  @Test func ofAReport() throws {
    let report = Samplers.report(sizes: [8, 16, 32, 64], peers: ["MKL"]) { Double($0 * $0) }
    let complexity = report.complexity
    #expect(complexity.map(\.role) == [.kernel, .peer])
    #expect(complexity.map(\.contender) == ["row", "MKL"])
    #expect(complexity.allSatisfy { $0.fit.best.growth == .quadratic && $0.sizes == 8...64 })
    #expect(Samplers.report(sizes: [8, 16, 32], peers: []) { Double($0) }.complexity.isEmpty)
  }

  @Test func isInTheJSON() throws {
    let report = Samplers.report(sizes: [8, 16, 32, 64], peers: []) { Double($0) }
    let object = try #require(try JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
    let first = try #require((object["complexity"] as? [[String: Any]])?.first)
    #expect(first["series"] as? String == "series" && first["best"] as? String == "n")
    #expect(abs(try #require(first["exponent"] as? Double) - 1) < 1e-6)
    #expect(try Report(json: report.json()) == report)
  }
}

/// Reports as they would come from samples.
enum Samplers {
  /// - Parameters:
  ///   - name: of the series.
  ///   - time: nanoseconds of the kernel at a size; peers take twice as long.
  static func report(
    name: String = "series", sizes: [Int], peers: [String], row: String = "row", metrics: [NamedMetric] = [],
    time: (Int) -> Double
  ) -> Report {
    let cases = sizes.map { size in
      let benchmark = BenchmarkCase(
        name: "\(name)/\(size)", series: name, size: size, parameters: [.init("n", size)], unit: .elements, row: row,
        ceiling: .none(reason: "nothing to hold it against"), prepare: { [] })
      func samples(_ name: String, _ role: Contender.Role, _ factor: Double) -> Samples {
        // Factors that binary fractions have exactly, so that every parser gives the same numbers again.
        Samples(
          name: name, role: role, work: Double(size), iterations: 3,
          nanoseconds: [0.96875, 0.984375, 1, 1.015625, 1.125].map { $0 * factor * time(size) })
      }
      let all = [samples(row, .kernel, 1)] + peers.map { samples($0, .peer, 2) }
      return CaseResult(benchmark, samples: all, metrics: all.map { _ in metrics })
    }
    return Report(
      started: 1_800_000_000, machine: .current(), build: .current(version: "1.2.3"),
      options: .init(filter: nil, quick: true, allRows: false, disabled: "", input: nil, seed: 7), plan: .quick,
      loopOverhead: LoopOverhead(inlined: 0.25, closure: 1),
      peers: peers.map { Peer(name: $0, version: "1", library: "/lib/\($0)") }
        + [Peer(name: "BLIS", absent: "not found; apt-get install libblis4")],
      cases: cases)
  }
}

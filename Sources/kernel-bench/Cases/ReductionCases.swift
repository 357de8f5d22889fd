import BenchHarness
import Kernels

extension KernelCases {
  /// One column of doubles: exact sum with least and greatest, exact variance, and a pass with a sum that is rounded at every addition.
  func reductions(_ context: CaseContext) -> [CaseSeries] {
    let points: [CaseSeries.Point] = [
      .init(1000, label: "1k"), .init(100_000, label: "100k"), .init(10_000_000, label: "10M"),
    ]
    func workingSet(_ count: Int) -> Int { 8 * count }
    let plain = CaseSeries(name: "plain-sum-min-max", points: points, workingSet: workingSet) { point, name in
      BenchmarkCase(
        name: name, series: "plain-sum-min-max", size: point.size, parameters: [.init("values", point.size)],
        unit: .elements, row: "scalar", ceiling: .none(reason: "values are counted, not bytes"),
        workingSet: 8 * point.size
      ) {
        [ColumnWork(count: point.size).plainContender()]
      }
    }
    return ColumnWork.Way.allCases.flatMap { way in
      context.variants(ReductionKernel.all.rows.map { ($0.name, $0.requires) }).map { variant in
        CaseSeries(name: way.rawValue, suffix: variant.suffix, points: points, workingSet: { 8 * $0 }) {
          point, name in
          BenchmarkCase(
            name: name, series: "\(way.rawValue)\(variant.suffix)", size: point.size,
            parameters: [.init("values", point.size)], unit: .elements, row: variant.row,
            ceiling: .none(reason: "values are counted, not bytes"), workingSet: 8 * point.size,
            disabled: variant.disabled
          ) {
            [ColumnWork(count: point.size).contender(row: variant.row, way)]
          }
        }
      }
    } + [plain]
  }

  /// Values into a sketch that is warm.
  func sketches(_ context: CaseContext) -> [CaseSeries] {
    ColumnWork.Sketch.allCases.map { sketch in
      let points: [CaseSeries.Point] = [.init(100_000, label: "100k"), .init(1_000_000, label: "1M")]
      return CaseSeries(name: sketch.rawValue, points: points, workingSet: { 8 * $0 }) { point, name in
        BenchmarkCase(
          name: name, series: sketch.rawValue, size: point.size, parameters: [.init("values", point.size)],
          unit: .elements, row: "scalar", ceiling: .none(reason: "values are counted, not bytes"),
          workingSet: 8 * point.size
        ) {
          [ColumnWork(count: point.size).contender(sketch)]
        }
      }
    }
  }
}

/// A column of doubles like those of a normal distribution, and what is made of it.
final class ColumnWork {
  enum Way: String, CaseIterable {
    case exactSum = "exact-sum-min-max"
    case exactVariance = "exact-variance"
  }

  enum Sketch: String, CaseIterable {
    case distinct = "hll-insert"
    case quantiles = "ddsketch-insert"
    case ranks = "kll-insert"
  }

  private let values: [Double]
  private var result = 0.0

  init(count: Int) {
    var random = SplitMix64(seed: 1)
    // Twelve uniform ones less their mean: a standard deviation of 1.
    values = (0..<count).map { _ in (0..<12).reduce(-6.0) { sum, _ in sum + Double(random.next() >> 11) * 0x1p-53 } }
  }

  func contender(row: String, _ way: Way) -> Contender {
    Contender(row, role: .kernel, work: Double(values.count)) { iterations in
      var statistics = FloatStatistics(way == .exactSum ? .sum : .variance)
      let values = self.values
      repeating(iterations) { statistics.update(values.span) }
      self.result = statistics.sum ?? 0
    }
  }

  /// What one would write: eight sums side by side, each rounded at every addition, and extrema.
  func plainContender() -> Contender {
    Contender("scalar", role: .kernel, work: Double(values.count)) { iterations in
      let values = self.values
      repeating(iterations) {
        var sum = SIMD8<Double>.zero
        var (least, greatest) = (SIMD8<Double>(repeating: .infinity), SIMD8<Double>(repeating: -.infinity))
        unsafe values.withUnsafeBytes { bytes in
          for i in stride(from: 0, to: bytes.count & ~63, by: 64) {
            let value = unsafe bytes.loadUnaligned(fromByteOffset: i, as: SIMD8<Double>.self)
            sum += value
            least.replace(with: value, where: value .< least)
            greatest.replace(with: value, where: value .> greatest)
          }
        }
        self.result += sum.sum() + least.min() + greatest.max()
      }
    }
  }

  func contender(_ sketch: Sketch) -> Contender {
    Contender("scalar", role: .kernel, work: Double(values.count)) { iterations in
      switch sketch {
      case .distinct:
        var sketch = HLLSketch()
        repeating(iterations) {
          let values = self.values
          sketch.insert(values.span)
        }
        self.result = sketch.estimate
      case .quantiles:
        var sketch = DDSketch()
        repeating(iterations) {
          let values = self.values
          sketch.insert(values.span)
        }
        self.result = Double(sketch.count)
      case .ranks:
        var sketch = KLLSketch()
        repeating(iterations) {
          let values = self.values
          sketch.insert(values.span)
        }
        self.result = Double(sketch.count)
      }
    }
  }
}

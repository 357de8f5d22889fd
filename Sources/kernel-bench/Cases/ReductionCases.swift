import BenchHarness
import Kernels

extension KernelCases {
  /// One column of doubles: exact sum with least and greatest, exact variance, and the sum that is rounded at every addition.
  func reductions(_ context: CaseContext) -> [CaseSeries] {
    ColumnWork.Way.allCases.flatMap { way in
      context.variants(ReductionKernel.all.rows.map { ($0.name, $0.requires) }).map { variant in
        let points: [CaseSeries.Point] = [
          .init(1000, label: "1k"), .init(100_000, label: "100k"), .init(10_000_000, label: "10M"),
        ]
        return CaseSeries(name: way.rawValue, suffix: variant.suffix, points: points, workingSet: { 8 * $0 }) {
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
    }
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

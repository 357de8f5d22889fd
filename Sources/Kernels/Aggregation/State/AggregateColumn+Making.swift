/// What a plan's aggregates are folded by, once the class of their values is known.
func makeColumn(_ operation: Aggregation.Operation, _ values: ValueClass) -> any AggregateColumn {
  switch values {
  case .int64: makeInt64(operation)
  case .uint64: makeUInt64(operation)
  case .double, .none: makeDouble(operation)
  case .other: operation == .count ? CountColumn() : StringDistinctColumn()
  }
}

private func makeInt64(_ operation: Aggregation.Operation) -> any AggregateColumn {
  switch operation {
  case .count: CountColumn()
  case .sum, .mean: Int64SumColumn()
  case .min: Int64MinimumColumn()
  case .max: Int64MaximumColumn()
  case .variance, .stddev: Int64VarianceColumn()
  case .first: Int64FirstColumn()
  case .last: Int64LastColumn()
  case .approxDistinct: Int64DistinctColumn()
  case .quantile: QuantileColumn()
  case .topK(let k): Int64FrequentColumn(accumulator: Frequent(k: k))
  case .histogram(let bounds): HistogramColumn(accumulator: HistogramAccumulator(bounds: bounds))
  }
}

private func makeUInt64(_ operation: Aggregation.Operation) -> any AggregateColumn {
  switch operation {
  case .count: CountColumn()
  case .sum, .mean: UInt64SumColumn()
  case .min: UInt64MinimumColumn()
  case .max: UInt64MaximumColumn()
  case .variance, .stddev: UInt64VarianceColumn()
  case .first: UInt64FirstColumn()
  case .last: UInt64LastColumn()
  case .approxDistinct: UInt64DistinctColumn()
  case .quantile: QuantileColumn()
  case .topK(let k): UInt64FrequentColumn(accumulator: Frequent(k: k))
  case .histogram(let bounds): HistogramColumn(accumulator: HistogramAccumulator(bounds: bounds))
  }
}

private func makeDouble(_ operation: Aggregation.Operation) -> any AggregateColumn {
  switch operation {
  case .count: CountColumn()
  case .sum: DoubleSumColumn()
  case .mean: DoubleMeanColumn()
  case .min: DoubleMinimumColumn()
  case .max: DoubleMaximumColumn()
  case .variance, .stddev: DoubleVarianceColumn()
  case .first: DoubleFirstColumn()
  case .last: DoubleLastColumn()
  case .approxDistinct: DoubleDistinctColumn()
  case .quantile: QuantileColumn()
  case .topK(let k): DoubleFrequentColumn(accumulator: Frequent(k: k))
  case .histogram(let bounds): HistogramColumn(accumulator: HistogramAccumulator(bounds: bounds))
  }
}

// MARK: - Columns, one type for each accumulator

private struct CountColumn: AccumulatorColumn {
  var accumulator = CountAccumulator()
  var empty: CountAccumulator { .init() }
}

private struct Int64SumColumn: AccumulatorColumn {
  var accumulator = IntegerSumAccumulator<Int64>()
  var empty: IntegerSumAccumulator<Int64> { .init() }
}

private struct UInt64SumColumn: AccumulatorColumn {
  var accumulator = IntegerSumAccumulator<UInt64>()
  var empty: IntegerSumAccumulator<UInt64> { .init() }
}

private struct DoubleSumColumn: AccumulatorColumn {
  var accumulator = ExactSumAccumulator<Double>()
  var empty: ExactSumAccumulator<Double> { .init() }
}

private struct DoubleMeanColumn: AccumulatorColumn {
  var accumulator = MeanAccumulator<Double>()
  var empty: MeanAccumulator<Double> { .init() }
}

private struct Int64MinimumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<Int64, MinimumOrder>()
  var empty: ExtremumAccumulator<Int64, MinimumOrder> { .init() }
}

private struct Int64MaximumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<Int64, MaximumOrder>()
  var empty: ExtremumAccumulator<Int64, MaximumOrder> { .init() }
}

private struct Int64FirstColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<Int64, MinimumOrder>()
  var empty: EndAccumulator<Int64, MinimumOrder> { .init() }
}

private struct Int64LastColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<Int64, MaximumOrder>()
  var empty: EndAccumulator<Int64, MaximumOrder> { .init() }
}

private struct Int64VarianceColumn: AccumulatorColumn {
  var accumulator = IntegerVariance<Int64>()
  var empty: IntegerVariance<Int64> { .init() }
}

private struct Int64DistinctColumn: AccumulatorColumn {
  var accumulator = Distinct<Int64>()
  var empty: Distinct<Int64> { .init() }
}

private struct Int64FrequentColumn: AccumulatorColumn {
  var accumulator: Frequent<Int64>
  var empty: Frequent<Int64> { Frequent(k: accumulator.k) }
}

private struct UInt64MinimumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<UInt64, MinimumOrder>()
  var empty: ExtremumAccumulator<UInt64, MinimumOrder> { .init() }
}

private struct UInt64MaximumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<UInt64, MaximumOrder>()
  var empty: ExtremumAccumulator<UInt64, MaximumOrder> { .init() }
}

private struct UInt64FirstColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<UInt64, MinimumOrder>()
  var empty: EndAccumulator<UInt64, MinimumOrder> { .init() }
}

private struct UInt64LastColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<UInt64, MaximumOrder>()
  var empty: EndAccumulator<UInt64, MaximumOrder> { .init() }
}

private struct UInt64VarianceColumn: AccumulatorColumn {
  var accumulator = IntegerVariance<UInt64>()
  var empty: IntegerVariance<UInt64> { .init() }
}

private struct UInt64DistinctColumn: AccumulatorColumn {
  var accumulator = Distinct<UInt64>()
  var empty: Distinct<UInt64> { .init() }
}

private struct UInt64FrequentColumn: AccumulatorColumn {
  var accumulator: Frequent<UInt64>
  var empty: Frequent<UInt64> { Frequent(k: accumulator.k) }
}

private struct DoubleMinimumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<Double, MinimumOrder>()
  var empty: ExtremumAccumulator<Double, MinimumOrder> { .init() }
}

private struct DoubleMaximumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<Double, MaximumOrder>()
  var empty: ExtremumAccumulator<Double, MaximumOrder> { .init() }
}

private struct DoubleFirstColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<Double, MinimumOrder>()
  var empty: EndAccumulator<Double, MinimumOrder> { .init() }
}

private struct DoubleLastColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<Double, MaximumOrder>()
  var empty: EndAccumulator<Double, MaximumOrder> { .init() }
}

private struct DoubleVarianceColumn: AccumulatorColumn {
  var accumulator = FloatVariance()
  var empty: FloatVariance { .init() }
}

private struct DoubleDistinctColumn: AccumulatorColumn {
  var accumulator = Distinct<Double>()
  var empty: Distinct<Double> { .init() }
}

private struct DoubleFrequentColumn: AccumulatorColumn {
  var accumulator: Frequent<Double>
  var empty: Frequent<Double> { Frequent(k: accumulator.k) }
}

private struct StringDistinctColumn: AccumulatorColumn {
  var accumulator = StringDistinct()
  var empty: StringDistinct { .init() }
}

private struct QuantileColumn: AccumulatorColumn {
  var accumulator = Quantiles()
  var empty: Quantiles { .init() }
}

private struct HistogramColumn: AccumulatorColumn {
  var accumulator: HistogramAccumulator<Double>
  var empty: HistogramAccumulator<Double> { HistogramAccumulator(bounds: accumulator.bounds) }
}

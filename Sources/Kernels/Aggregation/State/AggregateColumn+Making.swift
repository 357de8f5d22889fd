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
}

private struct Int64SumColumn: AccumulatorColumn {
  var accumulator = IntegerSumAccumulator<Int64>()
}

private struct UInt64SumColumn: AccumulatorColumn {
  var accumulator = IntegerSumAccumulator<UInt64>()
}

private struct DoubleSumColumn: AccumulatorColumn {
  var accumulator = ExactSumAccumulator<Double>()
}

private struct DoubleMeanColumn: AccumulatorColumn {
  var accumulator = MeanAccumulator<Double>()
}

private struct Int64MinimumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<Int64, MinimumOrder>()
}

private struct Int64MaximumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<Int64, MaximumOrder>()
}

private struct Int64FirstColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<Int64, MinimumOrder>()
}

private struct Int64LastColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<Int64, MaximumOrder>()
}

private struct Int64VarianceColumn: AccumulatorColumn {
  var accumulator = IntegerVariance<Int64>()
}

private struct Int64DistinctColumn: AccumulatorColumn {
  var accumulator = Distinct<Int64>()
}

private struct Int64FrequentColumn: AccumulatorColumn {
  var accumulator: Frequent<Int64>
}

private struct UInt64MinimumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<UInt64, MinimumOrder>()
}

private struct UInt64MaximumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<UInt64, MaximumOrder>()
}

private struct UInt64FirstColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<UInt64, MinimumOrder>()
}

private struct UInt64LastColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<UInt64, MaximumOrder>()
}

private struct UInt64VarianceColumn: AccumulatorColumn {
  var accumulator = IntegerVariance<UInt64>()
}

private struct UInt64DistinctColumn: AccumulatorColumn {
  var accumulator = Distinct<UInt64>()
}

private struct UInt64FrequentColumn: AccumulatorColumn {
  var accumulator: Frequent<UInt64>
}

private struct DoubleMinimumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<Double, MinimumOrder>()
}

private struct DoubleMaximumColumn: AccumulatorColumn {
  var accumulator = ExtremumAccumulator<Double, MaximumOrder>()
}

private struct DoubleFirstColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<Double, MinimumOrder>()
}

private struct DoubleLastColumn: AccumulatorColumn {
  var accumulator = EndAccumulator<Double, MaximumOrder>()
}

private struct DoubleVarianceColumn: AccumulatorColumn {
  var accumulator = FloatVariance()
}

private struct DoubleDistinctColumn: AccumulatorColumn {
  var accumulator = Distinct<Double>()
}

private struct DoubleFrequentColumn: AccumulatorColumn {
  var accumulator: Frequent<Double>
}

private struct StringDistinctColumn: AccumulatorColumn {
  var accumulator = StringDistinct()
}

private struct QuantileColumn: AccumulatorColumn {
  var accumulator = Quantiles()
}

private struct HistogramColumn: AccumulatorColumn {
  var accumulator: HistogramAccumulator<Double>
}

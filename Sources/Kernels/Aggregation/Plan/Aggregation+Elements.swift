/// Groups by the values of `column`: integers, booleans, strings, or a dictionary of strings. A null is a value of its own.
public func key(_ column: String) -> Aggregation.Element { .init(content: .key(column)) }

/// Counts rows, or the values of `column` that are not null.
public func count(_ column: String? = nil, as name: String? = nil) -> Aggregation.Element {
  aggregate(.count, column, name)
}

/// The exact sum of `column`.
public func sum(_ column: String, as name: String? = nil) -> Aggregation.Element { aggregate(.sum, column, name) }

/// The smallest value of `column`.
public func min(_ column: String, as name: String? = nil) -> Aggregation.Element { aggregate(.min, column, name) }

/// The largest value of `column`.
public func max(_ column: String, as name: String? = nil) -> Aggregation.Element { aggregate(.max, column, name) }

/// The mean of `column`, exact and rounded once.
public func mean(_ column: String, as name: String? = nil) -> Aggregation.Element { aggregate(.mean, column, name) }

/// The variance of a sample.
public func variance(_ column: String, as name: String? = nil) -> Aggregation.Element {
  aggregate(.variance, column, name)
}

/// The standard deviation of a sample.
public func stddev(_ column: String, as name: String? = nil) -> Aggregation.Element { aggregate(.stddev, column, name) }

/// The value of `column` at the earliest time. The plan needs a window, for its time.
public func first(_ column: String, as name: String? = nil) -> Aggregation.Element { aggregate(.first, column, name) }

/// The value of `column` at the latest time. The plan needs a window, for its time.
public func last(_ column: String, as name: String? = nil) -> Aggregation.Element { aggregate(.last, column, name) }

/// About how many different values `column` has.
public func approxDistinct(_ column: String, as name: String? = nil) -> Aggregation.Element {
  aggregate(.approxDistinct, column, name)
}

/// The value below which the fraction `q` of `column` lies, within 1 % of the value.
public func quantile(_ column: String, _ q: Double, as name: String? = nil) -> Aggregation.Element {
  aggregate(.quantile(q), column, name)
}

/// The `k` most frequent values of `column`.
public func topK(_ column: String, _ k: Int, as name: String? = nil) -> Aggregation.Element {
  aggregate(.topK(k), column, name)
}

/// How many values of `column` lie between the bounds, which rise.
public func histogram(_ column: String, bounds: [Double], as name: String? = nil) -> Aggregation.Element {
  aggregate(.histogram(bounds), column, name)
}

private func aggregate(_ operation: Aggregation.Operation, _ column: String?, _ name: String?) -> Aggregation.Element {
  .init(content: .aggregate(.init(operation, column, name)))
}

extension Aggregation.Aggregate {
  /// Without a name it is that of the operation, and of the column after an underscore.
  package init(_ operation: Aggregation.Operation, _ column: String?, _ name: String?) {
    self.operation = operation
    self.column = column
    self.name = name ?? operation.name + (column.map { "_" + $0 } ?? "")
  }
}

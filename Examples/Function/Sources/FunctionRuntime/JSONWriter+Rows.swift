public import Kernels

extension JSONWriter {
  /// An array of objects, one a row.
  public mutating func rows(of result: AggregationResult) {
    beginArray()
    for row in 0..<result.rowCount {
      beginObject()
      for column in result.columns {
        key(column.name)
        value(of: column, row)
      }
      endObject()
    }
    endArray()
  }

  private mutating func value(of column: ResultColumn, _ row: Int) {
    if column.isNull(row) { return null() }
    switch column.values {
    case .int64(let values): number(values[row])
    case .uint64(let values): number(values[row])
    case .double(let values): number(values[row])
    case .bool(let values): bool(values[row])
    case .strings(let values): string(values[row])
    // Neither histograms nor most frequent values are in the plans of these functions.
    case .counts, .frequent: null()
    }
  }
}

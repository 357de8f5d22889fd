/// Holm's correction for many comparisons at once: of all that are significant by it, one is wrongly so with no more than the
/// probability that was asked for ("A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6, 1979).
package enum Holm {
  /// The p-values adjusted: each is significant at any level that its adjusted value does not exceed.
  ///
  /// - Returns: in the order of `values`, none above 1.
  package static func adjusted(_ values: [Double]) -> [Double] {
    var result = values
    var least = 0.0
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      least = max(least, min(1, Double(values.count - rank) * values[index]))
      result[index] = least
    }
    return result
  }
}

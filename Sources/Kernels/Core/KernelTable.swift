/// A row of a dispatch table: one implementation and what it needs of the CPU.
package protocol KernelRow: Sendable {
  /// Type, operation, tile and instruction set: `f32_gemm_6x16_avx2`.
  var name: StaticString { get }
  /// What the CPU must have. The last row of a table needs nothing.
  var requires: CPUFeatures { get }
}

/// A family's dispatch table: rows, best first, the last one portable.
///
/// A `static let` of this type is laid out by the compiler: no lock, no allocation and no work at the first use.
extension InlineArray where Element: KernelRow {
  /// The first row that `features` allow.
  ///
  /// Spelled out up to eight rows: with constant indices the table folds into a few comparisons, where a loop copies all of it
  /// to the stack at every call (8 x 8 x 8 sgemm: 47 ns with the loop, 40 ns without).
  @inline(__always)
  package func select(_ features: CPUFeatures) -> Element {
    precondition(count <= 8)
    if count > 1 && features.isSuperset(of: self[0].requires) { return self[0] }
    if count > 2 && features.isSuperset(of: self[1].requires) { return self[1] }
    if count > 3 && features.isSuperset(of: self[2].requires) { return self[2] }
    if count > 4 && features.isSuperset(of: self[3].requires) { return self[3] }
    if count > 5 && features.isSuperset(of: self[4].requires) { return self[4] }
    if count > 6 && features.isSuperset(of: self[5].requires) { return self[5] }
    if count > 7 && features.isSuperset(of: self[6].requires) { return self[6] }
    return self[count - 1]
  }

  /// Every row, for tests, benchmarks and documents. Allocates.
  package var rows: [Element] { indices.map { self[$0] } }
}

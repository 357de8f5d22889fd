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
  @inline(__always)
  package func select(_ features: CPUFeatures) -> Element {
    var index = 0
    while index < count - 1 && !features.isSuperset(of: self[index].requires) { index += 1 }
    return self[index]
  }

  /// Every row, for tests, benchmarks and documents. Allocates.
  package var rows: [Element] { indices.map { self[$0] } }
}

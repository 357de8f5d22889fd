/// Whether an operand is used as it is stored, or with rows and columns exchanged.
public enum Transpose: Hashable, Sendable {
  case no, yes
}

/// The sizes of one product, checked once at the door.
///
/// op(A) is m x k, op(B) is k x n, C is m x n, all row-major; leading dimensions count elements from one stored row to the next.
package struct GemmShape: Hashable, Sendable {
  package var transposeA: Transpose
  package var transposeB: Transpose
  package var m, n, k: Int
  package var lda, ldb, ldc: Int

  package init(
    _ transposeA: Transpose, _ transposeB: Transpose, m: Int, n: Int, k: Int, lda: Int, ldb: Int, ldc: Int
  ) {
    self.transposeA = transposeA
    self.transposeB = transposeB
    (self.m, self.n, self.k) = (m, n, k)
    (self.lda, self.ldb, self.ldc) = (lda, ldb, ldc)
  }

  /// Why these sizes cannot be, or nil.
  ///
  /// Negative sizes, a leading dimension shorter than a stored row, and operands whose bytes no address space can hold.
  package func problem(elementSize: Int) -> StaticString? {
    if m < 0 { return "m must not be negative" }
    if n < 0 { return "n must not be negative" }
    if k < 0 { return "k must not be negative" }
    if lda < (transposeA == .no ? k : m) { return "lda must be at least the length of a stored row of A" }
    if ldb < (transposeB == .no ? n : k) { return "ldb must be at least the length of a stored row of B" }
    if ldc < n { return "ldc must be at least n" }
    if Self.extent(rowsA, lda, columnsA, elementSize) == nil {
      return "A is larger than the address space: check m, k and lda"
    }
    if Self.extent(rowsB, ldb, columnsB, elementSize) == nil {
      return "B is larger than the address space: check k, n and ldb"
    }
    if Self.extent(m, ldc, n, elementSize) == nil { return "C is larger than the address space: check m, n and ldc" }
    return nil
  }

  /// The same, or a precondition failure that says why these sizes cannot be.
  func checked(elementSize: Int) -> GemmShape {
    if let problem = problem(elementSize: elementSize) { preconditionFailure("gemm: \(problem)") }
    return self
  }

  /// Elements from the first to the last one of A as it is stored; 0 when it has none. Valid sizes only.
  package var extentA: Int { Self.extent(rowsA, lda, columnsA, 1) ?? 0 }
  package var extentB: Int { Self.extent(rowsB, ldb, columnsB, 1) ?? 0 }
  package var extentC: Int { Self.extent(m, ldc, n, 1) ?? 0 }

  private var rowsA: Int { transposeA == .no ? m : k }
  private var columnsA: Int { transposeA == .no ? k : m }
  private var rowsB: Int { transposeB == .no ? k : n }
  private var columnsB: Int { transposeB == .no ? n : k }

  /// The same matrices with the leading dimension of a single row, which leads nowhere, set to the row's length.
  ///
  /// It may be any large number until then; afterwards each is below 2^57 bytes, and the loops' strides cannot overflow.
  package var compact: GemmShape {
    var shape = self
    if rowsA <= 1 { shape.lda = columnsA }
    if rowsB <= 1 { shape.ldb = columnsB }
    if m <= 1 { shape.ldc = n }
    return shape
  }

  /// ((rows - 1) * ld + columns) * size, or nil when that is 2^57 or more: user space ends at 2^56 on x86-64 with
  /// five-level paging (Intel SDM volume 3A, section 4.5), and earlier elsewhere.
  @inline(__always)
  private static func extent(_ rows: Int, _ ld: Int, _ columns: Int, _ size: Int) -> Int? {
    if rows == 0 || columns == 0 { return 0 }
    let (body, overflow1) = (rows - 1).multipliedReportingOverflow(by: ld)
    let (elements, overflow2) = body.addingReportingOverflow(columns)
    let (bytes, overflow3) = elements.multipliedReportingOverflow(by: size)
    return overflow1 || overflow2 || overflow3 || bytes >= 1 << 57 ? nil : bytes
  }

  /// Why these sizes and addresses cannot be, or nil: the sizes, a missing operand that has elements, or a misaligned one.
  @unsafe @inline(__always)
  package func problem<A, B, C>(
    _ a: UnsafePointer<A>?, _ b: UnsafePointer<B>?, _ c: UnsafeMutablePointer<C>?
  ) -> StaticString? {
    let aligned =
      UInt(bitPattern: a) % UInt(MemoryLayout<A>.alignment) == 0
      && UInt(bitPattern: b) % UInt(MemoryLayout<B>.alignment) == 0
      && UInt(bitPattern: c) % UInt(MemoryLayout<C>.alignment) == 0
    // The ordinary case in a few comparisons: nothing missing, no size negative, none so large that the bytes of two of them
    // reach 2^57 (an element is 2^3 at most).
    if unsafe UInt(bitPattern: m | n | k | lda | ldb | ldc) < 1 << 27
      && lda >= (transposeA == .no ? k : m) && ldb >= (transposeB == .no ? n : k) && ldc >= n
      && a != nil && b != nil && c != nil && aligned
    {
      return nil
    }
    // C's elements are never the smaller ones.
    if let problem = problem(elementSize: MemoryLayout<C>.stride) { return problem }
    if unsafe a == nil && m > 0 && k > 0 { return "a must not be nil where A has elements" }
    if unsafe b == nil && k > 0 && n > 0 { return "b must not be nil where B has elements" }
    if unsafe c == nil && m > 0 && n > 0 { return "c must not be nil where C has elements" }
    if !aligned { return "a, b and c must be aligned to their element" }
    return nil
  }
}

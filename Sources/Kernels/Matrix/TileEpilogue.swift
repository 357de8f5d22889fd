import CKernels

/// What the loops do to a block of C right after its last part of k: an epilogue with its row of the table.
package protocol TileEpilogue {
  associatedtype C

  /// - `row`, `column`: where the block starts in C.
  /// - `c`: the block, `rows` x `columns`.
  @unsafe
  func finish(row: Int, column: Int, rows: Int, columns: Int, c: UnsafeMutablePointer<C>, cRow: Int)
}

/// Where a problem's epilogue lies, and the element of the whole C at which the problem starts.
@unsafe
package struct EpiloguePlace<Epilogue: TileEpilogue> {
  private let epilogue: UnsafePointer<Epilogue>
  /// Of the problem: of its transpose, where it is one.
  private var row = 0
  private var column = 0
  /// Whether the problem is the transpose of the one that the epilogue is of: its rows are columns of C.
  private(set) var isTransposed = false

  @unsafe
  package init(_ epilogue: UnsafePointer<Epilogue>) { unsafe self.epilogue = epilogue }

  @unsafe
  var transposed: EpiloguePlace {
    var other = unsafe self
    unsafe (other.row, other.column, other.isTransposed) = (column, row, !isTransposed)
    return unsafe other
  }

  /// The same for the part of the problem that starts at an element of it.
  @unsafe @inline(__always)
  func part(row: Int, column: Int) -> EpiloguePlace {
    var part = unsafe self
    unsafe part.row += row
    unsafe part.column += column
    return unsafe part
  }

  /// - `row`, `column`: where the block, `rows` x `columns`, starts in the problem.
  /// - `cRow`: from one row of C to the next, whichever way the problem lies.
  @unsafe @inline(__always)
  func finish(
    row: Int, column: Int, rows: Int, columns: Int, c: UnsafeMutablePointer<Epilogue.C>, cRow: Int
  ) {
    let (row, column) = unsafe (self.row + row, self.column + column)
    if unsafe isTransposed {
      unsafe epilogue.pointee.finish(row: column, column: row, rows: columns, columns: rows, c: c, cRow: cRow)
    } else {
      unsafe epilogue.pointee.finish(row: row, column: column, rows: rows, columns: columns, c: c, cRow: cRow)
    }
  }
}

/// Of single precision, in place.
@safe
package struct FloatEpilogue: TileEpilogue {
  let kernel: EpilogueKernel
  let terms: ck_epilogue

  @unsafe
  package func finish(row: Int, column: Int, rows: Int, columns: Int, c: UnsafeMutablePointer<Float>, cRow: Int) {
    var terms = unsafe terms.part(row: row, column: column)
    unsafe kernel.body.inPlace(rows, columns, &terms, c, cRow)
  }
}

/// Of sums of bytes, from where they were summed to where the caller's C is.
@safe
package struct SumsEpilogue: TileEpilogue {
  let kernel: EpilogueKernel
  let terms: ck_epilogue
  let quantization: ck_quantization
  /// The caller's C: bytes from one element to the next, elements from one row to the next.
  let result: UnsafeMutableRawPointer
  let resultStride: Int
  let resultRow: Int

  @unsafe
  package func finish(
    row: Int, column: Int, rows: Int, columns: Int, c sums: UnsafeMutablePointer<Int32>, cRow sumsRow: Int
  ) {
    var terms = unsafe terms.part(row: row, column: column)
    var quantization = unsafe quantization
    unsafe quantization.bias = quantization.bias.map { unsafe $0 + column }
    unsafe kernel.body.ofSums(
      rows, columns, &terms, sums, sumsRow, &quantization, result + (row * resultRow + column) * resultStride, resultRow
    )
  }
}

/// Double precision has none.
extension Never: TileEpilogue {
  @unsafe
  package func finish(row: Int, column: Int, rows: Int, columns: Int, c: UnsafeMutablePointer<Double>, cRow: Int) {}
}

extension ck_epilogue {
  /// The same from an element of C on.
  @unsafe @inline(__always)
  func part(row: Int, column: Int) -> ck_epilogue {
    var part = unsafe self
    unsafe part.scale.move(row, column)
    unsafe part.bias.move(row, column)
    unsafe part.residual.move(row, column)
    return unsafe part
  }
}

extension ck_epilogue_term {
  @unsafe @inline(__always)
  fileprivate mutating func move(_ row: Int, _ column: Int) {
    let distance = unsafe row * row_stride + column * column_stride
    unsafe start = start.map { unsafe $0 + distance }
  }
}

// MARK: - From the door

/// Calls `body` with the place of an epilogue of an m x n product, or with none.
///
/// - The place is valid until `body` returns.
@unsafe @inline(__always)
package func withEpilogue<Result>(
  _ epilogue: Epilogue?, m: Int, n: Int, kernel: EpilogueKernel = .select(.current),
  _ body: (EpiloguePlace<FloatEpilogue>?) -> Result
) -> Result {
  guard let epilogue else { return body(nil) }
  return unsafe epilogue.withTerms(m: m, n: n) { terms in
    unsafe withUnsafePointer(to: FloatEpilogue(kernel: kernel, terms: terms)) { unsafe body(EpiloguePlace($0)) }
  }
}

extension Epilogue {
  /// Calls `body` with the description that the loops read, which is valid until it returns.
  ///
  /// - Spans that do not fit an m x n matrix are a programmer's mistake: a precondition.
  @unsafe
  func withTerms<Result>(m: Int, n: Int, _ body: (ck_epilogue) -> Result) -> Result {
    unsafe scale.withTerm("scale", m: m, n: n) { scale in
      unsafe bias.withTerm("bias", m: m, n: n) { bias in
        unsafe withResidual(m: m, n: n) { residual in
          unsafe body(
            ck_epilogue(
              scale: scale, bias: bias, residual: residual, activation: activation.code,
              lower: clip?.lowerBound ?? -.infinity, upper: clip?.upperBound ?? .infinity))
        }
      }
    }
  }

  @unsafe
  private func withResidual<Result>(m: Int, n: Int, _ body: (ck_epilogue_term) -> Result) -> Result {
    guard let residual else { return unsafe body(ck_epilogue_term(start: nil, row_stride: 0, column_stride: 0)) }
    precondition(residualStride >= n, "epilogue: ldr must be at least n")
    // As the C of a product with nothing: the same sizes cannot be.
    let shape = GemmShape(.no, .no, m: m, n: n, k: 0, lda: 0, ldb: n, ldc: residualStride)
      .checked(elementSize: MemoryLayout<Float>.stride)
    precondition(
      residual.count >= shape.extentC, "epilogue: the residual has fewer elements than (m - 1) * ldr + n")
    return unsafe residual.withUnsafeBufferPointer {
      unsafe body(ck_epilogue_term(start: $0.baseAddress, row_stride: shape.compact.ldc, column_stride: 1))
    }
  }
}

extension Epilogue.Term {
  @unsafe
  fileprivate func withTerm<Result>(
    _ name: StaticString, m: Int, n: Int, _ body: (ck_epilogue_term) -> Result
  ) -> Result {
    switch self {
    case .none:
      return unsafe body(ck_epilogue_term(start: nil, row_stride: 0, column_stride: 0))
    case .uniform(let number):
      return unsafe withUnsafePointer(to: number) {
        unsafe body(ck_epilogue_term(start: $0, row_stride: 0, column_stride: 0))
      }
    case .perRow(let numbers):
      precondition(numbers.count == m, "epilogue: \(name) has another number of elements than C has rows")
      return unsafe numbers.withUnsafeBufferPointer {
        unsafe body(ck_epilogue_term(start: $0.baseAddress, row_stride: 1, column_stride: 0))
      }
    case .perColumn(let numbers):
      precondition(numbers.count == n, "epilogue: \(name) has another number of elements than C has columns")
      return unsafe numbers.withUnsafeBufferPointer {
        unsafe body(ck_epilogue_term(start: $0.baseAddress, row_stride: 0, column_stride: 1))
      }
    }
  }
}

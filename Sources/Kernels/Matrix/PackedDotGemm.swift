// Products with packed factors, of bf16 numbers and of bytes.

/// C = alpha · op(A) · B + beta · C with B packed; all else as in `bf16gemm`, with the same bits.
public func bf16gemm(
  _ transposeA: Transpose = .no, m: Int, alpha: Float = 1, a: Span<BFloat16>, lda: Int,
  b: borrowing PackedB<BFloat16>, beta: Float = 0, c: inout MutableSpan<Float>, ldc: Int, epilogue: Epilogue? = nil,
  threads: Int = 1,
  scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, .no, m: m, n: b.n, k: b.k, lda: lda, ldb: b.n, ldc: ldc)
    .checked(elementSize: MemoryLayout<Float>.stride)
  precondition(a.count >= shape.extentA, "gemm: a has too few elements")
  unsafe a.withUnsafeBufferPointer { a in
    unsafe withEpilogue(epilogue, m: shape.m, n: shape.n) { epilogue in
      unsafe packedDot(
        BF16Dot.self, shape, BF16Dot.Factors(alpha: alpha, beta: beta),
        DotOperand(a.baseAddress, .a, shape),
        DotOperand(b.memory.strips(lines: b.n, depth: b.k, elementSize: 2, sums: false)), &c, epilogue,
        threads: threads, scratch: &scratch)
    }
  }
}

/// C = alpha · A · op(B) + beta · C with A packed; all else as in `bf16gemm`, with the same bits.
public func bf16gemm(
  _ transposeB: Transpose = .no, n: Int, alpha: Float = 1, a: borrowing PackedA<BFloat16>, b: Span<BFloat16>, ldb: Int,
  beta: Float = 0, c: inout MutableSpan<Float>, ldc: Int, epilogue: Epilogue? = nil, threads: Int = 1,
  scratch: inout Scratch
) {
  let shape = GemmShape(.no, transposeB, m: a.m, n: n, k: a.k, lda: a.k, ldb: ldb, ldc: ldc)
    .checked(elementSize: MemoryLayout<Float>.stride)
  precondition(b.count >= shape.extentB, "gemm: b has too few elements")
  unsafe b.withUnsafeBufferPointer { b in
    unsafe withEpilogue(epilogue, m: shape.m, n: shape.n) { epilogue in
      unsafe packedDot(
        BF16Dot.self, shape, BF16Dot.Factors(alpha: alpha, beta: beta),
        DotOperand(a.memory.strips(lines: a.m, depth: a.k, elementSize: 2, sums: false)),
        DotOperand(b.baseAddress, .b, shape), &c, epilogue, threads: threads, scratch: &scratch)
    }
  }
}

/// C = alpha · A · B + beta · C with both packed; all else as in `bf16gemm`, with the same bits.
public func bf16gemm(
  alpha: Float = 1, a: borrowing PackedA<BFloat16>, b: borrowing PackedB<BFloat16>, beta: Float = 0,
  c: inout MutableSpan<Float>, ldc: Int, epilogue: Epilogue? = nil,
  threads: Int = 1, scratch: inout Scratch
) {
  precondition(a.k == b.k, "gemm: packed A and B have different k")
  let shape = GemmShape(.no, .no, m: a.m, n: b.n, k: a.k, lda: a.k, ldb: b.n, ldc: ldc)
    .checked(elementSize: MemoryLayout<Float>.stride)
  unsafe withEpilogue(epilogue, m: shape.m, n: shape.n) { epilogue in
    unsafe packedDot(
      BF16Dot.self, shape, BF16Dot.Factors(alpha: alpha, beta: beta),
      DotOperand(a.memory.strips(lines: a.m, depth: a.k, elementSize: 2, sums: false)),
      DotOperand(b.memory.strips(lines: b.n, depth: b.k, elementSize: 2, sums: false)), &c, epilogue, threads: threads,
      scratch: &scratch)
  }
}

/// C = (op(A) - aZero) · (B - bZero), or that added to C, with B packed; all else as in `u8s8gemm`, with the same bits.
public func u8s8gemm(
  _ transposeA: Transpose = .no, m: Int, a: Span<UInt8>, lda: Int, aZero: Int32 = 0,
  b: borrowing PackedB<Int8>, bZero: Int32 = 0, c: inout MutableSpan<Int32>, ldc: Int, accumulate: Bool = false,
  threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, .no, m: m, n: b.n, k: b.k, lda: lda, ldb: b.n, ldc: ldc)
    .checked(elementSize: MemoryLayout<Int32>.stride)
  precondition(a.count >= shape.extentA, "gemm: a has too few elements")
  unsafe a.withUnsafeBufferPointer { a in
    unsafe packedDot(
      U8S8Dot.self, shape, U8S8Dot.Factors(aZero: aZero, bZero: bZero, accumulate: accumulate),
      DotOperand(a.baseAddress, .a, shape),
      DotOperand(b.memory.strips(lines: b.n, depth: b.k, elementSize: 1, sums: true)), &c,
      threads: threads, scratch: &scratch)
  }
}

/// C = (A - aZero) · (op(B) - bZero), or that added to C, with A packed; all else as in `u8s8gemm`, with the same bits.
public func u8s8gemm(
  _ transposeB: Transpose = .no, n: Int, a: borrowing PackedA<UInt8>, aZero: Int32 = 0, b: Span<Int8>, ldb: Int,
  bZero: Int32 = 0,
  c: inout MutableSpan<Int32>, ldc: Int, accumulate: Bool = false, threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(.no, transposeB, m: a.m, n: n, k: a.k, lda: a.k, ldb: ldb, ldc: ldc)
    .checked(elementSize: MemoryLayout<Int32>.stride)
  precondition(b.count >= shape.extentB, "gemm: b has too few elements")
  unsafe b.withUnsafeBufferPointer { b in
    unsafe packedDot(
      U8S8Dot.self, shape, U8S8Dot.Factors(aZero: aZero, bZero: bZero, accumulate: accumulate),
      DotOperand(a.memory.strips(lines: a.m, depth: a.k, elementSize: 1, sums: true)),
      DotOperand(b.baseAddress, .b, shape), &c,
      threads: threads, scratch: &scratch)
  }
}

/// C = (A - aZero) · (B - bZero), or that added to C, with both packed; all else as in `u8s8gemm`, with the same bits.
public func u8s8gemm(
  a: borrowing PackedA<UInt8>, aZero: Int32 = 0, b: borrowing PackedB<Int8>, bZero: Int32 = 0,
  c: inout MutableSpan<Int32>, ldc: Int,
  accumulate: Bool = false, threads: Int = 1, scratch: inout Scratch
) {
  precondition(a.k == b.k, "gemm: packed A and B have different k")
  let shape = GemmShape(.no, .no, m: a.m, n: b.n, k: a.k, lda: a.k, ldb: b.n, ldc: ldc)
    .checked(elementSize: MemoryLayout<Int32>.stride)
  unsafe packedDot(
    U8S8Dot.self, shape, U8S8Dot.Factors(aZero: aZero, bZero: bZero, accumulate: accumulate),
    DotOperand(a.memory.strips(lines: a.m, depth: a.k, elementSize: 1, sums: true)),
    DotOperand(b.memory.strips(lines: b.n, depth: b.k, elementSize: 1, sums: true)), &c,
    threads: threads, scratch: &scratch)
}

// MARK: - With the row that the CPU has

/// - `shape` and the stored factors have been checked; C is checked here.
@unsafe @inline(__always)
func packedDot<Format: DotFormat>(
  _: Format.Type, _ shape: GemmShape, _ factors: Format.Factors, _ a: DotOperand?, _ b: DotOperand?,
  _ c: inout MutableSpan<Format.C>, _ epilogue: EpiloguePlace<Format.Epilogue>? = nil, threads: Int,
  scratch: inout Scratch
) {
  precondition(c.count >= shape.extentC, "gemm: c has fewer elements than (m - 1) * ldc + n")
  precondition(threads >= 1, "gemm: threads must be at least 1")
  unsafe c.withUnsafeMutableBufferPointer { c in
    guard shape.m > 0 && shape.n > 0, let c = c.baseAddress else { return }
    // Where a factor has no elements it is never read: any address stands in for it.
    let nothing = unsafe DotOperand.stored(DotSource(start: c, lineStride: 1, depthStride: 1, elementSize: 1))
    var problem = unsafe DotProblem<Format>(
      m: shape.m, n: shape.n, k: shape.k, a: a ?? nothing, b: b ?? nothing, factors: factors, c: c,
      cRow: shape.compact.ldc)
    unsafe problem.epilogue = epilogue
    if unsafe !dotMultiply(
      DotKernel<Format>.select(.current), problem, threads: threads, caches: .current, scratch: &scratch)
    {
      preconditionFailure("gemm: the system has no more memory")
    }
  }
}

extension DotOperand {
  /// A stored factor; nil where it has no elements.
  @unsafe
  init?<Element>(_ start: UnsafePointer<Element>?, _ side: GemmSide, _ shape: GemmShape) {
    guard let start = unsafe start else { return nil }
    unsafe self = .stored(DotSource(start, side, shape.compact, MemoryLayout<Element>.stride))
  }

  /// A packed factor; nil where it has no elements.
  @unsafe
  init?(_ lines: DotPackedLines?) {
    guard let lines = unsafe lines else { return nil }
    unsafe self = .packed(lines)
  }
}

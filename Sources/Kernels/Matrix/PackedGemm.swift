// Products with packed factors, in single and in double precision.

/// C = alpha · op(A) · B + beta · C with B packed; all else as in `sgemm`, with the same bits.
public func sgemm(
  _ transposeA: Transpose = .no, m: Int, alpha: Float = 1, a: Span<Float>, lda: Int, b: borrowing PackedB<Float>,
  beta: Float = 0, c: inout MutableSpan<Float>, ldc: Int, epilogue: Epilogue? = nil,
  threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, .no, m: m, n: b.n, k: b.k, lda: lda, ldb: b.n, ldc: ldc)
  let kernel = GemmKernel<Float>.select(b.memory.features)
  precondition(
    a.count >= shape.checked(elementSize: MemoryLayout<Float>.stride).extentA, "gemm: a has too few elements")
  unsafe a.withUnsafeBufferPointer { a in
    unsafe withEpilogue(epilogue, m: shape.m, n: shape.n) { epilogue in
      unsafe packedGemm(
        kernel, shape, alpha, (a.baseAddress, nil), (nil, b.lines), beta, &c, epilogue, threads: threads,
        scratch: &scratch)
    }
  }
}

/// C = alpha · A · op(B) + beta · C with A packed; all else as in `sgemm`, with the same bits.
public func sgemm(
  _ transposeB: Transpose = .no, n: Int, alpha: Float = 1, a: borrowing PackedA<Float>, b: Span<Float>, ldb: Int,
  beta: Float = 0, c: inout MutableSpan<Float>, ldc: Int, epilogue: Epilogue? = nil,
  threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(.no, transposeB, m: a.m, n: n, k: a.k, lda: a.k, ldb: ldb, ldc: ldc)
  let kernel = GemmKernel<Float>.select(a.memory.features)
  precondition(
    b.count >= shape.checked(elementSize: MemoryLayout<Float>.stride).extentB, "gemm: b has too few elements")
  unsafe b.withUnsafeBufferPointer { b in
    unsafe withEpilogue(epilogue, m: shape.m, n: shape.n) { epilogue in
      unsafe packedGemm(
        kernel, shape, alpha, (nil, a.lines), (b.baseAddress, nil), beta, &c, epilogue, threads: threads,
        scratch: &scratch)
    }
  }
}

/// C = alpha · A · B + beta · C with both packed, under the same mask of CPU features; all else as in `sgemm`, with the same bits.
public func sgemm(
  alpha: Float = 1, a: borrowing PackedA<Float>, b: borrowing PackedB<Float>, beta: Float = 0,
  c: inout MutableSpan<Float>, ldc: Int, epilogue: Epilogue? = nil,
  threads: Int = 1, scratch: inout Scratch
) {
  precondition(a.k == b.k, "gemm: packed A and B have different k")
  let kernel = GemmKernel<Float>.select(b.memory.features)
  precondition(
    kernel.requires == GemmKernel<Float>.select(a.memory.features).requires,
    "gemm: A and B were packed for different CPU features")
  let shape = GemmShape(.no, .no, m: a.m, n: b.n, k: a.k, lda: a.k, ldb: b.n, ldc: ldc)
  unsafe withEpilogue(epilogue, m: shape.m, n: shape.n) { epilogue in
    unsafe packedGemm(
      kernel, shape, alpha, (nil, a.lines), (nil, b.lines), beta, &c, epilogue, threads: threads, scratch: &scratch)
  }
}

/// C = alpha · op(A) · B + beta · C with B packed; all else as in `dgemm`, with the same bits.
public func dgemm(
  _ transposeA: Transpose = .no, m: Int, alpha: Double = 1, a: Span<Double>, lda: Int, b: borrowing PackedB<Double>,
  beta: Double = 0, c: inout MutableSpan<Double>, ldc: Int, threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, .no, m: m, n: b.n, k: b.k, lda: lda, ldb: b.n, ldc: ldc)
  let kernel = GemmKernel<Double>.select(b.memory.features)
  precondition(
    a.count >= shape.checked(elementSize: MemoryLayout<Double>.stride).extentA, "gemm: a has too few elements")
  unsafe a.withUnsafeBufferPointer { a in
    unsafe packedGemm(
      kernel, shape, alpha, (a.baseAddress, nil), (nil, b.lines), beta, &c, threads: threads, scratch: &scratch)
  }
}

/// C = alpha · A · op(B) + beta · C with A packed; all else as in `dgemm`, with the same bits.
public func dgemm(
  _ transposeB: Transpose = .no, n: Int, alpha: Double = 1, a: borrowing PackedA<Double>, b: Span<Double>, ldb: Int,
  beta: Double = 0, c: inout MutableSpan<Double>, ldc: Int, threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(.no, transposeB, m: a.m, n: n, k: a.k, lda: a.k, ldb: ldb, ldc: ldc)
  let kernel = GemmKernel<Double>.select(a.memory.features)
  precondition(
    b.count >= shape.checked(elementSize: MemoryLayout<Double>.stride).extentB, "gemm: b has too few elements")
  unsafe b.withUnsafeBufferPointer { b in
    unsafe packedGemm(
      kernel, shape, alpha, (nil, a.lines), (b.baseAddress, nil), beta, &c, threads: threads, scratch: &scratch)
  }
}

/// C = alpha · A · B + beta · C with both packed, under the same mask of CPU features; all else as in `dgemm`, with the same bits.
public func dgemm(
  alpha: Double = 1, a: borrowing PackedA<Double>, b: borrowing PackedB<Double>, beta: Double = 0,
  c: inout MutableSpan<Double>, ldc: Int,
  threads: Int = 1, scratch: inout Scratch
) {
  precondition(a.k == b.k, "gemm: packed A and B have different k")
  let kernel = GemmKernel<Double>.select(b.memory.features)
  precondition(
    kernel.requires == GemmKernel<Double>.select(a.memory.features).requires,
    "gemm: A and B were packed for different CPU features")
  let shape = GemmShape(.no, .no, m: a.m, n: b.n, k: a.k, lda: a.k, ldb: b.n, ldc: ldc)
  unsafe packedGemm(
    kernel, shape, alpha, (nil, a.lines), (nil, b.lines), beta, &c, threads: threads, scratch: &scratch)
}

// MARK: - With a row of the table

/// A factor where it lies: as the caller stores it, or packed.
private typealias Factor<Element> = (stored: UnsafePointer<Element>?, packed: GemmPackedLines<Element>?)

/// - The stored factors have been checked; C is checked here.
@unsafe @inline(__always)
private func packedGemm<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ shape: GemmShape, _ alpha: Element, _ a: Factor<Element>, _ b: Factor<Element>,
  _ beta: Element, _ c: inout MutableSpan<Element>, _ epilogue: EpiloguePlace<Element.GemmEpilogue>? = nil,
  threads: Int, scratch: inout Scratch
) {
  let shape = shape.checked(elementSize: MemoryLayout<Element>.stride)
  precondition(c.count >= shape.extentC, "gemm: c has fewer elements than (m - 1) * ldc + n")
  precondition(threads >= 1, "gemm: threads must be at least 1")
  unsafe c.withUnsafeMutableBufferPointer { c in
    guard shape.m > 0 && shape.n > 0, let c = c.baseAddress else { return }
    var problem = unsafe GemmProblem(shape, alpha, a.stored, b.stored, beta, c)
    unsafe (problem.packedA, problem.packedB) = (a.packed, b.packed)
    unsafe problem.epilogue = epilogue
    if unsafe !gemm(kernel, problem, nil, threads: threads, scratch: &scratch) {
      preconditionFailure("gemm: the system has no more memory")
    }
  }
}

// Products of bytes that end in bytes or in single precision: what a quantised layer does.

import CKernels

/// An element that `u8s8gemm` can make of its sums: `UInt8` or `Int8`, requantised, or `Float`.
public protocol U8S8Result: BitwiseCopyable, Sendable {
  static var sumsFormat: U8S8ResultFormat { get }
}

/// What becomes of a sum behind its epilogue. There are three, those of the types that conform to ``U8S8Result``.
public struct U8S8ResultFormat: Hashable, Sendable {
  /// Bounds of a byte; nil for single precision.
  let bounds: ClosedRange<Int32>?
}

extension UInt8: U8S8Result {
  public static var sumsFormat: U8S8ResultFormat { U8S8ResultFormat(bounds: 0...255) }
}

extension Int8: U8S8Result {
  public static var sumsFormat: U8S8ResultFormat { U8S8ResultFormat(bounds: -128...127) }
}

extension Float: U8S8Result {
  public static var sumsFormat: U8S8ResultFormat { U8S8ResultFormat(bounds: nil) }
}

/// C = what an epilogue makes of (op(A) - aZero) · (op(B) - bZero) + bias: bytes, or numbers of single precision.
///
/// Sums are those of ``u8s8gemm(_:_:m:n:k:a:lda:aZero:b:ldb:bZero:c:ldc:accumulate:threads:scratch:)-(_,_,_,_,_,Span<UInt8>,_,_,_,_,_,_,_,_,_,_)``, exact modulo 2^32, the
/// bias of their column included. A sum becomes the nearest `Float` (to even at a tie; exact up to 2^24), and goes through
/// `epilogue`, whose scale is that of the quantisation: one for all, or one a channel. Of bytes the result v is then
/// requantised: C is the integer nearest to v, to even at a tie, plus `cZero`, and saturates at the least and the largest byte; NaN gives
/// `cZero`.
///
/// ```swift
/// let scales = Epilogue(scale: .perColumn(scales.span), activation: .relu)
/// u8s8gemm(m: m, n: n, k: k, a: a.span, lda: k, b: b.span, ldb: n, bias: bias.span, c: &bytes, ldc: n, cZero: 128,
///   epilogue: scales, scratch: &scratch)
/// ```
///
/// - `bias` has n elements; `cZero` is a value of a byte of C, and 0 where C holds `Float`.
/// - The same bits on every CPU, for any number of threads, and whichever factors are packed.
/// - C is written and never read. Shapes, layout, mistakes and threads are those of the product without an epilogue.
/// - Complexity: O(m · n · k). `scratch` grows besides to what the sums of one panel take, or those of 512 x 512
///   elements of C where k is cut, for each thread.
public func u8s8gemm<Result: U8S8Result>(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  a: Span<UInt8>, lda: Int, aZero: Int32 = 0, b: Span<Int8>, ldb: Int, bZero: Int32 = 0, bias: Span<Int32>? = nil,
  c: inout MutableSpan<Result>, ldc: Int, cZero: Int32 = 0, epilogue: Epilogue, threads: Int = 1,
  scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
    .checked(elementSize: MemoryLayout<Int32>.stride)
  precondition(a.count >= shape.extentA, "gemm: a has fewer elements than (rows - 1) * lda + columns")
  precondition(b.count >= shape.extentB, "gemm: b has fewer elements than (rows - 1) * ldb + columns")
  unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe quantizedGemm(
        shape, (aZero, bZero, cZero), DotOperand(a.baseAddress, .a, shape), DotOperand(b.baseAddress, .b, shape), bias,
        &c, epilogue, threads: threads, scratch: &scratch)
    }
  }
}

/// The same with B packed, with the same bits.
public func u8s8gemm<Result: U8S8Result>(
  _ transposeA: Transpose = .no, m: Int, a: Span<UInt8>, lda: Int, aZero: Int32 = 0,
  b: borrowing PackedB<Int8>, bZero: Int32 = 0, bias: Span<Int32>? = nil,
  c: inout MutableSpan<Result>, ldc: Int, cZero: Int32 = 0, epilogue: Epilogue, threads: Int = 1,
  scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, .no, m: m, n: b.n, k: b.k, lda: lda, ldb: b.n, ldc: ldc)
    .checked(elementSize: MemoryLayout<Int32>.stride)
  precondition(a.count >= shape.extentA, "gemm: a has too few elements")
  unsafe a.withUnsafeBufferPointer { a in
    unsafe quantizedGemm(
      shape, (aZero, bZero, cZero), DotOperand(a.baseAddress, .a, shape),
      DotOperand(b.memory.strips(lines: b.n, depth: b.k, elementSize: 1, sums: true)), bias, &c, epilogue,
      threads: threads, scratch: &scratch)
  }
}

/// The same with A packed, with the same bits.
public func u8s8gemm<Result: U8S8Result>(
  _ transposeB: Transpose = .no, n: Int, a: borrowing PackedA<UInt8>, aZero: Int32 = 0, b: Span<Int8>, ldb: Int,
  bZero: Int32 = 0, bias: Span<Int32>? = nil,
  c: inout MutableSpan<Result>, ldc: Int, cZero: Int32 = 0, epilogue: Epilogue, threads: Int = 1,
  scratch: inout Scratch
) {
  let shape = GemmShape(.no, transposeB, m: a.m, n: n, k: a.k, lda: a.k, ldb: ldb, ldc: ldc)
    .checked(elementSize: MemoryLayout<Int32>.stride)
  precondition(b.count >= shape.extentB, "gemm: b has too few elements")
  unsafe b.withUnsafeBufferPointer { b in
    unsafe quantizedGemm(
      shape, (aZero, bZero, cZero), DotOperand(a.memory.strips(lines: a.m, depth: a.k, elementSize: 1, sums: true)),
      DotOperand(b.baseAddress, .b, shape), bias, &c, epilogue, threads: threads, scratch: &scratch)
  }
}

/// The same with both packed, with the same bits.
public func u8s8gemm<Result: U8S8Result>(
  a: borrowing PackedA<UInt8>, aZero: Int32 = 0, b: borrowing PackedB<Int8>, bZero: Int32 = 0,
  bias: Span<Int32>? = nil, c: inout MutableSpan<Result>, ldc: Int, cZero: Int32 = 0, epilogue: Epilogue,
  threads: Int = 1, scratch: inout Scratch
) {
  precondition(a.k == b.k, "gemm: packed A and B have different k")
  let shape = GemmShape(.no, .no, m: a.m, n: b.n, k: a.k, lda: a.k, ldb: b.n, ldc: ldc)
    .checked(elementSize: MemoryLayout<Int32>.stride)
  unsafe quantizedGemm(
    shape, (aZero, bZero, cZero), DotOperand(a.memory.strips(lines: a.m, depth: a.k, elementSize: 1, sums: true)),
    DotOperand(b.memory.strips(lines: b.n, depth: b.k, elementSize: 1, sums: true)), bias, &c, epilogue,
    threads: threads, scratch: &scratch)
}

// MARK: - With the rows that the CPU has

/// - `shape` and the stored factors have been checked; C is checked here, and its bias and the epilogue.
@unsafe @inline(__always)
private func quantizedGemm<Result: U8S8Result>(
  _ shape: GemmShape, _ zeros: (a: Int32, b: Int32, c: Int32), _ a: DotOperand?, _ b: DotOperand?,
  _ bias: Span<Int32>?, _ c: inout MutableSpan<Result>, _ epilogue: Epilogue, threads: Int, scratch: inout Scratch
) {
  precondition(c.count >= shape.extentC, "gemm: c has fewer elements than (m - 1) * ldc + n")
  precondition(threads >= 1, "gemm: threads must be at least 1")
  unsafe c.withUnsafeMutableBufferPointer { c in
    unsafe withSumsEpilogue(
      epilogue, .select(.current), m: shape.m, n: shape.n, bias, c.baseAddress, ldc: shape.compact.ldc, cZero: zeros.c
    ) {
      unsafe quantizedGemm(shape, zeros, a, b, $0, threads: threads, scratch: &scratch)
    }
  }
}

@unsafe
private func quantizedGemm(
  _ shape: GemmShape, _ zeros: (a: Int32, b: Int32, c: Int32), _ a: DotOperand?, _ b: DotOperand?,
  _ epilogue: UnsafePointer<SumsEpilogue>, threads: Int, scratch: inout Scratch
) {
  let anywhere = unsafe epilogue.pointee.result
  // Where a factor has no elements it is never read: any address stands in for it.
  let nothing = unsafe DotOperand.stored(DotSource(start: anywhere, lineStride: 1, depthStride: 1, elementSize: 1))
  var problem = unsafe DotProblem<U8S8Dot>(
    m: shape.m, n: shape.n, k: shape.k, a: a ?? nothing, b: b ?? nothing,
    factors: U8S8Dot.Factors(aZero: zeros.a, bZero: zeros.b, accumulate: false),
    // Neither read nor written: sums are built apart.
    c: anywhere.assumingMemoryBound(to: Int32.self), cRow: 0)
  unsafe problem.epilogue = EpiloguePlace(epilogue)
  if unsafe !dotMultiply(.select(.current), problem, threads: threads, caches: .current, scratch: &scratch) {
    preconditionFailure("gemm: the system has no more memory")
  }
}

/// Calls `body` with an epilogue of sums that go to C, valid until it returns; does not where C has no elements.
@unsafe
func withSumsEpilogue<Result: U8S8Result>(
  _ epilogue: Epilogue, _ kernel: EpilogueKernel, m: Int, n: Int, _ bias: Span<Int32>?,
  _ c: UnsafeMutablePointer<Result>?, ldc: Int, cZero: Int32, _ body: (UnsafePointer<SumsEpilogue>) -> Void
) {
  let bounds = Result.sumsFormat.bounds
  let size = MemoryLayout<Result>.stride
  precondition(size == (bounds == nil ? MemoryLayout<Float>.stride : 1), "gemm: C is of UInt8, Int8 or Float")
  precondition((bounds ?? 0...0).contains(cZero), "gemm: cZero must be a value of an element of C")
  if let bias { precondition(bias.count == n, "gemm: bias has another number of elements than C has columns") }
  unsafe epilogue.withTerms(m: m, n: n) { terms in
    unsafe withStart(of: bias) { bias in
      guard m > 0 && n > 0, let c = unsafe c else { return }
      let sums = unsafe SumsEpilogue(
        kernel: kernel, terms: terms,
        quantization: ck_quantization(
          bias: bias, to_bytes: bounds == nil ? 0 : 1, zero: cZero, lower: bounds?.lowerBound ?? 0,
          upper: bounds?.upperBound ?? 0),
        result: c, resultStride: size, resultRow: ldc)
      unsafe withUnsafePointer(to: sums) { unsafe body($0) }
    }
  }
}

/// Calls `body` with where a span starts, valid until it returns; nil where there is none.
@unsafe
private func withStart(of span: Span<Int32>?, _ body: (UnsafePointer<Int32>?) -> Void) {
  guard let span else { return body(nil) }
  unsafe span.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
}

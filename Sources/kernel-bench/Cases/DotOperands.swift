import BenchHarness
import Kernels

/// Three square matrices of a product in groups, row-major without gaps, B packed as well, and the working memory of a product.
@safe
final class DotOperands<A: BitwiseCopyable & Sendable, B: BitwiseCopyable & Sendable, C: BitwiseCopyable & Sendable> {
  let size: Int
  let a: UnsafeMutablePointer<A>
  let b: UnsafeMutablePointer<B>
  let c: UnsafeMutablePointer<C>
  private let memory: UnsafeMutableRawPointer
  var scratch = Scratch()

  /// - Parameters: elements of A and B for random numbers, the same ones at every run; `nothing` fills C.
  init(_ size: Int, elementA: (UInt64) -> A, elementB: (UInt64) -> B, nothing: C) {
    self.size = size
    let count = size * size
    // Each matrix on a page of its own, as large ones are anyway.
    let page = 4096
    func pages(_ stride: Int) -> Int { (count * stride + page - 1) / page * page }
    let (sizeA, sizeB, sizeC) = (MemoryLayout<A>.stride, MemoryLayout<B>.stride, MemoryLayout<C>.stride)
    unsafe memory = .allocate(byteCount: pages(sizeA) + pages(sizeB) + pages(sizeC), alignment: page)
    unsafe a = memory.bindMemory(to: A.self, capacity: count)
    unsafe b = (memory + pages(sizeA)).bindMemory(to: B.self, capacity: count)
    unsafe c = (memory + pages(sizeA) + pages(sizeB)).bindMemory(to: C.self, capacity: count)
    var random = SplitMix64(seed: UInt64(size))
    for i in 0..<count { unsafe (a + i).initialize(to: elementA(random.next())) }
    for i in 0..<count { unsafe (b + i).initialize(to: elementB(random.next())) }
    unsafe c.initialize(repeating: nothing, count: count)
  }

  deinit { unsafe memory.deallocate() }

  /// C as it is now.
  var result: [C] { unsafe Array(UnsafeBufferPointer(start: c, count: size * size)) }
}

/// A packed factor that a contender keeps.
final class KeptFactor<Element: BitwiseCopyable & Sendable> {
  let packed: PackedB<Element>

  init(_ packed: consuming PackedB<Element>) { self.packed = packed }
}

typealias BF16Operands = DotOperands<BFloat16, BFloat16, Float>
typealias ByteOperands = DotOperands<UInt8, Int8, Int32>

extension BF16Operands {
  /// Numbers in -1 ..< 1.
  static func random(_ size: Int) -> BF16Operands {
    func element(_ bits: UInt64) -> BFloat16 { BFloat16(Float(Int64(bitPattern: bits) >> 40) / 8_388_608) }
    return BF16Operands(size, elementA: element, elementB: element, nothing: .nan)
  }

  func multiply(_ iterations: Int) { unsafe Self.multiply(iterations, size, a, b, c, &scratch) }

  // The scratch is inout here, so that access to a class's property is checked once and not at each iteration.
  private static func multiply(
    _ iterations: Int, _ n: Int, _ a: UnsafePointer<BFloat16>, _ b: UnsafePointer<BFloat16>,
    _ c: UnsafeMutablePointer<Float>, _ scratch: inout Scratch
  ) {
    repeating(iterations) {
      unsafe bf16gemm(m: n, n: n, k: n, a: a, lda: n, b: b, ldb: n, c: c, ldc: n, scratch: &scratch)
    }
  }

  /// B, packed before.
  var packedB: KeptFactor<BFloat16> {
    KeptFactor(PackedB(k: size, n: size, b: unsafe UnsafeBufferPointer(start: b, count: size * size).span, ldb: size))
  }

  func multiplyPacked(_ iterations: Int, _ packed: borrowing PackedB<BFloat16>) {
    unsafe Self.multiply(
      iterations, size, UnsafeBufferPointer(start: a, count: size * size).span, packed,
      UnsafeMutableBufferPointer(start: c, count: size * size), &scratch)
  }

  private static func multiply(
    _ iterations: Int, _ n: Int, _ a: Span<BFloat16>, _ packed: borrowing PackedB<BFloat16>,
    _ result: UnsafeMutableBufferPointer<Float>, _ scratch: inout Scratch
  ) {
    repeating(iterations) {
      var c = unsafe result.mutableSpan
      bf16gemm(m: n, a: a, lda: n, b: packed, c: &c, ldc: n, scratch: &scratch)
    }
  }
}

extension ByteOperands {
  /// All bytes with sign, and those without below 128: libraries that multiply by saturating instructions are right for these.
  static func random(_ size: Int) -> ByteOperands {
    ByteOperands(
      size, elementA: { UInt8(truncatingIfNeeded: $0 & 127) }, elementB: { Int8(truncatingIfNeeded: $0) }, nothing: -1)
  }

  func multiply(_ iterations: Int) { unsafe Self.multiply(iterations, size, a, b, c, &scratch) }

  private static func multiply(
    _ iterations: Int, _ n: Int, _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<Int8>, _ c: UnsafeMutablePointer<Int32>,
    _ scratch: inout Scratch
  ) {
    repeating(iterations) {
      unsafe u8s8gemm(m: n, n: n, k: n, a: a, lda: n, b: b, ldb: n, c: c, ldc: n, scratch: &scratch)
    }
  }

  /// B, packed before.
  var packedB: KeptFactor<Int8> {
    KeptFactor(PackedB(k: size, n: size, b: unsafe UnsafeBufferPointer(start: b, count: size * size).span, ldb: size))
  }

  func multiplyPacked(_ iterations: Int, _ packed: borrowing PackedB<Int8>) {
    unsafe Self.multiply(
      iterations, size, UnsafeBufferPointer(start: a, count: size * size).span, packed,
      UnsafeMutableBufferPointer(start: c, count: size * size), &scratch)
  }

  private static func multiply(
    _ iterations: Int, _ n: Int, _ a: Span<UInt8>, _ packed: borrowing PackedB<Int8>,
    _ result: UnsafeMutableBufferPointer<Int32>, _ scratch: inout Scratch
  ) {
    repeating(iterations) {
      var c = unsafe result.mutableSpan
      u8s8gemm(m: n, a: a, lda: n, b: packed, c: &c, ldc: n, scratch: &scratch)
    }
  }
}

import Kernels
import Testing

/// A format of products in groups, as the tests make its elements.
protocol DotTestFormat: DotFormat {
  static func randomA(_ generator: inout SplitMix64) -> A
  static func randomB(_ generator: inout SplitMix64) -> B
  static func randomC(_ generator: inout SplitMix64) -> C
  /// What stands where no element is, so that what reads it shows.
  static var gaps: (a: A, b: B, c: C) { get }
}

extension DotKernel: CustomTestStringConvertible {
  var testDescription: String { name.description }
  var runsHere: Bool { CPUFeatures.detected.isSuperset(of: requires) }
  /// The rows that this machine can run.
  static var supported: [DotKernel] { all.filter { $0.runsHere } }
}

/// The factors and the old C of a product, without gaps and not transposed.
struct DotInput<Format: DotTestFormat> {
  let m, n, k: Int
  /// op(A), m x k.
  var a: [Format.A]
  /// op(B), k x n.
  var b: [Format.B]
  /// m x n.
  var c: [Format.C]

  init(m: Int, n: Int, k: Int, seed: Int) {
    (self.m, self.n, self.k) = (m, n, k)
    var generator = SplitMix64(state: UInt64(seed))
    a = (0..<m * k).map { _ in Format.randomA(&generator) }
    b = (0..<k * n).map { _ in Format.randomB(&generator) }
    c = (0..<m * n).map { _ in Format.randomC(&generator) }
  }
}

/// One way to compute a product: row, layout, threads, caches that its blocks are computed from.
struct DotCase<Format: DotTestFormat>: CustomStringConvertible {
  let kernel: DotKernel<Format>
  var layout = GemmLayout()
  var factors: Format.Factors
  var threads = 1
  var caches = CacheSizes.fallback

  /// Blocks of one tile, and k in parts as short as they get.
  static var noCaches: CacheSizes { CacheSizes(l1: 0, l2: 0, l3: 0) }

  var description: String {
    let (a, b) = (layout.transposeA == .yes ? "A'" : "A", layout.transposeB == .yes ? "B'" : "B")
    return "\(kernel.name), \(a) \(b), gaps \(layout.gaps), offset \(layout.offset), \(factors), "
      + "threads \(threads), \(caches)"
  }

  /// The product, m x n without gaps; throws where anything beside C's elements changes.
  func run(_ input: DotInput<Format>) throws -> [Format.C] {
    let shape = layout.shape(input.m, input.n, input.k)
    let a = layout.stored(input.a, input.m, input.k, layout.transposeA, ld: shape.lda, gap: Format.gaps.a)
    let b = layout.stored(input.b, input.k, input.n, layout.transposeB, ld: shape.ldb, gap: Format.gaps.b)
    var c = layout.stored(input.c, input.m, input.n, .no, ld: shape.ldc, gap: Format.gaps.c)
    let before = c
    if let alignment = layout.guarded {
      let (guardedA, guardedB) = (GuardedBuffer(a, alignment: alignment), GuardedBuffer(b, alignment: alignment))
      let guardedC = GuardedBuffer(c, alignment: alignment)
      unsafe multiply(
        shape, UnsafeBufferPointer(guardedA.bytes.bindMemory(to: Format.A.self)),
        UnsafeBufferPointer(guardedB.bytes.bindMemory(to: Format.B.self)), guardedC.bytes.bindMemory(to: Format.C.self))
      c = unsafe Array(guardedC.bytes.bindMemory(to: Format.C.self))
    } else {
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          unsafe c.withUnsafeMutableBufferPointer { c in unsafe multiply(shape, a, b, c) }
        }
      }
    }
    // With the result taken out, all must be as it was.
    var result: [Format.C] = []
    for i in 0..<(input.n == 0 ? 0 : input.m) {
      let row = (layout.offset + i * shape.ldc)..<(layout.offset + i * shape.ldc + input.n)
      result += c[row]
      c.replaceSubrange(row, with: before[row])
    }
    if !sameBits(c, before) { throw GemmMismatch("\(self), \(sizes(input)): wrote outside C") }
    return result
  }

  @unsafe
  private func multiply(
    _ shape: GemmShape, _ a: UnsafeBufferPointer<Format.A>, _ b: UnsafeBufferPointer<Format.B>,
    _ c: UnsafeMutableBufferPointer<Format.C>
  ) {
    // Made to measure, so that the address sanitizer sees what is used beyond it.
    var scratch = Scratch()
    let offset = layout.offset
    unsafe dotGemm(
      kernel, shape, factors, a.baseAddress.map { unsafe $0 + offset }, b.baseAddress.map { unsafe $0 + offset },
      c.baseAddress.map { unsafe $0 + offset }, threads: threads, caches: caches, scratch: &scratch)
  }

  /// Runs the case and throws at the first element that has other bits than `expected`.
  func check(_ input: DotInput<Format>, bits expected: [Format.C]) throws {
    let result = try run(input)
    for index in result.indices where !sameBits([result[index]], [expected[index]]) {
      throw GemmMismatch(
        "\(self), \(sizes(input)): element (\(index / input.n), \(index % input.n)) is \(result[index]), "
          + "not \(expected[index])")
    }
  }

  private func sizes(_ input: DotInput<Format>) -> String { "m \(input.m), n \(input.n), k \(input.k)" }
}

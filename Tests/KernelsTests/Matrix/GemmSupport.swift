import Kernels

/// The factors and the old C of a product, without gaps and not transposed.
struct GemmInput<Element: GemmTestElement> {
  let m, n, k: Int
  /// op(A), m x k.
  var a: [Element]
  /// op(B), k x n.
  var b: [Element]
  /// m x n.
  var c: [Element]

  init(m: Int, n: Int, k: Int, _ element: () -> Element) {
    (self.m, self.n, self.k) = (m, n, k)
    a = (0..<m * k).map { _ in element() }
    b = (0..<k * n).map { _ in element() }
    c = (0..<m * n).map { _ in element() }
  }

  /// Uniform in -1 ..< 1.
  init(m: Int, n: Int, k: Int, seed: Int) {
    var generator = SplitMix64(state: UInt64(seed))
    self.init(m: m, n: n, k: k) { .random(&generator) }
  }

  var reference: GemmReference { GemmReference(m: m, n: n, k: k, a: a.map(\.double), b: b.map(\.double)) }
}

/// How the operands of a product lie in memory.
struct GemmLayout {
  var transposeA = Transpose.no
  var transposeB = Transpose.no
  /// Elements from the end of a stored row to the next one.
  var gaps = (a: 0, b: 0, c: 0)
  /// Elements before the first one.
  var offset = 0
  /// Where each operand touches an inaccessible page; nil for ordinary memory.
  var guarded: GuardedBuffer.Alignment?

  static let transposes: [GemmLayout] = [
    GemmLayout(), GemmLayout(transposeA: .yes), GemmLayout(transposeB: .yes),
    GemmLayout(transposeA: .yes, transposeB: .yes),
  ]

  func shape(_ m: Int, _ n: Int, _ k: Int) -> GemmShape {
    GemmShape(
      transposeA, transposeB, m: m, n: n, k: k, lda: (transposeA == .no ? k : m) + gaps.a,
      ldb: (transposeB == .no ? n : k) + gaps.b, ldc: n + gaps.c)
  }

  /// op(X), rows x columns without gaps, as it is stored; what is no element of it is `gap`.
  func stored<Element>(
    _ x: [Element], _ rows: Int, _ columns: Int, _ transpose: Transpose, ld: Int, gap: Element
  ) -> [Element] {
    let (storedRows, storedColumns) = transpose == .no ? (rows, columns) : (columns, rows)
    if ld == storedColumns && transpose == .no && offset == 0 { return x }
    // Nothing after the last row: a matrix ends with its last element.
    let extent = storedRows == 0 || storedColumns == 0 ? 0 : (storedRows - 1) * ld + storedColumns
    var result = [Element](repeating: gap, count: offset + extent)
    for i in 0..<storedRows {
      for j in 0..<storedColumns {
        result[offset + i * ld + j] = transpose == .no ? x[i * columns + j] : x[j * columns + i]
      }
    }
    return result
  }
}

/// Which plan a product is forced to: every loop and every way of packing is crossed by small matrices.
struct GemmPlanChoice: Sendable, CustomStringConvertible {
  var packsA: Bool?
  var packsB: Bool?
  var streams: Bool? = false
  /// Depth, panels of rows and panels of columns of a block; nil for what the caches of a real machine give.
  var blocks: (kc: Int, panelsA: Int, panelsB: Int)?
  /// Caches that the blocks of a plan without `blocks` are computed from.
  var caches = CacheSizes.fallback
  /// The library's own choice, and with it the path without a plan.
  var isAutomatic = false

  static let automatic = GemmPlanChoice(isAutomatic: true)

  static let all: [GemmPlanChoice] =
    [automatic]
    + [nil, (kc: 5, panelsA: 1, panelsB: 1), (kc: 8, panelsA: 2, panelsB: 2)].flatMap { blocks in
      [(false, false), (false, true), (true, false), (true, true)].map { packsA, packsB in
        GemmPlanChoice(packsA: packsA, packsB: packsB, blocks: blocks)
      }
    }
    + [nil, (kc: 5, panelsA: 1, panelsB: 1), (kc: 8, panelsA: 2, panelsB: 2)].map {
      GemmPlanChoice(streams: true, blocks: $0)
    } + [GemmPlanChoice(streams: true, caches: CacheSizes(l1: 0, l2: 0, l3: 0))]

  /// Those that do not divide k otherwise than the library does, for k within the depth that it never divides:
  /// with each of them a product has the same bits.
  static let sameDepth: [GemmPlanChoice] =
    all.filter { $0.blocks == nil }
    + [1, 2].flatMap { panels in
      [(false, false), (false, true), (true, false), (true, true)].map { packsA, packsB in
        GemmPlanChoice(packsA: packsA, packsB: packsB, blocks: (kc: .max, panelsA: panels, panelsB: panels))
      }
    }

  func plan(_ shape: GemmShape, _ tile: GemmTile, elementSize: Int) -> GemmPlan? {
    if isAutomatic { return nil }
    var caches = caches
    if let blocks {
      // Blocks of some panels need caches of some panels, with the half that the model leaves to others and a little more.
      caches = CacheSizes(l1: 0, l2: 0, l3: 0)
      let depth = GemmBlocking.model(tile: tile, elementSize: elementSize, k: shape.k, caches: caches).kc
      let line = 128 / elementSize
      caches.l2 = 2 * blocks.panelsA * tile.rows * (depth + line) * elementSize
      caches.l3 = 2 * blocks.panelsB * tile.columns * depth * elementSize
    }
    var plan = GemmPlan(
      (shape.m, shape.n, shape.k), contiguousB: shape.transposeB == .no, tile: tile, elementSize: elementSize,
      packsA: packsA, packsB: packsB, streams: streams, caches: caches)
    // Shallower blocks than the model's fit where its own do.
    if let blocks { plan.blocking.kc = min(plan.blocking.kc, blocks.kc) }
    return plan
  }

  var description: String {
    if isAutomatic { return "automatic" }
    if streams == true { return "streamed, \(blocks.map { "depth \($0.kc)" } ?? "whole blocks")" }
    let packed = (packsA == true ? " A" : "") + (packsB == true ? " B" : "")
    return "packed:\(packed.isEmpty ? " none" : packed), "
      + (blocks.map { "blocks of depth \($0.kc), \($0.panelsA) x \($0.panelsB) panels" } ?? "whole blocks")
  }
}

/// One way to compute a product: row, layout, plan, factors.
struct GemmCase<Element: GemmTestElement>: CustomStringConvertible {
  let kernel: GemmKernel<Element>
  var layout = GemmLayout()
  var choice = GemmPlanChoice.automatic
  var alpha: Element = 1
  var beta: Element = 0
  var threads = 1

  var description: String {
    let (a, b) = (layout.transposeA == .yes ? "A'" : "A", layout.transposeB == .yes ? "B'" : "B")
    return "\(kernel.name), \(a) \(b), gaps \(layout.gaps), offset \(layout.offset), alpha \(alpha), beta \(beta), "
      + "threads \(threads), plan [\(choice)]"
  }

  /// The product, m x n without gaps.
  ///
  /// Gaps in A and B hold NaN, so that what reads them shows; what changes a gap of C throws.
  func run(_ input: GemmInput<Element>) throws -> [Element] {
    let shape = layout.shape(input.m, input.n, input.k)
    let a = layout.stored(input.a, input.m, input.k, layout.transposeA, ld: shape.lda, gap: .nan)
    let b = layout.stored(input.b, input.k, input.n, layout.transposeB, ld: shape.ldb, gap: .nan)
    var c = layout.stored(input.c, input.m, input.n, .no, ld: shape.ldc, gap: .nan)
    let before = c
    if let alignment = layout.guarded {
      let (guardedA, guardedB) = (GuardedBuffer(a, alignment: alignment), GuardedBuffer(b, alignment: alignment))
      let guardedC = GuardedBuffer(c, alignment: alignment)
      unsafe multiply(
        shape, UnsafeBufferPointer(guardedA.bytes.bindMemory(to: Element.self)),
        UnsafeBufferPointer(guardedB.bytes.bindMemory(to: Element.self)), guardedC.bytes.bindMemory(to: Element.self))
      c = unsafe Array(guardedC.bytes.bindMemory(to: Element.self))
    } else {
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          unsafe c.withUnsafeMutableBufferPointer { c in
            unsafe multiply(shape, a, b, c)
          }
        }
      }
    }
    let offset = layout.offset
    // With the result taken out, all must be as it was.
    var result: [Element] = []
    result.reserveCapacity(input.m * input.n)
    for i in 0..<(input.n == 0 ? 0 : input.m) {
      let row = (offset + i * shape.ldc)..<(offset + i * shape.ldc + input.n)
      result += c[row]
      c.replaceSubrange(row, with: before[row])
    }
    if !sameBits(c, before) { throw GemmMismatch("\(self), \(sizes(input)): wrote outside C") }
    return result
  }

  @unsafe
  private func multiply(
    _ shape: GemmShape, _ a: UnsafeBufferPointer<Element>, _ b: UnsafeBufferPointer<Element>,
    _ c: UnsafeMutableBufferPointer<Element>
  ) {
    let plan = choice.plan(shape, kernel.tile, elementSize: MemoryLayout<Element>.stride)
    // Exactly what the plan asks for, so that the address sanitizer sees what is used beyond it.
    var scratch = Scratch(capacity: plan?.scratchBytes ?? 0)
    let offset = layout.offset
    unsafe gemm(
      kernel, shape, alpha, a.baseAddress.map { unsafe $0 + offset }, b.baseAddress.map { unsafe $0 + offset },
      beta, c.baseAddress.map { unsafe $0 + offset }, threads: threads, plan: plan, scratch: &scratch)
  }

  /// Runs the case and throws at the first element that is further from the reference than the BLAS tests allow.
  func check(_ input: GemmInput<Element>, _ reference: GemmReference) throws {
    let result = try run(input)
    let (alpha, beta) = (alpha.double, beta.double)
    let bound = 16 * Element.ulpOfOne.double
    for index in result.indices {
      let error = reference.error(
        of: result[index].double, at: index, alpha: alpha, beta: beta, c: input.c[index].double)
      if !(error <= bound) {
        throw GemmMismatch(
          "\(self), \(sizes(input)): \(place(index, input)) is \(result[index]), off by \(error) > \(bound)")
      }
    }
  }

  /// Runs the case and throws at the first element that has other bits than `expected`.
  func check(_ input: GemmInput<Element>, bits expected: [Element]) throws {
    let result = try run(input)
    if sameBits(result, expected) { return }
    for index in result.indices where !sameBits([result[index]], [expected[index]]) {
      throw mismatch(input, index, result, expected)
    }
  }

  /// Runs the case and throws at the first element that is not equal to `expected`; 0 equals -0, and any NaN equals any other.
  func check(_ input: GemmInput<Element>, values expected: [Element]) throws {
    let result = try run(input)
    for (index, (x, y)) in zip(result, expected).enumerated() where x != y && !(x.isNaN && y.isNaN) {
      throw mismatch(input, index, result, expected)
    }
  }

  private func mismatch(_ input: GemmInput<Element>, _ index: Int, _ result: [Element], _ expected: [Element])
    -> GemmMismatch
  {
    GemmMismatch("\(self), \(sizes(input)): \(place(index, input)) is \(result[index]), not \(expected[index])")
  }

  private func sizes(_ input: GemmInput<Element>) -> String { "m \(input.m), n \(input.n), k \(input.k)" }

  private func place(_ index: Int, _ input: GemmInput<Element>) -> String {
    "element (\(index / input.n), \(index % input.n))"
  }
}

extension GuardedBuffer {
  /// A copy of the elements that touches an inaccessible page.
  convenience init<Element: BitwiseCopyable>(_ elements: [Element], alignment: Alignment) {
    self.init(byteCount: elements.count * MemoryLayout<Element>.stride, alignment: alignment)
    unsafe elements.withUnsafeBytes { unsafe bytes.copyMemory(from: $0) }
  }
}

struct GemmMismatch: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Whether two arrays hold the same bytes: -0 is not 0, and a NaN is that very NaN.
func sameBits<Element: BitwiseCopyable>(_ x: [Element], _ y: [Element]) -> Bool {
  unsafe x.withUnsafeBytes { x in unsafe y.withUnsafeBytes { y in unsafe x.elementsEqual(y) } }
}

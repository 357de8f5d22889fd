import Kernels
import Testing

/// The door: what sizes and addresses are refused, and in which words.
@Suite struct GemmShapeTests {
  private func problem(
    _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int = 2, n: Int = 3, k: Int = 4,
    lda: Int = 4, ldb: Int = 4, ldc: Int = 3, elementSize: Int = 4
  ) -> String? {
    GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
      .problem(elementSize: elementSize)?.description
  }

  @Test func whatIsRightIsNoProblem() {
    #expect(problem() == nil)
    #expect(problem(m: 0, lda: 4) == nil)
    #expect(problem(n: 0, ldb: 0, ldc: 0) == nil)
    #expect(problem(k: 0, lda: 0) == nil)
    #expect(problem(m: 0, n: 0, k: 0, lda: 0, ldb: 0, ldc: 0) == nil)
    #expect(problem(.yes, .yes, lda: 2, ldb: 4) == nil)
    #expect(problem(lda: 1 << 40, ldb: 1 << 40, ldc: 1 << 40) == nil)
    #expect(problem(m: 1, n: 1, k: 1, lda: .max, ldb: .max, ldc: .max) == nil, "a single row leads nowhere")
  }

  @Test(arguments: [-1, -2, .min])
  func negativeSizes(_ size: Int) {
    #expect(problem(m: size) == "m must not be negative")
    #expect(problem(n: size) == "n must not be negative")
    #expect(problem(k: size) == "k must not be negative")
    #expect(problem(lda: size) == "lda must be at least the length of a stored row of A")
    #expect(problem(ldb: size) == "ldb must be at least the length of a stored row of B")
    #expect(problem(ldc: size) == "ldc must be at least n")
    #expect(problem(m: size, n: size, k: size, lda: size, ldb: size, ldc: size) == "m must not be negative")
  }

  @Test func shortLeadingDimensions() {
    #expect(problem(lda: 3)?.hasPrefix("lda") == true)
    #expect(problem(.yes, lda: 1)?.hasPrefix("lda") == true)
    #expect(problem(.yes, lda: 2) == nil)
    #expect(problem(ldb: 2)?.hasPrefix("ldb") == true)
    #expect(problem(.no, .yes, ldb: 3)?.hasPrefix("ldb") == true)
    #expect(problem(ldb: 3) == nil)
    #expect(problem(ldc: 2)?.hasPrefix("ldc") == true)
    #expect(problem(m: 0, lda: 3)?.hasPrefix("lda") == true, "also where there is no row")
  }

  /// Every size near every power of two that could overflow something: an answer, and no trap.
  @Test func sizesNearTheLimits() {
    let large = [1 << 29, 1 << 31, 1 << 32, 1 << 53, 1 << 57, 1 << 61, 1 << 62, .max - 1, .max]
    for size in large {
      for elementSize in [4, 8] {
        #expect(
          problem(m: size, n: size, k: size, lda: size, ldb: size, ldc: size, elementSize: elementSize)?
            .hasPrefix("A is larger") == true)
        #expect(
          problem(m: size, k: size, lda: size, ldb: 3, elementSize: elementSize)?.hasPrefix("A is larger") == true)
        #expect(problem(n: size, k: size, lda: size, ldb: size, ldc: size, elementSize: elementSize) != nil)
        #expect(problem(m: size, n: size, ldb: size, ldc: size, elementSize: elementSize) != nil)
        _ = problem(.yes, .yes, m: size, n: 3, k: 4, lda: size, ldb: 4, ldc: 3, elementSize: elementSize)
      }
    }
    #expect(problem(m: .max, k: 4)?.hasPrefix("A is larger") == true)
    #expect(problem(m: 0, n: 3, k: .max, lda: .max, ldb: 3)?.hasPrefix("B is larger") == true)
    #expect(problem(m: .max, n: 3, k: 0, lda: 0, ldb: 3)?.hasPrefix("C is larger") == true)
    #expect(problem(m: 2, lda: .max)?.hasPrefix("A is larger") == true)
    #expect(problem(k: 2, lda: 2, ldb: .max)?.hasPrefix("B is larger") == true)
    #expect(problem(m: 2, ldc: .max)?.hasPrefix("C is larger") == true)
    #expect(problem(m: .max, n: .max, k: 0, lda: 0, ldb: .max, ldc: .max)?.hasPrefix("C is larger") == true)
  }

  /// The limit is 2^57 bytes, and the address check, which has a shorter way for ordinary sizes, agrees to the element.
  @Test func theLimitIsTheSameAtBothDoors() {
    var element = 0.0
    unsafe withUnsafeMutablePointer(to: &element) { address in
      for exponent in 26...29 {
        for size in [(1 << exponent) - 1, 1 << exponent] {
          for (m, n, k) in [(size, 1, size), (1, size, size), (size, size, 1)] {
            let shape = GemmShape(.no, .no, m: m, n: n, k: k, lda: k, ldb: n, ldc: n)
            let bySize = shape.problem(elementSize: 8)?.description
            let byAddress = unsafe shape.problem(UnsafePointer(address), UnsafePointer(address), address)?.description
            #expect(bySize == byAddress, "\(shape)")
            #expect(
              (bySize == nil) == (size.multipliedReportingOverflow(by: size * 8).partialValue < 1 << 57), "\(shape)")
          }
        }
      }
    }
  }

  @Test func extents() {
    let shape = GemmShape(.no, .yes, m: 2, n: 3, k: 4, lda: 10, ldb: 20, ldc: 30)
    #expect((shape.extentA, shape.extentB, shape.extentC) == (14, 44, 33))
    let empty = GemmShape(.no, .no, m: 2, n: 3, k: 0, lda: 10, ldb: 20, ldc: 30)
    #expect((empty.extentA, empty.extentB, empty.extentC) == (0, 0, 33))
  }

  @Test func missingAndMisalignedOperands() {
    var memory: [4 of Float] = [0, 0, 0, 0]
    unsafe withUnsafeMutableBytes(of: &memory) { bytes in
      let aligned = unsafe bytes.baseAddress?.assumingMemoryBound(to: Float.self)
      let odd = unsafe UnsafeMutablePointer<Float>(bitPattern: UInt(bitPattern: bytes.baseAddress) + 1)
      func problem(
        _ m: Int, _ n: Int, _ k: Int, a: UnsafeMutablePointer<Float>?, b: UnsafeMutablePointer<Float>?,
        c: UnsafeMutablePointer<Float>?
      ) -> String? {
        let shape = GemmShape(.no, .no, m: m, n: n, k: k, lda: 1, ldb: 1, ldc: 1)
        return unsafe shape.problem(UnsafePointer(a), UnsafePointer(b), c)?.description
      }
      #expect(unsafe problem(1, 1, 1, a: aligned, b: aligned, c: aligned) == nil)
      #expect(unsafe problem(1, 1, 1, a: nil, b: aligned, c: aligned)?.hasPrefix("a must not be nil") == true)
      #expect(unsafe problem(1, 1, 1, a: aligned, b: nil, c: aligned)?.hasPrefix("b must not be nil") == true)
      #expect(unsafe problem(1, 1, 1, a: aligned, b: aligned, c: nil)?.hasPrefix("c must not be nil") == true)
      #expect(unsafe problem(1, 1, 0, a: nil, b: nil, c: aligned) == nil)
      #expect(unsafe problem(0, 1, 1, a: nil, b: aligned, c: nil) == nil)
      #expect(unsafe problem(1, 0, 1, a: aligned, b: nil, c: nil) == nil)
      #expect(problem(0, 0, 0, a: nil, b: nil, c: nil) == nil)
      #expect(unsafe problem(1, 1, 1, a: odd, b: aligned, c: aligned)?.contains("aligned") == true)
      #expect(unsafe problem(1, 1, 1, a: aligned, b: odd, c: aligned)?.contains("aligned") == true)
      #expect(unsafe problem(1, 1, 1, a: aligned, b: aligned, c: odd)?.contains("aligned") == true)
    }
  }
}

/// A mistake in a call, and the words that it is refused with.
enum GemmMistake: String, Codable, CaseIterable {
  case m, n, k, lda, ldb, ldc, threads
  case nilA = "a must not be nil"
  case nilB = "b must not be nil"
  case nilC = "c must not be nil"
  case misaligned = "aligned"
  case tooLarge = "A is larger than the address space"
  case shortA = "a has fewer elements"
  case shortB = "b has fewer elements"
  case shortC = "c has fewer elements"

  /// The call with the mistake in it, in single or double precision.
  func make() {
    switch self {
    case .m: pointers(m: -1)
    case .n: pointers(n: -1)
    case .k: pointers(k: -1)
    case .lda: pointers(lda: 1)
    case .ldb: pointers(ldb: 1)
    case .ldc: pointers(ldc: 1)
    case .threads: pointers(threads: 0)
    case .nilA: pointers(missing: 0)
    case .nilB: pointers(missing: 1)
    case .nilC: pointers(missing: 2)
    case .misaligned: pointers(offset: 2)
    case .tooLarge: pointers(lda: .max)
    case .shortA: spans([3, 4, 4])
    case .shortB: spans([4, 3, 4])
    case .shortC: spans([4, 4, 3])
    }
  }

  private func pointers(
    m: Int = 2, n: Int = 2, k: Int = 2, lda: Int = 2, ldb: Int = 2, ldc: Int = 2, threads: Int = 1, missing: Int? = nil,
    offset: Int = 0
  ) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8)
    func operand(_ index: Int) -> UnsafeMutablePointer<Float>? {
      index == missing ? nil : unsafe UnsafeMutablePointer(bitPattern: UInt(bitPattern: memory) + UInt(offset))
    }
    var scratch = Scratch()
    unsafe sgemm(
      m: m, n: n, k: k, a: operand(0), lda: lda, b: operand(1), ldb: ldb, c: operand(2), ldc: ldc, threads: threads,
      scratch: &scratch)
  }

  private func spans(_ counts: [Int]) {
    let a = [Double](repeating: 0, count: counts[0])
    let b = [Double](repeating: 0, count: counts[1])
    var c = [Double](repeating: 0, count: counts[2])
    var span = c.mutableSpan
    var scratch = Scratch()
    dgemm(m: 2, n: 2, k: 2, a: a.span, lda: 2, b: b.span, ldb: 2, c: &span, ldc: 2, scratch: &scratch)
  }
}

@Suite struct GemmPreconditionTests {
  @Test(arguments: GemmMistake.allCases)
  func stopsTheProcess(_ mistake: GemmMistake) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [mistake] in
      mistake.make()
    }
    // A release build stops without a word.
    #if DEBUG
      let words = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(words.contains("gemm: \(mistake.rawValue)") || words.contains("must be \(mistake.rawValue)"), "\(words)")
    #endif
  }
}

import Kernels
import Testing

/// A mistake in an epilogue, and the words that it is refused with.
enum EpilogueMistake: String, Codable, CaseIterable {
  case scale = "scale has another number of elements than C has columns"
  case bias = "bias has another number of elements than C has rows"
  case ldr = "ldr must be at least n"
  case residual = "the residual has fewer elements than (m - 1) * ldr + n"
  case sumsBias = "gemm: bias has another number of elements than C has columns"
  case zero = "cZero must be a value of an element of C"
  case result = "c has fewer elements than (m - 1) * ldc + n"

  /// A product of 2 x 3 elements with the mistake in it.
  func make() {
    let numbers: [Float] = [1, 2, 3, 4, 5]
    let (two, three, five) = (numbers.span.extracting(0..<2), numbers.span.extracting(0..<3), numbers.span)
    switch self {
    case .scale: multiply(Epilogue(scale: .perColumn(two)))
    case .bias: multiply(Epilogue(bias: .perRow(three)))
    case .ldr: multiply(Epilogue(residual: five, ldr: 2))
    case .residual: multiply(Epilogue(residual: five, ldr: 3))
    case .sumsBias: quantize(bias: 2)
    case .zero: quantize(zero: 128)
    case .result: quantize(count: 5)
    }
  }

  private func multiply(_ epilogue: Epilogue) {
    let (a, b): ([Float], [Float]) = ([1, 2], [1, 2, 3])
    var c = [Float](repeating: 0, count: 6)
    var span = c.mutableSpan
    var scratch = Scratch()
    sgemm(
      m: 2, n: 3, k: 1, a: a.span, lda: 1, b: b.span, ldb: 3, c: &span, ldc: 3, epilogue: epilogue, scratch: &scratch)
  }

  private func quantize(bias: Int = 3, zero: Int32 = 0, count: Int = 6) {
    let (a, b): ([UInt8], [Int8]) = ([1, 2], [1, 2, 3])
    let biases = [Int32](repeating: 0, count: bias)
    var c = [Int8](repeating: 0, count: count)
    var span = c.mutableSpan
    var scratch = Scratch()
    u8s8gemm(
      m: 2, n: 3, k: 1, a: a.span, lda: 1, b: b.span, ldb: 3, bias: biases.span, c: &span, ldc: 3, cZero: zero,
      epilogue: Epilogue(), scratch: &scratch)
  }
}

@Suite struct EpilogueMistakeTests {
  @Test(arguments: EpilogueMistake.allCases)
  func stopsTheProcess(_ mistake: EpilogueMistake) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [mistake] in
      mistake.make()
    }
    // A release build stops without a word.
    #if DEBUG
      let words = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(words.contains(mistake.rawValue), "\(words)")
    #endif
  }
}

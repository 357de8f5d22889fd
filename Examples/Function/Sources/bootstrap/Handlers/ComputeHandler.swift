import FunctionRuntime
import Kernels
import Wire

/// A small network, applied to a batch of vectors: a layer in single precision, and one of bytes.
///
/// `{"features": base64 of little-endian f32, 256 a row}` gives `{"scores": the same, 64 a row, "classes": the best of each row}`.
/// A real function would bring its weights along as a file. These come from a generator, so that other languages have the same.
struct ComputeHandler: Handler, ~Copyable {
  static let (inputs, hidden, outputs) = (256, 256, 64)
  static let maximumRows = 1024
  /// What a quantised 1 stands for.
  static let step: Float = 16

  private let first: PackedB<Float>
  private let second: PackedB<Int8>
  private var scratch = Scratch()
  private var document = JSONDocument()
  private var text = ByteBuffer()
  private var features: [Float] = []
  private var middle: [Float] = []
  private var quantised: [UInt8] = []
  private var scores: [Float] = []

  init() throws(HandlerError) {
    var generator = Weights()
    let firstWeights = (0..<Self.inputs * Self.hidden).map { _ in Float(generator.next()) / 64 }
    first = PackedB<Float>(k: Self.inputs, n: Self.hidden, b: firstWeights.span, ldb: Self.hidden)
    let secondWeights = (0..<Self.hidden * Self.outputs).map { _ in generator.next() }
    second = PackedB<Int8>(k: Self.hidden, n: Self.outputs, b: secondWeights.span, ldb: Self.outputs)
  }

  mutating func handle(_ bytes: RawSpan, response: inout JSONWriter) throws(HandlerError) {
    try document.parse(event: bytes)
    let rows = try Self.read(document, &text, into: &features)
    Self.resize(&middle, rows * Self.hidden)
    Self.resize(&quantised, rows * Self.hidden)
    Self.resize(&scores, rows * Self.outputs)
    Self.multiply(features, by: first, into: &middle, rows: rows, &scratch)
    Self.quantise(middle, into: &quantised, count: rows * Self.hidden)
    Self.multiply(quantised, by: second, into: &scores, rows: rows, &scratch)
    response.beginObject()
    response.member("scores", unsafe Base64.encode(scores.span.extracting(0..<rows * Self.outputs).bytes))
    response.key("classes")
    response.beginArray()
    for row in 0..<rows { response.number(Int64(Self.best(scores, row))) }
    response.endArray()
    response.endObject()
  }

  private static func multiply(
    _ features: [Float], by first: borrowing PackedB<Float>, into middle: inout [Float], rows: Int,
    _ scratch: inout Scratch
  ) {
    var sums = middle.mutableSpan
    sgemm(
      m: rows, a: features.span, lda: inputs, b: first, c: &sums, ldc: hidden, epilogue: Epilogue(activation: .relu),
      scratch: &scratch)
  }

  /// To the nearest, to even at a tie, and written so that what is no number becomes 0.
  private static func quantise(_ values: [Float], into bytes: inout [UInt8], count: Int) {
    for i in 0..<count {
      let value = values[i] / step
      bytes[i] = value > 0 ? UInt8(Swift.min(value, 255).rounded(.toNearestOrEven)) : 0
    }
  }

  private static func multiply(
    _ bytes: [UInt8], by second: borrowing PackedB<Int8>, into scores: inout [Float], rows: Int,
    _ scratch: inout Scratch
  ) {
    var sums = scores.mutableSpan
    u8s8gemm(
      m: rows, a: bytes.span, lda: hidden, b: second, c: &sums, ldc: outputs,
      epilogue: Epilogue(scale: .uniform(step / 64)), scratch: &scratch)
  }

  /// Decodes the features where they are multiplied; how many rows they are.
  private static func read(
    _ document: borrowing JSONDocument, _ text: inout ByteBuffer, into features: inout [Float]
  ) throws(HandlerError) -> Int {
    guard let value = document.root["features"], value.kind == .string else {
      throw HandlerError("Event.NoFeatures", "the event has no features")
    }
    text.removeAll()
    value.unescape(appendingTo: &text)
    let most = Base64.mostDecoded(of: text.count)
    guard most < (maximumRows + 1) * inputs * 4 else {
      throw HandlerError("Compute.TooManyRows", "more than \(maximumRows) rows")
    }
    resize(&features, (most + 3) / 4)
    var byteCount = 0
    do throws(Base64Error) {
      var span = features.mutableSpan
      var bytes = unsafe span.mutableBytes
      byteCount = try Base64.decode(text.bytes, into: &bytes)
    } catch {
      throw HandlerError("Event.InvalidBase64", "features: \(error)")
    }
    let (rows, rest) = byteCount.quotientAndRemainder(dividingBy: inputs * 4)
    guard rows > 0 && rest == 0 else {
      throw HandlerError("Compute.InvalidShape", "\(byteCount) bytes are no whole rows of \(inputs) f32")
    }
    return rows
  }

  /// At least `count` elements; what they hold is written before it is read.
  private static func resize<Element: BitwiseCopyable & Numeric>(_ array: inout [Element], _ count: Int) {
    if array.count < count { array.append(contentsOf: repeatElement(0, count: count - array.count)) }
  }

  private static func best(_ scores: [Float], _ row: Int) -> Int {
    var best = 0
    for i in 1..<outputs where scores[row * outputs + i] > scores[row * outputs + best] { best = i }
    return best
  }
}

/// Weights from -64 to 63: the upper bits of a linear congruential generator.
///
/// Source: W. H. Press and others, "Numerical Recipes", third edition, section 7.1: the multiplier and increment of "quick and dirty".
private struct Weights {
  private var state: UInt32 = 1

  mutating func next() -> Int8 {
    state = state &* 1_664_525 &+ 1_013_904_223
    return Int8(truncatingIfNeeded: Int32(state >> 25) - 64)
  }
}

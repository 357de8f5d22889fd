import Kernels

/// What an epilogue of an m x n product is made of, in memory of its own.
struct EpilogueInput: CustomStringConvertible {
  enum Kind: CaseIterable { case none, uniform, perRow, perColumn }

  let m, n: Int
  var scaleKind = Kind.none
  var biasKind = Kind.none
  var scale: [Float] = []
  var bias: [Float] = []
  var activation = Activation.none
  /// Row-major with `gap` elements, all NaN, between the rows.
  var residual: [Float] = []
  var gap = 0
  var clip: ClosedRange<Float>?

  init(m: Int, n: Int) { (self.m, self.n) = (m, n) }

  /// One of all the ways to make one, another for each turn.
  init(m: Int, n: Int, turn: Int) {
    self.init(m: m, n: n)
    var generator = SplitMix64(state: UInt64(turn))
    scaleKind = Kind.allCases[turn % 4]
    biasKind = Kind.allCases[turn / 4 % 4]
    scale = (0..<Self.count(scaleKind, m, n)).map { _ in 3 * .random(&generator) }
    bias = (0..<Self.count(biasKind, m, n)).map { _ in 2 * .random(&generator) }
    activation = Activation.allCases[turn % 5]
    if turn % 3 == 1 {
      gap = turn % 2
      residual = (0..<m * (n + gap)).map { $0 % (n + gap) < n ? .random(&generator) : .nan }
    }
    if turn % 7 > 4 { clip = -0.25...0.5 }
  }

  private static func count(_ kind: Kind, _ m: Int, _ n: Int) -> Int {
    switch kind {
    case .none: 0
    case .uniform: 1
    case .perRow: m
    case .perColumn: n
    }
  }

  var epilogue: Epilogue {
    @_lifetime(borrow self)
    get {
      Epilogue(
        scale: Self.term(scaleKind, scale.span), bias: Self.term(biasKind, bias.span), activation: activation,
        residual: residual.isEmpty ? nil : residual.span, ldr: n + gap, clip: clip)
    }
  }

  @_lifetime(copy numbers)
  private static func term(_ kind: Kind, _ numbers: Span<Float>) -> Epilogue.Term {
    switch kind {
    case .none: .none
    case .uniform: .uniform(numbers[0])
    case .perRow: .perRow(numbers)
    case .perColumn: .perColumn(numbers)
    }
  }

  /// A pass over a product without gaps that is there already.
  func applied(to product: [Float], _ row: EpilogueKernel = .portable) -> [Float] {
    var result = product
    unsafe result.withUnsafeMutableBufferPointer { result in
      guard let start = result.baseAddress else { return }
      unsafe row.finish(epilogue, m: m, n: n, c: start, ldc: n)
    }
    return result
  }

  /// The exact value of an element, and the sum of the magnitudes that were rounded on the way to it.
  func reference(_ product: Double, at index: Int) -> (value: Double, magnitude: Double) {
    let (i, j) = (index / n, index % n)
    func number(_ kind: Kind, _ numbers: [Float]) -> Double? {
      switch kind {
      case .none: nil
      case .uniform: Double(numbers[0])
      case .perRow: Double(numbers[i])
      case .perColumn: Double(numbers[j])
      }
    }
    var value = product * (number(scaleKind, scale) ?? 1)
    var magnitude = abs(value)
    let summand = number(biasKind, bias) ?? 0
    value += summand
    magnitude += abs(summand)
    value = activation.reference(value)
    let rest = residual.isEmpty ? 0 : Double(residual[i * (n + gap) + j])
    value += rest
    magnitude += abs(rest)
    if let clip { value = min(max(value, Double(clip.lowerBound)), Double(clip.upperBound)) }
    return (value, magnitude)
  }

  var description: String {
    "scale \(scaleKind), bias \(biasKind), \(activation), \(residual.isEmpty ? "no residual" : "residual"), "
      + (clip.map { "clip \($0)" } ?? "no clip")
  }
}

/// A copy of an array that a body has changed.
func changed<Element>(_ array: [Element], _ body: (inout MutableSpan<Element>) -> Void) -> [Element] {
  var copy = array
  var span = copy.mutableSpan
  body(&span)
  return copy
}

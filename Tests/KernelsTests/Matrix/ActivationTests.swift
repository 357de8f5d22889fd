import Kernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension EpilogueKernel: CustomTestStringConvertible {
  public var testDescription: String { name.description }
  /// The rows that this machine can run.
  static var supported: [EpilogueKernel] { all.filter { CPUFeatures.detected.isSuperset(of: $0.requires) } }

  /// An activation of many numbers.
  func apply(_ activation: Activation, _ numbers: [Float]) -> [Float] {
    var result = numbers
    unsafe result.withUnsafeMutableBufferPointer { result in
      guard let start = result.baseAddress else { return }
      unsafe finish(Epilogue(activation: activation), m: 1, n: result.count, c: start, ldc: result.count)
    }
    return result
  }
}

extension Activation {
  /// The function in double precision, by the C library's.
  func reference(_ x: Double) -> Double {
    switch self {
    case .none: x
    case .relu: max(x, 0)
    case .gelu: 0.5 * x * erfc(-x * 0.5.squareRoot())
    case .geluTanh: x / (1 + exp(-2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .silu: x / (1 + exp(-x))
    }
  }

  /// What the result may be off by, in units of its last place.
  var bound: Double {
    switch self {
    case .none, .relu: 0
    case .gelu: 6
    case .geluTanh, .silu: 4
    }
  }
}

@Suite struct ActivationTests {
  /// Numbers of every exponent and both signs, subnormals among them.
  static let numbers: [Float] = stride(from: UInt32(1), to: 0x7F80_0000, by: 20_011).flatMap {
    [Float(bitPattern: $0), -Float(bitPattern: $0)]
  }

  @Test(arguments: EpilogueKernel.supported, Activation.allCases)
  func accuracy(_ row: EpilogueKernel, _ activation: Activation) {
    for (x, y) in zip(Self.numbers, row.apply(activation, Self.numbers)) {
      let exact = activation.reference(Double(x))
      let nearest = Float(exact)
      let error = abs(Double(y) - exact) / Double(nearest.magnitude.ulp)
      if !(error <= activation.bound) {
        Issue.record("\(row.name), \(activation) of \(x) is \(y), off by \(error) units")
        return
      }
    }
  }

  /// Each row has the bits of the portable one, which is the specification.
  @Test(arguments: EpilogueKernel.supported, Activation.allCases)
  func bits(_ row: EpilogueKernel, _ activation: Activation) {
    let numbers =
      Self.numbers + [0, -0.0, .infinity, -.infinity, .greatestFiniteMagnitude, 104, -104, 16, -16, 11, -11]
    let expected = EpilogueKernel.portable.apply(activation, numbers)
    for (x, (y, z)) in zip(numbers, zip(row.apply(activation, numbers), expected)) where y.bitPattern != z.bitPattern {
      Issue.record("\(row.name), \(activation) of \(x) is \(y), not \(z)")
      return
    }
  }

  @Test(arguments: EpilogueKernel.supported, Activation.allCases)
  func specialValues(_ row: EpilogueKernel, _ activation: Activation) {
    let results = row.apply(activation, [.nan, -.nan, .infinity, 0])
    #expect(results[0].isNaN && results[1].isNaN)
    #expect(results[2] == .infinity)
    #expect(results[3].bitPattern == 0)
    // Below 0 they all end at -0, but relu.
    let below = row.apply(activation, [-.infinity, -.greatestFiniteMagnitude, -1000, -0.0])
    switch activation {
    case .none: #expect(below[0] == -.infinity)
    case .relu: #expect(below.allSatisfy { $0.bitPattern == 0 })
    case .gelu, .geluTanh, .silu: #expect(below.allSatisfy { $0.bitPattern == (-Float(0)).bitPattern })
    }
    // Far enough above, x itself.
    #expect(row.apply(activation, [1000, .greatestFiniteMagnitude]) == [1000, .greatestFiniteMagnitude])
  }
}

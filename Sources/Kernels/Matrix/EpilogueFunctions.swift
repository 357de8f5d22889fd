// The activations, which read as the specification of the vector rows: the same operations of IEEE 754 in the same order, and so the
// same bits. Coefficients: Scripts/derive_epilogue_coefficients.py.

extension Activation {
  @inline(__always)
  func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .none: x
    case .relu: x <= 0 ? 0 : x
    case .gelu: gaussianLinear(x)
    case .geluTanh: gaussianLinearTanh(x)
    case .silu: sigmoidLinear(x)
    }
  }
}

/// x · Φ(x), by Φ(-t) = e^(-t²/2) · g(u) / (t + 4) with u = (t - 4) / (t + 4): g is smooth and bounded for all t.
///
/// Source: M. M. Shepherd, J. G. Laframboise, "Chebyshev Approximation of (1 + 2x) exp(x²) erfc x in 0 <= x < ∞",
/// Mathematics of Computation 36(153), 1981.
private func gaussianLinear(_ x: Float) -> Float {
  let clipped = clip(x, 16)
  let t = clipped.magnitude
  let square = t * t
  // What rounding the square lost matters as much as the square itself: the exponential makes relative errors of absolute ones.
  let lost = (-square).addingProduct(t, t)
  let decay = Decay(square * 0.5, lost * 0.5)
  // u = 1 - 8 / (t + 4), with what rounding t + 4 and its inverse lost: the polynomial is steep where t is small.
  let sum = t + 4
  let rounded = 1 / sum
  let missing = Float(1).addingProduct(-rounded, sum).addingProduct(-rounded, t - (sum - 4))
  let u = Float(1).addingProduct(rounded, -8).addingProduct(rounded * missing, -8)
  let inverse = rounded.addingProduct(rounded, missing)
  let g = polynomial(
    u,
    [
      -0x1.65f492p-15, -0x1.c13806p-13, 0x1.6b27acp-13, 0x1.abe0b2p-10, -0x1.c9f118p-9, -0x1.ee448p-8, 0x1.eec954p-5,
      -0x1.7dff0ep-3, 0x1.8c6db6p-2, -0x1.373e3ap-1, 0x1.82b4bcp-1,
    ])
  let tail = clipped * (g * inverse) * decay.p * decay.s * decay.t
  return x > 0 ? x - tail : tail
}

/// x / (1 + e^-w) with w = 2 √(2/π) · (x + 0.044715 x³): (1 + tanh(w / 2)) / 2 is 1 / (1 + e^-w).
private func gaussianLinearTanh(_ x: Float) -> Float {
  let clipped = clip(x, 11)
  let t = clipped.magnitude
  // w = t · (f + g t²), each part with what its rounding lost; the sum by Knuth's two-sum.
  let square = t * t
  let squareLow = (-square).addingProduct(t, t)
  let cubic = square * 0x1.2444f2p-4
  let cubicLow = (-cubic).addingProduct(square, 0x1.2444f2p-4).addingProduct(square, 0x1.49b16ap-29)
    .addingProduct(squareLow, 0x1.2444f2p-4)
  let sum = cubic + 0x1.988454p+0
  let added = sum - cubic
  let kept = sum - added
  let sumLow = ((cubic - kept) + (0x1.988454p+0 - added)) + (cubicLow + -0x1.857936p-25)
  let w = t * sum
  return logistic(x, clipped, Decay(w, (-w).addingProduct(t, sum).addingProduct(t, sumLow)))
}

private func sigmoidLinear(_ x: Float) -> Float {
  let clipped = clip(x, 110)
  return logistic(x, clipped, Decay(clipped.magnitude, 0))
}

/// x / (1 + e^-w) for a w of x's sign, from the decay of its magnitude.
///
/// Below 0 as x · e^w / (1 + e^w), so that no exponential overflows.
@inline(__always)
private func logistic(_ x: Float, _ clipped: Float, _ decay: Decay) -> Float {
  let below = clipped * decay.p * decay.s * decay.t
  let e = decay.p * decay.s * decay.t
  return (x > 0 ? x : below) / (e + 1)
}

/// e^-(y + low) for 0 <= y <= 128 as p · s · t: two powers of two, since one does not reach down to subnormals.
private struct Decay {
  let p, s, t: Float

  @inline(__always)
  init(_ y: Float, _ low: Float) {
    let rounded = epilogueRounder.addingProduct(y, -0x1.715476p+0)
    let n = rounded - epilogueRounder
    let r = (-y).addingProduct(n, -0x1.62e4p-1).addingProduct(n, -0x1.7f7d1cp-20) - low
    let q = polynomial(r, [0x1.6a280ap-10, 0x1.1239aep-7, 0x1.5558eap-5, 0x1.555492p-3, 0x1.fffffcp-2])
    p = r.addingProduct(r * r, q) + 1
    let exponent = Int32(truncatingIfNeeded: rounded.bitPattern &- epilogueRounder.bitPattern)
    let half = exponent >> 1
    s = Float(bitPattern: UInt32(bitPattern: half &+ 127) << 23)
    t = Float(bitPattern: UInt32(bitPattern: exponent &- half &+ 127) << 23)
  }
}

/// Adding it rounds to an integer, to even at a tie, whose lowest bits are then those of the sum.
let epilogueRounder: Float = 0x1.8p23

/// Within -bound ... bound. NaN stays.
@inline(__always)
private func clip(_ x: Float, _ bound: Float) -> Float {
  let x = x < -bound ? -bound : x
  return x > bound ? bound : x
}

/// By Horner's rule, highest power first.
@inline(__always)
private func polynomial<let count: Int>(_ x: Float, _ coefficients: [count of Float]) -> Float {
  var sum = coefficients[0]
  for i in 1..<count { sum = coefficients[i].addingProduct(sum, x) }
  return sum
}

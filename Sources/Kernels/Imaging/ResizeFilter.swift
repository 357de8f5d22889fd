#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How pixels of the source are weighed into a pixel of the output.
///
/// Where the output is smaller the filter is stretched by the ratio, so that every pixel of the source counts (antialiasing).
/// All but ``mitchell`` are those of Pillow under the same names.
public enum ResizeFilter: Int32, CaseIterable, Hashable, Sendable {
  /// The one pixel at `floor((x + 0.5) * scale)`.
  case nearest = 0
  /// The mean of what falls under the pixel.
  case box = 1
  /// A triangle of radius 1.
  case bilinear = 2
  /// A sinc of radius 1 under Hamming's window: as sharp as bicubic, as small as bilinear.
  case hamming = 3
  /// R. Keys's cubic with a = -0.5, of radius 2 (IEEE Transactions on Acoustics, Speech and Signal Processing 29, 1981).
  case bicubic = 4
  /// A sinc of radius 3 under the main lobe of a sinc three times as wide (C. Duchon, 1979).
  case lanczos3 = 5
  /// D. Mitchell and A. Netravali's cubic with B = C = 1/3, of radius 2 (SIGGRAPH 1988).
  case mitchell = 6

  /// The radius, in pixels of the larger of the two images.
  var support: Double {
    switch self {
    case .nearest, .box: 0.5
    case .bilinear, .hamming: 1
    case .bicubic, .mitchell: 2
    case .lanczos3: 3
    }
  }
}

// MARK: - Weights

extension ResizeFilter {
  /// The weight at a distance of `x`, not normalised. The order of operations is part of Pillow's bits where a distance falls
  /// on an edge of ``box``.
  @inline(__always)
  func weight(_ x: Double) -> Double {
    let distance = abs(x)
    switch self {
    case .nearest, .box:
      return x > -0.5 && x <= 0.5 ? 1 : 0
    case .bilinear:
      return distance < 1 ? 1 - distance : 0
    case .hamming:
      if distance == 0 { return 1 }
      if distance >= 1 { return 0 }
      // The two constants are single precision in the implementation whose bits these are.
      return Self.sinc(distance) * (Double(0.54 as Float) + Double(0.46 as Float) * Self.sine(distance + 0.5))
    case .bicubic:
      if distance < 1 { return (1.5 * distance - 2.5) * distance * distance + 1 }
      if distance < 2 { return (((distance - 5) * distance + 8) * distance - 4) * -0.5 }
      return 0
    case .lanczos3:
      return distance < 3 ? Self.sinc(distance) * Self.sinc(distance / 3) : 0
    case .mitchell:
      if distance < 1 { return ((7 * distance - 12) * distance * distance + 16.0 / 3) / 6 }
      if distance < 2 { return (((-7.0 / 3 * distance + 12) * distance - 20) * distance + 32.0 / 3) / 6 }
      return 0
    }
  }

  /// sin(πx) / πx.
  @inline(__always)
  static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sine(x) / (x * .pi) }

  /// sin(πx) to the last bits of a double: Taylor's series of the distance to the next integer, |r| <= 1/2, whose first term
  /// left out is (π/2)^23 / 23! = 1e-18. No library's sine, so that every system has the same weights.
  @inline(__always)
  static func sine(_ x: Double) -> Double {
    let nearest = x.rounded(.toNearestOrEven)
    let r = (x - nearest) * .pi
    let y = r * r
    var sum = 1.0
    sum = 1 - y * sum * (1.0 / 420)
    sum = 1 - y * sum * (1.0 / 342)
    sum = 1 - y * sum * (1.0 / 272)
    sum = 1 - y * sum * (1.0 / 210)
    sum = 1 - y * sum * (1.0 / 156)
    sum = 1 - y * sum * (1.0 / 110)
    sum = 1 - y * sum * (1.0 / 72)
    sum = 1 - y * sum * (1.0 / 42)
    sum = 1 - y * sum * (1.0 / 20)
    sum = 1 - y * sum * (1.0 / 6)
    return Int(nearest) & 1 == 0 ? r * sum : -(r * sum)
  }
}

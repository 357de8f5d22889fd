#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The transfer function of sRGB (IEC 61966-2-1, section 5.2) and its inverse, by tables of the standard's formula.
///
/// Samples of 8 bits have an intensity each. Between other points lies a straight line: off by at most 0.06 of a step of 16 bits
/// towards intensities, where 4,097 points stand 16 steps apart, and 0.02 back, where 512 points stand in each octave.
@safe
struct SRGBTables {
  private static var linearCount: Int { 4097 }
  private static var octaves: Int { 9 }
  private static var octaveBits: Int { 9 }
  private static var encodedCount: Int { octaves << octaveBits + 1 }
  static var byteCount: Int { (256 + linearCount + encodedCount) * MemoryLayout<Float>.stride }

  /// Below, both ways are a straight line through zero: the standard's 0.0031308 in intensity.
  private static var knee: Float { 0.0031308 }

  /// 255 times the intensity of samples of 8 bits.
  private let bytes: UnsafePointer<Float>
  private let linear: UnsafePointer<Float>
  private let encoded: UnsafePointer<Float>

  /// - `memory` is what ``write(_:)`` has filled.
  @unsafe
  init(_ memory: UnsafeRawPointer) {
    unsafe bytes = memory.assumingMemoryBound(to: Float.self)
    unsafe linear = bytes + 256
    unsafe encoded = linear + Self.linearCount
  }

  /// - `memory` is writable for ``byteCount`` bytes.
  @unsafe
  static func write(_ memory: UnsafeMutableRawPointer) {
    let bytes = unsafe memory.assumingMemoryBound(to: Float.self)
    for i in 0..<256 { unsafe bytes[i] = Float(255 * intensity(Double(i) / 255)) }
    let linear = unsafe bytes + 256
    for i in 0..<linearCount { unsafe linear[i] = Float(intensity(Double(i) * 16 / 65535)) }
    let encoded = unsafe linear + linearCount
    for i in 0..<encodedCount {
      let octave = i >> octaveBits
      let fraction = 1 + Double(i & (1 << octaveBits - 1)) / Double(1 << octaveBits)
      let x = fraction * Double(sign: .plus, exponent: octave - octaves, significand: 1)
      unsafe encoded[i] = Float(1.055 * pow(x, 1 / 2.4) - 0.055)
    }
  }

  static func intensity(_ value: Double) -> Double {
    value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }

  /// The intensity of a sample, times the largest sample.
  @inline(__always)
  func intensity<Sample: FixedWidthInteger & UnsignedInteger>(_ sample: Sample) -> Float {
    if Sample.bitWidth == 8 { return unsafe bytes[Int(sample)] }
    let (index, rest) = (Int(sample) >> 4, Float(Int(sample) & 15) * (1 / 16))
    let lower = unsafe linear[index]
    return unsafe (lower + (linear[index + 1] - lower) * rest) * Float(Sample.max)
  }

  /// The value, 0 ... 1, of an intensity.
  @inline(__always)
  func value(_ intensity: Float) -> Float {
    if intensity <= Self.knee { return max(intensity, 0) * 12.92 }
    if intensity >= 1 { return 1 }
    let shift = UInt32(23 - Self.octaveBits)
    let bits = intensity.bitPattern - (Float(1.0 / Float(1 << Self.octaves)).bitPattern)
    let index = Int(bits >> shift)
    let rest = Float(bits & (1 << shift - 1)) * (1 / Float(1 << shift))
    let lower = unsafe encoded[index]
    return unsafe lower + (encoded[index + 1] - lower) * rest
  }
}

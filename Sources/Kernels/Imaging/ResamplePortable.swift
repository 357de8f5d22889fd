/// The passes in plain Swift, which the other rows follow bit by bit. Parameters as ``ResampleKernel`` says.
///
/// Weights of 8-bit pixels are integers in units of 2^-22, given as halves: the low 16 bits as a signed number, and the rest.
/// Sums wrap at 32 bits, so that neither the order of adding nor the halves make a difference.
@safe
enum ResamplePortable {
  /// Bits after the point of a weight: 32, less the 8 of a pixel and 2 for sums below 0 and above 1.
  static var precision: Int32 { 22 }

  @inline(__always)
  private static func sample(_ sum: Int32) -> UInt8 { UInt8(truncatingIfNeeded: min(max(sum >> precision, 0), 255)) }

  @unsafe
  static func columns(
    _ source: UnsafePointer<UInt8>, _ sourceStride: Int, _ output: UnsafeMutablePointer<UInt8>, _ outputStride: Int,
    _ rows: Int, _ starts: UnsafePointer<Int32>, _ weights: UnsafePointer<Int16>, _ taps: Int, _ columns: Int,
    _ channels: Int
  ) {
    for row in 0..<rows {
      let output = unsafe output + row * outputStride
      for x in 0..<columns {
        let pixels = unsafe source + row * sourceStride + Int(starts[x]) * channels
        let low = unsafe weights + 2 * taps * x
        for channel in 0..<channels {
          var sum: Int32 = 1 << (precision - 1)
          for j in 0..<taps {
            let weight = unsafe Int32(low[taps + j]) << 16 &+ Int32(low[j])
            sum &+= unsafe weight &* Int32(pixels[j * channels + channel])
          }
          unsafe output[x * channels + channel] = sample(sum)
        }
      }
    }
  }

  @unsafe
  static func rows(
    _ rows: UnsafePointer<UnsafePointer<UInt8>>, _ count: Int, _ weights: UnsafePointer<Int16>, _ stride: Int,
    _ output: UnsafeMutablePointer<UInt8>, _ samples: Int
  ) {
    for i in 0..<samples {
      var sum: Int32 = 1 << (precision - 1)
      for j in 0..<count {
        let weight = unsafe Int32(weights[stride + j]) << 16 &+ Int32(weights[j])
        sum &+= unsafe weight &* Int32(rows[j][i])
      }
      unsafe output[i] = sample(sum)
    }
  }

  /// Four sums, of every fourth weight; then (first + third) + (second + fourth). A product is rounded before it is added.
  @unsafe
  static func wideColumns(
    _ source: UnsafePointer<Float>, _ sourceStride: Int, _ output: UnsafeMutablePointer<Float>, _ outputStride: Int,
    _ rows: Int, _ starts: UnsafePointer<Int32>, _ weights: UnsafePointer<Float>, _ taps: Int, _ columns: Int,
    _ lanes: Int
  ) {
    for row in 0..<rows {
      let output = unsafe output + row * outputStride
      for x in 0..<columns {
        let pixels = unsafe source + row * sourceStride + Int(starts[x]) * lanes
        let weights = unsafe weights + taps * x
        for lane in 0..<lanes {
          var sums = SIMD4<Float>.zero
          for j in stride(from: 0, to: taps, by: 4) {
            let values = unsafe SIMD4(
              pixels[j * lanes + lane], pixels[(j + 1) * lanes + lane], pixels[(j + 2) * lanes + lane],
              pixels[(j + 3) * lanes + lane])
            sums += unsafe values * SIMD4(weights[j], weights[j + 1], weights[j + 2], weights[j + 3])
          }
          unsafe output[x * lanes + lane] = (sums[0] + sums[2]) + (sums[1] + sums[3])
        }
      }
    }
  }

  /// Added from the first row to the last, to zero. A product is rounded before it is added.
  @unsafe
  static func wideRows(
    _ rows: UnsafePointer<UnsafePointer<Float>>, _ count: Int, _ weights: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ samples: Int
  ) {
    for i in 0..<samples {
      var sum: Float = 0
      for j in 0..<count { sum += unsafe weights[j] * rows[j][i] }
      unsafe output[i] = sum
    }
  }

  @unsafe
  static func widen(
    _ source: UnsafeRawPointer, _ output: UnsafeMutablePointer<Float>, _ pixels: Int, _ channels: Int, _ bits: Int,
    _ alpha: Int
  ) {
    if bits == 8 {
      unsafe ResizePixels<UInt8>.widen(source, output, pixels, channels: channels, hasAlpha: alpha != 0)
    } else {
      unsafe ResizePixels<UInt16>.widen(source, output, pixels, channels: channels, hasAlpha: alpha != 0)
    }
  }

  @unsafe
  static func narrow(
    _ source: UnsafePointer<Float>, _ output: UnsafeMutableRawPointer, _ pixels: Int, _ channels: Int, _ bits: Int,
    _ alpha: Int
  ) {
    if bits == 8 {
      unsafe ResizePixels<UInt8>.narrow(source, output, pixels, channels: channels, hasAlpha: alpha != 0)
    } else {
      unsafe ResizePixels<UInt16>.narrow(source, output, pixels, channels: channels, hasAlpha: alpha != 0)
    }
  }
}

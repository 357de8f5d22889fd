import Foundation

@testable import Kernels

/// A resize in double precision from the definition: weights summed directly, both passes unrounded, alpha and transfer by formula.
struct ResizeReference {
  let plan: ResizePlan
  /// Rows of the source whose samples between the passes are rounded to bytes, which also keeps them from 0 to 255.
  var byteRows = 0..<0

  private static func weight(_ filter: ResizeFilter, _ x: Double) -> Double {
    func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(x * .pi) / (x * .pi) }
    func cubic(_ b: Double, _ c: Double) -> Double {
      // Mitchell and Netravali's family, of which Keys's with a = -0.5 is B = 0, C = 1/2.
      let t = abs(x)
      if t < 1 { return ((12 - 9 * b - 6 * c) * t * t * t + (-18 + 12 * b + 6 * c) * t * t + 6 - 2 * b) / 6 }
      if t < 2 {
        return ((-b - 6 * c) * t * t * t + (6 * b + 30 * c) * t * t + (-12 * b - 48 * c) * t + 8 * b + 24 * c) / 6
      }
      return 0
    }
    switch filter {
    case .nearest, .box: return x > -0.5 && x <= 0.5 ? 1 : 0
    case .bilinear: return max(0, 1 - abs(x))
    case .hamming: return abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * cos(.pi * x)) : 0
    case .bicubic: return cubic(0, 0.5)
    case .lanczos3: return abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0
    case .mitchell: return cubic(1 / 3, 1 / 3)
    }
  }

  /// First pixel and weights of each pixel of the output.
  private func weights(_ size: Int, _ from: Double, _ to: Double, _ output: Int) -> [(Int, [Double])] {
    let scale = (to - from) / Double(output)
    let stretch = max(scale, 1)
    let radius: Double =
      switch plan.filter {
      case .nearest, .box: 0.5
      case .bilinear, .hamming: 1
      case .bicubic, .mitchell: 2
      case .lanczos3: 3
      }
    // One to one, from a whole pixel on: nothing is filtered.
    if scale == 1 && from == from.rounded() { return (0..<output).map { (Int(from) + $0, [1]) } }
    return (0..<output).map { i in
      let center = from + (Double(i) + 0.5) * scale
      let first = max(0, Int((center - radius * stretch + 0.5).rounded(.down)))
      let end = min(size, Int((center + radius * stretch + 0.5).rounded(.down)))
      let weights = (first..<max(end, first + 1)).map {
        Self.weight(plan.filter, (Double($0) + 0.5 - center) / stretch)
      }
      let sum = weights.reduce(0, +)
      return (first, weights.map { $0 / sum })
    }
  }

  private func intensity(_ value: Double) -> Double {
    guard plan.linearLight else { return value }
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }

  private func value(_ intensity: Double) -> Double {
    let intensity = min(max(intensity, 0), 1)
    guard plan.linearLight else { return intensity }
    return intensity <= 0.0031308 ? intensity * 12.92 : 1.055 * pow(intensity, 1 / 2.4) - 0.055
  }

  /// What the samples of the output would be before rounding, in their units. Where alpha rounds to zero colours are zero.
  func resized<Sample: FixedWidthInteger>(_ pixels: [Sample]) -> [Double] {
    let (channels, top) = (plan.layout.channels, Double(Sample.max))
    let alpha = plan.layout.hasAlpha ? channels - 1 : nil
    var source = [Double](repeating: 0, count: pixels.count)
    for i in stride(from: 0, to: pixels.count, by: channels) {
      for c in 0..<channels {
        source[i + c] = c == alpha ? Double(pixels[i + c]) / top : intensity(Double(pixels[i + c]) / top)
      }
      if let alpha { for c in 0..<alpha { source[i + c] *= source[i + alpha] } }
    }
    let columns = weights(plan.source.width, plan.crop.left, plan.crop.right, plan.output.width)
    let rows = weights(plan.source.height, plan.crop.top, plan.crop.bottom, plan.output.height)
    let needed = rows[0].0..<rows.map { $0.0 + $0.1.count }.max()!
    let width = plan.output.width * channels
    var middle = [Double](repeating: 0, count: plan.source.height * width)
    for y in needed {
      for (x, (first, weights)) in columns.enumerated() {
        for (j, weight) in weights.enumerated() {
          for c in 0..<channels {
            middle[y * width + x * channels + c] += weight * source[(y * plan.source.width + first + j) * channels + c]
          }
        }
      }
    }
    for i in byteRows.lowerBound * width..<byteRows.upperBound * width {
      middle[i] = (min(max(middle[i], 0), 1) * 255).rounded() / 255
    }
    var output = [Double](repeating: 0, count: plan.output.height * width)
    for (y, (first, weights)) in rows.enumerated() {
      for (j, weight) in weights.enumerated() {
        for i in 0..<width { output[y * width + i] += weight * middle[(first + j) * width + i] }
      }
    }
    for i in stride(from: 0, to: output.count, by: channels) {
      let share = alpha.map { min(max(output[i + $0], 0), 1) }
      for c in 0..<channels {
        if c == alpha {
          output[i + c] = min(max(output[i + c], 0), 1) * top
        } else if let alpha, let share {
          output[i + c] = share * top < 0.5 ? 0 : value(output[i + c] / output[i + alpha]) * top
        } else {
          output[i + c] = value(output[i + c]) * top
        }
      }
    }
    return output
  }
}

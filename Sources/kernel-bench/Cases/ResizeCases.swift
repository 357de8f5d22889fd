import BenchHarness
import Kernels

extension KernelCases {
  /// Lanczos of whole images in memory, tables made beforehand. Speed is of the source's pixels. The rival is out of process:
  /// `Scripts/time_pillow_resize.py` resizes images of the same sizes.
  func resizes(_ context: CaseContext) -> [CaseSeries] {
    ResizeWork.Format.allCases.flatMap { format in
      context.variants(ResampleKernel.kernels.map { ($0.name, $0.requires) }).map { variant in
        // Megapixels of a photo of 3 by 2, to 300 and to 1,024 pixels' width.
        let points = [300, 1024].flatMap { width in
          [CaseSeries.Point(width, label: "2.8MP-to-\(width)"), CaseSeries.Point(width + 1, label: "10MP-to-\(width)")]
        }
        return CaseSeries(name: format.rawValue, suffix: variant.suffix, points: points) { point, name in
          let isLarge = point.label.hasPrefix("10")
          let source = isLarge ? ImageSize(width: 3872, height: 2592) : ImageSize(width: 2048, height: 1365)
          let width = point.size & ~1
          let output = ImageSize(width: width, height: width * 2 / 3)
          let bytes = source.width * source.height * format.layout.channels * format.layout.bits / 8
          return BenchmarkCase(
            name: name, series: "\(format.rawValue)\(variant.suffix)", size: point.size,
            parameters: [
              .init("source", "\(source.width)x\(source.height)"), .init("output", "\(width)x\(width * 2 / 3)"),
            ],
            unit: .elements, row: variant.row, ceiling: .reading(bytes: bytes), workingSet: bytes,
            disabled: variant.disabled
          ) {
            try [ResizeWork(format: format, source: source, output: output).contender(row: variant.row)]
          }
        }
      }
    }
  }
}

/// Noise, and what it is resized to.
final class ResizeWork {
  enum Format: String, CaseIterable {
    case rgb = "resize-rgb"
    case rgba = "resize-rgba"
    case opaque = "resize-rgba-opaque"
    case rgb16 = "resize-rgb16"
    case linear = "resize-rgb-linear"

    var layout: PixelLayout {
      switch self {
      case .rgb, .linear: PixelLayout(channels: 3)
      case .rgba, .opaque: PixelLayout(channels: 4)
      case .rgb16: PixelLayout(channels: 3, bits: 16)
      }
    }
  }

  private let plan: ResizePlan
  private var resizer: Resizer
  private var source: [UInt16]
  private var output: [UInt16]

  init(format: Format, source size: ImageSize, output outputSize: ImageSize) throws {
    plan = try ResizePlan(
      source: size, output: outputSize, layout: format.layout, filter: .lanczos3, linearLight: format == .linear)
    resizer = Resizer(plan)
    let pixel = format.layout.channels * format.layout.bits / 8
    var random = SplitMix64(seed: 1)
    source = (0..<(size.width * size.height * pixel + 1) / 2).map { i in
      let value = UInt16(truncatingIfNeeded: random.next())
      // The high half of every second number is alpha.
      return format == .opaque && i & 1 == 1 ? value | 0xff00 : value
    }
    output = [UInt16](repeating: 0, count: (outputSize.width * outputSize.height * pixel + 1) / 2)
  }

  func contender(row: String) -> Contender {
    let pixels = Double(plan.source.width * plan.source.height)
    let pixel = plan.layout.channels * plan.layout.bits / 8
    let (stride, outputStride) = (plan.source.width * pixel, plan.output.width * pixel)
    return Contender(row, role: .kernel, work: pixels) { iterations in
      unsafe self.source.withUnsafeBytes { source in
        unsafe self.output.withUnsafeMutableBytes { output in
          repeating(iterations) {
            unsafe self.resizer.resize(source, stride: stride, into: output, outputStride: outputStride)
          }
        }
      }
    }
  }
}

import BenchHarness
import Kernels

/// A resize of a file, as a whole and in stages; of each the least time of several.
struct ResizeStages {
  let source, output: PNGInfo
  /// The file that was made.
  let file: [UInt8]
  /// Bytes held beyond both files.
  let memory: Int
  /// Nanoseconds: of the job, and of its stages, each alone over a whole image.
  let whole, decode, resample, encode: Double

  init(_ bytes: [UInt8], to target: PNGResizeTarget, maximumMemory: Int?, repeats: Int) throws {
    func least(_ body: () throws -> Void) throws -> Double {
      var best = Double.infinity
      for _ in 0..<repeats { best = min(best, try Clock.time { try body() }) }
      return best
    }
    memory = unsafe try PNGResizer.memory(bytes.span.bytes, to: [target])
    if let maximumMemory, memory > maximumMemory {
      throw BenchError("it takes \(memory) bytes of memory beyond both files, and --max-memory is \(maximumMemory)")
    }
    var resizer = PNGResizer()
    whole = try least { unsafe try resizer.resize(bytes.span.bytes, to: [target]) }
    let file = resizer.output(0)
    (self.file, output) = (file, unsafe try PNG.inspect(file.span.bytes))

    var decoder = PNGDecoder()
    var pixels: [UInt8] = []
    let options = PNGDecodingOptions()
    decode = try least { _ = unsafe try decoder.decode(bytes.span.bytes, options: options, into: &pixels) }
    let (source, layout) = unsafe try decoder.decode(bytes.span.bytes, options: options, into: &pixels)
    self.source = source

    let isTurned = source.orientation >= 5
    let geometry = try ResizeGeometry(
      source: source.size, width: isTurned ? target.height : target.width,
      height: isTurned ? target.width : target.height, fit: target.fit, enlarge: target.enlarges)
    var pixelResizer = Resizer(
      try ResizePlan(
        source: source.size, crop: geometry.crop, output: geometry.image, layout: layout, filter: target.filter,
        linearLight: target.linearLight))
    let pixelByteCount = layout.channels * layout.bits / 8
    let count = geometry.image.width * geometry.image.height * pixelByteCount
    var small: [UInt8] = []
    resample = try least {
      small = [UInt8](capacity: count) { output in
        unsafe pixelResizer.resize(pixels.span.bytes, stride: source.width * pixelByteCount, into: &output)
      }
    }

    var encoder = PNGEncoder()
    let encodingOptions = PNGEncodingOptions(compression: target.compression)
    encode = try least {
      unsafe try encoder.encode(small.span.bytes, size: geometry.image, layout: layout, options: encodingOptions)
    }
  }
}

import ArgumentParser
import BenchHarness
import Kernels

/// `kernel-bench resize IN.png OUT.png --width 300`: the job itself, and where its time goes.
struct ResizeTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resize", abstract: "Makes a PNG file smaller or larger, and says how long each stage took.")

  @Argument(help: "The PNG file to read.") var input: String
  @Argument(help: "The PNG file to write.") var output: String
  @Option(help: "Pixels of the box; 0 keeps the aspect ratio.") var width = 0
  @Option(help: "Pixels of the box; 0 keeps the aspect ratio.") var height = 0
  @Option(help: "fill, inside, outside, cover or contain.") var fit = "inside"
  @Option(help: "nearest, box, bilinear, hamming, bicubic, lanczos3 or mitchell.") var filter = "lanczos3"
  @Option(help: "0 fastest to 9 smallest.") var compression = 6
  @Flag(help: "May become larger than it is.") var enlarge = false
  @Flag(help: "Weighs intensities, not sRGB's numbers.") var linearLight = false
  @Option(help: "Bytes that may be held beyond both files.") var maxMemory: Int?
  @Option(help: "How often the job is done; the least time counts.") var repeats = 5

  func validate() throws {
    guard width >= 0 && height >= 0 && width + height > 0 else {
      throw ValidationError("--width or --height is needed")
    }
    guard (0...9).contains(compression) else { throw ValidationError("--compression is 0 to 9") }
    guard repeats > 0 else { throw ValidationError("--repeats must be positive") }
    guard fits[fit] != nil else { throw ValidationError("--fit is fill, inside, outside, cover or contain") }
    guard filters[filter] != nil else { throw ValidationError("--filter is none of those that there are") }
  }

  private var fits: [String: ResizeFit] {
    Dictionary(uniqueKeysWithValues: ResizeFit.allCases.map { ("\($0)", $0) })
  }

  private var filters: [String: ResizeFilter] {
    Dictionary(uniqueKeysWithValues: ResizeFilter.allCases.map { ("\($0)", $0) })
  }

  func run() throws {
    let file = try InputFile(path: input).bytes
    let place = try AtomicFile(path: output)
    var target = PNGResizeTarget(width: width, height: height)
    (target.fit, target.filter) = (fits[fit] ?? .inside, filters[filter] ?? .lanczos3)
    (target.enlarges, target.linearLight, target.compression) = (enlarge, linearLight, compression)
    var limits = PNGLimits()
    if let maxMemory { limits.memory = maxMemory }

    let memory = unsafe try PNGResizer.memory(file.span.bytes, to: [target], limits: limits)
    var resizer = PNGResizer()
    let whole = try least { unsafe try resizer.resize(file.span.bytes, to: [target], limits: limits) }
    let made = resizer.output(0)
    try place.commit(made)

    // The stages apart, each over whole images.
    var decoder = PNGDecoder()
    var pixels: [UInt8] = []
    var found: (info: PNGInfo, layout: PixelLayout)?
    var options = PNGDecodingOptions()
    options.limits = limits
    let decode = try least { found = unsafe try decoder.decode(file.span.bytes, options: options, into: &pixels) }
    guard let found else { return }
    let small = try PNG.decode(
      unsafe made.span.bytes, options: PNGDecodingOptions(channels: found.layout.channels, bits: found.layout.bits))
    let encode = least {
      _ = unsafe PNG.encode(
        small.pixels.span.bytes, size: small.info.size, layout: small.layout,
        options: PNGEncodingOptions(compression: compression))
    }
    print(
      "\(input): \(found.info.width) x \(found.info.height), \(found.info.colorType), \(found.info.bitDepth) bits, \(file.count) bytes"
    )
    print(
      "\(output): \(small.info.width) x \(small.info.height), \(small.info.colorType), \(small.info.bitDepth) bits, \(made.count) bytes"
    )
    print("whole job    \(milliseconds(whole))")
    print("  decode     \(milliseconds(decode)) alone")
    print("  encode     \(milliseconds(encode)) alone")
    print("  resample   \(milliseconds(max(0, whole - decode - encode))), what is left")
    print("memory       \(memory) bytes beyond both files")
  }

  private func least(_ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<repeats { best = min(best, try Clock.time { try body() }) }
    return best
  }

  private func milliseconds(_ nanoseconds: Double) -> String {
    let hundredths = Int((nanoseconds / 1e4).rounded())
    let digits = "\(hundredths % 100)"
    return "\(hundredths / 100).\(digits.count < 2 ? "0" : "")\(digits) ms"
  }
}

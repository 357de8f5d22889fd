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
    guard filters[filter] != nil else {
      throw ValidationError("--filter is \(ResizeFilter.allCases.map { "\($0)" }.joined(separator: ", "))")
    }
    guard maxMemory.map({ $0 > 0 }) ?? true else { throw ValidationError("--max-memory must be positive") }
  }

  private var fits: [String: ResizeFit] {
    Dictionary(uniqueKeysWithValues: ResizeFit.allCases.map { ("\($0)", $0) })
  }

  private var filters: [String: ResizeFilter] {
    Dictionary(uniqueKeysWithValues: ResizeFilter.allCases.map { ("\($0)", $0) })
  }

  func run() throws {
    let file: [UInt8]
    switch SystemFile.bytes(input) {
    case .success(let bytes): file = bytes
    case .failure(let problem): throw BenchError("cannot read \(input): \(problem); name a PNG file")
    }
    let place = try AtomicFile(path: output)
    var target = PNGResizeTarget(width: width, height: height)
    (target.fit, target.filter) = (fits[fit] ?? .inside, filters[filter] ?? .lanczos3)
    (target.enlarges, target.linearLight, target.compression) = (enlarge, linearLight, compression)
    let stages: ResizeStages
    do {
      stages = try ResizeStages(file, to: target, maximumMemory: maxMemory, repeats: repeats)
    } catch {
      throw BenchError("\(input): \(error)")
    }
    try place.commit(stages.file)
    print(line(input, stages.source, file.count))
    print(line(output, stages.output, stages.file.count))
    let speed = Int((Double(stages.source.width * stages.source.height) / stages.whole * 1e3).rounded())
    print("whole job    \(milliseconds(stages.whole)), \(speed) megapixels a second, the least of \(repeats)")
    print("  decode     \(milliseconds(stages.decode)) alone, all of the image")
    print("  resample   \(milliseconds(stages.resample)) alone")
    print("  encode     \(milliseconds(stages.encode)) alone")
    print("memory       \(stages.memory) bytes beyond both files")
  }

  private func line(_ path: String, _ info: PNGInfo, _ byteCount: Int) -> String {
    "\(path): \(info.width) x \(info.height), \(info.colorType), \(info.bitDepth) bits"
      + "\(info.isInterlaced ? ", interlaced" : ""), \(byteCount) bytes"
  }

  private func milliseconds(_ nanoseconds: Double) -> String {
    let hundredths = Int((nanoseconds / 1e4).rounded())
    let digits = "\(hundredths % 100)"
    return "\(hundredths / 100).\(digits.count < 2 ? "0" : "")\(digits) ms"
  }
}

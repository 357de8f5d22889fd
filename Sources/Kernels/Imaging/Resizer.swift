/// A resize of whole images: a plan, its tables and its working memory, for one image after another of the same shape.
///
/// ```swift
/// let plan = try ResizePlan(source: size, output: ImageSize(width: 300, height: 200), layout: PixelLayout(channels: 3))
/// var resizer = Resizer(plan)
/// resizer.resize(photo.span.bytes, stride: size.width * 3, into: &bytes, stride: 900)
/// ```
///
/// Creating it allocates; a call allocates nothing. What results does not depend on the CPU.
public struct Resizer: ~Copyable {
  private var scratch: Scratch
  private var stream: ResizeStream

  /// - Complexity: one allocation of the plan's ``ResizePlan/scratchByteCount``, and a weight for each pixel that a pixel takes.
  public init(_ plan: ResizePlan) { self.init(plan, kernel: .kernel(.current)) }

  /// The same with memory that the caller has, and gets back by ``takeScratch()``: it grows where the plan needs more than it holds.
  public init(_ plan: ResizePlan, scratch: consuming Scratch) {
    self.init(plan, scratch: scratch, kernel: .kernel(.current))
  }

  package init(_ plan: ResizePlan, kernel: ResampleKernel) {
    self.init(plan, scratch: Scratch(), kernel: kernel)
  }

  private init(_ plan: ResizePlan, scratch: consuming Scratch, kernel: ResampleKernel) {
    scratch.reserve(plan.scratchByteCount)
    self.scratch = scratch
    unsafe stream = ResizeStream(plan, memory: self.scratch.start.unsafelyUnwrapped, kernel: kernel)
  }

  public var plan: ResizePlan { stream.plan }

  /// Ends the resizer and gives its memory back, for one of another plan.
  public consuming func takeScratch() -> Scratch { scratch }

  /// Resizes `pixels` into `output`.
  ///
  /// - Parameters:
  ///   - pixels: the source, rows from top to bottom.
  ///   - stride: bytes from one row of the source to the next; at least those of a row. The last row need not fill it.
  ///   - output: room for all rows.
  ///   - outputStride: the same of the output.
  /// - Complexity: O(pixels × taps); no allocation.
  public mutating func resize(
    _ pixels: RawSpan, stride: Int, into output: inout MutableRawSpan, outputStride: Int
  ) {
    unsafe pixels.withUnsafeBytes { pixels in
      unsafe output.withUnsafeMutableBytes { output in
        unsafe resize(pixels, stride: stride, into: output, outputStride: outputStride)
      }
    }
  }

  /// Appends the output to `output`: rows without gaps, for which it must have room.
  ///
  /// - Parameters:
  ///   - pixels: the source, rows from top to bottom.
  ///   - stride: bytes from one row of the source to the next; at least those of a row. The last row need not fill it.
  ///   - output: takes the rows at its end.
  /// - Complexity: O(pixels × taps); no allocation.
  public mutating func resize(_ pixels: RawSpan, stride: Int, into output: inout OutputSpan<UInt8>) {
    let row = plan.outputRowByteCount
    let (count, overflow) = row.multipliedReportingOverflow(by: plan.output.height)
    precondition(!overflow && count <= output.freeCapacity, "Resizer: output must have room for all its rows")
    unsafe pixels.withUnsafeBytes { pixels in
      unsafe output.withUnsafeMutableBufferPointer { target, filled in
        let rows = unsafe UnsafeMutableRawBufferPointer(
          UnsafeMutableBufferPointer(rebasing: target[filled..<filled + count]))
        unsafe resize(pixels, stride: stride, into: rows, outputStride: row)
        filled += count
      }
    }
  }

  /// The same.
  ///
  /// - `pixels` is readable and `output` writable for its whole count; they do not overlap; samples of 16 bits are aligned to 2.
  @unsafe
  public mutating func resize(
    _ pixels: UnsafeRawBufferPointer, stride: Int, into output: UnsafeMutableRawBufferPointer, outputStride: Int
  ) {
    let plan = stream.plan
    let (sourceRow, outputRow) = (plan.sourceRowByteCount, plan.outputRowByteCount)
    precondition(stride >= sourceRow, "Resizer: stride must be at least a row's bytes")
    precondition(outputStride >= outputRow, "Resizer: outputStride must be at least a row's bytes")
    precondition(
      Self.isEnough(pixels.count, rows: plan.source.height, stride: stride, row: sourceRow),
      "Resizer: pixels must hold all rows of the source")
    precondition(
      Self.isEnough(output.count, rows: plan.output.height, stride: outputStride, row: outputRow),
      "Resizer: output must have room for all its rows")
    let source = unsafe UnsafeRawPointer(pixels.baseAddress.unsafelyUnwrapped)
    let target = unsafe output.baseAddress.unsafelyUnwrapped
    if plan.layout.bits == 16 {
      precondition(
        (Int(bitPattern: source) | Int(bitPattern: target) | stride | outputStride) & 1 == 0,
        "Resizer: samples of 16 bits must be aligned to 2")
    }
    stream.restart()
    while !stream.isComplete {
      let row = stream.nextRow
      _ = unsafe stream.push(source + row * stride, stride: stride, count: plan.source.height - row)
      while stream.hasOutput {
        unsafe stream.pop(into: target + stream.nextOutput * outputStride)
      }
    }
  }

  private static func isEnough(_ count: Int, rows: Int, stride: Int, row: Int) -> Bool {
    let (full, overflow) = (rows - 1).multipliedReportingOverflow(by: stride)
    return !overflow && count >= row && count - row >= full
  }
}

/// One output of a resize: from rows of the source to a file.
@safe
final class PNGResizeLane {
  private var plan: PNGResizePlan?
  private var scratch = Scratch()
  private var stream: ResizeStream?
  private var encoder = PNGWriter()
  private var kept = PNGOutput()
  var output = PNGOutput()
  private(set) var isDone = false

  var byteCount: Int { plan?.byteCount ?? 0 }

  /// Of the resize; nil before there is one.
  var resize: ResizePlan? { plan?.resize }

  /// Plans for an image, or keeps the plan that there is.
  func prepare(_ info: PNGInfo, _ target: PNGResizeTarget, _ limits: PNGLimits) throws(PNGError) {
    if let plan, plan.info == info && plan.target == target,
      plan.geometry.canvas.width <= limits.pixels / plan.geometry.canvas.height
    {
      return
    }
    stream = nil
    plan = nil
    plan = try PNGResizePlan(info, target, limits)
  }

  /// Takes the memory, and begins the file; false where the system has no more.
  func begin(_ parser: borrowing PNGParser, _ file: RawSpan) -> Bool {
    guard let plan else { return false }
    isDone = false
    if stream == nil {
      guard scratch.tryReserve(plan.scratchByteCount) else { return false }
      stream = unsafe ResizeStream(plan.resize, memory: base)
    } else {
      stream?.restart()
    }
    kept.removeAll()
    parser.appendKept(plan.target.metadata, file, to: &kept)
    output.removeAll()
    if plan.isBuffered { return true }
    return unsafe encoder.begin(
      plan.geometry.canvas, plan.resize.layout, options(plan), whole: nil, kept: keptBytes, into: &output)
  }

  /// Takes rows of the source.
  ///
  /// - `rows` is readable for `count` rows, `stride` bytes apart, and aligned for its samples; `wide` began with them.
  @unsafe
  func feed(_ rows: UnsafeRawPointer, stride: Int, count: Int, wide: inout PNGResizeRows) {
    if resize?.memory.mode.isLinear == true {
      unsafe feed(rows, stride: stride, count: count, wide: &wide.intensities)
    } else {
      unsafe feed(rows, stride: stride, count: count, wide: &wide.values)
    }
  }

  private func feed(_ rows: UnsafeRawPointer, stride: Int, count: Int, wide: inout ResizeWideRows) {
    guard let plan else { return }
    let image = unsafe base + plan.image
    let outputRow = plan.resize.outputRowByteCount
    var done = 0
    while done < count {
      done +=
        unsafe stream?.push(rows + done * stride, stride: stride, count: count - done, wide: &wide, at: done) ?? count
      while stream?.hasOutput == true {
        if plan.isBuffered {
          let y = stream?.nextOutput ?? 0
          unsafe stream?.pop(into: image + y * outputRow)
        } else {
          unsafe stream?.pop(into: image)
          unsafe encoder.write(image, into: &output)
        }
      }
    }
  }

  func finish() {
    guard let plan else { return }
    guard plan.isBuffered else {
      isDone = encoder.finish(into: &output)
      return
    }
    let pixel = plan.resize.layout.pixelByteCount
    let canvas = plan.geometry.canvas
    let row = canvas.width * pixel
    var pixels = unsafe base + plan.image
    if plan.hasCanvas {
      let target = unsafe base + plan.canvas
      unsafe target.initializeMemory(as: UInt8.self, repeating: 0, count: canvas.height * row)
      unsafe ImageOrientation(plan.info.orientation).turn(
        pixels, plan.resize.output, pixelByteCount: pixel,
        into: target + plan.geometry.top * row + plan.geometry.left * pixel, stride: row)
      unsafe pixels = target
    }
    isDone = unsafe encoder.encode(
      UnsafeRawBufferPointer(start: pixels, count: canvas.height * row), size: canvas, layout: plan.resize.layout,
      stride: row, options: options(plan), kept: keptBytes, into: &output)
  }

  // MARK: - Parts

  private var base: UnsafeMutableRawPointer { unsafe scratch.start.unsafelyUnwrapped }

  private var keptBytes: (UnsafeRawPointer, Int)? {
    guard let start = unsafe kept.bytes.baseAddress else { return nil }
    return unsafe (start, kept.count)
  }

  private func options(_ plan: PNGResizePlan) -> PNGEncodingOptions {
    var options = PNGEncodingOptions(compression: plan.target.compression)
    options.reducesDepth = plan.target.reducesDepth
    return options
  }
}

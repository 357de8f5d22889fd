/// What the decoder of a resize holds.
struct PNGResizeSource {
  let reader: PNGReaderPlan
  let rowByteCount: Int
  /// Of rows of pixels that are not the stored ones.
  private let convertedByteCount: Int
  /// The image, where it comes interlaced: only at its end is the first row whole.
  let wholeByteCount: Int

  init(_ info: PNGInfo) {
    reader = PNGReaderPlan(info, layout: info.layout)
    rowByteCount = info.width * info.layout.pixelByteCount
    convertedByteCount = info.isInterlaced ? 0 : 4 * rowByteCount
    wholeByteCount = info.isInterlaced ? info.height * rowByteCount : 0
  }

  /// Where those rows lie behind what the reader holds: aligned, for samples of 16 bits.
  var converted: Int { (reader.byteCount + 63) & ~63 }
  var scratchByteCount: Int { (converted + convertedByteCount + 63) & ~63 }
  var byteCount: Int { InflateCore.byteCount + scratchByteCount + wholeByteCount }
}

/// One output of a resize before anything is allocated for it.
struct PNGResizePlan {
  let info: PNGInfo
  let target: PNGResizeTarget
  let geometry: ResizeGeometry
  /// In the image as it is stored: turned only when it is small.
  let resize: ResizePlan
  /// All of the output is held, for a palette to be looked for, or because it is turned or padded.
  let isBuffered: Bool
  /// Turned or padded.
  let hasCanvas: Bool
  /// In the lane's memory, after what the filter holds.
  let image, canvas, scratchByteCount: Int
  /// All that is held, the encoder's and all.
  let byteCount: Int

  /// Pixels of an output that are held for a palette's sake.
  private static let bufferedByteCount = 4 << 20

  init(_ info: PNGInfo, _ target: PNGResizeTarget, _ limits: PNGLimits) throws(PNGError) {
    precondition((0...9).contains(target.compression), "PNG: compression must be 0 to 9")
    precondition(
      target.width >= 0 && target.height >= 0 && (target.width > 0 || target.height > 0),
      "PNG: width or height must be positive")
    (self.info, self.target) = (info, target)
    let isTurned = info.orientation >= 5
    let seen = isTurned ? ImageSize(width: info.height, height: info.width) : info.size
    func failed(_ error: ResizeError) -> PNGError { PNGError(.resize(error), at: 16, in: .header) }
    do throws(ResizeError) {
      geometry = try ResizeGeometry(
        source: seen, width: target.width, height: target.height, fit: target.fit, gravity: target.gravity,
        enlarge: target.enlarges)
    } catch {
      throw failed(error)
    }
    guard geometry.canvas.width <= limits.pixels / geometry.canvas.height else {
      throw PNGError(.pixelLimit, at: 16, in: .header)
    }
    let output = geometry.image
    do throws(ResizeError) {
      resize = try ResizePlan(
        source: info.size, crop: ImageOrientation(info.orientation).stored(geometry.crop, in: info.size),
        output: isTurned ? ImageSize(width: output.height, height: output.width) : output, layout: info.layout,
        filter: target.filter, linearLight: target.linearLight, sharesRows: true)
    } catch {
      throw failed(error)
    }
    let pixel = info.layout.pixelByteCount
    let imageByteCount = output.width * output.height * pixel
    hasCanvas = info.orientation != 1 || geometry.canvas != geometry.image
    isBuffered = hasCanvas || imageByteCount <= Self.bufferedByteCount
    func aligned(_ count: Int) -> Int { (count + 63) & ~63 }
    image = aligned(resize.scratchByteCount)
    canvas = image + aligned(isBuffered ? imageByteCount : resize.outputRowByteCount)
    scratchByteCount =
      canvas + (hasCanvas ? aligned(geometry.canvas.width * geometry.canvas.height * pixel) : 0)
    byteCount =
      scratchByteCount + PNGWriter.byteCount(width: geometry.canvas.width, layout: info.layout)
      + PNGDeflate.byteCount(level: target.compression)
  }
}

/// How an image is turned to be seen, as eXIf says it (TIFF 6.0, Orientation).
struct ImageOrientation {
  let value: Int

  init(_ value: Int) { self.value = value }

  /// Rows are seen as columns.
  private var isTurned: Bool { value >= 5 }
  /// Where a stored column, or row, is seen from the other end.
  private var reversesColumns: Bool { value == 2 || value == 3 || value == 7 || value == 8 }
  private var reversesRows: Bool { value == 3 || value == 4 || value == 6 || value == 7 }

  /// The part of an image as stored that is seen as `box`.
  func stored(_ box: ImageBox, in size: ImageSize) -> ImageBox {
    var result =
      isTurned ? ImageBox(left: box.top, top: box.left, right: box.bottom, bottom: box.right) : box
    let (width, height) = (Double(size.width), Double(size.height))
    if reversesColumns { (result.left, result.right) = (width - result.right, width - result.left) }
    if reversesRows { (result.top, result.bottom) = (height - result.bottom, height - result.top) }
    return result
  }

  /// Writes pixels of `pixelByteCount` bytes as they are seen.
  ///
  /// - `source` is readable for an image of `size` without gaps, `target` writable for it turned, its rows `stride` apart.
  @unsafe
  func turn(
    _ source: UnsafeRawPointer, _ size: ImageSize, pixelByteCount: Int, into target: UnsafeMutableRawPointer,
    stride: Int
  ) {
    let columnStep = (isTurned ? stride : pixelByteCount) * (reversesColumns ? -1 : 1)
    let rowStep = (isTurned ? pixelByteCount : stride) * (reversesRows ? -1 : 1)
    let first =
      unsafe target
      + (reversesColumns ? (size.width - 1) * abs(columnStep) : 0)
      + (reversesRows ? (size.height - 1) * abs(rowStep) : 0)
    for y in 0..<size.height {
      let from = unsafe source + y * size.width * pixelByteCount
      let to = unsafe first + y * rowStep
      for x in 0..<size.width {
        unsafe (to + x * columnStep).copyMemory(from: from + x * pixelByteCount, byteCount: pixelByteCount)
      }
    }
  }
}

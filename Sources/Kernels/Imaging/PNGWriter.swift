/// Pixels on their way to a file, keeping its memory for the next one.
@safe
struct PNGWriter: ~Copyable, Sendable {
  private var scratch = Scratch()
  private var deflate = PNGDeflate()
  private let kernel = PNGFilterKernel.kernel(.current)

  // The file that is being made.
  private var size = ImageSize(width: 0, height: 0)
  private var layout = PixelLayout(channels: 1)
  private var storage = PNGStorage(PixelLayout(channels: 1))
  private var chunk = 0
  private var memory = PNGWriterMemory(rowByteCount: 0)
  private var filled = 0
  private var isOddRow = false
  private var rowsLeft = 0

  init() {}

  /// Bytes that are held for pixels of a layout, beside what the compression holds.
  static func byteCount(width: Int, layout: PixelLayout) -> Int {
    PNGWriterMemory(rowByteCount: width * layout.pixelByteCount).byteCount
  }

  // MARK: - Whole images

  /// Appends a file; false where the system has no more memory.
  ///
  /// - `pixels` is readable for its whole count, and aligned for its samples.
  /// - Parameter kept: bytes of whole chunks to be put before the image.
  @unsafe
  mutating func encode(
    _ pixels: UnsafeRawBufferPointer, size: ImageSize, layout: PixelLayout, stride: Int?, options: PNGEncodingOptions,
    kept: (UnsafeRawPointer, Int)? = nil, into output: inout PNGOutput
  ) -> Bool {
    let row = size.width * layout.pixelByteCount
    let stride = stride ?? row
    precondition(
      size.width > 0 && size.height > 0 && size.width <= Int(Int32.max) && size.height <= Int(Int32.max),
      "PNG: size must be 1 to 2147483647 pixels each way")
    precondition(
      (1...4).contains(layout.channels) && (layout.bits == 8 || layout.bits == 16),
      "PNG: layout must be 1 to 4 channels of 8 or 16 bits")
    precondition((0...9).contains(options.compression), "PNG: compression must be 0 to 9")
    precondition(stride >= row, "PNG: stride must be at least a row's bytes")
    let (full, overflow) = (size.height - 1).multipliedReportingOverflow(by: stride)
    precondition(
      !overflow && pixels.count >= row && pixels.count - row >= full, "PNG: pixels must hold all rows")
    let start = unsafe pixels.baseAddress.unsafelyUnwrapped
    precondition(
      layout.bits == 8 || (Int(bitPattern: start) | stride) & 1 == 0, "PNG: samples of 16 bits must be aligned to 2")
    guard
      unsafe begin(
        size, layout, options, whole: (start.assumingMemoryBound(to: UInt8.self), stride), kept: kept, into: &output)
    else { return false }
    for y in 0..<size.height { unsafe write(start + y * stride, into: &output) }
    return finish(into: &output)
  }

  // MARK: - By rows

  /// Starts a file. False where the system has no more memory.
  ///
  /// - Parameter whole: all pixels, where they are known, so that a palette can be found.
  @unsafe
  mutating func begin(
    _ size: ImageSize, _ layout: PixelLayout, _ options: PNGEncodingOptions,
    whole: (start: UnsafePointer<UInt8>, stride: Int)?, kept: (UnsafeRawPointer, Int)?, into output: inout PNGOutput
  ) -> Bool {
    (self.size, self.layout, storage) = (size, layout, PNGStorage(layout))
    memory = PNGWriterMemory(rowByteCount: size.width * layout.pixelByteCount)
    guard scratch.tryReserve(memory.byteCount) else { return false }
    if let whole = unsafe whole, options.reducesDepth && layout.bits == 8 {
      if layout.channels == 1 { unsafe reduceGrey(whole) }
      if layout.channels >= 3 { unsafe reduceColors(whole) }
    }
    (filled, isOddRow, rowsLeft) = (0, false, size.height)
    unsafe (base + memory.rows).initializeMemory(as: UInt8.self, repeating: 0, count: 2 * memory.rowStride)

    output.append(word: UInt32(truncatingIfNeeded: PNGParser.signature >> 32))
    output.append(word: UInt32(truncatingIfNeeded: PNGParser.signature))
    let header = output.beginChunk(.header)
    output.append(word: UInt32(size.width))
    output.append(word: UInt32(size.height))
    output.append(UInt8(storage.bitDepth))
    output.append(storage.colorType.rawValue)
    for _ in 0..<3 { output.append(0) }
    output.endChunk(header)
    writeAncillary(options, into: &output)
    if let kept = unsafe kept { unsafe output.append(kept.0, kept.1) }
    if storage.colorType == .palette { writePalette(into: &output) }
    chunk = output.beginChunk(.image)
    return deflate.begin(level: options.compression, into: &output)
  }

  /// Takes the next row.
  ///
  /// - `pixels` is readable for a row and aligned for its samples.
  @unsafe
  mutating func write(_ pixels: UnsafeRawPointer, into output: inout PNGOutput) {
    precondition(rowsLeft > 0, "PNGWriter: more rows than the image has")
    rowsLeft -= 1
    let count = storage.rowByteCount(size.width)
    let rows = unsafe (base + memory.rows).assumingMemoryBound(to: UInt8.self)
    let row = unsafe rows + (isOddRow ? memory.rowStride : 0)
    let prior = unsafe rows + (isOddRow ? 0 : memory.rowStride)
    isOddRow.toggle()
    unsafe store(pixels, row)
    let target = unsafe (base + memory.strip + filled).assumingMemoryBound(to: UInt8.self)
    if storage.usesFilters {
      unsafe kernel.filter(row, prior: prior, count: count, distance: storage.filterDistance, into: target)
    } else {
      unsafe target[0] = 0
      unsafe UnsafeMutableRawPointer(target + 1).copyMemory(from: row, byteCount: count)
    }
    filled += count + 1
    if filled >= PNGWriterMemory.stripByteCount { flush(isFinal: false, into: &output) }
  }

  /// Ends the file; false where the system had no more memory.
  mutating func finish(into output: inout PNGOutput) -> Bool {
    precondition(rowsLeft == 0, "PNGWriter: fewer rows than the image has")
    flush(isFinal: true, into: &output)
    output.endChunk(chunk)
    let end = output.beginChunk(.end)
    output.endChunk(end)
    return !output.hasFailed
  }

  // MARK: - Parts

  private var base: UnsafeMutableRawPointer { unsafe scratch.start.unsafelyUnwrapped }

  private mutating func flush(isFinal: Bool, into output: inout PNGOutput) {
    let bytes = unsafe UnsafeRawBufferPointer(start: base + memory.strip, count: filled)
    unsafe deflate.write(bytes, isFinal: isFinal, into: &output)
    filled = 0
    // A chunk's length has 31 bits.
    if !isFinal && output.count - chunk > 1 << 30 {
      output.endChunk(chunk)
      chunk = output.beginChunk(.image)
    }
  }

  /// Brings pixels to the form that they are stored in.
  @unsafe
  private func store(_ pixels: UnsafeRawPointer, _ row: UnsafeMutablePointer<UInt8>) {
    let width = size.width
    if layout.bits == 16 {
      let samples = unsafe pixels.assumingMemoryBound(to: UInt16.self)
      let target = unsafe UnsafeMutableRawPointer(row).assumingMemoryBound(to: UInt16.self)
      for i in 0..<width &* layout.channels { unsafe target[i] = samples[i].bigEndian }
      return
    }
    let bytes = unsafe pixels.assumingMemoryBound(to: UInt8.self)
    guard storage.colorType == .palette || storage.bitDepth < 8 else {
      unsafe UnsafeMutableRawPointer(row).copyMemory(from: bytes, byteCount: width &* layout.pixelByteCount)
      return
    }
    let depth = storage.bitDepth
    let isPalette = storage.colorType == .palette
    let palette = unsafe PNGPalette(existing: base + memory.palette)
    unsafe UnsafeMutableRawPointer(row).initializeMemory(
      as: UInt8.self, repeating: 0, count: storage.rowByteCount(width))
    var (last, index) = (UInt32.max, 0)
    for x in 0..<width {
      let value: Int
      if isPalette {
        let color = unsafe PNGPalette.color(bytes + x &* layout.channels, hasAlpha: layout.channels == 4)
        if color != last || x == 0 { (last, index) = (color, palette.index(color)) }
        value = index
      } else {
        value = unsafe Int(bytes[x]) >> (8 &- depth)
      }
      let bit = x &* depth
      unsafe row[bit >> 3] |= UInt8(truncatingIfNeeded: value << (8 &- depth &- bit & 7))
    }
  }

  /// Grey whose every value is one of fewer bits.
  @unsafe
  private mutating func reduceGrey(_ whole: (start: UnsafePointer<UInt8>, stride: Int)) {
    // For 1, 2 and 4 bits, whether each value so far is a multiple of 255, 85 and 17.
    var depth = 1
    for y in 0..<size.height {
      let row = unsafe whole.start + y * whole.stride
      for x in 0..<size.width {
        let value = unsafe row[x]
        while depth < 8 && value % UInt8(255 / (1 << depth - 1)) != 0 { depth *= 2 }
        if depth == 8 { return }
      }
    }
    storage.bitDepth = depth
  }

  @unsafe
  private mutating func reduceColors(_ whole: (start: UnsafePointer<UInt8>, stride: Int)) {
    var palette = unsafe PNGPalette(memory: base + memory.palette)
    guard unsafe palette.collect(whole.start, size, whole.stride, channels: layout.channels) else { return }
    var transparent = palette.putTransparentFirst()
    // A decoder shall find alpha where there was alpha.
    if layout.channels == 4 { transparent = max(transparent, 1) }
    let depth = palette.count <= 2 ? 1 : palette.count <= 4 ? 2 : palette.count <= 16 ? 4 : 8
    let chunks = 12 + 3 * palette.count + (transparent > 0 ? 12 + transparent : 0)
    let saved = (8 * layout.channels - depth) * size.width / 8 * size.height
    // What compresses to nothing anyway gains nothing by a palette: a quarter of the raw bytes is a cautious guess.
    guard saved / 4 > chunks else { return }
    (storage.colorType, storage.bitDepth) = (.palette, depth)
    (storage.paletteCount, storage.transparentCount) = (palette.count, transparent)
  }

  private func writePalette(into output: inout PNGOutput) {
    let palette = unsafe PNGPalette(existing: base + memory.palette)
    let colors = output.beginChunk(.palette)
    for i in 0..<storage.paletteCount {
      let color = unsafe palette.colors[i]
      output.append(UInt8(truncatingIfNeeded: color))
      output.append(UInt8(truncatingIfNeeded: color >> 8))
      output.append(UInt8(truncatingIfNeeded: color >> 16))
    }
    output.endChunk(colors)
    guard storage.transparentCount > 0 else { return }
    let transparency = output.beginChunk(.transparency)
    for i in 0..<storage.transparentCount { output.append(unsafe UInt8(truncatingIfNeeded: palette.colors[i] >> 24)) }
    output.endChunk(transparency)
  }

  private func writeAncillary(_ options: PNGEncodingOptions, into output: inout PNGOutput) {
    if let gamma = options.gamma {
      let chunk = output.beginChunk(.gamma)
      output.append(word: UInt32(clamping: gamma))
      output.endChunk(chunk)
    }
    if let intent = options.sRGBIntent {
      let chunk = output.beginChunk(.sRGB)
      output.append(UInt8(clamping: intent))
      output.endChunk(chunk)
    }
    if let density = options.density {
      let chunk = output.beginChunk(.density)
      output.append(word: density.x)
      output.append(word: density.y)
      output.append(density.isPerMetre ? 1 : 0)
      output.endChunk(chunk)
    }
  }
}

/// Where everything lies in a writer's memory.
struct PNGWriterMemory: Sendable {
  /// Filtered bytes that are compressed at once.
  static let stripByteCount = 64 << 10

  let rowStride: Int
  let palette, rows, strip, byteCount: Int

  init(rowByteCount: Int) {
    rowStride = (rowByteCount + 127) & ~63
    palette = 0
    rows = (PNGPalette.byteCount + 63) & ~63
    strip = rows + 2 * rowStride
    byteCount = strip + Self.stripByteCount + rowStride
  }
}

/// From rows as they are stored to pixels of a layout: samples come to the depth that is asked for first, and to its channels then.
///
/// Indices, and grey of up to 8 bits, go through a table of finished pixels; the rest goes sample by sample.
@safe
struct PNGPixelRows {
  /// A finished pixel of up to four samples of 16 bits for each index.
  static let tableByteCount = 256 * 8

  let info: PNGInfo
  let layout: PixelLayout
  /// Rows are pixels already.
  let isIdentity: Bool
  private let table: UnsafeMutableRawPointer
  private let usesTable: Bool
  /// The colour that tRNS makes transparent, at the file's depth.
  private var key: (r: UInt32, g: UInt32, b: UInt32)?

  /// - `table` is writable for ``tableByteCount`` bytes and aligned to 8; it stays as long as this value.
  @unsafe
  init(
    _ parser: borrowing PNGParser, _ info: PNGInfo, _ file: RawSpan, layout: PixelLayout, table: UnsafeMutableRawPointer
  ) {
    (self.info, self.layout) = (info, layout)
    unsafe self.table = table
    let isGrey = info.colorType == .grey
    isIdentity =
      info.bitDepth == 8 && info.colorType != .palette && layout.bits == 8
      && layout.channels == info.colorType.storedChannels
    usesTable = !isIdentity && (info.colorType == .palette || isGrey && info.bitDepth <= 8)
    if let at = parser.transparency?.lowerBound, info.colorType != .palette {
      func sample(_ i: Int) -> UInt32 {
        // Bits above the depth mean nothing.
        (UInt32(file.uint8(at + 2 * i)) << 8 | UInt32(file.uint8(at + 2 * i + 1))) & (1 << UInt32(info.bitDepth) - 1)
      }
      key = isGrey ? (sample(0), sample(0), sample(0)) : (sample(0), sample(1), sample(2))
    }
    if usesTable { makeTable(parser, file) }
  }

  private func makeTable(_ parser: borrowing PNGParser, _ file: RawSpan) {
    let most = UInt32(1) << UInt32(info.bitDepth) - 1
    for index in 0..<256 {
      var pixel = Pixel(r: 0, g: 0, b: 0, a: 255)
      if info.colorType == .palette {
        // An index beyond the palette is black.
        if let palette = parser.palette, index < palette.count / 3 {
          let at = palette.lowerBound + 3 * index
          (pixel.r, pixel.g, pixel.b) = (
            UInt32(file.uint8(at)), UInt32(file.uint8(at + 1)), UInt32(file.uint8(at + 2))
          )
        }
        if let alpha = parser.transparency, index < alpha.count {
          pixel.a = UInt32(file.uint8(alpha.lowerBound + index))
        }
      } else {
        let value = min(UInt32(index), most)
        let grey = value * 255 / most
        (pixel.r, pixel.g, pixel.b) = (grey, grey, grey)
        if let key, key.r == value { pixel.a = 0 }
      }
      unsafe write(pixel, bits: 8, to: table + index * layout.pixelByteCount)
    }
  }

  // MARK: - Rows

  /// - `row` is readable for the stored bytes of `width` pixels, and `pixels` writable for those of the layout, aligned for its samples.
  @unsafe
  func convert(_ row: UnsafePointer<UInt8>, _ pixels: UnsafeMutableRawPointer, width: Int) {
    if isIdentity {
      unsafe pixels.copyMemory(from: row, byteCount: width &* layout.pixelByteCount)
    } else if usesTable {
      unsafe lookUp(row, pixels, width)
    } else if layout.channels == info.colorType.storedChannels && key == nil && info.bitDepth == 16 {
      let samples = width &* layout.channels
      if layout.bits == 16 {
        let target = unsafe pixels.assumingMemoryBound(to: UInt16.self)
        for i in 0..<samples { unsafe target[i] = UInt16(row[2 &* i]) << 8 | UInt16(row[2 &* i &+ 1]) }
      } else {
        let target = unsafe pixels.assumingMemoryBound(to: UInt8.self)
        for i in 0..<samples {
          let sample = unsafe UInt32(row[2 &* i]) << 8 | UInt32(row[2 &* i &+ 1])
          unsafe target[i] = UInt8(truncatingIfNeeded: Self.narrow(sample))
        }
      }
    } else {
      switch (info.colorType, info.bitDepth) {
      case (.grey, _): unsafe convert(row, pixels, width, channels: 1, bits: 16)
      case (.greyAlpha, 8): unsafe convert(row, pixels, width, channels: 2, bits: 8)
      case (.greyAlpha, _): unsafe convert(row, pixels, width, channels: 2, bits: 16)
      case (.rgb, 8): unsafe convert(row, pixels, width, channels: 3, bits: 8)
      case (.rgb, _): unsafe convert(row, pixels, width, channels: 3, bits: 16)
      case (_, 8): unsafe convert(row, pixels, width, channels: 4, bits: 8)
      default: unsafe convert(row, pixels, width, channels: 4, bits: 16)
      }
    }
  }

  /// The same, every `step` pixels: in pieces that a little memory of the stack holds.
  @unsafe
  func scatter(_ row: UnsafePointer<UInt8>, _ pixels: UnsafeMutableRawPointer, width: Int, step: Int) {
    if step == 1 { return unsafe convert(row, pixels, width: width) }
    let size = layout.pixelByteCount
    // Of a piece's pixels each starts at a whole byte: 64 is a multiple of 8.
    var piece = InlineArray<64, UInt64>(repeating: 0)
    var x = 0
    while x < width {
      let count = min(64, width &- x)
      let source = unsafe row + x &* info.storedPixelBits / 8
      unsafe withUnsafeMutableBytes(of: &piece) { piece in
        let start = unsafe piece.baseAddress.unsafelyUnwrapped
        unsafe convert(source, start, width: count)
        for i in 0..<count {
          unsafe (pixels + (x &+ i) &* step &* size).copyMemory(from: start + i &* size, byteCount: size)
        }
      }
      x &+= count
    }
  }

  @unsafe
  private func lookUp(_ row: UnsafePointer<UInt8>, _ pixels: UnsafeMutableRawPointer, _ width: Int) {
    switch layout.pixelByteCount {
    case 1: unsafe lookUp(row, pixels, width, 1)
    case 2: unsafe lookUp(row, pixels, width, 2)
    case 3: unsafe lookUp(row, pixels, width, 3)
    case 4: unsafe lookUp(row, pixels, width, 4)
    case 6: unsafe lookUp(row, pixels, width, 6)
    default: unsafe lookUp(row, pixels, width, 8)
    }
  }

  @inline(__always)
  private func lookUp(_ row: UnsafePointer<UInt8>, _ pixels: UnsafeMutableRawPointer, _ width: Int, _ size: Int) {
    let depth = info.bitDepth
    if depth == 8 {
      for x in 0..<width {
        unsafe (pixels + x &* size).copyMemory(from: table + Int(row[x]) &* size, byteCount: size)
      }
      return
    }
    let mask = 1 << depth &- 1
    for x in 0..<width {
      let bit = x &* depth
      let index = unsafe Int(row[bit >> 3]) >> (8 &- depth &- bit & 7) & mask
      unsafe (pixels + x &* size).copyMemory(from: table + index &* size, byteCount: size)
    }
  }

  // MARK: - Pixels

  private struct Pixel {
    var r, g, b, a: UInt32
  }

  @inline(__always)
  private func convert(
    _ row: UnsafePointer<UInt8>, _ pixels: UnsafeMutableRawPointer, _ width: Int, channels: Int, bits: Int
  ) {
    let most: UInt32 = bits == 8 ? 255 : 65535
    let pixelByteCount = layout.pixelByteCount
    func sample(_ i: Int) -> UInt32 {
      unsafe bits == 8 ? UInt32(row[i]) : UInt32(row[2 &* i]) << 8 | UInt32(row[2 &* i &+ 1])
    }
    for x in 0..<width {
      let at = x &* channels
      var pixel: Pixel
      if channels <= 2 {
        let grey = sample(at)
        pixel = Pixel(r: grey, g: grey, b: grey, a: channels == 2 ? sample(at &+ 1) : most)
      } else {
        pixel = Pixel(
          r: sample(at), g: sample(at &+ 1), b: sample(at &+ 2), a: channels == 4 ? sample(at &+ 3) : most)
      }
      if channels & 1 == 1, let key, pixel.r == key.r && pixel.g == key.g && pixel.b == key.b { pixel.a = 0 }
      unsafe write(pixel, bits: bits, to: pixels + x &* pixelByteCount)
    }
  }

  /// Writes a pixel whose samples have `bits` bits.
  @inline(__always)
  private func write(_ pixel: Pixel, bits: Int, to target: UnsafeMutableRawPointer) {
    var pixel = pixel
    if bits == 16 && layout.bits == 8 {
      pixel = Pixel(
        r: Self.narrow(pixel.r), g: Self.narrow(pixel.g), b: Self.narrow(pixel.b), a: Self.narrow(pixel.a))
    } else if bits == 8 && layout.bits == 16 {
      pixel = Pixel(r: pixel.r &* 257, g: pixel.g &* 257, b: pixel.b &* 257, a: pixel.a &* 257)
    }
    @inline(__always) func store(_ value: UInt32, _ i: Int) {
      if layout.bits == 8 {
        unsafe target.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: i, as: UInt8.self)
      } else {
        unsafe target.storeBytes(of: UInt16(truncatingIfNeeded: value), toByteOffset: 2 &* i, as: UInt16.self)
      }
    }
    if layout.channels <= 2 {
      // Of equal parts the weights, whose sum is 65536, give the part itself.
      store((19595 &* pixel.r &+ 38470 &* pixel.g &+ 7471 &* pixel.b &+ 32768) >> 16, 0)
      if layout.channels == 2 { store(pixel.a, 1) }
    } else {
      store(pixel.r, 0)
      store(pixel.g, 1)
      store(pixel.b, 2)
      if layout.channels == 4 { store(pixel.a, 3) }
    }
  }

  /// v / 257, to the nearest: exact for all of 16 bits (checked by a test).
  @inline(__always)
  static func narrow(_ v: UInt32) -> UInt32 { (v &* 255 &+ 32895) >> 16 }
}

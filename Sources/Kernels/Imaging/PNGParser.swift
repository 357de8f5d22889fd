/// The chunks of a file, in checked Swift: framing, checksums, order, and what they say. Image data is left to the reader.
///
/// What follows is held to W3C PNG (Third Edition): 5 for framing and order, 11 for the chunks.
struct PNGParser {
  let limits: PNGLimits
  let verification: PNGVerification

  private(set) var info: PNGInfo?
  /// Where the colours of PLTE and the bytes of tRNS lie in the file.
  private(set) var palette: Range<Int>?
  private(set) var transparency: Range<Int>?
  /// The whole of gAMA, sRGB, iCCP and pHYs in the file, framing and all.
  private(set) var gamma: Range<Int>?
  private(set) var sRGB: Range<Int>?
  private(set) var profile: Range<Int>?
  private(set) var density: Range<Int>?
  /// The same of the first eXIf, where one stands before the image.
  private var exif: Range<Int>?
  private var hasOrientation = false
  private var hasSeenImage = false
  private var chunkCount = 0
  /// Where the next chunk starts.
  private(set) var offset = 0

  init(limits: PNGLimits, verification: PNGVerification) {
    (self.limits, self.verification) = (limits, verification)
  }

  static let signature: UInt64 = 0x8950_4e47_0d0a_1a0a

  /// A chunk whose framing and, where asked, checksum are right.
  struct Chunk {
    let name: PNGChunkName
    /// Where its length stands.
    let offset: Int
    let data: Range<Int>
    /// Its checksum is wrong, and that is to be borne.
    let isDamaged: Bool

    var whole: Range<Int> { offset..<data.upperBound + 4 }
  }

  /// Up to the first chunk of image data, whose bytes are the result.
  mutating func header(_ file: RawSpan) throws(PNGError) -> Range<Int> {
    guard file.byteCount >= 8 else { throw PNGError(.signature, at: 0) }
    guard file.uint64(0) == Self.signature else { throw PNGError(.signature, at: 0) }
    offset = 8
    while true {
      let chunk = try next(file)
      if chunk.name == .image {
        try beginImage(chunk)
        return chunk.data
      }
      if chunk.name == .end { throw PNGError(.chunkOrder, at: chunk.offset, in: .image) }
      try take(chunk, file)
    }
  }

  /// The bytes of the next chunk of image data; nil where another chunk, or nothing, comes.
  mutating func nextImageData(_ file: RawSpan) throws(PNGError) -> Range<Int>? {
    guard file.byteCount - offset >= 8, file.uint32(offset + 4) == PNGChunkName.image.code else { return nil }
    return try next(file).data
  }

  /// From behind the image data to the end chunk.
  mutating func trailer(_ file: RawSpan) throws(PNGError) {
    var isAfterImage = false
    while true {
      let chunk = try next(file)
      switch chunk.name {
      case .end:
        guard chunk.data.isEmpty else { throw PNGError(.chunkLength, at: chunk.offset, in: chunk.name) }
        return
      case .image:
        // Image data in one run of chunks: what comes after another chunk is no part of it.
        guard !isAfterImage else { throw PNGError(.chunkOrder, at: chunk.offset, in: chunk.name) }
      default:
        isAfterImage = true
        try take(chunk, file)
      }
    }
  }

  /// What eXIf says of orientation, also where it stands behind the image: its place is found by lengths alone, and all that is
  /// wrong with the chunks up to there shows when they are taken.
  func orientation(_ file: RawSpan) -> Int {
    if hasOrientation { return info?.orientation ?? 1 }
    var at = offset
    while let chunk = nextEXIF(file, &at) {
      if let orientation = EXIFOrientation.read(file.extracting(chunk.lowerBound + 8..<chunk.upperBound - 4)) {
        return orientation
      }
    }
    return 1
  }

  /// The whole of the next eXIf from a chunk's start on, with `at` behind it; nil where there is none. One that is damaged is none.
  private func nextEXIF(_ file: RawSpan, _ at: inout Int) -> Range<Int>? {
    while file.byteCount - at >= 12 {
      let length = Int(file.uint32(at))
      guard length <= file.byteCount - at - 12 else { return nil }
      let chunk = at..<at + 12 + length
      at = chunk.upperBound
      guard file.uint32(chunk.lowerBound + 4) == PNGChunkName.exif.code else { continue }
      let sum = file.uint32(at - 4)
      if verification == .none
        || CRC32.checksum(of: file.extracting(chunk.lowerBound + 4..<chunk.upperBound - 4)) == sum
      {
        return chunk
      }
    }
    return nil
  }

  /// The chunks that `metadata` names, whole. Only the first of two that say the same counts.
  private func kept(_ metadata: PNGMetadata, _ file: RawSpan) -> [5 of Range<Int>?] {
    let color = metadata.contains(.color)
    var at = offset
    return [
      color ? gamma : nil, color ? sRGB : nil, color ? profile : nil, metadata.contains(.density) ? density : nil,
      metadata.contains(.exif) ? exif ?? nextEXIF(file, &at) : nil,
    ]
  }

  func keptByteCount(_ metadata: PNGMetadata, _ file: RawSpan) -> Int {
    let chunks = kept(metadata, file)
    return chunks.indices.reduce(0) { $0 + (chunks[$1]?.count ?? 0) }
  }

  func appendKept(_ metadata: PNGMetadata, _ file: RawSpan, to output: inout PNGOutput) {
    let chunks = kept(metadata, file)
    for i in chunks.indices {
      guard let chunk = chunks[i] else { continue }
      // The checksum is made anew: where it was not verified it may be wrong.
      unsafe file.extracting(chunk.lowerBound..<chunk.upperBound - 4).withUnsafeBytes { bytes in
        unsafe output.append(bytes.baseAddress.unsafelyUnwrapped, bytes.count)
      }
      output.append(word: CRC32.checksum(of: file.extracting(chunk.lowerBound + 4..<chunk.upperBound - 4)))
    }
  }

  // MARK: - Framing

  private mutating func next(_ file: RawSpan) throws(PNGError) -> Chunk {
    let start = offset
    guard file.byteCount - start >= 12 else { throw PNGError(.truncated, at: file.byteCount) }
    let length = Int(file.uint32(start))
    let name = PNGChunkName(code: file.uint32(start + 4))
    if start == 8 && name != .header { throw PNGError(.chunkOrder, at: start, in: .header) }
    guard name.isValid else { throw PNGError(.chunkName, at: start + 4, in: name) }
    guard length <= Int(Int32.max) else { throw PNGError(.chunkLength, at: start, in: name) }
    guard length <= file.byteCount - start - 12 else { throw PNGError(.truncated, at: file.byteCount, in: name) }
    if name != .image {
      chunkCount += 1
      guard chunkCount <= limits.chunkCount else { throw PNGError(.chunkCountLimit, at: start, in: name) }
      guard length <= limits.chunkByteCount else { throw PNGError(.chunkLimit, at: start, in: name) }
    }
    let data = start + 8..<start + 8 + length
    var isDamaged = false
    if verification != .none {
      let expected = file.uint32(data.upperBound)
      if CRC32.checksum(of: file.extracting(start + 4..<data.upperBound)) != expected {
        guard verification == .critical && name.isAncillary else {
          throw PNGError(.chunkChecksum, at: data.upperBound, in: name)
        }
        isDamaged = true
      }
    }
    offset = data.upperBound + 4
    return Chunk(name: name, offset: start, data: data, isDamaged: isDamaged)
  }

  private mutating func beginImage(_ chunk: Chunk) throws(PNGError) {
    guard let info else { throw PNGError(.chunkOrder, at: chunk.offset, in: .header) }
    if info.colorType == .palette && palette == nil { throw PNGError(.chunkOrder, at: chunk.offset, in: .palette) }
    hasSeenImage = true
  }

  // MARK: - What chunks say

  private mutating func take(_ chunk: Chunk, _ file: RawSpan) throws(PNGError) {
    if chunk.name == .header { return try takeHeader(chunk, file) }
    guard let info else { throw PNGError(.chunkOrder, at: chunk.offset, in: .header) }
    switch chunk.name {
    case .palette: try takePalette(chunk, info)
    case .transparency:
      if !chunk.isDamaged { try takeTransparency(chunk, info) }
    case .gamma, .sRGB, .profile, .density, .exif:
      // The first one counts, and only where it has its place; one that is malformed says nothing.
      if !chunk.isDamaged { takeAncillary(chunk, file) }
    default:
      guard chunk.name.isAncillary else { throw PNGError(.chunkName, at: chunk.offset + 4, in: chunk.name) }
    }
  }

  private mutating func takeHeader(_ chunk: Chunk, _ file: RawSpan) throws(PNGError) {
    let data = chunk.data
    guard chunk.offset == 8 else { throw PNGError(.chunkOrder, at: chunk.offset, in: chunk.name) }
    guard data.count == 13 else { throw PNGError(.chunkLength, at: chunk.offset, in: chunk.name) }
    func failed(_ at: Int) -> PNGError { PNGError(.header, at: data.lowerBound + at, in: .header) }
    let (width, height) = (file.uint32(data.lowerBound), file.uint32(data.lowerBound + 4))
    let limit = UInt32(Int32.max)
    guard width > 0 && width <= limit else { throw failed(0) }
    guard height > 0 && height <= limit else { throw failed(4) }
    let depth = Int(file.uint8(data.lowerBound + 8))
    guard let color = PNGInfo.ColorType(rawValue: file.uint8(data.lowerBound + 9)) else { throw failed(9) }
    guard color.allows(depth: depth) else { throw failed(8) }
    guard file.uint8(data.lowerBound + 10) == 0 else { throw failed(10) }
    guard file.uint8(data.lowerBound + 11) == 0 else { throw failed(11) }
    let interlace = file.uint8(data.lowerBound + 12)
    guard interlace <= 1 else { throw failed(12) }
    info = PNGInfo(
      width: Int(width), height: Int(height), bitDepth: depth, colorType: color, isInterlaced: interlace == 1)
    guard Int(width) * Int(height) <= limits.pixels else {
      throw PNGError(.pixelLimit, at: data.lowerBound, in: .header)
    }
  }

  private mutating func takePalette(_ chunk: Chunk, _ info: PNGInfo) throws(PNGError) {
    guard palette == nil && transparency == nil && !hasSeenImage,
      info.colorType != .grey && info.colorType != .greyAlpha
    else { throw PNGError(.chunkOrder, at: chunk.offset, in: chunk.name) }
    let count = chunk.data.count
    // To colours that are not indices it is a suggestion, of up to 256 all the same.
    let most = info.colorType == .palette ? 1 << info.bitDepth : 256
    guard count > 0 && count % 3 == 0 && count / 3 <= most else {
      throw PNGError(.palette, at: chunk.offset, in: chunk.name)
    }
    palette = chunk.data
  }

  private mutating func takeTransparency(_ chunk: Chunk, _ info: PNGInfo) throws(PNGError) {
    guard transparency == nil && !hasSeenImage else {
      throw PNGError(.chunkOrder, at: chunk.offset, in: chunk.name)
    }
    let fits: Bool
    switch info.colorType {
    case .grey: fits = chunk.data.count == 2
    case .rgb: fits = chunk.data.count == 6
    case .palette:
      guard let palette else { throw PNGError(.chunkOrder, at: chunk.offset, in: chunk.name) }
      fits = chunk.data.count > 0 && chunk.data.count <= palette.count / 3
    case .greyAlpha, .rgba: fits = false
    }
    guard fits else { throw PNGError(.transparency, at: chunk.offset, in: chunk.name) }
    transparency = chunk.data
    self.info?.hasAlpha = true
  }

  private mutating func takeAncillary(_ chunk: Chunk, _ file: RawSpan) {
    let data = chunk.data
    if chunk.name == .exif {
      if !hasSeenImage && exif == nil { exif = chunk.whole }
      if !hasOrientation, let orientation = EXIFOrientation.read(file.extracting(data)) {
        hasOrientation = true
        info?.orientation = orientation
      }
      return
    }
    guard !hasSeenImage else { return }
    switch chunk.name {
    case .gamma where gamma == nil && palette == nil && data.count == 4:
      let value = file.uint32(data.lowerBound)
      guard value > 0 && value <= UInt32(Int32.max) else { return }
      gamma = chunk.whole
      info?.gamma = Int(value)
    case .sRGB where sRGB == nil && palette == nil && data.count == 1:
      let intent = file.uint8(data.lowerBound)
      guard intent <= 3 else { return }
      sRGB = chunk.whole
      info?.sRGBIntent = Int(intent)
    case .profile where profile == nil && palette == nil && data.count > 3:
      profile = chunk.whole
      info?.hasProfile = true
    case .density where density == nil && data.count == 9:
      let unit = file.uint8(data.lowerBound + 8)
      guard unit <= 1 else { return }
      let (x, y) = (file.uint32(data.lowerBound), file.uint32(data.lowerBound + 4))
      density = chunk.whole
      info?.density = PNGInfo.Density(x: x, y: y, isPerMetre: unit == 1)
    default: break
    }
  }
}

// MARK: - Reading numbers

extension RawSpan {
  // Each in bounds or a trap: offsets come out of lengths that were checked.

  @inline(__always)
  func uint8(_ offset: Int) -> UInt8 { unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self) }

  @inline(__always)
  func uint32(_ offset: Int) -> UInt32 {
    unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(__always)
  func uint64(_ offset: Int) -> UInt64 {
    unsafe UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}

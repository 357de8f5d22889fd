/// PNG images (W3C PNG, Third Edition): what a file says, its pixels, files of pixels, and files resized.
///
/// Files may be hostile: what they ask for is held against ``PNGLimits`` before it is allocated, the time is in proportion to the
/// bytes given and the pixels allowed, and what is no PNG is a ``PNGError`` with its place. Of an animation (APNG) it is the default image.
public enum PNG {
  /// What a file says about its image, from the chunks before the image; the image itself is not looked at.
  ///
  /// - Complexity: O(bytes before the image); no allocation.
  public static func inspect(
    _ file: RawSpan, limits: PNGLimits = .default, verification: PNGVerification = .all
  ) throws(PNGError) -> PNGInfo {
    var parser = PNGParser(limits: limits, verification: verification)
    _ = try parser.header(file)
    guard let info = parser.info else { throw PNGError(.chunkOrder, at: 8, in: .header) }
    return info
  }

  /// The pixels of a file.
  ///
  /// Samples of 16 bits come to 8 as the nearest of v / 257, those of fewer than 8 by the whole range; colours come to grey as
  /// `(19595 r + 38470 g + 7471 b + 32768) >> 16`, the depth before the channels. An index beyond the palette is black. What a stream
  /// has beyond its image is passed over. Orientation is not applied.
  ///
  /// - Complexity: O(bytes + pixels); allocates the pixels and the decoder's memory.
  public static func decode(
    _ file: RawSpan, options: PNGDecodingOptions = PNGDecodingOptions()
  ) throws(PNGError) -> PNGImage {
    var decoder = PNGDecoder()
    var bytes: [UInt8] = []
    let (info, layout) = try decoder.decode(file, options: options, into: &bytes)
    return PNGImage(info: info, layout: layout, pixels: bytes)
  }

  /// Bytes of the pixels that a decoder gives for a file of which `info` is known: what to make room for.
  public static func decodedByteCount(_ info: PNGInfo, options: PNGDecodingOptions = PNGDecodingOptions()) -> Int {
    let (count, overflow) = (info.width * info.height).multipliedReportingOverflow(
      by: options.layout(of: info).pixelByteCount)
    return overflow ? .max : count
  }
}

/// What pixels a decoder gives, and what it allows.
public struct PNGDecodingOptions: Hashable, Sendable {
  /// 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha; nil as stored, palette expanded and transparency as alpha.
  public var channels: Int?
  /// 8, or 16 in host order; nil as stored, at least 8.
  public var bits: Int?
  public var limits = PNGLimits()
  public var verification = PNGVerification.all

  public init(channels: Int? = nil, bits: Int? = nil) { (self.channels, self.bits) = (channels, bits) }

  func layout(of info: PNGInfo) -> PixelLayout {
    precondition(channels.map { (1...4).contains($0) } ?? true, "PNGDecodingOptions: channels must be 1 to 4")
    precondition(bits.map { $0 == 8 || $0 == 16 } ?? true, "PNGDecodingOptions: bits must be 8 or 16")
    return PixelLayout(channels: channels ?? info.layout.channels, bits: bits ?? info.layout.bits)
  }
}

/// Pixels and what their file said about them: rows from top to bottom without gaps.
public struct PNGImage: Hashable, Sendable {
  public let info: PNGInfo
  public let layout: PixelLayout
  public let pixels: [UInt8]
}

/// A decoder that keeps its memory for the next file.
///
/// - A call allocates nothing once a file of the same shape has been decoded.
@safe
public struct PNGDecoder: ~Copyable, Sendable {
  private var scratch = Scratch()
  private var core = InflateCore()
  package var unfilter = PNGUnfilterKernel.kernel(.current)

  public init() {}

  /// Decodes `file` into `pixels`, which is resized where its count is not that of the image.
  public mutating func decode(
    _ file: RawSpan, options: PNGDecodingOptions, into pixels: inout [UInt8]
  ) throws(PNGError) -> (info: PNGInfo, layout: PixelLayout) {
    var parser = PNGParser(limits: options.limits, verification: options.verification)
    let plan = try plan(file, options, &parser)
    let row = plan.plan.info.width * plan.plan.layout.pixelByteCount
    let count = row * plan.plan.info.height
    if pixels.count != count {
      // Not zeroed: every byte is written by a decode that succeeds, and of one that fails nothing is given.
      var failure: PNGError?
      pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
        do throws(PNGError) {
          unsafe try run(plan, file, &parser, UnsafeMutableRawBufferPointer(buffer), row)
          written = count
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
    } else {
      var failure: PNGError?
      unsafe pixels.withUnsafeMutableBytes { buffer in
        do throws(PNGError) { unsafe try run(plan, file, &parser, buffer, row) } catch { failure = error }
      }
      if let failure { throw failure }
    }
    return (parser.info ?? plan.plan.info, plan.plan.layout)
  }

  /// Decodes `file` into memory whose rows are `stride` bytes apart.
  ///
  /// - Throws: where the file is bad; rows that came before are written then.
  public mutating func decode(
    _ file: RawSpan, options: PNGDecodingOptions, into pixels: inout MutableRawSpan, stride: Int
  ) throws(PNGError) -> (info: PNGInfo, layout: PixelLayout) {
    var parser = PNGParser(limits: options.limits, verification: options.verification)
    let plan = try plan(file, options, &parser)
    var failure: PNGError?
    unsafe pixels.withUnsafeMutableBytes { buffer in
      do throws(PNGError) { unsafe try run(plan, file, &parser, buffer, stride) } catch { failure = error }
    }
    if let failure { throw failure }
    return (parser.info ?? plan.plan.info, plan.plan.layout)
  }

  /// The same.
  ///
  /// - `pixels` is writable for its whole count; samples of 16 bits are aligned to 2.
  @unsafe
  public mutating func decode(
    _ file: RawSpan, options: PNGDecodingOptions, into pixels: UnsafeMutableRawBufferPointer, stride: Int
  ) throws(PNGError) -> (info: PNGInfo, layout: PixelLayout) {
    var parser = PNGParser(limits: options.limits, verification: options.verification)
    let plan = try plan(file, options, &parser)
    unsafe try run(plan, file, &parser, pixels, stride)
    return (parser.info ?? plan.plan.info, plan.plan.layout)
  }

  /// Appends the pixels of `file` to `pixels`: rows without gaps.
  ///
  /// - Throws: where the file is bad; nothing is appended then. ``PNGError/Reason/outputLimit`` where `pixels` has no room for the image.
  public mutating func decode(
    _ file: RawSpan, options: PNGDecodingOptions, into pixels: inout OutputSpan<UInt8>
  ) throws(PNGError) -> (info: PNGInfo, layout: PixelLayout) {
    var parser = PNGParser(limits: options.limits, verification: options.verification)
    let plan = try plan(file, options, &parser)
    let row = plan.plan.info.width * plan.plan.layout.pixelByteCount
    let count = row * plan.plan.info.height
    guard count <= pixels.freeCapacity else { throw PNGError(.outputLimit, at: 16, in: .header) }
    var failure: PNGError?
    unsafe pixels.withUnsafeMutableBufferPointer { buffer, filled in
      let target = unsafe UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(rebasing: buffer[filled..<filled + count]))
      do throws(PNGError) {
        unsafe try run(plan, file, &parser, target, row)
        filled += count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return (parser.info ?? plan.plan.info, plan.plan.layout)
  }

  /// Decodes `file` into what `place` finds for that many bytes, once it is known that the file asks for no more than it may.
  ///
  /// - The memory is writable for that many bytes and aligned for samples; nil where there is none.
  @unsafe
  public mutating func decode(
    _ file: RawSpan, options: PNGDecodingOptions, place: (Int) -> UnsafeMutableRawPointer?
  ) throws(PNGError) -> (info: PNGInfo, layout: PixelLayout) {
    var parser = PNGParser(limits: options.limits, verification: options.verification)
    let plan = try plan(file, options, &parser)
    let row = plan.plan.info.width * plan.plan.layout.pixelByteCount
    let count = row * plan.plan.info.height
    guard let target = unsafe place(count) else { throw PNGError(.outOfMemory, at: 0) }
    unsafe try run(plan, file, &parser, UnsafeMutableRawBufferPointer(start: target, count: count), row)
    return (parser.info ?? plan.plan.info, plan.plan.layout)
  }

  // MARK: - Steps

  private func plan(
    _ file: RawSpan, _ options: PNGDecodingOptions, _ parser: inout PNGParser
  ) throws(PNGError) -> (plan: PNGReaderPlan, firstChunk: Range<Int>) {
    let firstChunk = try parser.header(file)
    guard let info = parser.info else { throw PNGError(.chunkOrder, at: 8, in: .header) }
    let plan = PNGReaderPlan(info, layout: options.layout(of: info))
    guard plan.byteCount + InflateCore.byteCount <= options.limits.memory else {
      throw PNGError(.memoryLimit, at: 16, in: .header)
    }
    return (plan, firstChunk)
  }

  @unsafe
  private mutating func run(
    _ plan: (plan: PNGReaderPlan, firstChunk: Range<Int>), _ file: RawSpan, _ parser: inout PNGParser,
    _ pixels: UnsafeMutableRawBufferPointer, _ stride: Int
  ) throws(PNGError) {
    let info = plan.plan.info
    let row = info.width * plan.plan.layout.pixelByteCount
    precondition(stride >= row, "PNG: stride must be at least a row's bytes")
    let (full, overflow) = (info.height - 1).multipliedReportingOverflow(by: stride)
    precondition(
      !overflow && pixels.count >= row && pixels.count - row >= full, "PNG: pixels must have room for all rows")
    let target = unsafe pixels.baseAddress.unsafelyUnwrapped
    precondition(
      plan.plan.layout.bits == 8 || (Int(bitPattern: target) | stride) & 1 == 0,
      "PNG: samples of 16 bits must be aligned to 2")
    guard scratch.tryReserve(plan.plan.byteCount) else { throw PNGError(.outOfMemory, at: 0) }
    core.reset()
    var reader = unsafe PNGReader(
      plan.plan, parser, file, firstChunk: plan.firstChunk, memory: scratch.start.unsafelyUnwrapped, kernel: unfilter)
    unsafe try reader.decodeImage(file, &parser, &core, into: target, stride: stride)
  }
}

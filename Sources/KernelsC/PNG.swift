// The C ABI of PNG. Contract and names: `include/kernels.h`. Every check is made before the first byte is written.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Kernels
public import KernelsABI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@c @implementation
public func kn_png_inspect(
  _ data: UnsafePointer<UInt8>?, _ length: Int, _ info: UnsafeMutablePointer<kn_png_info>?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let bytes = unsafe message(data, length), let info = unsafe info else { return invalidArgument }
  var limits = PNGLimits()
  limits.pixels = Int.max
  do throws(PNGError) {
    let found = try PNG.inspect(unsafe RawSpan(_unsafeBytes: bytes), limits: limits)
    unsafe info.pointee = kn_png_info(found, found.layout)
    return ok
  } catch let failure {
    return unsafe report(failure, error)
  }
}

@c @implementation
public func kn_png_decode(
  _ data: UnsafePointer<UInt8>?, _ length: Int, _ channels: Int32, _ bits: Int32, _ max_pixels: UInt64,
  _ pixels: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ info: UnsafeMutablePointer<kn_png_info>?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let bytes = unsafe message(data, length), let pixels = unsafe pixels, (0...4).contains(channels),
    bits == 8 || bits == 16
  else { return invalidArgument }
  var options = PNGDecodingOptions(channels: channels == 0 ? nil : Int(channels), bits: Int(bits))
  if max_pixels != 0 { options.limits.pixels = Int(clamping: max_pixels) }
  var memory: UnsafeMutableRawPointer?
  do throws(PNGError) {
    var decoder = PNGDecoder()
    let (found, layout) = unsafe try decoder.decode(RawSpan(_unsafeBytes: bytes), options: options) { count in
      unsafe memory = malloc(count)
      return unsafe memory
    }
    unsafe pixels.pointee = memory?.assumingMemoryBound(to: UInt8.self)
    if let info = unsafe info { unsafe info.pointee = kn_png_info(found, layout) }
    return ok
  } catch let failure {
    unsafe free(memory)
    return unsafe report(failure, error)
  }
}

@c @implementation
public func kn_png_encode(
  _ pixels: UnsafePointer<UInt8>?, _ width: UInt32, _ height: UInt32, _ channels: Int32, _ bits: Int32, _ stride: Int,
  _ compression: Int32, _ out: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ out_length: UnsafeMutablePointer<Int>?, _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let pixels = unsafe pixels, let out = unsafe out, let out_length = unsafe out_length,
    width > 0 && width <= UInt32(Int32.max) && height > 0 && height <= UInt32(Int32.max),
    (1...4).contains(channels) && (bits == 8 || bits == 16) && (0...9).contains(compression)
  else { return invalidArgument }
  let row = Int(width) * Int(channels) * Int(bits) / 8
  let (full, overflow) = (Int(height) - 1).multipliedReportingOverflow(by: stride)
  guard stride >= row && !overflow && full <= Int.max - row,
    bits == 8 || (Int(bitPattern: pixels) | stride) & 1 == 0
  else { return invalidArgument }
  let made = unsafe PNG.encodeToMemory(
    UnsafeRawBufferPointer(start: pixels, count: full + row), size: ImageSize(width: Int(width), height: Int(height)),
    layout: PixelLayout(channels: Int(channels), bits: Int(bits)), stride: stride,
    options: PNGEncodingOptions(compression: Int(compression)))
  guard let (memory, count) = unsafe made else { return kn_status(KN_OUT_OF_MEMORY) }
  unsafe out.pointee = memory.assumingMemoryBound(to: UInt8.self)
  unsafe out_length.pointee = count
  return ok
}

@c @implementation
public func kn_png_resize(
  _ data: UnsafePointer<UInt8>?, _ length: Int, _ options: UnsafePointer<kn_resize_options>?,
  _ out: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ out_length: UnsafeMutablePointer<Int>?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let bytes = unsafe message(data, length), let options = unsafe options?.pointee, let out = unsafe out,
    let out_length = unsafe out_length, let target = PNGResizeTarget(options), options.threads >= 1
  else { return invalidArgument }
  var limits = PNGLimits()
  if options.max_pixels != 0 { limits.pixels = Int(clamping: options.max_pixels) }
  if options.max_memory != 0 { limits.memory = Int(clamping: options.max_memory) }
  do throws(PNGError) {
    var resizer = PNGResizer()
    unsafe try resizer.resize(
      RawSpan(_unsafeBytes: bytes), to: [target], limits: limits, threads: Int(options.threads))
    let (memory, count) = unsafe resizer.releaseOutput(0)
    guard let memory = unsafe memory else { return kn_status(KN_OUT_OF_MEMORY) }
    unsafe out.pointee = memory.assumingMemoryBound(to: UInt8.self)
    unsafe out_length.pointee = count
    return ok
  } catch let failure {
    return unsafe report(failure, error)
  }
}

// MARK: - Values

extension kn_png_info {
  fileprivate init(_ info: PNGInfo, _ layout: PixelLayout) {
    self.init(
      width: UInt32(info.width), height: UInt32(info.height), bit_depth: UInt8(info.bitDepth),
      color_type: info.colorType.rawValue, interlaced: info.isInterlaced ? 1 : 0, has_alpha: info.hasAlpha ? 1 : 0,
      channels: UInt8(layout.channels), bits: UInt8(layout.bits))
  }
}

extension PNGResizeTarget {
  /// Nil where a field is out of its domain.
  fileprivate init?(_ options: kn_resize_options) {
    guard options.width > 0 || options.height > 0, let fit = ResizeFit(rawValue: options.fit),
      let filter = ResizeFilter(rawValue: options.filter), options.enlarge == 0 || options.enlarge == 1,
      options.linear_light == 0 || options.linear_light == 1, (0...9).contains(options.compression)
    else { return nil }
    // A box beyond any image is as good as the largest.
    self.init(width: Int(min(options.width, UInt32(Int32.max))), height: Int(min(options.height, UInt32(Int32.max))))
    (self.fit, self.filter, enlarges) = (fit, filter, options.enlarge == 1)
    (linearLight, compression) = (options.linear_light == 1, Int(options.compression))
  }
}

// MARK: - Errors

/// Fills `error` where there is one; the status.
@unsafe
private func report(_ failure: PNGError, _ error: UnsafeMutablePointer<kn_error>?) -> kn_status {
  if let error = unsafe error {
    var filled = kn_error()
    filled.offset = UInt64(failure.offset)
    unsafe write(failure.chunk, &filled.path)
    unsafe write(failure.message, &filled.message)
    unsafe error.pointee = filled
  }
  switch failure.reason {
  case .outOfMemory, .resize(.tooLarge): return kn_status(KN_OUT_OF_MEMORY)
  case .resize: return kn_status(KN_LIMIT_EXCEEDED)
  default: return kn_status(failure.isLimit ? KN_LIMIT_EXCEEDED : KN_INVALID_DATA)
  }
}

/// `text` and a zero, cut where it does not fit.
@unsafe
private func write<Field: BitwiseCopyable>(_ text: String, _ field: inout Field) {
  unsafe withUnsafeMutableBytes(of: &field) { bytes in
    var end = 0
    for byte in text.utf8.prefix(bytes.count - 1) {
      unsafe bytes[end] = byte
      end += 1
    }
    unsafe bytes[end] = 0
  }
}

import CLibpng

@testable import Kernels

/// libpng, with files that it is known to take: it is asked nothing that makes it jump.
enum LibpngOracle {
  @safe
  final class Bytes {
    var bytes: [UInt8]
    var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }
  }

  struct Image: Equatable {
    var width, height, channels, bits: Int
    /// Samples of 16 bits in host order.
    var pixels: [UInt8]
  }

  /// The pixels as stored, palette expanded, transparency as alpha.
  static func decode(_ file: [UInt8]) -> Image {
    let source = Bytes(file)
    var png = unsafe png_create_read_struct(
      PNG_LIBPNG_VER_STRING, nil, { _, message in unsafe fatalError(String(cString: message!)) }, { _, _ in })
    var info = unsafe png_create_info_struct(png)
    defer { unsafe png_destroy_read_struct(&png, &info, nil) }
    unsafe png_set_read_fn(png, Unmanaged.passUnretained(source).toOpaque()) { png, target, count in
      let source = unsafe Unmanaged<Bytes>.fromOpaque(png_get_io_ptr(png)!).takeUnretainedValue()
      guard source.bytes.count - source.offset >= count else { fatalError("libpng reads beyond the end") }
      for i in 0..<count { unsafe target![i] = source.bytes[source.offset + i] }
      source.offset += count
    }
    return withExtendedLifetime(source) {
      unsafe png_read_info(png, info)
      unsafe png_set_expand(png)
      unsafe png_set_swap(png)
      unsafe png_set_interlace_handling(png)
      unsafe png_read_update_info(png, info)
      let height = Int(unsafe png_get_image_height(png, info))
      let row = unsafe png_get_rowbytes(png, info)
      var pixels = [UInt8](repeating: 0, count: row * height)
      unsafe pixels.withUnsafeMutableBufferPointer { pixels in
        let rows = unsafe (0..<height).map { y -> png_bytep? in unsafe pixels.baseAddress! + y * row }
        var copy = unsafe rows
        unsafe copy.withUnsafeMutableBufferPointer { unsafe png_read_image(png, $0.baseAddress) }
      }
      return unsafe Image(
        width: Int(png_get_image_width(png, info)), height: height, channels: Int(png_get_channels(png, info)),
        bits: Int(png_get_bit_depth(png, info)), pixels: pixels)
    }
  }

  /// A file of rows as they are stored. Samples of 16 bits are big-endian.
  static func encode(
    width: Int, height: Int, bitDepth: Int, colorType: PNGInfo.ColorType, interlaced: Bool = false, rows: [UInt8],
    palette: [UInt8] = [], transparency: [UInt8] = [], filters: CInt = 0xf8, level: CInt = 3
  ) -> [UInt8] {
    let sink = Bytes([])
    var png = unsafe png_create_write_struct(
      PNG_LIBPNG_VER_STRING, nil, { _, message in unsafe fatalError(String(cString: message!)) }, { _, _ in })
    var info = unsafe png_create_info_struct(png)
    defer { unsafe png_destroy_write_struct(&png, &info) }
    unsafe png_set_write_fn(
      png, Unmanaged.passUnretained(sink).toOpaque(),
      { png, bytes, count in
        let sink = unsafe Unmanaged<Bytes>.fromOpaque(png_get_io_ptr(png)!).takeUnretainedValue()
        unsafe sink.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
      }, nil)
    withExtendedLifetime(sink) {
      unsafe png_set_IHDR(
        png, info, UInt32(width), UInt32(height), CInt(bitDepth), CInt(colorType.rawValue), interlaced ? 1 : 0, 0, 0)
      if !palette.isEmpty {
        let colors = (0..<palette.count / 3).map {
          png_color(red: palette[3 * $0], green: palette[3 * $0 + 1], blue: palette[3 * $0 + 2])
        }
        unsafe png_set_PLTE(png, info, colors, CInt(colors.count))
      }
      unsafe png_set_filter(png, 0, filters)
      unsafe png_set_compression_level(png, level)
      if !transparency.isEmpty {
        if colorType == .palette {
          unsafe png_set_tRNS(png, info, transparency, CInt(transparency.count), nil)
        } else {
          let words = stride(from: 0, to: transparency.count, by: 2).map {
            UInt16(transparency[$0]) << 8 | UInt16(transparency[$0 + 1])
          }
          var color = png_color_16()
          color.gray = words[0]
          if words.count == 3 { (color.red, color.green, color.blue) = (words[0], words[1], words[2]) }
          unsafe png_set_tRNS(png, info, nil, 0, &color)
        }
      }
      unsafe png_write_info(png, info)
      let row = rows.count / height
      var copy = rows
      unsafe copy.withUnsafeMutableBufferPointer { buffer in
        var pointers = unsafe (0..<height).map { y -> png_bytep? in unsafe buffer.baseAddress! + y * row }
        unsafe pointers.withUnsafeMutableBufferPointer { unsafe png_write_image(png, $0.baseAddress) }
      }
      unsafe png_write_end(png, info)
    }
    return sink.bytes
  }
}

import BenchHarness
import CLibpng

/// libpng and its zlib, linked: files that it is known to take, so that it never jumps.
@safe
enum LibpngPeer {
  static let version = unsafe String(cString: png_get_libpng_ver(nil))
  static let peer = Peer(name: "libpng \(version)", version: version, library: "linked")

  /// What a call reads or writes.
  @safe
  private final class Cursor {
    let bytes: UnsafeMutableRawBufferPointer
    var offset = 0

    init(_ bytes: UnsafeMutableRawBufferPointer) { unsafe self.bytes = bytes }
  }

  /// Decodes a file to its own pixels, palette expanded and transparency as alpha, 16 bits in host order.
  ///
  /// - `pixels` has room for all rows.
  @unsafe
  static func decode(_ file: UnsafeRawBufferPointer, into pixels: UnsafeMutableRawBufferPointer) {
    let source = unsafe Cursor(UnsafeMutableRawBufferPointer(mutating: file))
    var png = unsafe png_create_read_struct(PNG_LIBPNG_VER_STRING, nil, { _, _ in fatalError("libpng") }, { _, _ in })
    var info = unsafe png_create_info_struct(png)
    unsafe png_set_read_fn(png, Unmanaged.passUnretained(source).toOpaque()) { png, target, count in
      let source = unsafe Unmanaged<Cursor>.fromOpaque(png_get_io_ptr(png)!).takeUnretainedValue()
      unsafe UnsafeMutableRawPointer(target!).copyMemory(
        from: source.bytes.baseAddress! + source.offset, byteCount: count)
      source.offset += count
    }
    withExtendedLifetime(source) {
      unsafe png_read_info(png, info)
      unsafe png_set_expand(png)
      unsafe png_set_swap(png)
      let passes = unsafe png_set_interlace_handling(png)
      unsafe png_read_update_info(png, info)
      let row = unsafe png_get_rowbytes(png, info)
      for _ in 0..<passes {
        for y in 0..<Int(unsafe png_get_image_height(png, info)) {
          unsafe png_read_row(png, (pixels.baseAddress! + y * row).assumingMemoryBound(to: UInt8.self), nil)
        }
      }
      unsafe png_read_end(png, nil)
    }
    unsafe png_destroy_read_struct(&png, &info, nil)
  }

  /// Encodes pixels of 8 bits with its own choice of filters; the file's length.
  ///
  /// - `file` has room for it.
  @unsafe
  static func encode(
    _ pixels: UnsafeRawBufferPointer, width: Int, height: Int, channels: Int, level: Int32,
    isInterlaced: Bool = false, into file: UnsafeMutableRawBufferPointer
  ) -> Int {
    let sink = unsafe Cursor(file)
    var png = unsafe png_create_write_struct(PNG_LIBPNG_VER_STRING, nil, { _, _ in fatalError("libpng") }, { _, _ in })
    var info = unsafe png_create_info_struct(png)
    unsafe png_set_write_fn(
      png, Unmanaged.passUnretained(sink).toOpaque(),
      { png, bytes, count in
        let sink = unsafe Unmanaged<Cursor>.fromOpaque(png_get_io_ptr(png)!).takeUnretainedValue()
        unsafe (sink.bytes.baseAddress! + sink.offset).copyMemory(from: bytes!, byteCount: count)
        sink.offset += count
      }, nil)
    withExtendedLifetime(sink) {
      let color: Int32 = channels == 1 ? 0 : channels == 2 ? 4 : channels == 3 ? 2 : 6
      unsafe png_set_IHDR(png, info, UInt32(width), UInt32(height), 8, color, isInterlaced ? 1 : 0, 0, 0)
      unsafe png_set_compression_level(png, level)
      unsafe png_write_info(png, info)
      for _ in 0..<(isInterlaced ? unsafe png_set_interlace_handling(png) : 1) {
        for y in 0..<height {
          unsafe png_write_row(
            png, (pixels.baseAddress! + y * width * channels).assumingMemoryBound(to: UInt8.self))
        }
      }
      unsafe png_write_end(png, nil)
    }
    unsafe png_destroy_write_struct(&png, &info)
    return sink.offset
  }

  /// A file of RGB in the passes of Adam7, which we do not write.
  @unsafe
  static func interlaced(_ pixels: UnsafeRawBufferPointer, width: Int, height: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: pixels.count + pixels.count / 4 + 65536) { file, count in
      unsafe count = encode(
        pixels, width: width, height: height, channels: 3, level: 6, isInterlaced: true,
        into: UnsafeMutableRawBufferPointer(file))
    }
  }
}

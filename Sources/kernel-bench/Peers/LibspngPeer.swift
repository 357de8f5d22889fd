import BenchHarness
import Kernels

/// libspng, found at run time.
@safe
struct LibspngPeer: Sendable {
  let peer: Peer
  private let calls: Calls?

  private typealias Make = @convention(c) (Int32) -> OpaquePointer?
  private typealias Free = @convention(c) (OpaquePointer?) -> Void
  private typealias SetFile = @convention(c) (OpaquePointer?, UnsafeRawPointer?, Int) -> Int32
  private typealias Decode = @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int, Int32, Int32) -> Int32
  private typealias Size = @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<Int>) -> Int32

  @safe
  private struct Calls: Sendable {
    let make: Make
    let free: Free
    let setFile: SetFile
    let size: Size
    let decode: Decode
  }

  static let shared = LibspngPeer()

  private init() {
    guard let library = DynamicLibrary("libspng.so.0"),
      let make = unsafe library.function("spng_ctx_new", as: Make.self),
      let free = unsafe library.function("spng_ctx_free", as: Free.self),
      let setFile = unsafe library.function("spng_set_png_buffer", as: SetFile.self),
      let size = unsafe library.function("spng_decoded_image_size", as: Size.self),
      let decode = unsafe library.function("spng_decode_image", as: Decode.self),
      let version = unsafe library.function(
        "spng_version_string", as: (@convention(c) () -> UnsafePointer<CChar>).self)
    else {
      peer = Peer(name: "libspng", absent: "not found; get it with apt-get install libspng0")
      calls = nil
      return
    }
    let number = unsafe String(cString: version())
    peer = Peer(name: "libspng \(number)", version: number, library: library.path)
    unsafe calls = Calls(make: make, free: free, setFile: setFile, size: size, decode: decode)
  }

  /// Whether it is there, and gives the pixels that ours does: colours of 8 bits, and what is stored as it is decoded.
  func decodes(_ info: PNGInfo) -> Bool { calls != nil && Self.format(info) != nil }

  private static func format(_ info: PNGInfo) -> Int32? {
    let layout = info.layout
    // SPNG_FMT_RGBA8, SPNG_FMT_RGB8, SPNG_FMT_PNG.
    if layout.bits == 8 && layout.channels >= 3 { return layout.channels == 4 ? 1 : 4 }
    let isStored = info.colorType != .palette && info.bitDepth >= 8 && info.hasAlpha == info.storesAlpha
    return isStored ? 256 : nil
  }

  /// Decodes a file; the bytes written, none where it fails.
  @unsafe
  func decode(
    _ file: UnsafeRawBufferPointer, _ info: PNGInfo, into pixels: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let calls, let format = Self.format(info) else { return 0 }
    let context = unsafe calls.make(0)
    defer { unsafe calls.free(context) }
    var size = 0
    // 1: SPNG_DECODE_TRNS.
    guard unsafe calls.setFile(context, file.baseAddress, file.count) == 0,
      unsafe calls.size(context, format, &size) == 0, size <= pixels.count,
      unsafe calls.decode(context, pixels.baseAddress, size, format, info.hasAlpha ? 1 : 0) == 0
    else { return 0 }
    return size
  }
}

extension PNGInfo {
  fileprivate var storesAlpha: Bool { colorType == .greyAlpha || colorType == .rgba }
}

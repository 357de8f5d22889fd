import BenchHarness

/// libvips, found at run time, on one thread and without its cache.
@safe
struct LibvipsPeer: Sendable {
  let peer: Peer
  private let thumbnail: Thumbnail?
  private let save: Save?
  private let unref: Release?
  private let free: Release?

  // Variable arguments that are integers and pointers are passed as others are on x86-64 and 64-bit Arm under Linux.
  private typealias Thumbnail =
    @convention(c) (
      UnsafeRawPointer?, Int, UnsafeMutablePointer<OpaquePointer?>, Int32, UnsafePointer<CChar>, Int32,
      UnsafeRawPointer?
    ) -> Int32
  private typealias Save =
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeMutablePointer<Int>,
      UnsafePointer<CChar>, Int32, UnsafeRawPointer?
    ) -> Int32
  private typealias Release = @convention(c) (UnsafeMutableRawPointer?) -> Void

  static let shared = LibvipsPeer()

  private init() {
    guard let library = DynamicLibrary("libvips.so.42"),
      let start = unsafe library.function("vips_init", as: (@convention(c) (UnsafePointer<CChar>) -> Int32).self),
      let version = unsafe library.function(
        "vips_version_string", as: (@convention(c) () -> UnsafePointer<CChar>).self),
      let threads = library.function("vips_concurrency_set", as: (@convention(c) (Int32) -> Void).self),
      let cache = library.function("vips_cache_set_max", as: (@convention(c) (Int32) -> Void).self),
      let thumbnail = unsafe library.function("vips_thumbnail_buffer", as: Thumbnail.self),
      let save = unsafe library.function("vips_pngsave_buffer", as: Save.self),
      let unref = unsafe library.function("g_object_unref", as: Release.self),
      let free = unsafe library.function("g_free", as: Release.self), unsafe start("kernel-bench") == 0
    else {
      peer = Peer(name: "libvips", absent: "not found; get it with apt-get install libvips42")
      unsafe (self.thumbnail, self.save, self.unref, self.free) = (nil, nil, nil, nil)
      return
    }
    threads(1)
    cache(0)
    let number = unsafe String(cString: version())
    peer = Peer(name: "libvips \(number)", version: number, library: library.path)
    unsafe (self.thumbnail, self.save, self.unref, self.free) = (thumbnail, save, unref, free)
  }

  var isPresent: Bool { unsafe thumbnail != nil }

  /// A file to one of `width` pixels at level 6, copied to `output` as far as that goes; the bytes there.
  @unsafe
  func resize(_ file: UnsafeRawBufferPointer, width: Int, into output: UnsafeMutableRawBufferPointer) -> Int {
    guard let thumbnail = unsafe thumbnail, let save = unsafe save, let unref = unsafe unref,
      let free = unsafe free
    else { return 0 }
    var image: OpaquePointer?
    var bytes: UnsafeMutableRawPointer?
    var count = 0
    // Without a height it would fit the image into a square, and make a portrait smaller than was asked for.
    let anyHeight: Int32 = 10_000_000
    guard unsafe thumbnail(file.baseAddress, file.count, &image, Int32(width), "height", anyHeight, nil) == 0 else {
      return 0
    }
    _ = unsafe save(image, &bytes, &count, "compression", 6, nil)
    unsafe unref(UnsafeMutableRawPointer(image))
    count = min(count, output.count)
    unsafe output.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
    unsafe free(bytes)
    return count
  }
}

import BenchHarness

/// A CRC of another library, found at run time, or the reason why there is none. It stays loaded to the end of the process.
struct ChecksumPeer: Sendable {
  let peer: Peer
  /// nil where the library is absent.
  let batch: Batch?
  /// Whether it is the same function of the bytes, and not another one for the same purpose.
  var isSameChecksum = true

  /// `iterations` times the checksum of the work's bytes, by one call of the library each.
  typealias Batch = @Sendable (_ iterations: Int, _ work: ChecksumWork) -> Void

  /// Those that have CRC-32 as of zip, at the first use.
  static let crc32 = unsafe [zlib, isal("crc32_gzip_refl", gzip)]
  /// Those that have CRC-32C.
  static let crc32c = unsafe [isal("crc32_iscsi", iscsi)]
  /// Those that have CRC-64/NVME: ISA-L since 2.31. And what others take where 64 bits are to tell bytes apart, and no standard says how.
  static let crc64nvme = unsafe [isal("crc64_rocksoft_refl", rocksoft), xxHash]
}

// MARK: - zlib

extension ChecksumPeer {
  private static var zlib: ChecksumPeer {
    guard let library = DynamicLibrary("libz.so.1"), let crc32 = unsafe library.function("crc32_z", as: ZlibCRC.self),
      let version = unsafe library.function("zlibVersion", as: (@convention(c) () -> UnsafePointer<CChar>).self)
    else {
      return ChecksumPeer(peer: Peer(name: "zlib", absent: "not found; get it with apt-get install zlib1g"), batch: nil)
    }
    let number = unsafe String(cString: version())
    return ChecksumPeer(peer: Peer(name: "zlib \(number)", version: number, library: library.path)) {
      iterations, work in
      let bytes = unsafe work.bytes
      var checksum: UInt = 0
      repeating(iterations) { checksum = unsafe crc32(0, bytes.baseAddress, bytes.count) }
      work.checksum = UInt64(checksum)
    }
  }

  private typealias ZlibCRC = @convention(c) (UInt, UnsafeRawPointer?, Int) -> UInt
}

// MARK: - ISA-L

extension ChecksumPeer {
  private static var isalLibrary: DynamicLibrary? { DynamicLibrary("libisal.so.2") }

  /// - Parameter batch: makes a batch of the function.
  private static func isal<Function>(_ name: String, _ batch: (Function) -> Batch) -> ChecksumPeer {
    guard let library = isalLibrary else {
      return ChecksumPeer(
        peer: Peer(name: "ISA-L", absent: "not found; get it with apt-get install libisal2"), batch: nil)
    }
    guard let function = library.function(name, as: Function.self) else {
      return ChecksumPeer(peer: Peer(name: "ISA-L", absent: "\(library.path) exports no \(name)"), batch: nil)
    }
    let peer = Peer(name: "ISA-L", version: "of unknown version", library: library.path)
    return ChecksumPeer(peer: peer, batch: batch(function))
  }

  /// Register, bytes, count; inverts by itself.
  private static func gzip(_ crc: @escaping @convention(c) (UInt32, UnsafeRawPointer?, UInt64) -> UInt32) -> Batch {
    { iterations, work in
      let bytes = unsafe work.bytes
      var checksum: UInt32 = 0
      repeating(iterations) { checksum = unsafe crc(0, bytes.baseAddress, UInt64(bytes.count)) }
      work.checksum = UInt64(checksum)
    }
  }

  /// Bytes, count, register; does not invert.
  private static func iscsi(_ crc: @escaping @convention(c) (UnsafeRawPointer?, Int32, UInt32) -> UInt32) -> Batch {
    { iterations, work in
      let bytes = unsafe work.bytes
      var checksum: UInt32 = 0
      repeating(iterations) { checksum = unsafe ~crc(bytes.baseAddress, Int32(bytes.count), ~0) }
      work.checksum = UInt64(checksum)
    }
  }

  /// Register, bytes, count; inverts by itself.
  private static func rocksoft(_ crc: @escaping @convention(c) (UInt64, UnsafeRawPointer?, UInt64) -> UInt64) -> Batch {
    { iterations, work in
      let bytes = unsafe work.bytes
      var checksum: UInt64 = 0
      repeating(iterations) { checksum = unsafe crc(0, bytes.baseAddress, UInt64(bytes.count)) }
      work.checksum = checksum
    }
  }
}

// MARK: - xxHash

extension ChecksumPeer {
  private static var xxHash: ChecksumPeer {
    guard let library = DynamicLibrary("libxxhash.so.0"),
      let hash = unsafe library.function("XXH3_64bits", as: XXH3.self),
      let version = library.function("XXH_versionNumber", as: (@convention(c) () -> UInt32).self)
    else {
      return ChecksumPeer(
        peer: Peer(name: "XXH3", absent: "not found; get it with apt-get install libxxhash0"), batch: nil)
    }
    let number = version()
    let text = "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
    return ChecksumPeer(
      peer: Peer(name: "XXH3 of xxHash \(text)", version: text, library: library.path),
      batch: { iterations, work in
        let bytes = unsafe work.bytes
        var checksum: UInt64 = 0
        repeating(iterations) { checksum = unsafe hash(bytes.baseAddress, bytes.count) }
        work.checksum = checksum
      }, isSameChecksum: false)
  }

  private typealias XXH3 = @convention(c) (UnsafeRawPointer?, Int) -> UInt64
}

import BenchHarness
import CZlib

extension ChecksumPeer {
  /// Those that have Adler-32.
  static let adler32 = unsafe [
    {
      let version = unsafe String(cString: zlibVersion())
      return unsafe adler(Peer(name: "zlib \(version)", version: version, library: "linked")) {
        unsafe adler32_z($0, $1, $2)
      }
    }(),
    found("libdeflate", ["libdeflate.so.0", "libdeflate.so"], "libdeflate_adler32", package: "libdeflate0") {
      (function: @convention(c) (UInt32, UnsafePointer<UInt8>?, Int) -> UInt32) in
      { unsafe UInt(function(UInt32($0), $1, $2)) }
    },
    found("ISA-L", ["libisal.so.2"], "isal_adler32", package: "libisal2") {
      (function: @convention(c) (UInt32, UnsafePointer<UInt8>?, UInt64) -> UInt32) in
      { unsafe UInt(function(UInt32($0), $1, UInt64($2))) }
    },
  ]

  private typealias Adler = (UInt, UnsafePointer<UInt8>?, Int) -> UInt

  private static func found<Function>(
    _ name: String, _ libraries: [String], _ symbol: String, package: String, _ call: (Function) -> Adler
  ) -> ChecksumPeer {
    guard let library = libraries.lazy.compactMap({ DynamicLibrary($0) }).first,
      let function = library.function(symbol, as: Function.self)
    else {
      return ChecksumPeer(
        peer: Peer(name: name, absent: "not found, or without \(symbol); get it with apt-get install \(package)"),
        batch: nil)
    }
    return unsafe adler(Peer(name: name, version: "of unknown version", library: library.path), call(function))
  }

  private static func adler(_ peer: Peer, _ function: @escaping Adler) -> ChecksumPeer {
    nonisolated(unsafe) let function = unsafe function
    return ChecksumPeer(peer: peer) { iterations, work in
      let bytes = unsafe work.bytes
      let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      var checksum: UInt = 0
      repeating(iterations) { checksum = unsafe function(1, start, bytes.count) }
      work.checksum = UInt64(checksum)
    }
  }
}

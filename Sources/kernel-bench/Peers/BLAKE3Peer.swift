import BenchHarness

/// The official C implementation with its assembly, by itself or as LLVM carries it; found at run time, or the reason why there
/// is none. It stays loaded to the end of the process.
@safe
struct BLAKE3Peer: Sendable {
  private typealias Start = @Sendable @convention(c) (UnsafeMutableRawPointer) -> Void
  private typealias Update = @Sendable @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer?, Int) -> Void
  private typealias Finish = @Sendable @convention(c) (UnsafeRawPointer, UnsafeMutablePointer<UInt8>, Int) -> Void

  private let start: Start
  private let update: Update
  private let finish: Finish
  let peer: Peer

  /// At the first use.
  static let found: Result<BLAKE3Peer, Absence> = load()

  struct Absence: Error {
    let peer: Peer
  }

  private static func load() -> Result<BLAKE3Peer, Absence> {
    // LLVM has had it since 15, and has changed the pattern of its names at 18.
    let llvm = (15...17).map { "libLLVM-\($0).so.1" } + (18...23).map { "libLLVM.so.\($0).1" }
    let names = ["libblake3.so.0", "libblake3.so.1"] + llvm
    for name in names {
      guard let library = DynamicLibrary(name) else { continue }
      for prefix in ["", "llvm_"] {
        guard let start = unsafe library.function(prefix + "blake3_hasher_init", as: Start.self),
          let update = unsafe library.function(prefix + "blake3_hasher_update", as: Update.self),
          let finish = unsafe library.function(prefix + "blake3_hasher_finalize", as: Finish.self),
          let version = unsafe library.function(
            prefix + "blake3_version", as: (@convention(c) () -> UnsafePointer<CChar>).self)
        else { continue }
        let number = unsafe String(cString: version())
        return unsafe .success(
          BLAKE3Peer(
            start: start, update: update, finish: finish,
            peer: Peer(name: "BLAKE3 \(number)", version: number, library: library.path)))
      }
    }
    return .failure(Absence(peer: Peer(name: "BLAKE3", absent: "not found; get it with apt-get install libllvm19")))
  }

  /// The digest of a message, by a hasher in `memory`.
  ///
  /// - `memory` has room for 4,096 bytes, twice what a hasher takes, and is aligned to 16; `digest` has room for 32.
  @unsafe @inline(__always)
  func hash(
    _ message: UnsafeRawBufferPointer, memory: UnsafeMutableRawPointer, into digest: UnsafeMutablePointer<UInt8>
  ) {
    unsafe start(memory)
    unsafe update(memory, message.baseAddress, message.count)
    unsafe finish(memory, digest, 32)
  }
}

extension Result<BLAKE3Peer, BLAKE3Peer.Absence> {
  var peer: Peer {
    switch self {
    case .success(let found): found.peer
    case .failure(let absence): absence.peer
    }
  }
}

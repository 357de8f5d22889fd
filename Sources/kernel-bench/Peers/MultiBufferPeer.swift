import BenchHarness
import Kernels

/// SHA-256 of many messages side by side by ISA-L's crypto library, found at run time, or the reason why it is not there.
///
/// Debian 12 has no package of it; built from source, it is found where `LD_LIBRARY_PATH` names its folder. The sizes and places are those of
/// its header `sha256_mb.h`, which all versions of its second ABI share.
@safe
struct MultiBufferPeer: Sendable {
  private typealias Start = @Sendable @convention(c) (UnsafeMutableRawPointer) -> Void
  private typealias Submit =
    @Sendable @convention(c) (
      UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeRawPointer?, UInt32, Int32
    ) -> UnsafeMutableRawPointer?
  private typealias Flush = @Sendable @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer?

  /// Of a manager, of a job, and in a job of its digest and its status.
  private static let managerBytes = 4096
  private static let jobBytes = 512
  private static let digestOffset = 64
  private static let statusOffset = 128
  private static let complete: UInt32 = 4
  private static let entireMessage: Int32 = 3

  let peer: Peer
  private let start: Start
  private let submit: Submit
  private let flush: Flush

  static let absent = Peer(
    name: "ISA-L crypto", absent: "libisal_crypto.so.2 not found; build it from github.com/intel/isa-l_crypto")

  /// At the first use.
  static let found: MultiBufferPeer? = {
    guard let library = DynamicLibrary("libisal_crypto.so.2"),
      let start = unsafe library.function("sha256_ctx_mgr_init", as: Start.self),
      let submit = unsafe library.function("sha256_ctx_mgr_submit", as: Submit.self),
      let flush = unsafe library.function("sha256_ctx_mgr_flush", as: Flush.self)
    else { return nil }
    let peer = Peer(name: "ISA-L crypto", version: "of unknown version", library: library.path)
    return unsafe MultiBufferPeer(peer: peer, start: start, submit: submit, flush: flush)
  }()

  /// Room for a manager and jobs.
  static func memory(count: Int) -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: managerBytes + count * jobBytes, alignment: 64)
  }

  /// The digests of `messages`.
  ///
  /// - `memory` is as ``memory(count:)`` gives it; `digests` has room for 32 bytes a message.
  @unsafe
  func hash(
    _ messages: UnsafeBufferPointer<UnsafeRawBufferPointer>, memory: UnsafeMutableRawBufferPointer,
    into digests: UnsafeMutablePointer<UInt8>
  ) {
    let manager = memory.baseAddress!
    let jobs = unsafe manager + Self.managerBytes
    unsafe start(manager)
    for i in messages.indices {
      let job = unsafe jobs + i * Self.jobBytes
      // No error, and ready for a message.
      unsafe job.storeBytes(of: UInt64(Self.complete), toByteOffset: Self.statusOffset, as: UInt64.self)
      _ = unsafe submit(manager, job, messages[i].baseAddress, UInt32(messages[i].count), Self.entireMessage)
    }
    while unsafe flush(manager) != nil {}
    for i in messages.indices {
      let words = unsafe jobs + (i * Self.jobBytes + Self.digestOffset)
      for word in 0..<8 {
        let value = unsafe words.load(fromByteOffset: 4 * word, as: UInt32.self)
        unsafe UnsafeMutableRawPointer(digests).storeBytes(
          of: value.bigEndian, toByteOffset: 32 * i + 4 * word, as: UInt32.self)
      }
    }
  }
}

import BenchHarness
import Kernels

/// Messages in memory and room for their digests, by the kernels and by libcrypto.
@safe
final class HashWork<Hash: HashFunction> {
  private let messages: UnsafeMutableBufferPointer<UnsafeRawBufferPointer>
  private let digests: UnsafeMutableBufferPointer<Hash.Digest>
  private let memory: UnsafeMutableRawBufferPointer
  private let algorithm: String

  /// - Parameters:
  ///   - libcrypto: its name of the function.
  ///   - content: the bytes of all messages, one after the other; nil for random ones, the same at every run.
  init(libcrypto: String, lengths: [Int], content: [UInt8]?) {
    algorithm = libcrypto
    let total = lengths.reduce(0, +)
    unsafe memory = .allocate(byteCount: total, alignment: 64)
    unsafe messages = .allocate(capacity: lengths.count)
    unsafe digests = .allocate(capacity: lengths.count)
    if let content {
      unsafe memory.copyBytes(from: content)
    } else {
      var random = SplitMix64(seed: UInt64(total))
      for i in unsafe memory.indices { unsafe memory[i] = UInt8(truncatingIfNeeded: random.next()) }
    }
    var start = 0
    for (i, length) in lengths.enumerated() {
      unsafe messages.initializeElement(at: i, to: UnsafeRawBufferPointer(rebasing: memory[start..<start + length]))
      start += length
    }
    let empty = Hash().finish()
    unsafe digests.initialize(repeating: empty)
  }

  deinit {
    unsafe digests.deallocate()
    unsafe messages.deallocate()
    unsafe memory.deallocate()
  }

  /// `iterations` times the digest of the first message.
  func hashOne(_ iterations: Int) {
    let (message, digest) = unsafe (messages[0], digests.baseAddress!)
    repeating(iterations) { unsafe digest.pointee = Hash.hash(message) }
  }

  /// `iterations` times the digests of all messages, in one call.
  func hashBatch(_ iterations: Int) {
    let (messages, digests) = unsafe (UnsafeBufferPointer(messages), digests)
    repeating(iterations) { unsafe Hash.hash(batch: messages, into: digests) }
  }

  /// `iterations` times the digests of all messages, by libcrypto one after the other.
  private func hash(_ iterations: Int, _ way: Libcrypto.Way, _ context: Libcrypto.Context) {
    let (messages, digests) = unsafe (
      messages, UnsafeMutableRawPointer(digests.baseAddress!).assumingMemoryBound(to: UInt8.self)
    )
    repeating(iterations) {
      for i in messages.indices { unsafe context.hash(way, messages[i], into: digests + Hash.digestByteCount * i) }
    }
  }

  /// `iterations` times the digests of all messages, by a library that takes them side by side.
  private func hash(_ iterations: Int, _ library: MultiBufferPeer) {
    let room = unsafe MultiBufferPeer.memory(count: messages.count)
    defer { unsafe room.deallocate() }
    let (messages, digests) = unsafe (
      UnsafeBufferPointer(messages),
      UnsafeMutableRawPointer(digests.baseAddress!).assumingMemoryBound(to: UInt8.self)
    )
    repeating(iterations) { unsafe library.hash(messages, memory: room, into: digests) }
  }

  /// The kernel and the other libraries' ways, after each has given the same digests; or the kernel `alone`, not yet called.
  func contenders(
    row: String, alone: Bool, multiBuffer: MultiBufferPeer? = nil, kernel: @escaping (Int) -> Void
  ) throws -> [Contender] {
    let bytes = unsafe Double(memory.count)
    var contenders = [Contender(row, role: .kernel, work: bytes, body: kernel)]
    if alone { return contenders }
    let context = try Libcrypto.Context(algorithm)
    for way in Libcrypto.Way.allCases {
      contenders.append(
        Contender("\(Libcrypto.name) \(way.rawValue)", role: .peer, work: bytes) { self.hash($0, way, context) })
    }
    if let multiBuffer {
      contenders.append(Contender(multiBuffer.peer.name, role: .peer, work: bytes) { self.hash($0, multiBuffer) })
    }
    return try contenders.inAgreement { unsafe Array(self.digests) }
  }
}

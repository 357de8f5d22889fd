import BenchHarness
import Kernels

/// Messages in memory and room for their digests, by the kernels and by libcrypto.
@safe
final class SHA256Messages {
  private let messages: UnsafeMutableBufferPointer<UnsafeRawBufferPointer>
  private let digests: UnsafeMutableBufferPointer<SHA256.Digest>
  private let memory: UnsafeMutableRawBufferPointer

  /// - Parameter content: the bytes of all messages, one after the other; nil for random ones, the same at every run.
  init(lengths: [Int], content: [UInt8]?) {
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
    let empty = SHA256().finish()
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
    repeating(iterations) { unsafe digest.pointee = SHA256.hash(message) }
  }

  /// `iterations` times the digests of all messages, in one call.
  func hashBatch(_ iterations: Int) {
    let (messages, digests) = unsafe (UnsafeBufferPointer(messages), digests)
    repeating(iterations) { unsafe SHA256.hash(batch: messages, into: digests) }
  }

  /// `iterations` times the digests of all messages, by libcrypto one after the other.
  private func hash(_ iterations: Int, _ way: Libcrypto.Way, _ context: Libcrypto.Context) {
    let (messages, digests) = unsafe (
      messages, UnsafeMutableRawPointer(digests.baseAddress!).assumingMemoryBound(to: UInt8.self)
    )
    repeating(iterations) {
      for i in messages.indices { unsafe context.hash(way, messages[i], into: digests + 32 * i) }
    }
  }

  static var peers: [Peer] {
    Libcrypto.Way.allCases.map {
      Peer(name: "\(Libcrypto.name) \($0.rawValue)", version: Libcrypto.version, library: "linked")
    }
  }

  /// The kernel and libcrypto's ways, after each has given the same digests.
  func contenders(row: String, withPeers: Bool, kernel: @escaping (Int) -> Void) throws -> [Contender] {
    let bytes = unsafe Double(memory.count)
    var contenders = [Contender(row, role: .kernel, work: bytes, body: kernel)]
    guard withPeers else { return contenders }
    let context = try Libcrypto.Context()
    for way in Libcrypto.Way.allCases {
      contenders.append(
        Contender("\(Libcrypto.name) \(way.rawValue)", role: .peer, work: bytes) { self.hash($0, way, context) })
    }
    try contenders[0].body(1)
    let expected = unsafe Array(digests)
    for contender in contenders.dropFirst() {
      try contender.body(1)
      if unsafe Array(digests) != expected { throw BenchError("\(row) and \(contender.name) give different digests") }
    }
    return contenders
  }
}

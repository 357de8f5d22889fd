import BenchHarness
import Kernels

/// Equal messages, a key, and room for their tags, by the kernels and by libcrypto.
@safe
final class AuthenticationWork {
  private let memory: UnsafeMutableRawBufferPointer
  private let tags: UnsafeMutableBufferPointer<SHA256.Digest>
  private let keyBytes: [UInt8]
  private let key: HMAC<SHA256>.Key
  private let (count, length): (Int, Int)

  init(count: Int, length: Int) {
    var random = SplitMix64(seed: UInt64(length))
    (self.count, self.length) = (count, length)
    let keyBytes = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    key = unsafe HMAC<SHA256>.Key(keyBytes.span.bytes)
    self.keyBytes = keyBytes
    unsafe memory = .allocate(byteCount: count * length, alignment: 64)
    for i in unsafe memory.indices { unsafe memory[i] = UInt8(truncatingIfNeeded: random.next()) }
    unsafe tags = .allocate(capacity: count)
    unsafe tags.initialize(repeating: SHA256().finish())
  }

  deinit {
    unsafe tags.deallocate()
    unsafe memory.deallocate()
  }

  /// `iterations` times the tag of the first message.
  func authenticateOne(_ iterations: Int) {
    let (message, tag) = unsafe (UnsafeRawBufferPointer(rebasing: memory[..<length]), tags.baseAddress!)
    repeating(iterations) { unsafe tag.pointee = key.authenticate(message) }
  }

  /// `iterations` times the tags of all messages, in one call.
  func authenticateBatch(_ iterations: Int) {
    let messages = unsafe HashMessages.equal(start: memory.baseAddress!, byteCount: length, count: count)
    repeating(iterations) { unsafe key.authenticate(batch: messages, into: tags.baseAddress) }
  }

  /// `iterations` times the tags of all messages, by libcrypto one after the other.
  private func authenticate(_ iterations: Int, _ way: Libcrypto.AuthenticationWay, _ peer: Libcrypto.Authentication) {
    let output = unsafe UnsafeMutableRawPointer(tags.baseAddress!).assumingMemoryBound(to: UInt8.self)
    repeating(iterations) {
      for i in 0..<count {
        let message = unsafe UnsafeRawBufferPointer(rebasing: memory[(length * i)..<(length * i + length)])
        unsafe peer.authenticate(way, message, into: output + 32 * i)
      }
    }
  }

  /// The kernel and libcrypto's ways, after each has given the same tags; or the kernel `alone`, not yet called.
  func contenders(row: String, alone: Bool, kernel: @escaping (Int) -> Void) throws -> [Contender] {
    let bytes = unsafe Double(memory.count)
    var contenders = [Contender(row, role: .kernel, work: bytes, body: kernel)]
    if alone { return contenders }
    let peer = try Libcrypto.Authentication(key: keyBytes)
    for way in Libcrypto.AuthenticationWay.allCases {
      contenders.append(
        Contender("\(Libcrypto.name) \(way.rawValue)", role: .peer, work: bytes) { self.authenticate($0, way, peer) })
    }
    return try contenders.inAgreement { unsafe Array(self.tags) }
  }
}

/// A secret, its salt and info of 32 bytes each, and room for what is derived from them.
@safe
final class DerivationWork {
  private let input: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableRawBufferPointer

  init(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    unsafe input = .allocate(byteCount: 96, alignment: 64)
    for i in unsafe input.indices { unsafe input[i] = UInt8(truncatingIfNeeded: random.next()) }
    unsafe output = .allocate(byteCount: count, alignment: 64)
  }

  deinit {
    unsafe input.deallocate()
    unsafe output.deallocate()
  }

  private func part(_ i: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(rebasing: input[(32 * i)..<(32 * i + 32)])
  }

  private func derive(_ iterations: Int) {
    let (key, salt, info) = unsafe (
      UnsafeRawBufferPointer(part(0)), UnsafeRawBufferPointer(part(1)), UnsafeRawBufferPointer(part(2))
    )
    repeating(iterations) { unsafe HKDF<SHA256>.deriveKey(from: key, salt: salt, info: info, into: output) }
  }

  /// The kernel and libcrypto, after each has derived the same; or the kernel `alone`, not yet called.
  func contenders(row: String, alone: Bool) throws -> [Contender] {
    let bytes = unsafe Double(output.count)
    let kernel = Contender(row, role: .kernel, work: bytes) { self.derive($0) }
    if alone { return [kernel] }
    let peer = try Libcrypto.Derivation()
    let theirs = Contender("\(Libcrypto.name) EVP_KDF", role: .peer, work: bytes) { iterations in
      let (key, salt, info) = unsafe (self.part(0), self.part(1), self.part(2))
      repeating(iterations) { unsafe peer.derive(from: key, salt: salt, info: info, into: self.output) }
    }
    return try [kernel, theirs].inAgreement { unsafe Array(self.output) }
  }
}

extension [Contender] {
  /// The same contenders, after each has run once and given what the first gave.
  ///
  /// - Throws: ``BenchError`` for the first that gives something else.
  func inAgreement<Result: Equatable>(_ result: () -> Result) throws -> Self {
    try self[0].body(1)
    let expected = result()
    for contender in dropFirst() {
      try contender.body(1)
      if result() != expected { throw BenchError("\(self[0].name) and \(contender.name) give different results") }
    }
    return self
  }
}

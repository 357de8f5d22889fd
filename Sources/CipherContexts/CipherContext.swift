import Kernels

/// A context of libcrypto that keeps its algorithm and key, so that a message costs no fetch, no key schedule and no allocation.
///
/// libcrypto wipes its context, key schedule included, when this goes.
@safe
package struct CipherContext: ~Copyable, @unchecked Sendable {
  package enum Failure: Error {
    /// libcrypto has no such algorithm, or no memory for a context.
    case unavailable
    case outOfMemory
    case authentication
    /// What never happens to arguments that are checked.
    case library
  }

  private let library: LibcryptoCiphers
  private let context: OpaquePointer
  /// Where a message is decrypted until its tag is known to be right.
  private var unverified = Scratch()
  /// Bytes of it that may hold plaintext.
  private var unverifiedByteCount = 0

  /// - `key` is readable for the cipher's ``AEADCipher/keyByteCount``.
  @unsafe
  package init(_ cipher: AEADCipher, key: UnsafeRawPointer, library: LibcryptoCiphers) throws(Failure) {
    let name = unsafe UnsafeRawPointer(cipher.name.utf8Start).assumingMemoryBound(to: CChar.self)
    guard let fetched = unsafe library.fetch(nil, name, nil) else { throw .unavailable }
    // The context holds a reference of its own.
    defer { unsafe library.free(fetched) }
    guard let context = unsafe library.newContext() else { throw .unavailable }
    let bytes = unsafe key.assumingMemoryBound(to: UInt8.self)
    guard unsafe library.begin(context, fetched, nil, bytes, nil, 1) == 1 else {
      unsafe library.freeContext(context)
      throw .unavailable
    }
    self.library = library
    unsafe self.context = context
  }

  deinit {
    if let start = unsafe unverified.start { unsafe wipe(start, byteCount: unverifiedByteCount) }
    unsafe library.freeContext(context)
  }

  /// Encrypts `plaintext` to `output` and writes its tag.
  ///
  /// - `nonce` is readable for 12 bytes, the others for their counts; `tag` is writable for 16, `output` for `plaintext.count`.
  /// - `output` is where `plaintext` is, or overlaps neither it nor `associated`; `tag` overlaps none.
  /// - Parameter associated: what the tag covers beside the plaintext.
  @unsafe
  package mutating func seal(
    _ plaintext: UnsafeRawBufferPointer, nonce: UnsafeRawPointer, associated: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawPointer?, tag: UnsafeMutableRawPointer
  ) throws(Failure) {
    guard
      unsafe begin(encrypting: true, nonce: nonce), unsafe update(associated, into: nil),
      unsafe update(plaintext, into: output), finish(),
      unsafe library.control(context, Self.getTag, CInt(AEADCipher.tagByteCount), tag) == 1
    else { throw .library }
  }

  /// Decrypts `ciphertext` to `output`, of which no byte is written unless the tag is right.
  ///
  /// - `nonce` is readable for 12 bytes, `tag` for 16, the others for their counts; `output` is writable for `ciphertext.count`
  ///   and may overlap any of them.
  /// - Complexity: O(n), and memory of as many bytes as the longest message so far, which is kept.
  @unsafe
  package mutating func open(
    _ ciphertext: UnsafeRawBufferPointer, tag: UnsafeRawPointer, nonce: UnsafeRawPointer,
    associated: UnsafeRawBufferPointer, into output: UnsafeMutableRawPointer?
  ) throws(Failure) {
    if ciphertext.count > unverified.capacity, let start = unsafe unverified.start {
      unsafe wipe(start, byteCount: unverifiedByteCount)
      unverifiedByteCount = 0
    }
    guard unverified.tryReserve(ciphertext.count) else { throw .outOfMemory }
    unverifiedByteCount = max(unverifiedByteCount, ciphertext.count)
    let start = unsafe unverified.start
    guard unsafe decrypt(ciphertext, tag: tag, nonce: nonce, associated: associated, into: start) else {
      if let start = unsafe start { unsafe wipe(start, byteCount: ciphertext.count) }
      throw .authentication
    }
    if let start = unsafe start, let output = unsafe output {
      unsafe output.copyMemory(from: start, byteCount: ciphertext.count)
    }
  }

  /// Decrypts `message` where it is; where the tag is wrong, the ciphertext stands there again when this throws.
  ///
  /// - `nonce` is readable for 12 bytes, `tag` for 16, `associated` for its count; `message` is writable and overlaps none.
  @unsafe
  package mutating func open(
    inPlace message: UnsafeMutableRawBufferPointer, tag: UnsafeRawPointer, nonce: UnsafeRawPointer,
    associated: UnsafeRawBufferPointer
  ) throws(Failure) {
    let bytes = UnsafeRawBufferPointer(message)
    let (start, count) = (message.baseAddress, message.count)
    if unsafe decrypt(bytes, tag: tag, nonce: nonce, associated: associated, into: start) { return }
    // Both ciphers add a stream of the key and nonce alone: to encrypt what came out gives what went in.
    guard unsafe begin(encrypting: true, nonce: nonce), unsafe update(bytes, into: start) else {
      if let start = unsafe start { unsafe wipe(start, byteCount: count) }
      throw .library
    }
    throw .authentication
  }

  // MARK: Steps

  /// `EVP_CTRL_AEAD_GET_TAG` and `EVP_CTRL_AEAD_SET_TAG` of evp.h.
  private static var getTag: CInt { 0x10 }
  private static var setTag: CInt { 0x11 }

  /// Whether the tag is right; `output` then holds the plaintext, and else something that nobody may see.
  @inline(__always)
  private func decrypt(
    _ ciphertext: UnsafeRawBufferPointer, tag: UnsafeRawPointer, nonce: UnsafeRawPointer,
    associated: UnsafeRawBufferPointer, into output: UnsafeMutableRawPointer?
  ) -> Bool {
    // libcrypto takes it through a pointer to mutable memory, which it does not write.
    let tag = unsafe UnsafeMutableRawPointer(mutating: tag)
    return unsafe begin(encrypting: false, nonce: nonce)
      && library.control(context, Self.setTag, CInt(AEADCipher.tagByteCount), tag) == 1
      && update(associated, into: nil) && update(ciphertext, into: output) && finish()
  }

  @inline(__always)
  private func begin(encrypting: Bool, nonce: UnsafeRawPointer) -> Bool {
    let nonce = unsafe nonce.assumingMemoryBound(to: UInt8.self)
    return unsafe library.begin(context, nil, nil, nil, nonce, encrypting ? 1 : 0) == 1
  }

  /// Takes `bytes` in, as associated data where there is no output.
  @inline(__always)
  private func update(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawPointer?) -> Bool {
    guard let start = bytes.baseAddress else { return true }
    var done = 0
    var written: CInt = 0
    while done < bytes.count {
      // libcrypto counts in 32 bits; whole blocks, so that no piece but the last ends within one.
      let count = min(bytes.count - done, 1 << 30)
      let input = unsafe (start + done).assumingMemoryBound(to: UInt8.self)
      let output = unsafe output.map { unsafe ($0 + done).assumingMemoryBound(to: UInt8.self) }
      guard unsafe library.update(context, output, &written, input, CInt(count)) == 1 else { return false }
      done += count
    }
    return true
  }

  @inline(__always)
  private func finish() -> Bool {
    var (nothing, written): (UInt8, CInt) = (0, 0)
    return unsafe library.finish(context, &nothing, &written) == 1
  }
}

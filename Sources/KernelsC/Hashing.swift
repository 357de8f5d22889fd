// The C ABI of hashing. Contract and names: `include/kernels.h`. Every check is made before the first byte is written.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Kernels
public import KernelsABI

@c @implementation
public func kn_hash_size(_ algorithm: Int32) -> Int { withHash(algorithm, DigestSize()) ?? 0 }

@c @implementation
public func kn_hash(
  _ algorithm: Int32, _ data: UnsafePointer<UInt8>?, _ length: Int, _ out: UnsafeMutablePointer<UInt8>?
) -> kn_status {
  guard let message = unsafe message(data, length), let out = unsafe out else { return invalidArgument }
  return unsafe withHash(algorithm, OneShot(message: message, out: out)) ?? invalidArgument
}

@c @implementation
public func kn_hash_batch(
  _ algorithm: Int32, _ data: UnsafePointer<UnsafePointer<UInt8>?>?, _ lengths: UnsafePointer<Int>?, _ count: Int,
  _ out: UnsafeMutablePointer<UInt8>?
) -> kn_status {
  guard withHash(algorithm, DigestSize()) != nil, count >= 0 else { return invalidArgument }
  guard count > 0 else { return ok }
  guard let data = unsafe data, let lengths = unsafe lengths, let out = unsafe out else { return invalidArgument }
  for i in 0..<count where unsafe message(data[i], lengths[i]) == nil { return invalidArgument }
  let messages = unsafe HashMessages.pointers(starts: data, lengths: lengths, count: count)
  return unsafe withHash(algorithm, Batch(messages: messages, out: out)) ?? invalidArgument
}

@c @implementation
public func kn_hmac(
  _ algorithm: Int32, _ key: UnsafePointer<UInt8>?, _ key_length: Int, _ data: UnsafePointer<UInt8>?, _ length: Int,
  _ out: UnsafeMutablePointer<UInt8>?
) -> kn_status {
  guard let key = unsafe message(key, key_length), let message = unsafe message(data, length), let out = unsafe out
  else { return invalidArgument }
  return unsafe withHash(algorithm, Authentication(key: key, message: message, out: out)) ?? invalidArgument
}

@c @implementation
public func kn_hkdf(
  _ algorithm: Int32, _ key: UnsafePointer<UInt8>?, _ key_length: Int,
  _ salt: UnsafePointer<UInt8>?, _ salt_length: Int, _ info: UnsafePointer<UInt8>?, _ info_length: Int,
  _ out: UnsafeMutablePointer<UInt8>?, _ out_length: Int
) -> kn_status {
  guard
    let key = unsafe message(key, key_length), let salt = unsafe message(salt, salt_length),
    let info = unsafe message(info, info_length), unsafe message(out, out_length) != nil
  else { return invalidArgument }
  let output = unsafe UnsafeMutableRawBufferPointer(start: out, count: out_length)
  return unsafe withHash(algorithm, Derivation(key: key, salt: salt, info: info, out: output)) ?? invalidArgument
}

@c @implementation
public func kn_equal_constant_time(_ a: UnsafePointer<UInt8>?, _ b: UnsafePointer<UInt8>?, _ length: Int) -> Int32 {
  guard let a = unsafe message(a, length), let b = unsafe message(b, length) else { return 0 }
  // The byte of a Bool is 1 or 0: a choice between the two would be a branch on it in debug builds.
  return unsafe Int32(unsafeBitCast(equalInConstantTime(a, b), to: UInt8.self))
}

// MARK: - Calls

private struct DigestSize: HashCall {
  func callAsFunction<Hash: HashFunction>(_: Hash.Type) -> Int { Hash.digestByteCount }
}

@safe
private struct OneShot: HashCall {
  let message: UnsafeRawBufferPointer
  let out: UnsafeMutablePointer<UInt8>

  func callAsFunction<Hash: HashFunction>(_: Hash.Type) -> kn_status {
    unsafe UnsafeMutableRawPointer(out).storeBytes(of: Hash.hash(message), as: Hash.Digest.self)
    return ok
  }
}

@safe
private struct Batch: HashCall {
  let messages: HashMessages
  let out: UnsafeMutablePointer<UInt8>

  func callAsFunction<Hash: HashFunction>(_: Hash.Type) -> kn_status {
    // A digest is its bytes and needs no alignment.
    let digests = unsafe UnsafeMutableRawPointer(out).assumingMemoryBound(to: Hash.Digest.self)
    unsafe Hash.hash(batch: messages, after: nil, into: digests)
    return ok
  }
}

@safe
private struct Authentication: HashCall {
  let key, message: UnsafeRawBufferPointer
  let out: UnsafeMutablePointer<UInt8>

  func callAsFunction<Hash: HashFunction>(_: Hash.Type) -> kn_status {
    let tag = unsafe HMAC<Hash>.authenticate(message, key: key)
    unsafe UnsafeMutableRawPointer(out).storeBytes(of: tag, as: Hash.Digest.self)
    return ok
  }
}

@safe
private struct Derivation: HashCall {
  let key, salt, info: UnsafeRawBufferPointer
  let out: UnsafeMutableRawBufferPointer

  func callAsFunction<Hash: HashFunction>(_: Hash.Type) -> kn_status {
    guard unsafe out.count <= HKDF<Hash>.maximumByteCount else { return invalidArgument }
    unsafe HKDF<Hash>.deriveKey(from: key, salt: salt, info: info, into: out)
    return ok
  }
}

// MARK: - Shared

let ok = kn_status(KN_OK)
let invalidArgument = kn_status(KN_INVALID_ARGUMENT)

/// The bytes that a caller named, or nil where there cannot be any: NULL with a length, or a length past all memory.
func message(_ data: UnsafePointer<UInt8>?, _ length: Int) -> UnsafeRawBufferPointer? {
  guard unsafe length == 0 || (length > 0 && data != nil) else { return nil }
  return unsafe UnsafeRawBufferPointer(start: data, count: length)
}

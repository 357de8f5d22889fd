// The C ABI of hashing. Contract and names: `include/kernels.h`. Every check is made before the first byte is written.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Kernels
public import KernelsABI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@c @implementation
public func kn_hash_size(_ algorithm: Int32) -> Int {
  algorithm == Int32(KN_SHA256) ? SHA256.Digest.byteCount : 0
}

@c @implementation
public func kn_hash(
  _ algorithm: Int32, _ data: UnsafePointer<UInt8>?, _ length: Int, _ out: UnsafeMutablePointer<UInt8>?
) -> kn_status {
  guard algorithm == Int32(KN_SHA256), let message = unsafe message(data, length), let out = unsafe out else {
    return invalidArgument
  }
  unsafe store(SHA256.hash(message), to: out)
  return ok
}

@c @implementation
public func kn_hash_batch(
  _ algorithm: Int32, _ data: UnsafePointer<UnsafePointer<UInt8>?>?, _ lengths: UnsafePointer<Int>?, _ count: Int,
  _ out: UnsafeMutablePointer<UInt8>?
) -> kn_status {
  guard algorithm == Int32(KN_SHA256), count >= 0 else { return invalidArgument }
  guard count > 0 else { return ok }
  guard let data = unsafe data, let lengths = unsafe lengths, let out = unsafe out else { return invalidArgument }
  for i in 0..<count where unsafe message(data[i], lengths[i]) == nil { return invalidArgument }

  // A digest is its 32 bytes and needs no alignment.
  let digests = unsafe UnsafeMutableRawPointer(out).assumingMemoryBound(to: SHA256.Digest.self)
  unsafe SHA256.hash(
    batch: .pointers(starts: data, lengths: lengths, count: count), into: digests, features: .current)
  return ok
}

// MARK: - Hashers
//
// A kn_hasher is a SHA256 in memory of malloc, which can fail where Swift's allocation would abort.

@c @implementation
public func kn_hasher_create(_ algorithm: Int32, _ out: UnsafeMutablePointer<OpaquePointer?>?) -> kn_status {
  guard algorithm == Int32(KN_SHA256), let out = unsafe out else { return invalidArgument }
  return unsafe allocate(SHA256(), out)
}

@c @implementation
public func kn_hasher_update(_ hasher: OpaquePointer?, _ data: UnsafePointer<UInt8>?, _ length: Int) -> kn_status {
  guard let hasher = unsafe hasher, let message = unsafe message(data, length) else { return invalidArgument }
  unsafe UnsafeMutablePointer<SHA256>(hasher).pointee.update(message)
  return ok
}

@c @implementation
public func kn_hasher_finish(_ hasher: OpaquePointer?, _ out: UnsafeMutablePointer<UInt8>?) -> kn_status {
  guard let hasher = unsafe hasher, let out = unsafe out else { return invalidArgument }
  unsafe store(UnsafePointer<SHA256>(hasher).pointee.finish(), to: out)
  return ok
}

@c @implementation
public func kn_hasher_clone(_ hasher: OpaquePointer?, _ out: UnsafeMutablePointer<OpaquePointer?>?) -> kn_status {
  guard let hasher = unsafe hasher, let out = unsafe out else { return invalidArgument }
  return unsafe allocate(UnsafePointer<SHA256>(hasher).pointee, out)
}

@c @implementation
public func kn_hasher_destroy(_ hasher: OpaquePointer?) {
  guard let hasher = unsafe hasher else { return }
  let memory = unsafe UnsafeMutableRawPointer(hasher)
  // Unlike a plain store before free, this is not for the compiler to remove.
  #if canImport(Darwin)
    unsafe memset_s(memory, MemoryLayout<SHA256>.size, 0, MemoryLayout<SHA256>.size)
  #else
    unsafe explicit_bzero(memory, MemoryLayout<SHA256>.size)
  #endif
  unsafe free(memory)
}

// MARK: - Shared

private let ok = kn_status(KN_OK)
private let invalidArgument = kn_status(KN_INVALID_ARGUMENT)

/// The message that a caller named, or nil where there cannot be one: NULL with a length, or a length past all memory.
private func message(_ data: UnsafePointer<UInt8>?, _ length: Int) -> UnsafeRawBufferPointer? {
  guard unsafe length == 0 || (length > 0 && data != nil) else { return nil }
  return unsafe UnsafeRawBufferPointer(start: data, count: length)
}

private func store(_ digest: SHA256.Digest, to out: UnsafeMutablePointer<UInt8>) {
  unsafe UnsafeMutableRawPointer(out).storeBytes(of: digest, as: SHA256.Digest.self)
}

private func allocate(_ hasher: SHA256, _ out: UnsafeMutablePointer<OpaquePointer?>) -> kn_status {
  guard let memory = unsafe malloc(MemoryLayout<SHA256>.size) else { return kn_status(KN_OUT_OF_MEMORY) }
  unsafe memory.initializeMemory(as: SHA256.self, to: hasher)
  unsafe out.pointee = OpaquePointer(memory)
  return ok
}

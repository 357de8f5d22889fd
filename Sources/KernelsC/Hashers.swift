// The C ABI of incremental hashing. Contract and names: `include/kernels.h`.
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

// A kn_hasher is the algorithm and its hasher, in memory of malloc, which can fail where Swift's allocation would abort.

@c @implementation
public func kn_hasher_create(_ algorithm: Int32, _ out: UnsafeMutablePointer<OpaquePointer?>?) -> kn_status {
  guard let out = unsafe out else { return invalidArgument }
  return unsafe withHash(algorithm, Creation(algorithm: algorithm, out: out)) ?? invalidArgument
}

@c @implementation
public func kn_hasher_update(_ hasher: OpaquePointer?, _ data: UnsafePointer<UInt8>?, _ length: Int) -> kn_status {
  guard let held = unsafe HeldHasher(hasher), let message = unsafe message(data, length) else { return invalidArgument }
  return unsafe withHash(held.algorithm, Update(held: held, message: message)) ?? invalidArgument
}

@c @implementation
public func kn_hasher_finish(_ hasher: OpaquePointer?, _ out: UnsafeMutablePointer<UInt8>?) -> kn_status {
  guard let held = unsafe HeldHasher(hasher), let out = unsafe out else { return invalidArgument }
  return unsafe withHash(held.algorithm, Finish(held: held, out: out)) ?? invalidArgument
}

@c @implementation
public func kn_hasher_clone(_ hasher: OpaquePointer?, _ out: UnsafeMutablePointer<OpaquePointer?>?) -> kn_status {
  guard let held = unsafe HeldHasher(hasher), let out = unsafe out else { return invalidArgument }
  return unsafe withHash(held.algorithm, Creation(algorithm: held.algorithm, copied: held, out: out)) ?? invalidArgument
}

@c @implementation
public func kn_hasher_destroy(_ hasher: OpaquePointer?) {
  guard let held = unsafe HeldHasher(hasher) else { return }
  _ = withHash(held.algorithm, Destruction(held: held))
}

// MARK: - Calls

/// The memory of a kn_hasher.
@safe
private struct HeldHasher {
  private static let hasherOffset = 16
  let memory: UnsafeMutableRawPointer

  init?(_ hasher: OpaquePointer?) {
    guard let hasher = unsafe hasher else { return nil }
    unsafe memory = UnsafeMutableRawPointer(hasher)
  }

  var algorithm: Int32 { unsafe memory.load(as: Int32.self) }

  func pointer<Hash: HashFunction>(_: Hash.Type) -> UnsafeMutablePointer<Hash> {
    unsafe (memory + Self.hasherOffset).assumingMemoryBound(to: Hash.self)
  }

  static func size<Hash: HashFunction>(_: Hash.Type) -> Int { hasherOffset + MemoryLayout<Hash>.size }
}

@safe
private struct Creation: HashCall {
  let algorithm: Int32
  /// What the new hasher goes on from; nil for an empty message.
  var copied: HeldHasher?
  let out: UnsafeMutablePointer<OpaquePointer?>

  func callAsFunction<Hash: HashFunction>(_: Hash.Type) -> kn_status {
    let hasher = unsafe OpaquePointer(malloc(HeldHasher.size(Hash.self)))
    guard let held = unsafe HeldHasher(hasher) else { return kn_status(KN_OUT_OF_MEMORY) }
    unsafe held.memory.storeBytes(of: algorithm, as: Int32.self)
    unsafe held.pointer(Hash.self).initialize(to: copied?.pointer(Hash.self).pointee ?? Hash())
    unsafe out.pointee = hasher
    return ok
  }
}

@safe
private struct Update: HashCall {
  let held: HeldHasher
  let message: UnsafeRawBufferPointer

  func callAsFunction<Hash: HashFunction>(_: Hash.Type) -> kn_status {
    unsafe held.pointer(Hash.self).pointee.update(message)
    return ok
  }
}

@safe
private struct Finish: HashCall {
  let held: HeldHasher
  let out: UnsafeMutablePointer<UInt8>

  func callAsFunction<Hash: HashFunction>(_: Hash.Type) -> kn_status {
    let digest = unsafe held.pointer(Hash.self).pointee.finish()
    unsafe UnsafeMutableRawPointer(out).storeBytes(of: digest, as: Hash.Digest.self)
    return ok
  }
}

@safe
private struct Destruction: HashCall {
  let held: HeldHasher

  func callAsFunction<Hash: HashFunction>(_: Hash.Type) {
    unsafe wipe(held.memory, byteCount: HeldHasher.size(Hash.self))
    unsafe free(held.memory)
  }
}

// The C ABI of the process itself: version, CPU features, memory. Contract and names: `include/kernels.h`.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Kernels
public import KernelsABI

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The version of the package, a constant of the binary: nothing to free, valid as long as the library is loaded.
@c @implementation
public func kn_version() -> UnsafePointer<CChar>! {
  let version: StaticString = "0.1.0"
  return unsafe UnsafeRawPointer(version.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Writes the names of the features in use, comma-separated and NUL-terminated, when all of them fit.
///
/// - Returns: the bytes needed, NUL included. Above `capacity`, or with `out` NULL, nothing is written.
@c @implementation
public func kn_cpu_features(_ out: UnsafeMutablePointer<CChar>!, _ capacity: Int) -> Int {
  let names = CPUFeatures.current.description.utf8
  let needed = names.count + 1
  // size_t arrives as Int: a capacity above Int.max is more than any memory, so read it as what it is, unsigned.
  guard let out = unsafe out, UInt(bitPattern: capacity) >= UInt(needed) else { return needed }
  var end = unsafe out
  for unit in names {
    unsafe end.pointee = CChar(bitPattern: unit)
    unsafe end += 1
  }
  unsafe end.pointee = 0
  return needed
}

/// Masks the named features for the whole process; see ``CPUFeatures/disable(_:)``.
///
/// - Returns: `KN_INVALID_ARGUMENT` for NULL or an unknown name; the mask then stays what it was.
@c @implementation
public func kn_disable_cpu_features(_ names: UnsafePointer<CChar>!) -> kn_status {
  guard let names = unsafe names, let features = try? CPUFeatures(parsing: unsafe String(cString: names)) else {
    return kn_status(KN_INVALID_ARGUMENT)
  }
  CPUFeatures.disable(features)
  return kn_status(KN_OK)
}

/// Releases what a function handed out through a `uint8_t **`; NULL is nothing to release.
///
/// Such memory comes from `malloc`, which can fail and say so, not from Swift's allocator, which traps.
@c @implementation
public func kn_free(_ memory: UnsafeMutableRawPointer!) {
  unsafe free(memory)
}

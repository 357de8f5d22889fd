#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Overwrites memory with zeros; unlike plain stores to memory that nobody reads again, no compiler removes this.
///
/// - `memory` is writable for `byteCount` bytes.
@usableFromInline
@unsafe
package func wipe(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
  #if canImport(Darwin)
    unsafe memset_s(memory, byteCount, 0, byteCount)
  #else
    unsafe explicit_bzero(memory, byteCount)
  #endif
}

/// Overwrites a value with zeros. Copies that the compiler keeps in registers or spills are out of anyone's reach.
@inlinable
package func wipe<T: BitwiseCopyable>(_ value: inout T) {
  unsafe withUnsafeMutablePointer(to: &value) { unsafe wipe($0, byteCount: MemoryLayout<T>.size) }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Working memory that a caller keeps between calls, so that a warm call allocates nothing.
///
/// Aligned to ``alignment`` bytes, uninitialised, grown when a call needs more than it has, never shrunk.
/// A value without copies: one owner at a time, freed when the owner goes. One scratch serves one call at a time;
/// it may move to another thread between calls.
///
/// ```swift
/// var scratch = Scratch()
/// for layer in layers { gemm(..., scratch: &scratch) }   // allocates in the first round alone
/// ```
@safe
public struct Scratch: ~Copyable, @unchecked Sendable {
  /// Bytes. Two cache lines: what the widest vector needs, and what Intel's adjacent-line prefetcher pairs.
  public static let alignment = 128

  private var memory: UnsafeMutableRawBufferPointer

  /// - Parameter capacity: bytes held from the start; 0 allocates nothing.
  /// - Complexity: one allocation, or none for 0.
  public init(capacity: Int = 0) {
    precondition(capacity >= 0, "Scratch: capacity must not be negative")
    unsafe memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    reserve(capacity)
  }

  deinit { unsafe free(memory.baseAddress) }

  /// Bytes held.
  public var capacity: Int { unsafe memory.count }

  /// Holds at least `bytes` bytes from now on. What the memory held is lost when it grows. Traps when the system has no more.
  ///
  /// - Complexity: nothing when there is enough; else one allocation and one release.
  public mutating func reserve(_ bytes: Int) {
    let enough = tryReserve(bytes)
    precondition(enough, "Scratch: the system has no more memory")
  }

  /// Holds at least `bytes` bytes from now on, or answers false and stays as it was. What the memory held is lost when it grows.
  ///
  /// - Complexity: nothing when there is enough; else one allocation and one release.
  public mutating func tryReserve(_ bytes: Int) -> Bool {
    guard bytes > capacity else { return true }
    var start: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&start, Self.alignment, bytes) == 0 else { return false }
    unsafe free(memory.baseAddress)
    unsafe memory = UnsafeMutableRawBufferPointer(start: start, count: bytes)
    return true
  }

  /// Where the memory starts; nil before the first reservation.
  ///
  /// - Valid until the scratch grows or goes.
  @unsafe
  package var start: UnsafeMutableRawPointer? { unsafe memory.baseAddress }

  /// At least `bytes` uninitialised bytes, aligned to ``alignment``, for the length of `body`.
  ///
  /// - The memory must not outlive `body`, nor be used through another access to the same scratch.
  @unsafe
  package mutating func withMemory<R, E: Error>(
    bytes: Int, _ body: (UnsafeMutableRawPointer?) throws(E) -> R
  ) throws(E) -> R {
    reserve(bytes)
    return try unsafe body(memory.baseAddress)
  }
}

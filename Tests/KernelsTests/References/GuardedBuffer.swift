#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory with an inaccessible page before and after, so that one byte read or written outside faults.
///
/// Whole pages lie between the two, so the memory touches one of them: `.end` (the default) catches what runs over,
/// `.start` what runs under. A faulting access kills the process, which is what a test wants to see.
///
/// The memory goes when the object does, which optimised code lets go after its last mention: hold it by
/// `withExtendedLifetime` for as long as the bytes are in use.
@safe
final class GuardedBuffer {
  enum Alignment: CaseIterable {
    /// The first byte follows the page before.
    case start
    /// The last byte is followed by the page after. The address is aligned as `byteCount` is, no better.
    case end
  }

  /// The accessible bytes that were asked for, zero at first.
  let bytes: UnsafeMutableRawBufferPointer
  private let mapping: UnsafeMutableRawBufferPointer

  init(byteCount: Int, alignment: Alignment = .end) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let inner = max(1, (byteCount + page - 1) / page) * page
    let base = unsafe mmap(nil, inner + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let base = unsafe base, unsafe base != MAP_FAILED else { fatalError("GuardedBuffer: mmap failed") }
    guard unsafe mprotect(base, page, PROT_NONE) == 0, unsafe mprotect(base + page + inner, page, PROT_NONE) == 0 else {
      fatalError("GuardedBuffer: mprotect failed")
    }
    unsafe mapping = UnsafeMutableRawBufferPointer(start: base, count: inner + 2 * page)
    let start = unsafe base + page + (alignment == .end ? inner - byteCount : 0)
    unsafe bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  deinit { unsafe munmap(mapping.baseAddress, mapping.count) }
}

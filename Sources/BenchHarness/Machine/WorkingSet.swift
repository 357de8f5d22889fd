#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory to read: pages of its own, large ones where the system grants them, so that the TLB is as little in the way as may be.
@safe
package final class WorkingSet {
  package let bytes: Int
  package let base: UnsafeMutableRawPointer
  private let mapped: Int

  /// - Parameter bytes: a positive multiple of 1024.
  /// - Throws: ``BenchError`` when the system has no such memory.
  package init(bytes: Int) throws(BenchError) {
    precondition(bytes > 0 && bytes % 1024 == 0, "WorkingSet: bytes must be a positive multiple of 1024")
    let page = 2 << 20
    mapped = (bytes + page - 1) / page * page + page
    let memory = unsafe mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      throw BenchError("\(mapped >> 20) MiB for a working set could not be had; close other programs and try again")
    }
    unsafe self.memory = memory
    unsafe base = memory.alignedUp(toMultipleOf: page)
    self.bytes = bytes
    #if os(Linux)
      // Advice: where the kernel has no transparent large pages, small ones do.
      unsafe madvise(base, mapped - page, 14)  // MADV_HUGEPAGE of Linux's mman-common.h
    #endif
    // Written, so that it is not all the one zero page.
    unsafe memset(base, 1, bytes)
  }

  private let memory: UnsafeMutableRawPointer

  deinit { unsafe munmap(memory, mapped) }

  /// Makes of the memory one cycle through all its lines, in random order, so that no prefetcher knows the next.
  ///
  /// Sattolo, "An algorithm to generate a random cyclic permutation", Information Processing Letters 22(6), 1986.
  package func makeChain(line: Int, using random: inout some RandomNumberGenerator) {
    let count = bytes / line
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, Int.random(in: 0..<i, using: &random)) }
    // order is one cycle: i is followed by order[i].
    for (i, next) in order.enumerated() {
      unsafe base.storeBytes(
        of: UnsafeRawPointer(base + next * line), toByteOffset: i * line, as: UnsafeRawPointer.self)
    }
  }
}

import BenchHarness
import CAllocationCounter

// What the counters must say after known calls. Each check returns what is wrong, or nil; each uses the allocator itself only
// where it does not read.
extension AllocationCounter {
  /// Both sides number the entry points alike.
  static func checkNames() -> String? {
    for entry in AllocationEntryPoint.allCases {
      let name = unsafe String(cString: ac_name(entry.counter))
      if name != entry.name { return "entry point \(entry.rawValue) is \(name) and not \(entry.name)" }
    }
    let count = AllocationEntryPoint.allCases.count
    return count == AC_ENTRY_POINTS.rawValue ? nil : "\(AC_ENTRY_POINTS.rawValue) entry points and not \(count)"
  }

  /// `calls` calls of `entry` with `bytes` bytes each, and nothing else, are counted.
  static func checkCounts(_ entry: AllocationEntryPoint, calls: UInt64, bytes: Int) -> String? {
    _ = read()  // without optimisation the first reading allocates the metadata of its types
    let before = read()
    ac_exercise(entry.counter, calls, bytes)
    let after = read()
    // ac_exercise pairs every block with one free, and free with one malloc.
    let allocating = entry == .free ? .malloc : entry
    for counted in AllocationEntryPoint.allCases {
      let expected = counted == allocating || counted == .free ? calls : 0
      let found = after[counted].calls - before[counted].calls
      if found != expected {
        return "\(calls) of \(entry.name) gave \(found) of \(counted.name) instead of \(expected)"
      }
      let spent = after[counted].bytes - before[counted].bytes
      let asked = counted == allocating ? calls * UInt64(bytes) : 0
      if spent != asked {
        return "\(calls) of \(entry.name) gave \(spent) bytes of \(counted.name) instead of \(asked)"
      }
    }
    return nil
  }

  /// Blocks that are held and then freed are live meanwhile, with the sizes that glibc tells.
  static func checkLive(_ entry: AllocationEntryPoint, blocks count: Int, bytes: Int) -> String? {
    let blocks = HeldBlocks(count)
    ac_track_live(true)
    blocks.obtain(entry, bytes: bytes)
    let held = readLive()
    blocks.release()
    let end = readLive()
    ac_track_live(false)

    let size = blocks.usableBytes
    let expected = LiveMemory(peak: size, obtainedBlocks: UInt64(count), obtainedBytes: UInt64(size))
    if held != expected { return "\(count) blocks of \(entry.name) gave \(held) instead of \(expected)" }
    var released = expected
    (released.releasedBlocks, released.releasedBytes) = (released.obtainedBlocks, released.obtainedBytes)
    return end == released ? nil : "\(count) freed blocks of \(entry.name) gave \(end) instead of \(released)"
  }

  /// What realloc does to a block, and calls that do nothing: each step by the size that glibc tells.
  static func checkResizing() -> String? {
    for entry: AllocationEntryPoint in [.realloc, .reallocarray] {
      var resizings = [ac_resizing](repeating: ac_resizing(), count: Int(AC_RESIZINGS))
      unsafe ac_exercise_resizing(entry.counter, &resizings)
      var peak: Int64 = 0
      for resizing in resizings {
        let size = Int64(resizing.usable)
        peak = max(peak, size)
        let live = LiveMemory(resizing.live)
        if live.leakedBytes != size || live.leakedBlocks != (size == 0 ? 0 : 1) || live.peak != peak {
          return "\(entry.name) to \(resizing.asked) bytes gave \(live) with a block of \(size)"
        }
      }
    }
    return nil
  }

  /// A block through the counter is the block that glibc gives past it: how it is aligned, how large it is, and where it
  /// begins, which shows when glibc takes what the counter gave and gives the same back.
  ///
  /// Sizes of blocks that are not aligned any further may differ by 16 bytes: glibc leaves a rest on a block that is too small
  /// to be one. Those that are aligned may keep more.
  static func checkLayout(_ entry: AllocationEntryPoint) -> String? {
    let alignment =
      switch entry {
      case .alignedAlloc, .memalign, .posixMemalign: Int(AC_ALIGNMENT)
      case .valloc, .pvalloc: 4096
      default: 16
      }
    for bytes in [1, 24, 40, 100, 1000, 5000, 100_000] {
      guard let block = unsafe ac_call(entry.counter, nil, bytes) else { return "no block of \(bytes) bytes" }
      let size = unsafe ac_usable_size(block)
      let address = Int(bitPattern: block)
      if address % alignment != 0 { return "\(entry.name) of \(bytes) bytes is at \(address)" }

      let direct = unsafe ac_call_directly(entry.counter, bytes)
      let directSize = unsafe ac_usable_size(direct)
      unsafe ac_call(AC_FREE, direct, 0)  // either side frees what the other gave
      if min(size, directSize) < bytes || alignment == 16 && abs(directSize - size) > 16 {
        return "\(entry.name) of \(bytes) bytes has \(size) bytes through the counter and \(directSize) past it"
      }
      // Blocks of up to 1032 bytes are kept by the thread, last in, first out; up to seven of a size, which go first.
      if size <= 1032 {
        var kept: [UnsafeMutableRawPointer?] = unsafe []
        unsafe kept.reserveCapacity(16)
        for _ in 0..<8 { unsafe kept.append(ac_call_directly(AC_MALLOC, size)) }
        unsafe ac_free_directly(block)
        let again = unsafe ac_call_directly(AC_MALLOC, size)
        let isSame = unsafe again == block
        unsafe ac_free_directly(again)
        while let other = unsafe kept.popLast() { unsafe ac_free_directly(other) }
        if !isSame { return "\(entry.name) of \(bytes) bytes is not where glibc's block is" }
      } else {
        unsafe ac_free_directly(block)
      }
    }
    return nil
  }
}

/// Blocks of the allocator, in memory that is there before the first and after the last.
@safe
final class HeldBlocks: @unchecked Sendable {
  private let blocks: UnsafeMutableBufferPointer<UnsafeMutableRawPointer?>
  /// The sum of what glibc says of each block.
  private(set) var usableBytes: Int64 = 0

  init(_ count: Int) {
    unsafe blocks = .allocate(capacity: count)
    unsafe blocks.initialize(repeating: nil)
  }

  deinit { unsafe blocks.deallocate() }

  /// Calls `entry` once for each block.
  func obtain(_ entry: AllocationEntryPoint, bytes: Int) {
    for index in unsafe 0..<blocks.count {
      unsafe blocks[index] = ac_call(entry.counter, nil, bytes)
      usableBytes += Int64(unsafe ac_usable_size(blocks[index]))
    }
  }

  func release() {
    for index in unsafe 0..<blocks.count { unsafe ac_call(AC_FREE, blocks[index], 0) }
  }
}

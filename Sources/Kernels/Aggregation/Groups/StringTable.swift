import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Distinct strings and a number for each, from 0 in the order in which they came.
///
/// Bytes stand in one arena. Slots are open-addressed, half full at most; each holds 32 bits of the hash and the string's number, so that
/// another string is compared at one in 2^32 only.
package struct StringTable: Sendable {
  private var arena: [UInt8] = []
  /// Where each string starts, and after the last where it ends.
  private var starts: [Int] = [0]
  private var slots: [UInt64] = []
  private let hash: KeyHash
  /// Strings that are not there get number -1, and are not added.
  package var isFrozen = false

  package init(hash: KeyHash = KeyHash()) { self.hash = hash }

  package var count: Int { starts.count - 1 }
  package var byteCount: Int { arena.heldBytes + starts.heldBytes + slots.heldBytes }
  /// Bytes of all strings.
  package var arenaCount: Int { arena.count }

  private static let empty = UInt64.max

  /// Calls `body` with the bytes of string `number`.
  @inline(__always)
  package func withBytes<R>(_ number: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let start = starts[number]
    let end = starts[number + 1]
    return unsafe arena.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }

  /// The number of a string that is there, or is added.
  ///
  /// - `bytes` is readable for `count`.
  @unsafe
  package mutating func number(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    let h = unsafe hash(bytes, count)
    if !slots.isEmpty {
      let found = unsafe find(bytes, count, h)
      if found >= 0 { return found }
    }
    return isFrozen ? -1 : unsafe add(bytes, count, h)
  }

  /// The numbers of the strings of rows `first ..< first + count` that are valid, into `codes`; those of nulls are left out.
  ///
  /// - `view` holds the rows, and its offsets have been checked; `codes` and `hashes` have room for `count`.
  @unsafe
  package mutating func numbers(
    _ view: StringView, first: Int, count: Int, valid: UnsafePointer<UInt8>?, validOffset: Int,
    codes: UnsafeMutablePointer<Int64>, hashes: UnsafeMutablePointer<UInt64>
  ) {
    let base = unsafe view.bytes.map { unsafe UnsafeRawPointer($0) } ?? UnsafeRawPointer(UnsafeMutableRawPointer(codes))
    let hash = hash
    for row in 0..<count {
      let (start, length) = view.bounds(first &+ row)
      unsafe hashes[row] = hash(base + start, length)
    }
    if slots.count > 1 << 14 {
      unsafe slots.withUnsafeBufferPointer { slots in
        let mask = slots.count &- 1
        let start = unsafe slots.baseAddress.unsafelyUnwrapped
        for row in 0..<count { unsafe ck_prefetch(start + Int(truncatingIfNeeded: hashes[row]) & mask) }
      }
    }
    var row = 0
    while row < count {
      // As far as the strings are known; then one is added, and on.
      row = unsafe known(view, first, row, count, base, valid, validOffset, codes, hashes)
      if row < count {
        let (start, length) = view.bounds(first &+ row)
        unsafe codes[row] = isFrozen ? -1 : Int64(add(base + start, length, hashes[row]))
        row &+= 1
      }
    }
  }

  @unsafe
  private func known(
    _ view: StringView, _ first: Int, _ from: Int, _ count: Int, _ base: UnsafeRawPointer,
    _ valid: UnsafePointer<UInt8>?, _ validOffset: Int, _ codes: UnsafeMutablePointer<Int64>,
    _ hashes: UnsafeMutablePointer<UInt64>
  ) -> Int {
    unsafe slots.withUnsafeBufferPointer { slots in
      unsafe starts.withUnsafeBufferPointer { starts in
        unsafe arena.withUnsafeBytes { arena in
          let mask = slots.count &- 1
          let arena = unsafe arena.baseAddress ?? base
          var row = from
          while row < count {
            if let valid = unsafe valid, unsafe !valid.bit(validOffset &+ row) {
              row &+= 1
              continue
            }
            if mask < 0 { return row }
            let h = unsafe hashes[row]
            let tag = h & 0xFFFF_FFFF_0000_0000
            var at = Int(truncatingIfNeeded: h) & mask
            let (start, length) = view.bounds(first &+ row)
            while true {
              let slot = unsafe slots[at]
              if slot == Self.empty { return row }
              if slot & 0xFFFF_FFFF_0000_0000 == tag {
                let number = Int(slot & 0xFFFF_FFFF)
                let there = unsafe starts[number]
                if unsafe starts[number &+ 1] &- there == length && equal(arena + there, base + start, length) {
                  unsafe codes[row] = Int64(number)
                  break
                }
              }
              at = (at &+ 1) & mask
            }
            row &+= 1
          }
          return row
        }
      }
    }
  }

  @unsafe
  private func find(_ bytes: UnsafeRawPointer, _ count: Int, _ h: UInt64) -> Int {
    let mask = slots.count &- 1
    var at = Int(truncatingIfNeeded: h) & mask
    while slots[at] != Self.empty {
      if slots[at] >> 32 == h >> 32 {
        let number = Int(slots[at] & 0xFFFF_FFFF)
        let there = starts[number]
        if starts[number + 1] - there == count {
          let same = unsafe arena.withUnsafeBytes { arena in
            unsafe count == 0 || equal(arena.baseAddress.unsafelyUnwrapped + there, bytes, count)
          }
          if same { return number }
        }
      }
      at = (at &+ 1) & mask
    }
    return -1
  }

  @inline(never)
  @unsafe
  private mutating func add(_ bytes: UnsafeRawPointer, _ count: Int, _ h: UInt64) -> Int {
    let number = self.count
    precondition(number < 0xFFFF_FFFE, "StringTable: more than 2^32 strings")
    if (number + 1) * 2 > slots.count { grow() }
    unsafe arena.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
    starts.append(arena.count)
    insert(number, h)
    return number
  }

  private mutating func insert(_ number: Int, _ h: UInt64) {
    let mask = slots.count &- 1
    var at = Int(truncatingIfNeeded: h) & mask
    while slots[at] != Self.empty { at = (at &+ 1) & mask }
    slots[at] = h & 0xFFFF_FFFF_0000_0000 | UInt64(number)
  }

  private mutating func grow() {
    slots = [UInt64](repeating: Self.empty, count: Swift.max(64, slots.count * 2))
    for number in 0..<count {
      let h = unsafe withBytes(number) { bytes in
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1) { nothing in
          unsafe hash(bytes.baseAddress ?? UnsafeRawPointer(nothing.baseAddress.unsafelyUnwrapped), bytes.count)
        }
      }
      insert(number, h)
    }
  }

  /// Whether string `a` comes before `b`, byte by byte.
  package func isLess(_ a: Int, _ b: Int) -> Bool {
    unsafe withBytes(a) { a in
      unsafe withBytes(b) { b in
        let order =
          unsafe a.isEmpty || b.isEmpty
          ? 0 : memcmp(a.baseAddress.unsafelyUnwrapped, b.baseAddress.unsafelyUnwrapped, Swift.min(a.count, b.count))
        return order == 0 ? a.count < b.count : order < 0
      }
    }
  }
}

/// - `a` and `b` are readable for `count`.
@inline(__always)
@unsafe
func equal(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Bool {
  if count <= 16 { return unsafe KeyHash.words(a, count) == KeyHash.words(b, count) }
  var i = 0
  while i &+ 8 < count {
    if unsafe a.loadUnaligned(fromByteOffset: i, as: UInt64.self) != b.loadUnaligned(fromByteOffset: i, as: UInt64.self)
    {
      return false
    }
    i &+= 8
  }
  return unsafe a.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    == b.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
}

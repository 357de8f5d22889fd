/// Huffman codes of at most 15 bits, and what RFC 1951, 3.2.5 and 3.2.6, says about symbols.
enum DeflateCode {
  static let endOfBlock = 256

  /// The code of a length of 3 ... 258.
  static func lengthSymbol(_ length: Int) -> Int {
    if length == 258 { return 285 }
    let n = length - 3
    guard n >= 8 else { return 257 + n }
    // Four codes for each power of two.
    let extra = Int.bitWidth - 1 - n.leadingZeroBitCount - 2
    return 257 + 4 * extra + n >> extra
  }

  /// Extra bits of a length code 257 ... 285.
  @inline(__always)
  static func lengthExtra(_ symbol: Int) -> Int { symbol < 265 || symbol == 285 ? 0 : (symbol - 261) >> 2 }

  /// Extra bits of a distance code 0 ... 29.
  @inline(__always)
  static func distanceExtra(_ symbol: Int) -> Int { symbol < 4 ? 0 : symbol >> 1 &- 1 }

  /// The code of a distance, from the distance - 1.
  @inline(__always)
  static func distanceSymbol(_ n: UInt32) -> Int {
    // For n < 2 a one stands where the highest bit of the others stands.
    if n < 4 { return Int(n) }
    let extra = UInt32(30) &- UInt32(truncatingIfNeeded: n.leadingZeroBitCount)
    return Int(2 &* extra &+ n &>> extra)
  }

  /// Bits of a literal or length in the fixed code.
  static func fixedLength(_ symbol: Int) -> UInt8 {
    symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8
  }

  /// Lengths of an optimal code for symbols that come as often as `counts` says, of at most `longest` bits; 0 for those that
  /// do not come. At least two symbols get a code, so that every code is complete.
  ///
  /// A. Moffat, J. Katajainen, "In-Place Calculation of Minimum-Redundancy Codes", WADS 1995. Codes that are too long are then
  /// brought to the limit, each by making one shorter code longer, which keeps the code complete and costs least where the
  /// shorter code is as long as can be.
  ///
  /// - `counts` are readable and `lengths` writable for `count`; `sorted` is writable for as many. Each count is less than 2^23.
  static func makeLengths(
    _ counts: UnsafePointer<UInt32>, _ count: Int, longest: Int, sorted: UnsafeMutablePointer<UInt32>,
    into lengths: UnsafeMutablePointer<UInt8>
  ) {
    var n = 0
    for i in 0..<count {
      unsafe lengths[i] = 0
      if unsafe counts[i] != 0 {
        unsafe sorted[n] = counts[i] &<< 9 | UInt32(truncatingIfNeeded: i)
        n &+= 1
      }
    }
    guard n >= 2 else {
      let only = n == 1 ? Int(unsafe sorted[0] & 511) : 0
      unsafe lengths[only] = 1
      unsafe lengths[only == 0 ? 1 : 0] = 1
      return
    }
    unsafe sort(sorted, n)

    // `a` holds counts, then parents, then depths. The symbols stay beside them.
    var memory = [320 of UInt32](repeating: 0)
    var depths = [64 of Int](repeating: 0)
    for i in 0..<n { memory[i] = unsafe sorted[i] &>> 9 }
    var (leaf, root) = (0, 0)
    for next in 0..<n &- 1 {
      // The two least of leaves and nodes that have no parent.
      var sum: UInt32 = 0
      for _ in 0..<2 {
        if leaf >= n || root < next && memory[root] < memory[leaf] {
          sum &+= memory[root]
          memory[root] = UInt32(truncatingIfNeeded: next)
          root &+= 1
        } else {
          sum &+= memory[leaf]
          leaf &+= 1
        }
      }
      memory[next] = sum
    }
    // Depths of inner nodes from the root on; leaves take what they leave.
    memory[n &- 2] = 0
    var i = n &- 3
    while i >= 0 {
      memory[i] = memory[Int(memory[i])] &+ 1
      i &-= 1
    }
    var (available, depth) = (1, 0)
    i = n &- 2
    while available > 0 {
      var used = 0
      while i >= 0 && Int(memory[i]) == depth {
        used &+= 1
        i &-= 1
      }
      depths[min(depth, longest)] &+= available &- used
      available = 2 &* used
      depth &+= 1
    }

    // In units of the longest code.
    var excess = -(1 << longest)
    for length in 1...longest { excess &+= depths[length] &<< (longest &- length) }
    while excess > 0 {
      var length = longest &- 1
      while depths[length] == 0 { length &-= 1 }
      depths[length] &-= 1
      depths[length &+ 1] &+= 2
      depths[longest] &-= 1
      excess &-= 1
    }
    // The rarest get the longest.
    var next = 0
    for length in stride(from: longest, to: 0, by: -1) {
      for _ in 0..<depths[length] {
        unsafe lengths[Int(sorted[next] & 511)] = UInt8(truncatingIfNeeded: length)
        next &+= 1
      }
    }
  }

  /// Codes of given lengths, last bit first, with their lengths in bits 24-31 (RFC 1951, 3.2.2).
  ///
  /// - `lengths` are readable and `codes` writable for `count`.
  static func makeCodes(
    _ lengths: UnsafePointer<UInt8>, _ count: Int, into codes: UnsafeMutablePointer<UInt32>
  ) {
    var counts = [16 of UInt32](repeating: 0)
    for i in 0..<count { counts[Int(unsafe lengths[i])] &+= 1 }
    counts[0] = 0
    var next = [16 of UInt32](repeating: 0)
    for length in 1..<16 { next[length] = (next[length &- 1] &+ counts[length &- 1]) &<< 1 }
    for i in 0..<count {
      let length = Int(unsafe lengths[i])
      let code = next[length]
      next[length] &+= 1
      unsafe codes[i] =
        length == 0
        ? 0 : reversed(code) &>> UInt32(truncatingIfNeeded: 32 &- length) | UInt32(truncatingIfNeeded: length) &<< 24
    }
  }

  /// All bits, the last one first.
  @inline(__always)
  private static func reversed(_ a: UInt32) -> UInt32 {
    var a = a
    a = a &>> 1 & 0x5555_5555 | (a & 0x5555_5555) &<< 1
    a = a &>> 2 & 0x3333_3333 | (a & 0x3333_3333) &<< 2
    a = a &>> 4 & 0x0f0f_0f0f | (a & 0x0f0f_0f0f) &<< 4
    return a.byteSwapped
  }

  /// D. Shell, "A High-Speed Sorting Procedure", CACM 2, 1959, with the gaps of M. Ciura, FCT 2001.
  private static func sort(_ a: UnsafeMutablePointer<UInt32>, _ count: Int) {
    let gaps: [6 of Int] = [132, 57, 23, 10, 4, 1]
    for g in 0..<6 {
      let gap = gaps[g]
      var i = gap
      while i < count {
        let value = unsafe a[i]
        var j = i
        while unsafe j >= gap && a[j &- gap] > value {
          unsafe a[j] = a[j &- gap]
          j &-= gap
        }
        unsafe a[j] = value
        i &+= 1
      }
    }
  }
}

/// Powers of ten in 128 bits, as ``JSONNumber`` and ``JSONShortest`` take them: 10^q is 5^q with another exponent.
enum JSONPowers {
  static var lowest: Int { -342 }
  static var highest: Int { 324 }

  /// The 128 most significant bits of 5^q: cut off, or rounded up where q < 0.
  @inline(__always)
  static func five(_ q: Int) -> (high: UInt64, low: UInt64) {
    unsafe words.withUnsafeBufferPointer { words in
      let at = 2 &* (q &- lowest)
      return unsafe (words[at], words[at &+ 1])
    }
  }

  /// Where 5^0 is: q words of two behind it, 5^q.
  @inline(__always)
  static var one: UnsafePointer<UInt64> {
    unsafe words.withUnsafeBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped - 2 * lowest }
  }

  /// floor(log2(10^q)), for q in -500 ... 500.
  @inline(__always)
  static func floorLog2Ten(_ q: Int) -> Int { (q &* 217706) >> 16 }
}

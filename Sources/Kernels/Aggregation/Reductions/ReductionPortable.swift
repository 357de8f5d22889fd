import CKernels

/// The row of every CPU. What the functions take and give stands in `ck_aggregation.h`.
enum ReductionPortable {
  static func range(_ x: UnsafePointer<Double>, _ count: Int, _ range: UnsafeMutablePointer<Double>) -> UInt32 {
    var (least, greatest) = (Double.infinity, -Double.infinity)
    var (some, all, notANumber): (UInt64, UInt64, Bool) = (0, ~0, false)
    for i in 0..<count {
      let value = unsafe x[i]
      least = value < least ? value : least
      greatest = value > greatest ? value : greatest
      some |= value.bitPattern
      all &= value.bitPattern
      notANumber = notANumber || value != value
    }
    unsafe (range[0], range[1]) = (least, greatest)
    return (notANumber ? UInt32(CK_NOT_A_NUMBER) : 0) | (some >> 63 != 0 ? UInt32(CK_NEGATIVE) : 0)
      | (all >> 63 == 0 ? UInt32(CK_POSITIVE) : 0)
  }

  /// Eight sums side by side, so that each takes at most 256 of a block's values.
  static func sum(
    _ x: UnsafePointer<Double>, _ count: Int, _ bias: UnsafePointer<Double>, _ sums: UnsafeMutablePointer<Int64>,
    _ rest: UnsafeMutablePointer<Double>
  ) -> Int {
    var first = unsafe SIMD8<Double>(repeating: bias[0])
    var second = unsafe SIMD8<Double>(repeating: bias[1])
    var left = 0
    for i in stride(from: 0, to: count, by: 8) {
      let value = unsafe UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Double>.self)
      var next = first + value
      let remainder = value - (next - first)
      first = next
      next = second + remainder
      let over = (next - second) - remainder
      second = next
      if over != .zero {
        for lane in 0..<8 { unsafe rest[left + lane] = over[lane] }
        left += 8
      }
    }
    unsafe sums[0] = units(first, bias[0])
    unsafe sums[1] = units(second, bias[1])
    return left
  }

  /// How many of its last places each lane is away from the bias, summed up.
  private static func units(_ lanes: SIMD8<Double>, _ bias: Double) -> Int64 {
    (0..<8).reduce(0) { $0 &+ Int64(bitPattern: lanes[$1].bitPattern &- bias.bitPattern) }
  }

  /// Eight at a time here too.
  static func moments(
    _ x: UnsafePointer<Double>, _ count: Int, _ bias: UnsafePointer<Double>, _ sums: UnsafeMutablePointer<Int64>,
    _ rest: UnsafeMutablePointer<Double>
  ) -> Int {
    func all(_ i: Int) -> SIMD8<Double> { unsafe SIMD8(repeating: bias[i]) }
    var (a, b, c) = (all(0), all(1), all(2))
    var (aa, ab, ac, bb, bc, cc) = (all(3), all(4), all(5), all(6), all(7), all(8))
    var left = 0
    for i in stride(from: 0, to: count, by: 8) {
      var value = unsafe UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Double>.self)
      var parts = (a: (a + value) - a, b: SIMD8<Double>.zero, c: SIMD8<Double>.zero)
      func cut() {
        parts.a = (a + value) - a
        parts.b = (b + (value - parts.a)) - b
        parts.c = (c + ((value - parts.a) - parts.b)) - c
      }
      cut()
      let isWhole = ((value - parts.a) - parts.b) .== parts.c
      if isWhole != SIMDMask(repeating: true) {
        for lane in 0..<8 where !isWhole[lane] {
          unsafe rest[left] = value[lane]
          left += 1
          value[lane] = 0
        }
        cut()
      }
      a += parts.a
      b += parts.b
      c += parts.c
      aa += parts.a * parts.a
      ab += parts.a * parts.b
      ac += parts.a * parts.c
      bb += parts.b * parts.b
      bc += parts.b * parts.c
      cc += parts.c * parts.c
    }
    for (i, lanes) in [a, b, c, aa, ab, ac, bb, bc, cc].enumerated() { unsafe sums[i] = units(lanes, bias[i]) }
    return left
  }
}

import Kernels
import Testing

@Suite struct BFloat16Tests {
  /// Every bf16 number but a signalling NaN is what comes back of it.
  @Test func everyNumberThereAndBack() {
    for bits in UInt16.min...UInt16.max {
      let value = Float(BFloat16(bitPattern: bits))
      #expect(value.bitPattern == UInt32(bits) << 16)
      let quiet: UInt16 = value.isNaN ? 0x40 : 0
      if BFloat16(value).bitPattern != bits | quiet { Issue.record("\(bits) became \(BFloat16(value).bitPattern)") }
    }
  }

  /// Halfway between two neighbours, and one bit to each side, for every pair of neighbours.
  @Test func roundsToNearestEven() {
    for bits in UInt16.min..<0x7F80 {
      let even = bits % 2 == 0 ? bits : bits + 1
      let halfway = UInt32(bits) << 16 | 0x8000
      for (float, expected) in [(halfway - 1, bits), (halfway, even), (halfway + 1, bits + 1)] {
        for sign in [UInt32(0), 1] {
          let rounded = BFloat16(Float(bitPattern: sign << 31 | float)).bitPattern
          if rounded != UInt16(sign) << 15 | expected { Issue.record("\(float) became \(rounded), not \(expected)") }
        }
      }
    }
  }

  @Test func specialValues() {
    #expect(BFloat16(.infinity).bitPattern == 0x7F80)
    #expect(BFloat16(-.infinity).bitPattern == 0xFF80)
    #expect(BFloat16(Float.greatestFiniteMagnitude).bitPattern == 0x7F80)
    #expect(BFloat16(-0).bitPattern == 0)
    #expect(BFloat16(Float(sign: .minus, exponent: 0, significand: 0)).bitPattern == 0x8000)
    #expect(BFloat16(Float.leastNonzeroMagnitude).bitPattern == 0)
    // A payload in the lower half alone must not turn into infinity.
    #expect(Float(BFloat16(Float(bitPattern: 0x7F80_0001))).isNaN)
    #expect(Float(BFloat16(Float(bitPattern: 0xFFFF_FFFF))).isNaN)
    #expect(BFloat16(1.5).description == "1.5")
  }
}

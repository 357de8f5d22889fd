import Testing

@testable import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct JSONNumberTests {
  /// Alone, and in a text: with other bytes before and behind it, of which so many may be read.
  private func read(_ text: String) -> Double {
    let value = unsafe Array(text.utf8).withUnsafeBytes { unsafe JSONNumber.double($0) }
    for (before, behind) in [(0, 0), (0, 40), (40, 0), (40, 40), (1, 8), (8, 1), (15, 7)] {
      let other = unsafe within(text, before, behind) { unsafe JSONNumber.double($0, $1, $2, count: $3) }
      #expect(value.bitPattern == other.bitPattern, "\(text) \(before) \(behind)")
    }
    return value
  }

  private func within<T>(
    _ text: String, _ before: Int, _ behind: Int, _ body: (UnsafePointer<UInt8>, Int, Int, Int) -> T
  ) -> T {
    let after = String(repeating: ",7", count: behind).prefix(behind)
    let bytes = Array((String(repeating: "9", count: before) + text + after).utf8)
    // In memory of its own, so that the address sanitizer sees what is read beyond.
    return unsafe bytes.withUnsafeBufferPointer {
      unsafe body($0.baseAddress!, before, before + text.utf8.count, bytes.count)
    }
  }

  private func write(_ value: Double) -> String {
    var out = [UInt8](repeating: 0, count: JSONNumberText.room)
    let count = unsafe out.withUnsafeMutableBufferPointer { unsafe JSONNumberText.write(value, $0.baseAddress!) }
    return String(decoding: out[..<count], as: UTF8.self)
  }

  @Test func `texts as strtod reads them`() {
    var texts = [
      "0", "-0", "0.0", "1", "1e0", "9007199254740993", "9007199254740993.00000000000000000000000000000000001", "1e23",
      "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e309", "1e400",
      "-1e99999999999999999999",
      "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.5e-324", "1e-400", "1e-99999999999999999999",
      "2.2250738585072011e-308", "2.2250738585072012e-308", "2.2250738585072014e-308", "6.631236846766476e-316",
      "5e-324", "0.000001", "123456789012345678901234567890", "0.1", "3.14159265358979323846264338327950288",
      "7.2057594037927933e16", "1e22", "1e-22", "1e-23", "8.988465674311580e307", "100000000000000016777215",
      "100000000000000016777216",
      "0." + String(repeating: "0", count: 400) + "1e401", String(repeating: "9", count: 400) + "e-400",
      "1" + String(repeating: "0", count: 2000) + "e-2000", "4503599627370496.5", "4503599627370497.5",
      "2.47032822920623272088284396434110686182e-324",
    ]
    // The middle between two doubles, exactly, and one digit above and below at the far end.
    for bits: UInt64 in [
      1, 2, 0x000f_ffff_ffff_ffff, 0x0010_0000_0000_0000, 0x3ff0_0000_0000_0000, 0x4340_0000_0000_0001,
      0x7fe0_0000_0000_0000, 0x3fb9_9999_9999_9999,
    ] {
      let middle = exactMiddle(bits)
      texts += [middle, middle + "0000000000000000000001", String(middle.dropLast()) + "49999999999999999999"]
    }
    for text in texts { #expect(unsafe read(text).bitPattern == strtod(text, nil).bitPattern, "\(text)") }
  }

  /// Twice the mantissa and one, times a power of two, written out by printf's exact conversion of a long double's parts.
  private func exactMiddle(_ bits: UInt64) -> String {
    // Digits of an integer times 5^n, n places after the point.
    let biased = Int(bits >> 52)
    let mantissa = biased == 0 ? bits : bits & (1 << 52 - 1) | 1 << 52
    var digits = String(2 * mantissa + 1).reversed().map { Int($0.wholeNumberValue!) }
    let power = max(biased, 1) - 1076
    for _ in 0..<abs(power) {
      var carry = 0
      for i in digits.indices {
        carry += digits[i] * (power < 0 ? 5 : 2)
        digits[i] = carry % 10
        carry /= 10
      }
      while carry != 0 {
        digits.append(carry % 10)
        carry /= 10
      }
    }
    let text = digits.reversed().map(String.init).joined()
    return power < 0 ? text + ".0e\(power)" : text + ".0"
  }

  @Test func `random doubles and texts, both ways`() {
    var generator = SystemRandomNumberGenerator()
    #if DEBUG
      let rounds = 5_000
    #else
      let rounds = 100_000
    #endif
    for _ in 0..<rounds {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let text = write(value)
      #expect(read(text).bitPattern == value.bitPattern, "\(text)")
      // The standard library's description is shortest and nearest too.
      #expect(digits(text) == digits(value.description), "\(text) \(value)")
      let random = "\(generator.next() as UInt64).\(generator.next() as UInt32)e\(Int.random(in: -340...300))"
      #expect(unsafe read(random).bitPattern == strtod(random, nil).bitPattern, "\(random)")
      let plain = Double(Int.random(in: -99_999_999...99_999_999)) / 1e5
      #expect(read(write(plain)) == plain && digits(write(plain)) == digits(plain.description))
    }
  }

  /// The significant digits alone.
  private func digits(_ text: String) -> String {
    var digits = text.prefix { $0 != "e" }.filter { $0.isNumber }
    while digits.hasSuffix("0") { digits.removeLast() }
    return String(digits.drop { $0 == "0" })
  }

  /// Of every exponent, and of every number of digits before and behind the point.
  @Test func `the short way to the shortest digits gives those of the exact one`() {
    var generator = SplitMix64(state: 17)
    func isSame(_ value: Double) -> Bool {
      let bits = value.bitPattern
      guard bits << 12 != 0, value.isNormal else { return true }
      return JSONShortest.decimal(bits) == JSONShortest.exact(bits)
    }
    for exponent in (1...2046) as ClosedRange<UInt64> {
      let (random, other) = (generator.next() >> 12, generator.next() >> 12)
      for fraction in [1, 2, 3, 1 << 51, 1 << 52 - 1, 1 << 52 - 2, random, other] as [UInt64] {
        #expect(isSame(Double(bitPattern: exponent << 52 | fraction)), "\(exponent) \(fraction)")
      }
    }
    for power in 0...22 {
      for count in 1...17 {
        let digits = generator.next() % UInt64(pow(10, Double(count)))
        let value = Double(digits) / pow(10, Double(power))
        for near in [value, value.nextUp, value.nextDown] where near > 0 {
          #expect(isSame(near), "\(near)")
          let text = write(near)
          #expect(unsafe strtod(text, nil) == near, "\(near) \(text)")
          #expect(self.digits(text) == self.digits(near.description), "\(near) \(text)")
        }
      }
    }
    // In the middle between two, and at the ends of what reads back.
    for _ in 0..<2000 {
      let whole = Double(generator.next() >> 11 | 1 << 50)
      for quarter in [0.25, 0.5, 0.125, 0.0625] {
        #expect(isSame((whole / 4).rounded() + quarter))
        #expect(isSame(whole * quarter))
      }
    }
  }

  @Test func `the form of ECMAScript`() {
    for (value, text) in [
      (0, "0"), (-0.0, "-0"), (1, "1"), (-1.5, "-1.5"), (1e21, "1e+21"), (1e20, "100000000000000000000"),
      (123456.789, "123456.789"),
      (1e-6, "0.000001"), (1e-7, "1e-7"), (1.25e-9, "1.25e-9"), (.leastNonzeroMagnitude, "5e-324"),
      (1.7976931348623157e308, "1.7976931348623157e+308"),
      (.infinity, "null"), (.nan, "null"), (100, "100"), (9007199254740992, "9007199254740992"), (0.1, "0.1"),
      (1e23, "1e+23"), (9007199254740994, "9007199254740994"), (2251799813685249.5, "2251799813685249.5"),
      (1e16, "10000000000000000"), (123456789012345683968, "123456789012345680000"), (1.5e21, "1.5e+21"),
      (12345678.5, "12345678.5"), (123456789.25, "123456789.25"), (-1700000000.123, "-1700000000.123"), (0.5, "0.5"),
      (-0.25, "-0.25"), (0.000123, "0.000123"), (2.2250738585072014e-308, "2.2250738585072014e-308"),
    ] as [(Double, String)] { #expect(write(value) == text) }
  }

  @Test func `integers at their limits`() {
    func all<T: Equatable>(_ text: String, _ body: (UnsafePointer<UInt8>, Int, Int, Int) -> T) -> T {
      let value = unsafe within(text, 0, 0, body)
      for (before, behind) in [(0, 40), (40, 0), (40, 40), (1, 8), (8, 1), (23, 7)] {
        #expect(unsafe value == within(text, before, behind, body), "\(text) \(before) \(behind)")
      }
      return value
    }
    func int64(_ text: String) -> Int64? { unsafe all(text) { unsafe JSONNumber.int64($0, $1, $2, count: $3) } }
    func uint64(_ text: String) -> UInt64? { unsafe all(text) { unsafe JSONNumber.uint64($0, $1, $2, count: $3) } }
    // Each number of digits, at its ends.
    var power: UInt64 = 1
    for _ in 0..<20 {
      for value in [power - 1, power, power + 1, power &* 9, power / 3] {
        #expect(uint64(String(value)) == value && int64("-\(value)") == Int64(exactly: value).map { -$0 })
        #expect(int64(String(value)) == Int64(exactly: value))
      }
      power = power &* 10
    }
    #expect(int64("9223372036854775807") == .max && int64("9223372036854775808") == nil)
    #expect(int64("-9223372036854775808") == .min && int64("-9223372036854775809") == nil)
    #expect(uint64("18446744073709551615") == .max && uint64("18446744073709551616") == nil)
    #expect(uint64("99999999999999999999") == nil && uint64("100000000000000000000") == nil && uint64("-1") == nil)
    #expect(uint64("-0") == 0 && int64("-0") == 0 && int64("0") == 0)
    for value in [
      0, 9, 10, 99, 100, 12_345_678, 99_999_999, 100_000_000, UInt64.max, 1 << 63, 10_000_000_000_000_000_000,
    ] as [UInt64] {
      var out = [UInt8](repeating: 0, count: JSONNumberText.room)
      let count = unsafe out.withUnsafeMutableBufferPointer { unsafe JSONNumberText.write(value, $0.baseAddress!) }
      #expect(String(decoding: out[..<count], as: UTF8.self) == String(value))
    }
  }
}

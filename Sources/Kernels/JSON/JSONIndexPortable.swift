import CKernels

/// The row of every CPU, which reads as the specification: eight bytes at a time in a word, a bit a byte out
/// (G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019).
enum JSONIndexPortable {
  /// - As `ck_json.h` has it for every row.
  @inline(__always)
  @unsafe
  static func index(
    _ data: UnsafePointer<UInt8>, _ blocks: Int, _ state: UnsafeMutablePointer<ck_json_state>,
    _ index: UnsafeMutablePointer<UInt32>, _ escapes: UnsafeMutablePointer<UInt64>
  ) -> Int {
    var s = unsafe state.pointee
    var count = 0
    for block in 0..<blocks {
      let at = unsafe data + 64 &* block
      let masks = unsafe JSONBlock(at)
      let (string, quote, backslash) = unsafe strings(at, masks, &s)

      // A backslash, added to the ones of its string, carries into the closing quote.
      let (sum, over) = string.addingReportingOverflow(backslash & string)
      let (total, over2) = sum.addingReportingOverflow(s.has_escape)
      s.has_escape = over || over2 ? 1 : 0
      unsafe escapes[block] = total & ~string & quote

      let scalar = ~(masks.brackets | masks.separators | masks.spaces | quote)
      let follows = scalar << 1 | s.scalar
      s.scalar = scalar >> 63
      s.separators &+= UInt64(truncatingIfNeeded: (masks.separators & ~string).nonzeroBitCount)

      var tokens = quote | ((masks.brackets | (scalar & ~follows)) & ~string)
      while tokens != 0 {
        unsafe index[count] = UInt32(truncatingIfNeeded: 64 &* block &+ tokens.trailingZeroBitCount)
        count &+= 1
        tokens &= tokens &- 1
      }
    }
    unsafe state.pointee = s
    return count
  }

  /// - As `ck_json.h` has it for every row.
  @inline(__always)
  @unsafe
  static func kinds(
    _ data: UnsafePointer<UInt8>, _ blocks: Int, _ state: UnsafeMutablePointer<ck_json_state>,
    _ kinds: UnsafeMutablePointer<ck_json_kinds>, _ blanks: UnsafeMutablePointer<UInt64>,
    _ visits: UnsafeMutablePointer<UInt32>
  ) -> Int {
    var s = unsafe state.pointee
    var (words, visited) = (0, 0)
    s.starts = 0
    for block in 0..<blocks {
      let at = unsafe data + 64 &* block
      let masks = unsafe JSONBlock(at)
      let (string, quote, _) = unsafe strings(at, masks, &s)
      let blank = masks.spaces & ~string
      unsafe blanks[block] = blank
      let scalars = ~(masks.brackets | masks.separators | blank | quote | string)
      let starts = scalars & ~(scalars << 1 | s.scalar)
      s.scalar = scalars >> 63

      var tokens = (masks.brackets | masks.separators) & ~string | quote & string | starts
      while tokens != 0 {
        let kind = unsafe kind(at[tokens.trailingZeroBitCount])
        s.kinds.bracket |= kind.bracket << s.kind_count
        s.kinds.second |= kind.second << s.kind_count
        s.kinds.third |= kind.third << s.kind_count
        s.kind_count &+= 1
        if s.kind_count == 64 {
          unsafe kinds[words] = s.kinds
          words &+= 1
          (s.kinds, s.kind_count) = (ck_json_kinds(), 0)
        }
        tokens &= tokens &- 1
      }

      s.starts &+= UInt64(truncatingIfNeeded: starts.nonzeroBitCount)
      var look = starts
      if s.dense | s.number != 0 {
        let number = unsafe JSONBlock.Numbers(at)
        let checked = s.dense != 0 ? starts : 0
        look &= ~(checked & (number.digit | number.minus))
        look |= numbers(number, scalars, checked, &s)
      }
      while look != 0 {
        unsafe visits[visited] = UInt32(truncatingIfNeeded: 64 &* block &+ look.trailingZeroBitCount)
        visited &+= 1
        look &= look &- 1
      }
    }
    s.visits = UInt64(truncatingIfNeeded: visited)
    unsafe state.pointee = s
    return words
  }

  /// What kind of token begins with `byte`.
  @inline(__always)
  private static func kind(_ byte: UInt8) -> ck_json_kinds {
    switch byte {
    case UInt8(ascii: "["): ck_json_kinds(bracket: 1, second: 0, third: 0)
    case UInt8(ascii: "{"): ck_json_kinds(bracket: 1, second: 0, third: 1)
    case UInt8(ascii: "]"): ck_json_kinds(bracket: 1, second: 1, third: 0)
    case UInt8(ascii: "}"): ck_json_kinds(bracket: 1, second: 1, third: 1)
    case UInt8(ascii: ","): ck_json_kinds(bracket: 0, second: 1, third: 0)
    case UInt8(ascii: ":"): ck_json_kinds(bracket: 0, second: 1, third: 1)
    case UInt8(ascii: "\""): ck_json_kinds(bracket: 0, second: 0, third: 1)
    default: ck_json_kinds(bracket: 0, second: 0, third: 0)
    }
  }

  /// Checks a block's UTF-8 and strings; these, its quotes and its backslashes.
  @inline(__always)
  private static func strings(
    _ at: UnsafePointer<UInt8>, _ masks: JSONBlock, _ s: inout ck_json_state
  ) -> (string: UInt64, quote: UInt64, backslash: UInt64) {
    if masks.high | s.utf8.0 != 0 {
      s.utf8.0 = unsafe JSONIndexPortable.utf8(at, s.utf8.0, &s.errors)
    }
    var quote = masks.quote
    var escaped: UInt64 = 0
    if masks.backslash | s.backslash != 0 {
      escaped = escapedBytes(masks.backslash, &s.backslash)
      quote &= ~escaped
    }
    let string = prefixXor(quote) ^ s.in_string
    s.in_string = 0 &- (string >> 63)
    if escaped | s.hex != 0 {
      let (u, bad, notHex) = unsafe Self.escapes(at, escaped & string)
      let digits = u << 1 | u << 2 | u << 3 | u << 4 | s.hex
      s.hex = u >> 63 | u >> 62 | u >> 61 | u >> 60
      s.errors |= bad | digits & notHex
      if u != 0 { s.seen |= UInt64(CK_JSON_UNICODE) }
    }
    s.errors |= string & masks.control
    return (string, quote, masks.backslash)
  }

  /// - As `ck_json.h` has it for every row.
  @inline(__always)
  @unsafe
  static func squeeze(
    _ data: UnsafePointer<UInt8>, _ blocks: Int, _ blanks: UnsafePointer<UInt64>, _ out: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var count = 0
    for i in 0..<64 &* blocks {
      unsafe out[count] = data[i]
      count &+= unsafe Int(truncatingIfNeeded: ~blanks[i >> 6] >> UInt64(truncatingIfNeeded: i & 63) & 1)
    }
    return count
  }

  /// Numbers that start in a block or go on in it, by the digits before the point and after it; where exponents begin.
  @inline(__always)
  private static func numbers(
    _ found: JSONBlock.Numbers, _ scalars: UInt64, _ starts: UInt64, _ s: inout ck_json_state
  ) -> UInt64 {
    let digit = found.digit & scalars
    let minus = found.minus & starts
    let last = s.number
    func went(_ bit: Int) -> UInt64 { last / UInt64(bit) & 1 }

    // At least one digit before the point, and none after a zero.
    let whole = minus << 1 | went(CK_JSON_MINUS) | starts & digit
    let zero = found.zero & whole
    var wrong = whole & ~digit | (zero << 1 | went(CK_JSON_ZERO)) & digit
    let (wholeEnds, wholeGoesOn) = over(digit, whole | went(CK_JSON_WHOLE))

    // At least one after it.
    let point = found.point & wholeEnds
    let fraction = point << 1 | went(CK_JSON_POINT)
    wrong |= fraction & ~digit
    let (fractionEnds, fractionGoesOn) = over(digit, fraction | went(CK_JSON_FRACTION))

    s.number = (minus >> 63) * UInt64(CK_JSON_MINUS) | wholeGoesOn * UInt64(CK_JSON_WHOLE)
    s.number |= (zero >> 63) * UInt64(CK_JSON_ZERO) | (point >> 63) * UInt64(CK_JSON_POINT)
    s.number |= fractionGoesOn * UInt64(CK_JSON_FRACTION)
    let more = (wholeEnds & ~point | fractionEnds) & scalars
    s.errors |= wrong | more & ~found.e
    return more
  }

  /// Each bit of `starts` goes on over ones to the first place at or after its own where `ones` has none; what goes on past the
  /// block. An addition carries it there.
  @inline(__always)
  static func over(_ ones: UInt64, _ starts: UInt64) -> (ends: UInt64, out: UInt64) {
    let (sum, carry) = ones.addingReportingOverflow(starts)
    return (sum & ~ones, carry ? 1 : 0)
  }

  /// Bit i: the number of set bits at or below i is odd.
  @inline(__always)
  private static func prefixXor(_ x: UInt64) -> UInt64 {
    var x = x
    x ^= x << 1
    x ^= x << 2
    x ^= x << 4
    x ^= x << 8
    x ^= x << 16
    x ^= x << 32
    return x
  }

  /// The bytes that a backslash escapes: backslashes alternate from the start of each run.
  @inline(__always)
  private static func escapedBytes(_ backslash: UInt64, _ carry: inout UInt64) -> UInt64 {
    let odd: UInt64 = 0xaaaa_aaaa_aaaa_aaaa
    let potential = backslash & ~carry
    let code = ((potential << 1 | odd) &- potential) ^ odd
    let escaped = code ^ (backslash | carry)
    carry = (code & backslash) >> 63
    return escaped
  }

  /// Of the escaped bytes those that are `u` and those that must not be there; and which bytes of the block are no hexadecimal digits.
  @inline(never)
  private static func escapes(_ at: UnsafePointer<UInt8>, _ escaped: UInt64) -> (u: UInt64, bad: UInt64, notHex: UInt64)
  {
    var (u, bad, notHex) = (UInt64(0), UInt64(0), UInt64(0))
    for i in 0..<64 {
      let byte = unsafe at[i]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        break
      default: notHex |= 1 << UInt64(i)
      }
      guard escaped >> UInt64(i) & 1 == 1 else { continue }
      switch byte {
      case UInt8(ascii: "u"): u |= 1 << UInt64(i)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
        UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
        break
      default: bad |= 1 << UInt64(i)
      }
    }
    return (u, bad, notHex)
  }

  /// The Unicode Standard, table 3-7, a byte at a time: `state` is what ``UTF8State`` holds between two bytes.
  @inline(never)
  private static func utf8(_ at: UnsafePointer<UInt8>, _ state: UInt64, _ errors: inout UInt64) -> UInt64 {
    var utf8 = UTF8State(state)
    for i in 0..<64 {
      if unsafe !utf8.take(at[i]) {
        errors |= 1
        utf8 = UTF8State(0)
      }
    }
    return utf8.word
  }
}

/// Where a byte stands in a character: how many continuations follow, and the range of the next one.
struct UTF8State {
  private(set) var left: UInt8 = 0
  private var lower: UInt8 = 0x80
  private var upper: UInt8 = 0xbf

  init(_ word: UInt64) {
    guard word != 0 else { return }
    (left, lower, upper) = (
      UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8), UInt8(truncatingIfNeeded: word >> 16)
    )
  }

  /// 0 between characters.
  var word: UInt64 { left == 0 ? 0 : UInt64(left) | UInt64(lower) << 8 | UInt64(upper) << 16 }

  /// Takes a byte, or answers false when no valid text has it here.
  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool {
    if left != 0 {
      guard byte >= lower && byte <= upper else { return false }
      (left, lower, upper) = (left &- 1, 0x80, 0xbf)
      return true
    }
    switch byte {
    case 0x00...0x7f: break
    case 0xc2...0xdf: left = 1
    case 0xe0: (left, lower) = (2, 0xa0)
    case 0xed: (left, upper) = (2, 0x9f)
    case 0xe1...0xef: left = 2
    case 0xf0: (left, lower) = (3, 0x90)
    case 0xf1...0xf3: left = 3
    case 0xf4: (left, upper) = (3, 0x8f)
    default: return false
    }
    return true
  }
}

/// Which bytes of 64 are what, a bit a byte.
private struct JSONBlock {
  var high: UInt64 = 0
  var quote: UInt64 = 0
  var backslash: UInt64 = 0
  var brackets: UInt64 = 0
  var separators: UInt64 = 0
  var spaces: UInt64 = 0
  var control: UInt64 = 0
  @inline(__always)
  init(_ at: UnsafePointer<UInt8>) {
    for i in 0..<8 {
      let x = unsafe UnsafeRawPointer(at + 8 &* i).loadUnaligned(as: UInt64.self).littleEndian
      let shift = UInt64(truncatingIfNeeded: 8 &* i)
      high |= Self.gather(x & Self.tops) << shift
      quote |= Self.gather(Self.zeros(x ^ Self.all(0x22))) << shift
      backslash |= Self.gather(Self.zeros(x ^ Self.all(0x5c))) << shift
      // { } [ ] without bit 5 are [ and ].
      let bracket = x & ~Self.all(0x20)
      brackets |= Self.gather(Self.zeros(bracket ^ Self.all(0x5b)) | Self.zeros(bracket ^ Self.all(0x5d))) << shift
      separators |= Self.gather(Self.zeros(x ^ Self.all(0x2c)) | Self.zeros(x ^ Self.all(0x3a))) << shift
      spaces |=
        Self.gather(
          Self.zeros(x ^ Self.all(0x20)) | Self.zeros(x ^ Self.all(0x0a)) | Self.zeros(x ^ Self.all(0x0d))
            | Self.zeros(x ^ Self.all(0x09))) << shift
      control |= Self.gather(Self.zeros(x & Self.all(0xe0))) << shift
    }
  }

  /// What only numbers ask for.
  struct Numbers {
    var digit: UInt64 = 0
    var zero: UInt64 = 0
    var point: UInt64 = 0
    var minus: UInt64 = 0
    /// In both cases.
    var e: UInt64 = 0

    @inline(__always)
    init(_ at: UnsafePointer<UInt8>) {
      for i in 0..<8 {
        let x = unsafe UnsafeRawPointer(at + 8 &* i).loadUnaligned(as: UInt64.self).littleEndian
        let shift = UInt64(truncatingIfNeeded: 8 &* i)
        digit |= JSONBlock.gather(JSONNumberScan.exactlyNotDigits(x) ^ JSONBlock.tops) << shift
        zero |= JSONBlock.gather(JSONBlock.zeros(x ^ JSONBlock.all(0x30))) << shift
        point |= JSONBlock.gather(JSONBlock.zeros(x ^ JSONBlock.all(0x2e))) << shift
        e |= JSONBlock.gather(JSONBlock.zeros((x | JSONBlock.all(0x20)) ^ JSONBlock.all(0x65))) << shift
        minus |= JSONBlock.gather(JSONBlock.zeros(x ^ JSONBlock.all(0x2d))) << shift
      }
    }
  }

  private static var tops: UInt64 { 0x8080_8080_8080_8080 }

  @inline(__always)
  private static func all(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// The top bit of each byte that is zero, exactly: no borrow goes from one byte to the next.
  @inline(__always)
  private static func zeros(_ x: UInt64) -> UInt64 {
    ~((x & ~tops) &+ ~tops | x) & tops
  }

  @inline(__always)
  private static func gather(_ tops: UInt64) -> UInt64 { JSONNumberScan.gathered(tops) }
}

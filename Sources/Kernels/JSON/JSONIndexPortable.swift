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
  static func masks(
    _ data: UnsafePointer<UInt8>, _ blocks: Int, _ state: UnsafeMutablePointer<ck_json_state>,
    _ masks: UnsafeMutablePointer<ck_json_masks>
  ) {
    var s = unsafe state.pointee
    for block in 0..<blocks {
      let at = unsafe data + 64 &* block
      let found = unsafe JSONBlock(at)
      let (string, quote, _) = unsafe strings(at, found, &s)
      let (scalars, starts) = unsafe grammar(found, string, quote, &s, masks + block)
      if starts | s.number != 0 { unsafe numbers(at, scalars, starts, &s, masks + block) }
    }
    unsafe state.pointee = s
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
    _ data: UnsafePointer<UInt8>, _ blocks: Int, _ masks: UnsafePointer<ck_json_masks>,
    _ out: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var count = 0
    for i in 0..<64 &* blocks {
      unsafe out[count] = data[i]
      count &+= unsafe Int(truncatingIfNeeded: ~masks[i >> 6].blank >> UInt64(truncatingIfNeeded: i & 63) & 1)
    }
    return count
  }

  /// All of the masks but what numbers add to them; the scalars, and where they start.
  @inline(__always)
  private static func grammar(
    _ block: JSONBlock, _ string: UInt64, _ quote: UInt64, _ s: inout ck_json_state,
    _ out: UnsafeMutablePointer<ck_json_masks>
  ) -> (scalars: UInt64, starts: UInt64) {
    let outside = ~string
    let blank = block.spaces & outside
    let bracket = block.brackets & outside
    let open = bracket & ~block.bit2
    let colon = block.separators & block.bit4 & outside
    let comma = block.separators & ~block.bit4 & outside
    let separator = bracket | comma | colon
    let scalars = ~(blank | separator | quote | string)
    let starts = scalars & ~(scalars << 1 | s.scalar)
    s.scalar = scalars >> 63

    // Where a value must be, and where one is; instead of it there may be the end of an empty container.
    let asks = comma | colon | open
    let (first, expectGoesOn) = over(blank, asks << 1 | s.settled ^ 1)
    s.settled = (asks >> 63 | expectGoesOn) ^ 1
    let expected = first & ~blank
    let values = quote & string | starts | open
    let empty = expected & ~values
    var wrong = values & ~expected | empty & ~(bracket & ~open)
    var visit = empty & ~(open << 1 | s.opened)
    s.opened = open >> 63

    // A colon follows a string.
    let closing = quote & outside
    visit |= colon & ~(closing << 1 | s.quoted)
    s.quoted = closing >> 63

    // What comes next, of separators and brackets, after a comma or an opening brace.
    let members = comma | open & block.bit5
    let (next, memberGoesOn) = over(~separator, members << 1 | s.separated)
    s.separated = members >> 63 | memberGoesOn
    let after = next & separator
    wrong |= colon & ~after
    s.errors |= wrong
    unsafe out.pointee = ck_json_masks(
      blank: blank, bracket: bracket, open: open, brace: bracket & block.bit5, comma: comma, colon: colon,
      not_in_object: after & ~(colon | empty), word: starts, visit: visit)
    return (scalars, starts)
  }

  /// Numbers, by the digits before the point and after it.
  @inline(__always)
  private static func numbers(
    _ at: UnsafePointer<UInt8>, _ scalars: UInt64, _ starts: UInt64, _ s: inout ck_json_state,
    _ out: UnsafeMutablePointer<ck_json_masks>
  ) {
    let found = unsafe JSONBlock.Numbers(at)
    let digit = found.digit & scalars
    let minus = found.minus & starts
    func went(_ bit: Int) -> UInt64 { s.number / UInt64(bit) & 1 }

    // At least one digit before the point, and none after a zero.
    let whole = minus << 1 | went(CK_JSON_MINUS) | starts & digit
    let zero = found.zero & whole
    var wrong = whole & ~digit | (zero << 1 | went(CK_JSON_ZERO)) & digit
    let (wholeSum, wholeGoesOn) = over(digit, whole | went(CK_JSON_WHOLE))
    let wholeEnds = wholeSum & ~digit

    let point = found.point & wholeEnds
    let fraction = point << 1 | went(CK_JSON_POINT)
    wrong |= fraction & ~digit
    let (sum, fractionGoesOn) = over(digit, fraction | went(CK_JSON_FRACTION))

    s.number = (minus >> 63) * UInt64(CK_JSON_MINUS) | wholeGoesOn * UInt64(CK_JSON_WHOLE)
    s.number |= (zero >> 63) * UInt64(CK_JSON_ZERO) | (point >> 63) * UInt64(CK_JSON_POINT)
    s.number |= fractionGoesOn * UInt64(CK_JSON_FRACTION)
    s.errors |= wrong
    unsafe out.pointee.visit |= (wholeEnds & ~point | sum & ~digit) & scalars
    unsafe out.pointee.word = starts & ~(digit | minus)
  }

  /// `ones` and `starts` added: each bit of `starts` goes on to the first place at or after its own where `ones` has none; what
  /// goes on past the block.
  @inline(__always)
  private static func over(_ ones: UInt64, _ starts: UInt64) -> (sum: UInt64, out: UInt64) {
    let (sum, carry) = ones.addingReportingOverflow(starts)
    return (sum, carry ? 1 : 0)
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
  /// What tells opening brackets from closing ones, colons from commas, braces from square brackets.
  var bit2: UInt64 = 0
  var bit4: UInt64 = 0
  var bit5: UInt64 = 0

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
      bit2 |= Self.gather(x << 5 & Self.tops) << shift
      bit4 |= Self.gather(x << 3 & Self.tops) << shift
      bit5 |= Self.gather(x << 2 & Self.tops) << shift
      control |= Self.gather(Self.zeros(x & Self.all(0xe0))) << shift
    }
  }

  /// What only numbers ask for.
  struct Numbers {
    var digit: UInt64 = 0
    var zero: UInt64 = 0
    var point: UInt64 = 0
    var minus: UInt64 = 0

    @inline(__always)
    init(_ at: UnsafePointer<UInt8>) {
      for i in 0..<8 {
        let x = unsafe UnsafeRawPointer(at + 8 &* i).loadUnaligned(as: UInt64.self).littleEndian
        let shift = UInt64(truncatingIfNeeded: 8 &* i)
        digit |= JSONBlock.gather(JSONNumberScan.exactlyNotDigits(x) ^ JSONBlock.tops) << shift
        zero |= JSONBlock.gather(JSONBlock.zeros(x ^ JSONBlock.all(0x30))) << shift
        point |= JSONBlock.gather(JSONBlock.zeros(x ^ JSONBlock.all(0x2e))) << shift
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

  /// The top bits of eight bytes as eight bits.
  @inline(__always)
  private static func gather(_ tops: UInt64) -> UInt64 { ((tops >> 7) &* 0x0102_0408_1020_4080) >> 56 }
}

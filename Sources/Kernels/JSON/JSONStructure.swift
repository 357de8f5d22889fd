package import CKernels

/// What the masks of a text leave to check: brackets, words, exponents, and what stands apart from what it needs before it. The rest of
/// the grammar of RFC 8259 is in the masks, as `ck_json.h` has it.
@unsafe
package struct JSONStructure {
  private let source: UnsafePointer<UInt8>
  private let count: Int
  /// For each open container, whether the one around it is an object.
  private let around: UnsafeMutablePointer<Bool>
  private let maximumDepth: Int
  private var depth = 0
  private var inObject = false

  /// - `source` is readable for `count` bytes; `around` has room for as many bytes as brackets may be open.
  package init(
    _ source: UnsafePointer<UInt8>, _ count: Int, around: UnsafeMutablePointer<Bool>, maximumDepth: Int
  ) {
    unsafe self.source = source
    unsafe self.count = count
    unsafe self.around = around
    unsafe self.maximumDepth = maximumDepth
  }

  /// Whether the text, which has come to its end with this state, is one value.
  package func isWhole(_ state: ck_json_state) -> Bool {
    let open = UInt64(CK_JSON_MINUS | CK_JSON_POINT) & state.number
    return unsafe state.errors | state.in_string | state.separated | open == 0 && state.settled == 1 && depth == 0
  }

  /// Takes the masks of the next blocks, the first of them at `base` in the source; false: not valid.
  @inline(never)
  package mutating func take(_ masks: UnsafePointer<ck_json_masks>, _ blocks: Int, base: Int) -> Bool {
    let (source, count, around, maximumDepth) = unsafe (source, count, around, maximumDepth)
    var (depth, inObject) = unsafe (depth, inObject)
    for i in 0..<blocks {
      let block = unsafe masks + i
      let (bracket, notInObject, colon) = unsafe (
        block.pointee.bracket, block.pointee.not_in_object, block.pointee.colon
      )
      var left = bracket
      // The last bracket and what comes before it have been looked at.
      var rest = UInt64.max
      while left != 0 {
        // A bracket is itself in what is around it.
        let bit = left & (0 &- left)
        let part = rest & (bit | (bit &- 1))
        let wrong = unsafe inObject ? notInObject : depth == 0 ? colon | block.pointee.comma : colon
        guard part & wrong == 0 else { return false }
        rest &= ~part
        let isBrace = unsafe block.pointee.brace & bit != 0
        if unsafe block.pointee.open & bit != 0 {
          guard depth < maximumDepth else { return false }
          unsafe around[depth] = inObject
          depth &+= 1
          inObject = isBrace
        } else {
          guard depth > 0 && inObject == isBrace else { return false }
          depth &-= 1
          inObject = unsafe around[depth]
        }
        left &= left &- 1
      }
      let wrong = unsafe inObject ? notInObject : depth == 0 ? colon | block.pointee.comma : colon
      guard rest & wrong == 0 else { return false }

      let at = base &+ 64 &* i
      left = unsafe block.pointee.word
      while left != 0 {
        guard unsafe JSONStructureByte.isWord(source, count, at &+ left.trailingZeroBitCount) else { return false }
        left &= left &- 1
      }
      left = unsafe block.pointee.visit
      while left != 0 {
        guard unsafe JSONStructureByte.isRight(source, count, at &+ left.trailingZeroBitCount) else { return false }
        left &= left &- 1
      }
    }
    unsafe (self.depth, self.inObject) = (depth, inObject)
    return true
  }
}

/// The places of a text that are looked at byte by byte.
private enum JSONStructureByte {
  /// Whether `true`, `false` or `null` is at `begin`, and the token ends with it.
  @inline(__always)
  static func isWord(_ source: UnsafePointer<UInt8>, _ count: Int, _ begin: Int) -> Bool {
    switch unsafe begin < count ? source[begin] : 0 {
    case UInt8(ascii: "t"): unsafe JSONWalk.word(source, begin, count, 0x6575_7274, 4)
    case UInt8(ascii: "f"):
      unsafe begin &+ 1 < count && JSONWalk.word(source, begin &+ 1, count, 0x6573_6c61, 4)
    case UInt8(ascii: "n"): unsafe JSONWalk.word(source, begin, count, 0x6c6c_756e, 4)
    default: false
    }
  }

  /// What `ck_json_masks` has for the bytes of `visit`.
  @inline(never)
  static func isRight(_ source: UnsafePointer<UInt8>, _ count: Int, _ at: Int) -> Bool {
    guard at < count else { return false }
    switch unsafe source[at] {
    case UInt8(ascii: "e"), UInt8(ascii: "E"): return unsafe isExponent(source, count, at)
    case UInt8(ascii: ":"): return unsafe byte(source, before: at) == UInt8(ascii: "\"")
    case UInt8(ascii: "]"), UInt8(ascii: "}"): return unsafe byte(source, before: at) | 0x20 == UInt8(ascii: "{")
    default: return false
    }
  }

  /// The byte before `at` and the white space there; 0 where there is none.
  private static func byte(_ source: UnsafePointer<UInt8>, before at: Int) -> UInt8 {
    var at = at &- 1
    while unsafe at >= 0 && JSONBytes.isBlank(source[at]) { at &-= 1 }
    return unsafe at < 0 ? 0 : source[at]
  }

  private static func isExponent(_ source: UnsafePointer<UInt8>, _ count: Int, _ begin: Int) -> Bool {
    var at = begin &+ 1
    if unsafe at < count && (source[at] == UInt8(ascii: "+") || source[at] == UInt8(ascii: "-")) { at &+= 1 }
    let first = at
    while unsafe at < count && source[at] &- UInt8(ascii: "0") < 10 { at &+= 1 }
    return unsafe at > first && (at == count || JSONNumberScan.ends(source[at]))
  }
}

/// A value among the tokens of many lines that nothing is kept of.
enum PlanSkip {
  /// Where the value at the next token ends, behind which `token` is then, or -1 where it is not valid, nested deeper than 60 levels, or
  /// maybe than is allowed.
  ///
  /// - Adds its commas and colons to `separators`. The strings of the text are valid.
  @inline(__always)
  @unsafe
  static func value(_ text: PlanLineText, _ token: inout UnsafePointer<UInt32>, _ separators: inout Int) -> Int {
    let (source, last) = unsafe (text.source, text.end)
    // In no more containers than a shape has.
    let maximumDepth = unsafe min(60, text.maximumDepth &- PlanLineShape.maximumDepth)
    /// A bit for each container that is open, the innermost lowest: it is an object.
    var objects: UInt64 = 0
    var depth = 0
    guard unsafe token < last else { return -1 }
    values: while true {
      // A value begins at the token, after which there is one for each that is open.
      let at = unsafe Int(token.pointee)
      unsafe token += 1
      var end: Int
      value: do {
        let first = unsafe source[at]
        if first == UInt8(ascii: "\"") {
          guard unsafe token < last else { return -1 }
          end = unsafe Int(token.pointee) &+ 1
          unsafe token += 1
          break value
        }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
          let isObject = first == UInt8(ascii: "{")
          guard unsafe depth < maximumDepth && token < last else { return -1 }
          let next = unsafe Int(token.pointee)
          if unsafe source[next] == first &+ 2 {
            unsafe token += 1
            end = next &+ 1
            break value
          }
          depth &+= 1
          objects = objects << 1 | (isObject ? 1 : 0)
          if isObject { guard unsafe key(source, &token, last, &separators) else { return -1 } }
          continue values
        }
        end = unsafe scalar(text, at)
        guard end >= 0 else { return -1 }
      }
      while true {
        if depth == 0 { return end }
        guard unsafe token < last else { return -1 }
        let next = unsafe Int(token.pointee)
        let inObject = objects & 1 == 1
        if unsafe source[next] == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          unsafe token += 1
          end = next &+ 1
          objects >>= 1
          depth &-= 1
          continue
        }
        guard unsafe JSONWalk.isNext(UInt8(ascii: ","), source, end, next) else { return -1 }
        separators &+= 1
        if inObject { guard unsafe key(source, &token, last, &separators) else { return -1 } }
        continue values
      }
    }
  }

  /// A key and its colon; there is a token behind.
  @inline(__always)
  private static func key(
    _ source: UnsafePointer<UInt8>, _ token: inout UnsafePointer<UInt32>, _ last: UnsafePointer<UInt32>,
    _ separators: inout Int
  ) -> Bool {
    guard unsafe last - token >= 3, unsafe source[Int(token[0])] == UInt8(ascii: "\"") else { return false }
    separators &+= 1
    defer { unsafe token += 2 }
    return unsafe JSONWalk.isNext(UInt8(ascii: ":"), source, Int(token[1]) &+ 1, Int(token[2]))
  }

  /// The end of a number or word, or -1.
  @inline(__always)
  private static func scalar(_ text: PlanLineText, _ at: Int) -> Int {
    let (source, count) = unsafe (text.source, text.readable)
    switch unsafe source[at] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      // One digit, which many are.
      if unsafe at &+ 1 < count && JSONNumberScan.ends(source[at &+ 1]) { return at &+ 1 }
      return unsafe JSONNumberScan.run(source, at, count).end
    case UInt8(ascii: "-"): return unsafe JSONNumberScan.run(source, at, count).end
    case UInt8(ascii: "t"): return unsafe JSONWalk.word(source, at, count, 0x6575_7274, 4) ? at &+ 4 : -1
    case UInt8(ascii: "n"): return unsafe JSONWalk.word(source, at, count, 0x6c6c_756e, 4) ? at &+ 4 : -1
    case UInt8(ascii: "f"):
      guard unsafe count &- at >= 5 && JSONWalk.word(source, at &+ 1, count, 0x6573_6c61, 4) else { return -1 }
      return at &+ 5
    default: return -1
    }
  }
}

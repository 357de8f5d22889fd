/// Where bits go: the first ones to the lowest of each byte (RFC 1951, 3.1.1).
@safe
struct DeflateWriter {
  var next: UnsafeMutableRawPointer
  let end: UnsafeMutableRawPointer
  var bits: UInt64
  var bitCount: Int

  /// Writes whole bytes, one at a time; whether fewer than eight bits are left.
  mutating func hasRoom() -> Bool {
    while bitCount >= 8 {
      guard unsafe next < end else { return false }
      unsafe next.storeBytes(of: UInt8(truncatingIfNeeded: bits), as: UInt8.self)
      unsafe next += 1
      bits &>>= 8
      bitCount &-= 8
    }
    return true
  }

  /// - `count` and the bits before are less than 64 together.
  @inline(__always)
  mutating func put(_ value: UInt32, _ count: UInt32) {
    bits |= UInt64(value) &<< UInt64(truncatingIfNeeded: bitCount)
    bitCount &+= Int(count)
  }

  /// Writes whole bytes, all at once.
  ///
  /// - Eight bytes are writable.
  @inline(__always)
  private mutating func flush() {
    unsafe next.storeBytes(of: bits.littleEndian, as: UInt64.self)
    unsafe next += bitCount &>> 3
    bits &>>= UInt64(truncatingIfNeeded: bitCount & 56)
    bitCount &= 7
  }

  /// Writes tokens and the end of the block after them; false where there is no room for all.
  @inline(never)
  mutating func put(_ memory: DeflateMemory, from written: inout Int, to count: Int) -> Bool {
    let (tokens, codes, lengthCodes) = unsafe (memory.tokens, memory.codes, memory.lengthCodes)
    var this = self
    var i = written
    defer {
      self = this
      written = i
    }
    guard this.hasRoom() else { return false }
    // Ends a row of literals; there is room for it.
    unsafe tokens[count] = 1 &<< 31
    // The token after the last one is the end of the block, which is no literal and no match.
    while unsafe i < count && this.end - this.next >= 8 {
      let token = unsafe tokens[i]
      i &+= 1
      if token < 256 {
        // Up to three literals: 7 + 3 * 15 bits.
        unsafe this.putCode(codes[Int(token)])
        if unsafe tokens[i] < 256 {
          unsafe this.putCode(codes[Int(tokens[i])])
          i &+= 1
          if unsafe tokens[i] < 256 {
            unsafe this.putCode(codes[Int(tokens[i])])
            i &+= 1
          }
        }
      } else {
        unsafe this.putMatch(token, codes, lengthCodes)
      }
      this.flush()
    }
    while i <= count {
      guard this.hasRoom() else { return false }
      if i == count {
        unsafe this.putCode(codes[DeflateCode.endOfBlock])
      } else {
        let token = unsafe tokens[i]
        if token < 256 {
          unsafe this.putCode(codes[Int(token)])
        } else {
          unsafe this.putMatch(token, codes, lengthCodes)
        }
      }
      i &+= 1
    }
    return true
  }

  @inline(__always)
  private mutating func putCode(_ code: UInt32) { put(code & 0xff_ffff, code &>> 24) }

  /// At most 15 + 5 + 15 + 13 bits.
  @inline(__always)
  private mutating func putMatch(
    _ token: UInt32, _ codes: UnsafeMutablePointer<UInt32>, _ lengthCodes: UnsafeMutablePointer<UInt32>
  ) {
    unsafe putCode(lengthCodes[Int(token &>> 16 & 255)])
    let distance = token & 0x7fff
    let symbol = Int(token &>> 24 & 31)
    unsafe putCode(codes[288 &+ symbol])
    let extra = UInt32(truncatingIfNeeded: DeflateCode.distanceExtra(symbol))
    put(distance & (1 &<< extra &- 1), extra)
  }
}

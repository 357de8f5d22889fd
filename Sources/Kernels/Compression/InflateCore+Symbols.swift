// Literals and matches near the ends of input and output, one at a time, and by `InflateKernel` where both are far.

import CKernels

extension InflateCore {
  /// Until the block ends, or input or room.
  mutating func symbols(_ cursor: inout InflateCursor) -> InflateStep? {
    let (literals, distances) = unsafe (UnsafePointer(tables.literals), UnsafePointer(tables.distances))
    while true {
      if unsafe cursor.end - cursor.next >= InflateKernel.inputMargin
        && cursor.outputEnd - cursor.output >= InflateKernel.outputMargin
      {
        switch kernel.run(&cursor, tables) {
        case Int32(CK_INFLATE_MORE.rawValue): break
        case Int32(CK_INFLATE_END_OF_BLOCK.rawValue):
          endBlock()
          return nil
        case Int32(CK_INFLATE_LITERAL_CODE.rawValue): return .failed(.literalCode)
        case Int32(CK_INFLATE_DISTANCE_CODE.rawValue): return .failed(.distanceCode)
        default: return .failed(.distance)
        }
      }
      cursor.refill()
      var entry = unsafe literals[cursor.peek(InflateTables.literalBits)]
      // Bits of the code so far. Where bits are missing, zeros stand for them, and the entry has more bits than there are.
      var used = 0
      if !InflateEntry.isLiteral(entry) && InflateEntry.isException(entry) && InflateEntry.isSubtable(entry) {
        used = InflateTables.literalBits
        guard used <= cursor.bitCount else { return .needsInput }
        entry = unsafe Self.subentry(literals, entry, cursor.bits &>> UInt64(truncatingIfNeeded: used))
      }

      if InflateEntry.isLiteral(entry) || InflateEntry.isLiteralBefore(entry) {
        // One after the other, as far as there are bits and room.
        let literal = UInt8(truncatingIfNeeded: InflateEntry.isLiteral(entry) ? entry >> 8 : entry >> 24)
        let bits = Int(unsafe tables.codeLengths[Int(literal)])
        guard bits <= cursor.bitCount else { return .needsInput }
        guard unsafe cursor.output < cursor.outputEnd else { return .outputFull }
        unsafe cursor.output.storeBytes(of: literal, as: UInt8.self)
        unsafe cursor.output += 1
        cursor.drop(bits)
        continue
      }
      if InflateEntry.isException(entry) {
        used &+= Int(entry & 63)
        guard used <= cursor.bitCount else { return .needsInput }
        guard entry & InflateEntry.endOfBlockFlag != 0 else { return .failed(.literalCode) }
        cursor.drop(used)
        endBlock()
        return nil
      }

      // A match is taken whole: at most 15 + 5 + 15 + 13 bits.
      let lengthBits = used &+ Int(entry & 63)
      guard lengthBits <= cursor.bitCount else { return .needsInput }
      pendingLength = Self.length(entry, cursor.bits &>> UInt64(truncatingIfNeeded: used))
      let rest = cursor.bits &>> UInt64(truncatingIfNeeded: lengthBits)
      var distance = unsafe distances[Int(truncatingIfNeeded: rest) & (1 << InflateTables.distanceBits - 1)]
      used = 0
      if InflateEntry.isException(distance) && InflateEntry.isSubtable(distance) {
        used = InflateTables.distanceBits
        guard lengthBits &+ used <= cursor.bitCount else { return .needsInput }
        distance = unsafe Self.subentry(distances, distance, rest &>> UInt64(truncatingIfNeeded: used))
      }
      let bits = lengthBits &+ used &+ Int(distance & 63)
      guard bits <= cursor.bitCount else { return .needsInput }
      guard !InflateEntry.isException(distance) else { return .failed(.distanceCode) }
      pendingDistance = Self.distance(distance, rest &>> UInt64(truncatingIfNeeded: used))
      guard unsafe pendingDistance <= cursor.output - cursor.history else { return .failed(.distance) }
      cursor.drop(bits)
      state = .match
      if let stop = match(&cursor) { return stop }
    }
  }

  /// What is left of a match, as far as there is room.
  mutating func match(_ cursor: inout InflateCursor) -> InflateStep? {
    let count = unsafe min(pendingLength, cursor.outputEnd - cursor.output)
    let source = unsafe cursor.output - pendingDistance
    // Byte by byte: a match may overlap itself.
    for i in 0..<count {
      unsafe cursor.output.storeBytes(
        of: source.load(fromByteOffset: i, as: UInt8.self), toByteOffset: i, as: UInt8.self)
    }
    unsafe cursor.output += count
    pendingLength &-= count
    guard pendingLength == 0 else { return .outputFull }
    state = .symbols
    return nil
  }

  /// The entry of a subtable, of the bits after the root's.
  @inline(__always)
  static func subentry(_ table: UnsafePointer<UInt32>, _ entry: UInt32, _ bits: UInt64) -> UInt32 {
    let mask = 1 &<< UInt64(truncatingIfNeeded: entry >> 8 & 15) &- 1
    return unsafe table[Int(entry >> 16) &+ Int(truncatingIfNeeded: bits & mask)]
  }

  @inline(__always)
  static func length(_ entry: UInt32, _ bits: UInt64) -> Int {
    3 &+ Int(entry >> 16 & 255) &+ extra(entry, bits)
  }

  @inline(__always)
  static func distance(_ entry: UInt32, _ bits: UInt64) -> Int { Int(entry >> 16) &+ extra(entry, bits) }

  /// The extra bits, which follow the code.
  @inline(__always)
  private static func extra(_ entry: UInt32, _ bits: UInt64) -> Int {
    let whole = bits & (1 &<< UInt64(truncatingIfNeeded: entry & 63) &- 1)
    return Int(truncatingIfNeeded: whole &>> UInt64(truncatingIfNeeded: entry >> 8 & 15))
  }
}

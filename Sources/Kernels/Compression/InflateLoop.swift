import CKernels

/// The hot loop: literals and matches while there is so much input and room that nothing has to be asked but once a round.
///
/// As in libdeflate and in F. Giesen's notes on reading bits ("Reading bits in far too many ways", 2018): 64 bits are refilled
/// without a branch, bits above the count are what the next refill brings again, and the next entry is looked up before the
/// bytes of a match are copied. One look-up gives up to three literals, or a
/// literal and a length.
enum InflateLoop {
  /// - As of any ``InflateKernel``'s body.
  static func run(
    _ state: UnsafeMutablePointer<ck_inflate_state>, _ literals: UnsafePointer<UInt32>,
    _ distances: UnsafePointer<UInt32>
  ) -> Int32 {
    let inputLimit = unsafe UnsafeRawPointer(state.pointee.input_limit)
    let outputLimit = unsafe UnsafeMutableRawPointer(state.pointee.output_limit)
    let history = unsafe UnsafeRawPointer(state.pointee.history)
    var next = unsafe UnsafeRawPointer(state.pointee.next)
    var output = unsafe UnsafeMutableRawPointer(state.pointee.output)
    var bits = unsafe state.pointee.bits
    // Its lowest six bits are the count; a subtraction may borrow from what is above, which is never looked at.
    var count = UInt32(truncatingIfNeeded: unsafe state.pointee.bit_count)

    unsafe refill(&bits, &count, &next)
    var entry = unsafe literals[index(bits)]
    var end = CK_INFLATE_MORE
    // 56 bits at the start of each round; a look-up takes 12 of them at most, a length after two of them 20.
    repeat {
      var saved = bits
      drop(&bits, &count, entry)
      if InflateEntry.isLiteral(entry) {
        unsafe store(entry, &output)
        entry = unsafe literals[index(bits)]
        saved = bits
        drop(&bits, &count, entry)
        if InflateEntry.isLiteral(entry) {
          unsafe store(entry, &output)
          entry = unsafe literals[index(bits)]
          saved = bits
          drop(&bits, &count, entry)
          if InflateEntry.isLiteral(entry) {
            unsafe store(entry, &output)
            entry = unsafe literals[index(bits)]
            unsafe refill(&bits, &count, &next)
            continue
          }
        }
      }

      if InflateEntry.isException(entry) {
        if InflateEntry.isSubtable(entry) {
          entry = unsafe InflateCore.subentry(literals, entry, bits)
          saved = bits
          drop(&bits, &count, entry)
          if InflateEntry.isLiteral(entry) {
            unsafe store(entry, &output)
            entry = unsafe literals[index(bits)]
            unsafe refill(&bits, &count, &next)
            continue
          }
        }
        if InflateEntry.isException(entry) {
          end = entry & InflateEntry.endOfBlockFlag != 0 ? CK_INFLATE_END_OF_BLOCK : CK_INFLATE_LITERAL_CODE
          break
        }
      }
      unsafe output.storeBytes(of: UInt8(truncatingIfNeeded: entry &>> 24), as: UInt8.self)
      unsafe output += Int(truncatingIfNeeded: entry &>> 15 & 1)
      let length = InflateCore.length(entry, saved)

      // A distance takes 28 bits at most. Seldom are there fewer, mostly after two look-ups of literals.
      if count & 63 < 28 { unsafe refill(&bits, &count, &next) }
      entry = unsafe distances[Int(truncatingIfNeeded: bits) & (1 << InflateTables.distanceBits - 1)]
      saved = bits
      drop(&bits, &count, entry)
      if InflateEntry.isException(entry) {
        if InflateEntry.isSubtable(entry) {
          entry = unsafe InflateCore.subentry(distances, entry, bits)
          saved = bits
          drop(&bits, &count, entry)
        }
        if InflateEntry.isException(entry) {
          end = CK_INFLATE_DISTANCE_CODE
          break
        }
      }
      let distance = InflateCore.distance(entry, saved)
      guard unsafe distance <= UnsafeRawPointer(output) - history else {
        end = CK_INFLATE_DISTANCE
        break
      }

      entry = unsafe literals[index(bits)]
      unsafe refill(&bits, &count, &next)
      unsafe copy(output, distance, length)
      unsafe output += length
    } while unsafe next <= inputLimit && output <= outputLimit

    unsafe state.pointee.next = next.assumingMemoryBound(to: UInt8.self)
    unsafe state.pointee.output = output.assumingMemoryBound(to: UInt8.self)
    unsafe state.pointee.bit_count = Int(count & 63)
    unsafe state.pointee.bits = bits & (1 &<< UInt64(truncatingIfNeeded: count & 63) &- 1)
    return Int32(end.rawValue)
  }

  // MARK: - Bits

  @inline(__always)
  private static func refill(_ bits: inout UInt64, _ count: inout UInt32, _ next: inout UnsafeRawPointer) {
    bits |= unsafe next.loadUnaligned(as: UInt64.self).littleEndian &<< UInt64(truncatingIfNeeded: count)
    unsafe next += 7
    unsafe next -= Int(truncatingIfNeeded: count &>> 3 & 7)
    count |= 56
  }

  @inline(__always)
  private static func index(_ bits: UInt64) -> Int {
    Int(truncatingIfNeeded: bits) & (1 << InflateTables.literalBits - 1)
  }

  @inline(__always)
  private static func drop(_ bits: inout UInt64, _ count: inout UInt32, _ entry: UInt32) {
    bits &>>= UInt64(truncatingIfNeeded: entry)
    count &-= entry
  }

  // MARK: - Bytes

  /// Writes three literals, of which those count that there are.
  @inline(__always)
  private static func store(_ entry: UInt32, _ output: inout UnsafeMutableRawPointer) {
    unsafe output.storeBytes(of: (entry &>> 8).littleEndian, as: UInt32.self)
    unsafe output += Int(truncatingIfNeeded: entry &>> 6 & 3)
  }

  /// Copies a match, and up to 31 bytes more than it has.
  ///
  /// - `output` is writable for 31 bytes beyond the length, and `distance` bytes lie before it.
  @inline(__always)
  private static func copy(_ output: UnsafeMutableRawPointer, _ distance: Int, _ length: Int) {
    var (to, from) = unsafe (output, UnsafeRawPointer(output) - distance)
    let end = unsafe output + length
    if distance >= 16 {
      unsafe move(from, to, as: SIMD16<UInt8>.self)
      unsafe move(from + 16, to + 16, as: SIMD16<UInt8>.self)
      if length > 32 {
        repeat {
          unsafe to += 32
          unsafe from += 32
          unsafe move(from, to, as: SIMD16<UInt8>.self)
          unsafe move(from + 16, to + 16, as: SIMD16<UInt8>.self)
        } while unsafe to + 32 < end
      }
      return
    }
    if distance < 8 {
      // Eight bytes of the period by a product, and from there on at a distance that is a multiple of it and at least 8.
      let period = unsafe from.loadUnaligned(as: UInt64.self).littleEndian
      let mask = 1 &<< UInt64(truncatingIfNeeded: 8 &* distance) &- 1
      unsafe to.storeBytes(of: ((period & mask) &* repeats[distance]).littleEndian, as: UInt64.self)
      unsafe to += 8
      unsafe from = UnsafeRawPointer(
        to - Int(truncatingIfNeeded: multiples &>> UInt64(truncatingIfNeeded: 8 &* distance) & 15))
    }
    while unsafe to < end {
      unsafe move(from, to, as: UInt64.self)
      unsafe to += 8
      unsafe from += 8
    }
  }

  /// By distance: a one at each multiple of as many bytes.
  private static let repeats: [8 of UInt64] = [
    0, 0x0101_0101_0101_0101, 0x0001_0001_0001_0001, 0x0001_0000_0100_0001, 0x0000_0001_0000_0001,
    0x0000_0100_0000_0001, 0x0001_0000_0000_0001, 0x0100_0000_0000_0001,
  ]
  /// By distance, a byte each: its smallest multiple from 8 on.
  private static let multiples: UInt64 = 0x0e0c_0a08_0908_0800

  @inline(__always)
  private static func move<T: BitwiseCopyable>(_ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, as: T.Type) {
    unsafe to.storeBytes(of: from.loadUnaligned(as: T.self), as: T.self)
  }
}

/// What a call of a decoder ends with.
package enum InflateStatus: Sendable {
  /// All input is taken, and the stream goes on.
  case needsInput
  /// The output has no room for what comes next.
  case outputFull
  /// The end of the stream is reached; what follows in the input is not taken.
  case finished
}

/// Inflates a stream of blocks (RFC 1951), in pieces of any size.
///
/// The output is the window: `output[..<position]` is what came out before, of which the caller keeps the last 32 KiB at least
/// and may move the rest away between calls. Memory is taken once, by the first call, ``byteCount`` bytes; no other call allocates.
@safe
package struct InflateCore: ~Copyable, @unchecked Sendable {
  /// Bytes of memory that a decoder holds.
  package static var byteCount: Int { InflateTables.byteCount }
  /// How far back a stream may reach.
  package static var windowByteCount: Int { 32 << 10 }

  enum State: UInt8 {
    case header
    case storedLength
    case stored
    case codeCounts
    case lengthCodes
    case codeLengths
    case symbols
    case match
    case finished
  }

  var tables = InflateTables()
  var state = State.header
  var isLastBlock = false
  /// Whether the tables are those of the fixed codes.
  var hasFixedTables = false

  /// Bits that are taken from the input and not yet used, from the lowest on; zeros above.
  var bits: UInt64 = 0
  var bitCount = 0

  /// Of a match that the output had no room for; in a stored block the bytes that are left.
  var pendingLength = 0
  var pendingDistance = 0

  // Of the codes that are being read: how many of each there are, and how many have come.
  var literalCount = 0
  var distanceCount = 0
  var lengthCodeCount = 0
  var codeLengthCount = 0

  /// Bytes taken and bytes that came out by all calls before.
  package private(set) var totalInput = 0
  package private(set) var totalOutput = 0

  let kernel: InflateKernel

  package init(kernel: InflateKernel = .kernel(.current)) { self.kernel = kernel }

  deinit { tables.deallocate() }

  /// Starts again with a new stream.
  package mutating func reset() {
    state = .header
    (isLastBlock, bits, bitCount, totalInput, totalOutput) = (false, 0, 0, 0, 0)
  }

  /// Inflates as much as there is input for and room.
  ///
  /// - `input` is readable and `output` writable for its whole count; they do not overlap; no alignment is required.
  /// - `output[..<position]` ends with the last 32 KiB of what came out before, or all of it.
  /// - Bytes of `output` from the new position on may have been written to, and mean nothing.
  ///
  /// - Parameters:
  ///   - consumed: where in `input` to go on, moved by what is taken.
  ///   - position: where in `output` to go on, moved by what comes out.
  ///   - isFinalInput: that nothing follows `input`, so that a need of more is an error.
  /// - Throws: ``InflateError``, with the offset from the stream's start; the decoder is of no more use until it is reset.
  /// - Complexity: O(input + output); the first call allocates.
  @unsafe
  package mutating func decode(
    _ input: UnsafeRawBufferPointer, consumed: inout Int, into output: UnsafeMutableRawBufferPointer,
    position: inout Int, isFinalInput: Bool
  ) throws(InflateError) -> InflateStatus {
    precondition(consumed >= 0 && consumed <= input.count, "InflateCore: consumed must lie in the input")
    precondition(position >= 0 && position <= output.count, "InflateCore: position must lie in the output")
    guard tables.reserve() else { throw InflateError(.outOfMemory, offset: totalInput) }
    // An empty buffer may have no address.
    var nothing: UInt8 = 0
    return try unsafe withUnsafeMutableBytes(of: &nothing) { nothing throws(InflateError) in
      let inputStart = unsafe input.baseAddress ?? UnsafeRawPointer(nothing.baseAddress.unsafelyUnwrapped)
      let outputStart = unsafe output.baseAddress ?? nothing.baseAddress.unsafelyUnwrapped
      var cursor = unsafe InflateCursor(
        next: inputStart + consumed, end: inputStart + input.count, bits: bits, bitCount: bitCount,
        output: outputStart + position, outputEnd: outputStart + output.count,
        history: outputStart + max(0, position &- totalOutput))
      let reason = run(&cursor)
      // Whole bytes that were looked at and not used go back, as far as they are of this input.
      if reason != .needsInput { unsafe cursor.giveBack(inputStart + consumed) }
      let (taken, made) = unsafe (cursor.next - (inputStart + consumed), cursor.output - (outputStart + position))
      (bits, bitCount) = (cursor.bits, cursor.bitCount)
      totalInput &+= taken
      totalOutput &+= made
      consumed &+= taken
      position &+= made
      switch reason {
      case .finished: return .finished
      case .outputFull: return .outputFull
      case .needsInput:
        if isFinalInput { throw InflateError(.truncated, offset: totalInput) }
        return .needsInput
      case .failed(let reason): throw InflateError(reason, offset: totalInput)
      }
    }
  }
}

/// Where a call stands: in the input, in its bits, and in the output.
@safe
struct InflateCursor {
  var next: UnsafeRawPointer
  let end: UnsafeRawPointer
  var bits: UInt64
  var bitCount: Int
  var output: UnsafeMutableRawPointer
  let outputEnd: UnsafeMutableRawPointer
  /// The first byte that a distance may reach.
  let history: UnsafeMutableRawPointer

  /// Takes bytes until there are 56 bits or no more input.
  @inline(__always)
  mutating func refill() {
    if unsafe end - next >= 8 {
      // Bits above the count are ored with themselves by the next refill.
      bits |= unsafe next.loadUnaligned(as: UInt64.self).littleEndian &<< UInt64(truncatingIfNeeded: bitCount)
      let bytes = (63 &- bitCount) &>> 3
      unsafe next += bytes
      bitCount &+= bytes &<< 3
      bits &= UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- bitCount)
    } else {
      while unsafe bitCount < 56 && next < end {
        bits |= unsafe UInt64(next.load(as: UInt8.self)) &<< UInt64(truncatingIfNeeded: bitCount)
        unsafe next += 1
        bitCount &+= 8
      }
    }
  }

  /// - `count` is at most ``bitCount`` and less than 64.
  @inline(__always)
  mutating func drop(_ count: Int) {
    bits &>>= UInt64(truncatingIfNeeded: count)
    bitCount &-= count
  }

  /// - `count` is less than 64.
  @inline(__always)
  func peek(_ count: Int) -> Int {
    Int(truncatingIfNeeded: bits & (1 &<< UInt64(truncatingIfNeeded: count) &- 1))
  }

  /// Puts whole bytes of bits back, not beyond `start`.
  mutating func giveBack(_ start: UnsafeRawPointer) {
    let bytes = unsafe min(bitCount &>> 3, next - start)
    unsafe next -= bytes
    bitCount &-= 8 &* bytes
    bits &= 1 &<< UInt64(truncatingIfNeeded: bitCount) &- 1
  }
}

/// Why a step of the decoder ends.
enum InflateStep: Equatable {
  case needsInput
  case outputFull
  case finished
  case failed(InflateError.Reason)
}

/// What a call of a compressor ends with.
package enum DeflateStatus: Sendable {
  /// All input is taken, and more may follow.
  case needsInput
  /// The output has no room for what comes next.
  case outputFull
  /// The end of the stream is written.
  case finished
}

/// Deflates a stream to blocks (RFC 1951), in pieces of any size.
///
/// Input is copied to a window of 64 KiB, looked through for matches, and kept as literals and matches until there are enough
/// for a block. Memory is taken once, at the start, ``byteCount(level:)`` bytes; no call allocates. The same pieces of input give the
/// same bytes, however the output is cut.
@safe
package struct DeflateCore: ~Copyable, @unchecked Sendable {
  /// Bytes of memory that a compressor holds.
  package static func byteCount(level: Int) -> Int { DeflateMemory.byteCount(level: level) }

  /// The most bytes that `byteCount` bytes deflate to, at any level.
  ///
  /// A literal takes at most nine bits, as in the fixed code, and a match no more than its bytes do; a block starts with 3 bits and
  /// ends with 7, and has 2^14 bytes at least unless it is the last.
  package static func mostDeflated(_ byteCount: Int) -> Int {
    precondition(byteCount >= 0, "DeflateCore: byteCount must not be negative")
    return byteCount + byteCount / 8 + 2 * (byteCount / (1 << 14)) + 16
  }

  package let level: Int
  let plan: DeflatePlan
  let memory: DeflateMemory

  // In the window: how much is there, how far it is looked through, where the block starts; below 0 where that is gone.
  // Position 0 stands for nowhere, so that the first byte is at 1.
  var fill = 1
  var position = 1
  var blockStart = 1
  var tokenCount = 0
  /// Of the tokens, those of the block as far as it goes without the part that is being made; where that ends; what it takes.
  var (blockTokenCount, blockEnd, blockBits) = (0, 1, 0)
  /// Searches in vain that no match has paid for.
  var searchDebt = 0
  /// The shortest match that is looked for in this block.
  var shortest: Int
  /// Quarters of a bit that a byte takes as a literal, on average.
  var averageCost = 4 * 8
  /// Quarters of a bit that a literal takes more since some of the symbols are matches.
  var literalSurcharge = Self.firstSurcharge
  /// Whether its symbols have been weighed.
  var hasCosts = false

  enum Phase {
    case parsing
    case writingItems
    case writingStored
    case writingTokens
    case ending
    case finished
  }
  var phase = Phase.parsing
  var isLastBlock = false
  var isStored = false
  /// What is written of items, tokens or stored bytes, and of how many items.
  var written = 0
  var itemCount = 0
  /// Bits that are not yet written, fewer than 64.
  var bits: UInt64 = 0
  var bitCount = 0

  /// Nil where the system has no more memory.
  ///
  /// - Parameter level: 0 fastest ... 9 smallest.
  package init?(level: Int) {
    precondition((0...9).contains(level), "DeflateCore: level must be 0 ... 9")
    guard let memory = DeflateMemory(level: level) else { return nil }
    self.memory = memory
    self.level = level
    plan = DeflatePlan(level: level)
    shortest = plan.shortest
  }

  deinit { memory.deallocate() }

  /// Starts again with a new stream of the same level.
  package mutating func reset() {
    memory.clear()
    (fill, position, blockStart, tokenCount, searchDebt) = (1, 1, 1, 0, 0)
    (blockTokenCount, blockEnd, blockBits) = (0, 1, 0)
    (shortest, hasCosts, literalSurcharge, averageCost) = (plan.shortest, false, Self.firstSurcharge, 4 * 8)
    (phase, bits, bitCount) = (.parsing, 0, 0)
  }

  /// Deflates as much as there is input for and room.
  ///
  /// - `input` is readable and `output` writable for its whole count; they do not overlap; no alignment is required.
  /// - Bytes of `output` from the new position on may have been written to, and mean nothing.
  ///
  /// - Parameters:
  ///   - consumed: where in `input` to go on, moved by what is taken.
  ///   - position: where in `output` to go on, moved by what is written.
  ///   - isFinalInput: that nothing follows `input`. Then more calls may follow for room alone.
  /// - Complexity: O(input) times what the level spends on a byte; no allocation.
  @unsafe
  package mutating func encode(
    _ input: UnsafeRawBufferPointer, consumed: inout Int, into output: UnsafeMutableRawBufferPointer,
    position outputPosition: inout Int, isFinalInput: Bool
  ) -> DeflateStatus {
    precondition(consumed >= 0 && consumed <= input.count, "DeflateCore: consumed must lie in the input")
    precondition(
      outputPosition >= 0 && outputPosition <= output.count, "DeflateCore: position must lie in the output")
    while true {
      switch phase {
      case .parsing:
        let count = min(input.count - consumed, DeflateMemory.windowCount - fill)
        if count > 0 {
          unsafe UnsafeMutableRawPointer(memory.window + fill).copyMemory(
            from: input.baseAddress.unsafelyUnwrapped + consumed, byteCount: count)
          consumed += count
          fill += count
        }
        let isAll = consumed == input.count
        if !hasCosts { weighLiterals() }
        parse(isFinal: isFinalInput && isAll)
        if tokenCount &- blockTokenCount >= plan.partCount {
          if partStartsBlock() {
            startBlock(isLast: false)
            continue
          }
          joinPart()
        }
        if tokenCount >= plan.tokenCount - plan.tokensAtOnce {
          joinPart()
          startBlock(isLast: false)
        } else if position < limit(isFinal: isFinalInput && isAll)
          && (isFinalInput && isAll || fill == DeflateMemory.windowCount)
        {
          // A part has ended before what there is to see.
          continue
        } else if isAll && isFinalInput {
          let isOwn = blockTokenCount > 0 && tokenCount > blockTokenCount && partStartsBlock()
          if !isOwn { joinPart() }
          startBlock(isLast: !isOwn)
        } else if fill == DeflateMemory.windowCount {
          // A block that might be stored ends before its bytes go.
          if blockStart < DeflateMemory.windowHalf && 4 * tokenCount > 3 * (position - blockStart) {
            joinPart()
            startBlock(isLast: false)
          } else {
            slide()
          }
        } else if isAll {
          return .needsInput
        }
      case .finished: return .finished
      default:
        guard unsafe write(output, &outputPosition) else { return .outputFull }
      }
    }
  }

  private mutating func slide() {
    memory.slide(fill: fill)
    fill -= DeflateMemory.windowHalf
    position -= DeflateMemory.windowHalf
    blockStart -= DeflateMemory.windowHalf
    blockEnd -= DeflateMemory.windowHalf
  }
}

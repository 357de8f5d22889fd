/// What stands around the blocks of DEFLATE.
public enum DeflateFormat: Hashable, Sendable, CaseIterable {
  /// Two bytes before, and Adler-32 after (RFC 1950): what PNG and HTTP's "deflate" have.
  case zlib
  /// A header, and CRC-32 and length after (RFC 1952): what .gz files and HTTP's "gzip" have.
  case gzip
  /// Nothing (RFC 1951): what zip files have.
  case raw
}

/// Inflates a stream in a format, in pieces of any size: ``InflateCore``, and what stands around its blocks.
///
/// The output is the window, as in ``InflateCore``. Checksums go along with the output, while it is in the cache.
package struct InflateStream: ~Copyable, Sendable {
  package let format: DeflateFormat
  /// Whether gzip members that follow belong to the stream. Then it is finished where the final input ends after one.
  package let takesAllMembers: Bool
  /// Whether checksum and length are compared. Without, the trailer may also be missing.
  package var verifies = true

  var core = InflateCore()
  var phase: Phase
  /// Input bytes of all calls before.
  package private(set) var totalInput = 0
  /// Output bytes of this member.
  var memberOutput: Int { core.totalOutput }
  var adler = Adler32()
  var crc = CRC32()
  /// Bytes of a header or trailer that came so far, and their count; the last one in the lowest byte.
  var field: UInt64 = 0
  var fieldCount = 0
  var gzipFlags: UInt8 = 0

  enum Phase {
    case zlibHeader
    case gzipHeader
    case gzipExtraLength
    case gzipExtra
    case gzipName
    case gzipComment
    case gzipHeaderSum
    case blocks
    case trailer
    case betweenMembers
    case finished
  }

  /// Bytes of output that are inflated and then summed, while they are in the second-level cache.
  private static var summedAtOnce: Int { 64 << 10 }

  package init(_ format: DeflateFormat, takesAllMembers: Bool = false) {
    self.format = format
    self.takesAllMembers = takesAllMembers
    phase = Self.start(format)
  }

  /// Starts again with a new stream of the same format.
  package mutating func reset() {
    totalInput = 0
    startMember()
  }

  mutating func startMember() {
    core.reset()
    (adler, crc, field, fieldCount) = (Adler32(), CRC32(), 0, 0)
    phase = Self.start(format)
  }

  private static func start(_ format: DeflateFormat) -> Phase {
    switch format {
    case .zlib: .zlibHeader
    case .gzip: .gzipHeader
    case .raw: .blocks
    }
  }

  /// As ``InflateCore/decode(_:consumed:into:position:isFinalInput:)``, headers and trailers included.
  ///
  /// - The same holds of the buffers.
  @unsafe
  package mutating func decode(
    _ input: UnsafeRawBufferPointer, consumed: inout Int, into output: UnsafeMutableRawBufferPointer,
    position: inout Int, isFinalInput: Bool
  ) throws(InflateError) -> InflateStatus {
    let start = consumed
    let before = totalInput
    defer { totalInput = before + consumed - start }
    while true {
      // Offsets in the stream of what the next byte is.
      let offset = before + consumed - start
      switch phase {
      case .blocks:
        let status = try unsafe blocks(input, &consumed, output, &position, isFinalInput, base: offset)
        if let status { return status }
      case .finished: return .finished
      default:
        guard consumed < input.count else {
          guard isFinalInput else { return .needsInput }
          switch phase {
          case .betweenMembers: phase = .finished
          case .trailer where !verifies: phase = .finished
          default: throw InflateError(.truncated, offset: offset)
          }
          continue
        }
        let byte = unsafe input[consumed]
        consumed += 1
        if let reason = take(byte) { throw InflateError(reason, offset: offset) }
      }
    }
  }

  /// Blocks, in pieces that are summed while they are in the cache. Nil where they are at an end.
  private mutating func blocks(
    _ input: UnsafeRawBufferPointer, _ consumed: inout Int, _ output: UnsafeMutableRawBufferPointer,
    _ position: inout Int, _ isFinalInput: Bool, base: Int
  ) throws(InflateError) -> InflateStatus? {
    let sums = verifies && format != .raw
    let start = base - core.totalInput
    while true {
      let limit = sums ? min(output.count, position + Self.summedAtOnce) : output.count
      let before = position
      let status: InflateStatus
      do throws(InflateError) {
        status = try unsafe core.decode(
          input, consumed: &consumed, into: UnsafeMutableRawBufferPointer(rebasing: output[..<limit]),
          position: &position, isFinalInput: isFinalInput)
      } catch {
        throw InflateError(error.reason, offset: start + error.offset)
      }
      if sums {
        let new = unsafe UnsafeRawBufferPointer(rebasing: output[before..<position])
        if format == .zlib { unsafe adler.update(new) } else { unsafe crc.update(new) }
      }
      switch status {
      case .outputFull where limit < output.count: continue
      case .finished:
        phase = format == .raw ? .finished : .trailer
        return nil
      default: return status
      }
    }
  }
}

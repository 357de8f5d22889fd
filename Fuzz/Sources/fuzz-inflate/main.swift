import COracleZlib
import FuzzHarness
import Kernels

// The first byte picks the format. zlib must give the same verdict, and the same bytes: whole, and in pieces. The other way round the
// bytes, and what repeats them, are deflated at a level that the second byte picks, and have to come back.

let formats: [(format: DeflateFormat, windowBits: Int32)] = [(.raw, -15), (.zlib, 15), (.gzip, 31)]
let maximum = 1 << 14

/// What zlib makes of one stream, or of the members of a gzip stream; nil where it refuses it or there is too much.
func oracle(_ bytes: [UInt8], _ windowBits: Int32) -> [UInt8]? {
  var stream = unsafe z_stream()
  guard unsafe inflateInit2_(&stream, windowBits, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
    fatalError("zlib does not start")
  }
  defer { _ = unsafe inflateEnd(&stream) }
  var input = bytes
  // A byte more than the maximum: more than the maximum is told from the maximum.
  var output = [UInt8](repeating: 0, count: maximum + 1)
  let count: Int? = unsafe input.withUnsafeMutableBufferPointer { input in
    unsafe output.withUnsafeMutableBufferPointer { output in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(input.count)
      unsafe stream.next_out = output.baseAddress
      unsafe stream.avail_out = UInt32(output.count)
      while true {
        guard unsafe inflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
        if unsafe stream.avail_in == 0 { return unsafe output.count - Int(stream.avail_out) }
        guard windowBits == 31, unsafe inflateReset(&stream) == Z_OK else { return nil }
      }
    }
  }
  guard let count, count <= maximum else { return nil }
  return Array(output[..<count])
}

/// The same through the stream, with pieces of `piece` bytes in and out.
func streamed(_ bytes: [UInt8], _ format: DeflateFormat, piece: Int) -> [UInt8]? {
  var stream = Inflate.Stream(format)
  var (result, at) = ([UInt8](), 0)
  var output = [UInt8](repeating: 0, count: piece)
  while result.count <= maximum {
    let end = min(at + piece, bytes.count)
    let slice = Array(bytes[at..<end])
    do {
      var span = output.mutableSpan
      var room = span.mutableBytes
      let step = try stream.update(slice.span.bytes, into: &room, isFinalInput: end == bytes.count)
      at += step.consumed
      result += output[..<step.written]
      if step.status == .finished { return at == bytes.count && result.count <= maximum ? result : nil }
      if step.consumed == 0 && step.written == 0 && end == bytes.count { return nil }
    } catch {
      return nil
    }
  }
  return nil
}

/// A compressor that keeps its memory.
final class Compressor {
  var deflate: Deflate

  init(level: Int) { deflate = try! Deflate(.raw, level: level) }
}

nonisolated(unsafe) let compressors = (0...9).map { Compressor(level: $0) }
nonisolated(unsafe) var compressed = [UInt8](repeating: 0, count: Deflate.mostDeflated(of: 1 << 17, format: .raw))

/// `bytes` deflated, by pieces, and inflated again by both.
func comesBack(_ bytes: [UInt8], level: Int, piece: Int) {
  compressors[level].deflate.reset()
  var (stream, consumed) = ([UInt8](), 0)
  while true {
    let end = min(consumed + piece, bytes.count)
    var span = compressed.mutableSpan
    var room = span.mutableBytes
    let slice = bytes.span.bytes.extracting(consumed..<end)
    let step = compressors[level].deflate.update(slice, into: &room, isFinalInput: end == bytes.count)
    stream += compressed[..<step.written]
    consumed += step.consumed
    if step.status == .finished { break }
    require(step.status == .needsInput, "level \(level): longer than it may be")
  }
  require(stream.count <= Deflate.mostDeflated(of: bytes.count, format: .raw), "level \(level): longer than it may be")
  let ours = try? Inflate.inflate(stream.span.bytes, format: .raw, maximumByteCount: bytes.count)
  require(ours == bytes, "level \(level): \(bytes.count) bytes do not come back")
  if bytes.count <= maximum { require(oracle(stream, -15) == bytes, "level \(level): not for zlib") }
}

let text = (0..<3000).map { UInt8(truncatingIfNeeded: $0 * $0 / 97) }
let seeds = formats.enumerated().flatMap { index, entry in
  [0, 1, 6, 9].flatMap { level in
    [[], Array("aaaaaaaaaaabcabcabc".utf8), text].map { (bytes: [UInt8]) in
      [UInt8(index)] + (try! Deflate.deflate(bytes.span.bytes, format: entry.format, level: level))
    }
  }
}

fuzz(seeds: seeds) { input in
  guard let first = input.first else { return }
  let (format, windowBits) = formats[Int(first) % formats.count]
  let bytes = Array(input.dropFirst())
  let ours = try? Inflate.inflate(bytes.span.bytes, format: format, maximumByteCount: maximum)
  let theirs = oracle(bytes, windowBits)
  require(ours == theirs, "\(format): \(ours?.count ?? -1) bytes of ours, \(theirs?.count ?? -1) of zlib")
  let pieces = streamed(bytes, format, piece: 1 + Int(first >> 2))
  if format != .gzip || ours != nil { require(pieces == ours, "\(format): the stream disagrees with the whole") }
  guard let second = bytes.first else { return }
  let level = Int(second) % 10
  comesBack(bytes, level: level, piece: second & 16 == 0 ? .max / 2 : 1 + Int(first))
  // Again and again with a byte changed each time, through more than a window.
  if second & 0x60 == 0 && bytes.count > 64 {
    var long: [UInt8] = []
    while long.count < 1 << 16 {
      long += bytes
      long[long.count - 1 - Int(first) % bytes.count] &+= UInt8(truncatingIfNeeded: long.count)
    }
    comesBack(long, level: level, piece: .max / 2)
  }
}

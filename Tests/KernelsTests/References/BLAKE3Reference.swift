/// BLAKE3 as slowly and plainly as its paper defines it, sharing nothing with the library: a recursive function of all bytes.
struct BLAKE3Reference {
  var key: [UInt32] = BLAKE3Reference.initialValue
  /// Of the mode: 0, 16 for a keyed hash, 32 and 64 for the context and the material of a derived key.
  var mode: UInt32 = 0

  /// The fractional parts of the square roots of the first eight primes.
  static let initialValue: [UInt32] = [2, 3, 5, 7, 11, 13, 17, 19].map { prime in
    UInt32(truncatingIfNeeded: UInt64(Double(prime).squareRoot() * 4_294_967_296))
  }

  init() {}

  init(key: [UInt8], mode: UInt32 = 16) {
    (self.key, self.mode) = (Self.words(key), mode)
  }

  init(context: String) {
    var context32 = BLAKE3Reference()
    context32.mode = 32
    self.init(key: context32.hash(Array(context.utf8)), mode: 64)
  }

  /// Bytes of the output from `position` on.
  func hash(_ message: [UInt8], count: Int = 32, at position: Int = 0) -> [UInt8] {
    let root = node(message[...], firstChunk: 0)
    var output: [UInt8] = []
    for block in UInt64(0)..<UInt64((position + count + 63) / 64) {
      let words = compress(root.value, root.block, counter: block, length: root.length, flags: root.flags | 8)
      output += words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
    return Array(output[position..<position + count])
  }

  private struct Node {
    var value: [UInt32]
    var block: [UInt32]
    var counter: UInt64
    var length: UInt32
    var flags: UInt32
  }

  /// Section 2.1: the left subtree has the largest power of two of chunks that leaves a byte for the right one.
  private func node(_ message: ArraySlice<UInt8>, firstChunk: Int) -> Node {
    guard message.count > 1024 else { return chunk(message, UInt64(firstChunk)) }
    var chunks = 1
    while 2 * chunks * 1024 < message.count { chunks *= 2 }
    let middle = message.startIndex + chunks * 1024
    let left = chainingValue(node(message[..<middle], firstChunk: firstChunk))
    let right = chainingValue(node(message[middle...], firstChunk: firstChunk + chunks))
    return Node(value: key, block: left + right, counter: 0, length: 64, flags: mode | 4)
  }

  /// Section 2.4.
  private func chunk(_ bytes: ArraySlice<UInt8>, _ counter: UInt64) -> Node {
    var value = key
    var start = bytes.startIndex
    var flags = mode | 1
    while bytes.endIndex - start > 64 {
      value = Array(
        compress(value, Self.words(Array(bytes[start..<start + 64])), counter: counter, length: 64, flags: flags)[..<8])
      start += 64
      flags = mode
    }
    let rest = Array(bytes[start...])
    let block = Self.words(rest + Array(repeating: 0, count: 64 - rest.count))
    return Node(value: value, block: block, counter: counter, length: UInt32(rest.count), flags: flags | 2)
  }

  private func chainingValue(_ node: Node) -> [UInt32] {
    Array(compress(node.value, node.block, counter: node.counter, length: node.length, flags: node.flags)[..<8])
  }

  /// Section 2.2.
  private func compress(
    _ h: [UInt32], _ block: [UInt32], counter: UInt64, length: UInt32, flags: UInt32
  ) -> [UInt32] {
    let (low, high) = (UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32))
    var v = h + Self.initialValue[..<4] + [low, high, length, flags]
    var m = block
    func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
    func g(_ a: Int, _ b: Int, _ c: Int, _ d: Int, _ i: Int) {
      v[a] = v[a] &+ v[b] &+ m[2 * i]
      v[d] = rotate(v[d] ^ v[a], 16)
      v[c] = v[c] &+ v[d]
      v[b] = rotate(v[b] ^ v[c], 12)
      v[a] = v[a] &+ v[b] &+ m[2 * i + 1]
      v[d] = rotate(v[d] ^ v[a], 8)
      v[c] = v[c] &+ v[d]
      v[b] = rotate(v[b] ^ v[c], 7)
    }
    for _ in 0..<7 {
      for i in 0..<4 { g(i, 4 + i, 8 + i, 12 + i, i) }
      for i in 0..<4 { g(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, 4 + i) }
      m = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8].map { m[$0] }
    }
    return (0..<16).map { $0 < 8 ? v[$0] ^ v[$0 + 8] : v[$0] ^ h[$0 - 8] }
  }

  private static func words(_ bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count, by: 4).map { i in
      (0..<4).reduce(0) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) }
    }
  }
}

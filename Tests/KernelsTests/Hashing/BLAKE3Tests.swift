import Testing

@testable import Kernels

/// A row that this machine can run.
private struct Row: CustomTestStringConvertible, Sendable {
  let kernel: BLAKE3Kernel
  var testDescription: String { kernel.name.description }

  static let all = BLAKE3Kernel.all.filter(\.isSupported).map(Row.init)

  func hash(_ bytes: [UInt8]) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe BLAKE3.hash($0, kernel: kernel).array }
  }

  /// What `parts` give in turn, and the digest after each.
  func digests(_ hasher: BLAKE3, _ parts: [ArraySlice<UInt8>]) -> [[UInt8]] {
    var hasher = hasher.hasher
    return parts.map { part in
      unsafe part.withUnsafeBytes { unsafe hasher.update($0, kernel: kernel) }
      return hasher.finish(kernel: kernel).array
    }
  }

  func output(_ hasher: BLAKE3, _ bytes: [UInt8], count: Int, at position: UInt64 = 0) -> [UInt8] {
    var hasher = hasher
    unsafe bytes.withUnsafeBytes { unsafe hasher.hasher.update($0, kernel: kernel) }
    var output = [UInt8](repeating: 0xee, count: count)
    unsafe output.withUnsafeMutableBytes { unsafe hasher.finish(into: $0, at: position, kernel: kernel) }
    return output
  }
}

extension BLAKE3.Digest {
  fileprivate var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

@Suite struct BLAKE3Tests {
  @Test(arguments: Row.all)
  private func officialDigests(of row: Row) {
    let key = BLAKE3Example.key
    let keyed = unsafe BLAKE3(key: key.span.bytes)
    let derived = BLAKE3(derivingKeysFor: BLAKE3Example.context)
    for example in BLAKE3Example.all {
      let message = patternedBytes(example.byteCount)
      #expect(hexadecimal(row.hash(message)).hasPrefix(example.hash), "\(message.count) bytes")
      #expect(hexadecimal(row.digests(keyed, [message[...]])[0]).hasPrefix(example.keyed), "\(message.count) bytes")
      #expect(hexadecimal(row.digests(derived, [message[...]])[0]).hasPrefix(example.derived), "\(message.count) bytes")
    }
    let sought = row.output(BLAKE3(), patternedBytes(5000), count: 64, at: 1000)
    #expect(hexadecimal(sought) == BLAKE3Example.sought)
  }

  private static let everyLength = (0...1100).map { BLAKE3Reference().hash(patternedBytes($0)) }

  @Test(arguments: Row.all)
  private func lengths(of row: Row) {
    for (count, expected) in Self.everyLength.enumerated() {
      #expect(row.hash(patternedBytes(count)) == expected, "\(count) bytes")
    }
  }

  /// Around chunks, up to more of them than any row has lanes; and one full subtree of 256, and what follows it.
  private static let chunkCounts =
    isOptimised ? Array(2...20) + [31, 32, 33, 48, 63, 64, 65] : Array(2...9) + [16, 17, 33]
  private static let trees = chunkCounts.flatMap { chunks in
    (chunks * 1024 - 1...chunks * 1024 + 1).map { ($0, BLAKE3Reference().hash(patternedBytes($0))) }
  }

  @Test(arguments: Row.all)
  private func treesOfChunks(of row: Row) {
    for (count, expected) in Self.trees {
      let message = patternedBytes(count)
      #expect(row.hash(message) == expected, "\(count) bytes")
      #expect(row.digests(BLAKE3(), [message[..<1000], message[1000...]])[1] == expected, "\(count) bytes in two")
    }
  }

  @Test(arguments: Row.all)
  private func splits(of row: Row) {
    for (count, step) in [(0, 1), (1, 1), (65, 1), (1025, 7), (2048, 64), (2049, 61), (5000, 111), (20_000, 1024)] {
      let message = patternedBytes(count)
      let expected = row.hash(message)
      for split in stride(from: 0, through: count, by: step) {
        let digests = row.digests(BLAKE3(), [message[..<split], message[split...]])
        #expect(digests == [row.hash(Array(message[..<split])), expected], "\(count) bytes, split at \(split)")
      }
    }
  }

  /// Digests in between change nothing, through subtrees of every size.
  @Test(arguments: Row.all)
  private func randomParts(of row: Row) {
    var random = SplitMix64(state: 3)
    let message = patternedBytes(isOptimised ? 600_000 : 100_000)
    for most in [100, 3000, 70_000] + (isOptimised ? [400_000] : []) {
      var cuts = [0]
      while cuts.last! < min(message.count, 30 * most) {
        cuts.append(min(message.count, cuts.last! + .random(in: 0...most, using: &random)))
      }
      let digests = row.digests(BLAKE3(), zip(cuts, cuts.dropFirst()).map { message[$0..<$1] })
      for (cut, digest) in zip(cuts.dropFirst(), digests) {
        #expect(digest == row.hash(Array(message[..<cut])), "\(cut) bytes")
      }
    }
  }

  @Test(arguments: Row.all)
  private func outputOfAnyLength(of row: Row) {
    for (hasher, reference) in [
      (BLAKE3(), BLAKE3Reference()), (BLAKE3(derivingKeysFor: "here"), BLAKE3Reference(context: "here")),
    ] {
      for count in [0, 64, 100, 1024, 3000] {
        let message = patternedBytes(count)
        let expected = reference.hash(message, count: 300)
        for position in 0..<200 {
          for length in [0, 1, 64, 70, 100] {
            let output = row.output(hasher, message, count: length, at: UInt64(position))
            #expect(output == Array(expected[position..<position + length]), "\(length) of \(count) at \(position)")
          }
        }
      }
    }
    let far = row.output(BLAKE3(), [], count: 100, at: 1 << 50 + 3)
    #expect(Array(far[61...]) == row.output(BLAKE3(), [], count: 39, at: 1 << 50 + 64))
  }

  @Test(arguments: Row.all, GuardedBuffer.Alignment.allCases)
  private func nothingOutsideTheMessage(row: Row, alignment: GuardedBuffer.Alignment) {
    for count in Array(0...200) + [1023, 1024, 1025, 4096, 8191, 8192, 8193, 40_000] {
      let buffer = GuardedBuffer(byteCount: count, alignment: alignment)
      defer { withExtendedLifetime(buffer) {} }
      unsafe buffer.bytes.copyBytes(from: patternedBytes(count))
      let digest = unsafe BLAKE3.hash(UnsafeRawBufferPointer(buffer.bytes), kernel: row.kernel)
      #expect(digest.array == row.hash(patternedBytes(count)), "\(count) bytes")
    }
  }

  @Test func copiesGoTheirOwnWays() {
    let (head, tail) = (patternedBytes(5000), patternedBytes(2000, seed: 1))
    var a = BLAKE3()
    unsafe a.update(head.span.bytes)
    let b = a
    unsafe a.update(tail.span.bytes)
    #expect(a.finish().array == BLAKE3Reference().hash(head + tail))
    #expect(b.finish().array == BLAKE3Reference().hash(head))
  }

  @Test func doors() {
    let (message, key) = (patternedBytes(3000), patternedBytes(32, seed: 5))
    #expect(unsafe BLAKE3.hash(message.span.bytes).array == BLAKE3Reference().hash(message))
    let tag = unsafe BLAKE3.authenticate(message.span.bytes, key: key.span.bytes)
    #expect(tag.array == BLAKE3Reference(key: key).hash(message))
    var derived = [UInt8](repeating: 0, count: 50)
    unsafe derived.withUnsafeMutableBytes { derived in
      var output = unsafe MutableRawSpan(_unsafeBytes: derived)
      unsafe BLAKE3.deriveKey(from: message.span.bytes, context: "there", into: &output)
    }
    #expect(derived == BLAKE3Reference(context: "there").hash(message, count: 50))
  }

  /// Over any hash function: by the definition of RFC 2104.
  @Test func hmac() {
    let (message, key) = (patternedBytes(200), patternedBytes(20, seed: 5))
    let padded = key + [UInt8](repeating: 0, count: 44)
    let inner = BLAKE3Reference().hash(padded.map { $0 ^ 0x36 } + message)
    let tag = unsafe HMAC<BLAKE3>.authenticate(message.span.bytes, key: key.span.bytes)
    #expect(tag.array == BLAKE3Reference().hash(padded.map { $0 ^ 0x5c } + inner))
  }

  @Test func keysOfOtherLengthsAreRefused() async {
    await #expect(processExitsWith: .failure) {
      let key = patternedBytes(31)
      _ = unsafe BLAKE3(key: key.span.bytes)
    }
    await #expect(processExitsWith: .failure) { _ = BLAKE3(key: RawSpan()) }
  }

  @Test func tableEndsWithThePortableRow() {
    #expect(BLAKE3Kernel.all.last?.requires == [])
    for row in BLAKE3Kernel.all { #expect(1...BLAKE3Kernel.maximumLanes ~= row.lanes) }
  }
}

@Suite struct BLAKE3BatchTests {
  private func check(_ lengths: [Int], after prefix: [UInt8] = [], _ row: Row) {
    let messages = lengths.enumerated().map { patternedBytes($1, seed: 7 * $0) }
    let (bytes, offsets) = (messages.flatMap { $0 }, messages.reduce(into: [0]) { $0.append($0.last! + $1.count) })
    var start: BLAKE3?
    if !prefix.isEmpty {
      start = BLAKE3()
      unsafe start!.update(prefix.span.bytes)
    }
    var digests = [BLAKE3.Digest](repeating: BLAKE3().finish(), count: lengths.count)
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe offsets.withUnsafeBufferPointer { offsets in
        unsafe digests.withUnsafeMutableBufferPointer { digests in
          unsafe BLAKE3.hash(
            batch: .slices(of: bytes, offsets: offsets), after: start, into: digests.baseAddress, kernel: row.kernel)
        }
      }
    }
    for (message, digest) in zip(messages, digests) {
      #expect(digest.array == row.hash(prefix + message), "\(message.count) bytes")
    }
  }

  @Test(arguments: Row.all)
  private func equalLengths(_ row: Row) {
    for count in [0, 1, 2, 3, 4, 5, 8, 9, 16, 17, 33] {
      for length in [0, 1, 63, 64, 65, 128, 200, 960, 1000, 1023, 1024, 1025] {
        check(.init(repeating: length, count: count), row)
      }
    }
  }

  @Test(arguments: Row.all)
  private func raggedLengths(_ row: Row) {
    var random = SplitMix64(state: 4)
    check(Array(0...1100), row)
    for _ in 0..<20 { check((0..<50).map { _ in 64 * .random(in: 0...18, using: &random) }, row) }
    for _ in 0..<20 { check((0..<50).map { _ in .random(in: 0...3000, using: &random) }, row) }
  }

  @Test(arguments: Row.all)
  private func afterAPrefix(_ row: Row) {
    for blocks in [1, 16, 17, 40] {
      check([0, 1, 64, 1024, 5000, 3], after: patternedBytes(64 * blocks, seed: 1), row)
    }
  }

  @Test(arguments: Row.all, GuardedBuffer.Alignment.allCases)
  private func guardPages(_ row: Row, alignment: GuardedBuffer.Alignment) {
    let lengths = (0..<40).map { [64, 65, 127, 128, 1000, 1024, 1, 0][$0 % 8] }
    let guarded = lengths.map { GuardedBuffer(byteCount: $0, alignment: alignment) }
    for (i, buffer) in guarded.enumerated() {
      unsafe buffer.bytes.copyBytes(from: patternedBytes(lengths[i], seed: i))
    }
    let output = GuardedBuffer(byteCount: 32 * lengths.count, alignment: alignment)
    withExtendedLifetime((guarded, output)) {
      let buffers = unsafe guarded.map { unsafe UnsafeRawBufferPointer($0.bytes) }
      unsafe buffers.withUnsafeBufferPointer { buffers in
        let digests = unsafe output.bytes.baseAddress?.assumingMemoryBound(to: BLAKE3.Digest.self)
        unsafe BLAKE3.hash(batch: .buffers(buffers), after: nil, into: digests, kernel: row.kernel)
      }
      let expected = lengths.enumerated().flatMap { row.hash(patternedBytes($1, seed: $0)) }
      #expect(unsafe Array(output.bytes) == expected)
    }
  }
}

@Suite(.serialized, .cpuFeatureMask) struct BLAKE3MaskTests {
  @Test(arguments: [[], .avx512vl, .avx512f, .avx2, .sse41, .neon] as [CPUFeatures])
  func masked(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    let message = patternedBytes(20_000)
    #expect(unsafe BLAKE3.hash(message.span.bytes).array == BLAKE3Reference().hash(message))
  }

  @Test func rowByMask() {
    CPUFeatures.disable([.sse41, .neon])
    #expect(BLAKE3Kernel.select(.current).name.description == "blake3_portable")
  }
}

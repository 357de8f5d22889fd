import Testing

@testable import Kernels

/// The digests of messages that lie one after the other, by a batch, each after `prefix`.
func digests(
  of messages: [[UInt8]], after prefix: [UInt8] = [], size: Int, by batch: HashSubject.Batch
) -> [[UInt8]] {
  let bytes = messages.flatMap { $0 }
  let offsets = messages.reduce(into: [0]) { $0.append($0.last! + $1.count) }
  var output = [UInt8](repeating: 0xee, count: size * messages.count)
  unsafe bytes.withUnsafeBytes { bytes in
    unsafe offsets.withUnsafeBufferPointer { offsets in
      unsafe prefix.withUnsafeBytes { prefix in
        unsafe output.withUnsafeMutableBytes { output in
          unsafe batch(.slices(of: bytes, offsets: offsets), prefix, output)
        }
      }
    }
  }
  return messages.indices.map { Array(output[(size * $0)..<(size * $0 + size)]) }
}

/// Hashes messages of the given lengths as one batch and compares with libcrypto, one at a time.
private func check(
  _ lengths: [Int], after prefix: [UInt8] = [], with rows: HashSubject.BatchRows,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let messages = lengths.enumerated().map { patternedBytes($1, seed: 7 * $0) }
  let computed = unsafe digests(of: messages, after: prefix, size: rows.digestByteCount, by: rows.batch)
  let expected = messages.map { Libcrypto.digest(rows.subject, prefix + $0) }
  #expect(computed == expected, "\(lengths) after \(prefix.count)", sourceLocation: sourceLocation)
}

@Suite struct HashBatchTests {
  @Test(arguments: HashSubject.allBatchRows)
  func equalLengths(_ rows: HashSubject.BatchRows) {
    for count in isOptimised ? Array(0...20) + [31, 32, 33, 40] : [0, 1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 33] {
      for length in [0, 1, 55, 56, 64, 71, 72, 111, 112, 119, 120, 128, 135, 136, 200, 260] {
        check(.init(repeating: length, count: count), with: rows)
      }
    }
  }

  @Test(arguments: HashSubject.allBatchRows)
  func raggedLengths(_ rows: HashSubject.BatchRows) {
    var random = SplitMix64(state: 1)
    let usual = [0, 1, 31, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 135, 136, 1000, 4096, 5001]
    for count in stride(from: 0, through: 40, by: isOptimised ? 1 : 3) {
      for _ in 0..<2 { check((0..<count).map { _ in usual.randomElement(using: &random)! }, with: rows) }
      check((0..<count).map { _ in .random(in: 0...300, using: &random) }, with: rows)
    }
  }

  @Test(arguments: HashSubject.allBatchRows)
  func oneGiant(_ rows: HashSubject.BatchRows) {
    for place in [0, 7, 15, 16, 39] {
      var lengths = (0..<40).map { $0 % 3 }
      lengths[place] = 50_000
      check(lengths, with: rows)
    }
  }

  @Test(arguments: HashSubject.allBatchRows)
  func lengthsAscendAndDescend(_ rows: HashSubject.BatchRows) {
    let lengths = (0..<40).map { 64 * $0 }
    check(lengths, with: rows)
    check(lengths.reversed(), with: rows)
  }

  /// A prefix of whole blocks, which the padding's length counts.
  @Test(arguments: HashSubject.allBatchRows)
  func afterAPrefix(_ rows: HashSubject.BatchRows) {
    let block = HashSubject[rows.subject].blockByteCount
    for blocks in [1, 2, 5] {
      let prefix = patternedBytes(block * blocks, seed: 3)
      for count in [1, 2, 3, 4, 8, 17] { check(.init(repeating: 32, count: count), after: prefix, with: rows) }
      check((0..<20).map { 19 * $0 }, after: prefix, with: rows)
    }
  }

  /// All ways to say where messages are give the same digests, and the public ones go by the table.
  @Test(arguments: HashSubject.all)
  func sources(_ subject: HashSubject) {
    let lengths = [0, 64, 3, 500, 0, 55, 56, 4096, 1]
    let messages = lengths.enumerated().map { patternedBytes($1, seed: $0) }
    let expected = messages.flatMap { subject.expected($0) }
    let bytes = messages.flatMap { $0 }
    let offsets = lengths.reduce(into: [0]) { $0.append($0.last! + $1) }

    unsafe bytes.withUnsafeBytes { bytes in
      let buffers = unsafe lengths.indices.map { i in
        unsafe lengths[i] == 0
          ? UnsafeRawBufferPointer(start: nil, count: 0)
          : UnsafeRawBufferPointer(rebasing: bytes[offsets[i]..<offsets[i + 1]])
      }
      let starts = unsafe buffers.map { unsafe $0.baseAddress?.assumingMemoryBound(to: UInt8.self) }
      unsafe buffers.withUnsafeBufferPointer { buffers in
        #expect(unsafe output(of: .buffers(buffers), subject) == expected)
      }
      unsafe starts.withUnsafeBufferPointer { starts in
        unsafe lengths.withUnsafeBufferPointer { lengths in
          let messages = unsafe HashMessages.pointers(
            starts: starts.baseAddress!, lengths: lengths.baseAddress!, count: lengths.count)
          #expect(unsafe output(of: messages, subject) == expected)
        }
      }
      let equal = unsafe HashMessages.equal(start: bytes.baseAddress!, byteCount: 40, count: 30)
      let each = (0..<30).flatMap { i in
        unsafe Libcrypto.digest(subject.name, UnsafeRawBufferPointer(rebasing: bytes[(40 * i)..<(40 * i + 40)]))
      }
      #expect(unsafe output(of: equal, subject) == each)
    }
  }

  private func output(of messages: HashMessages, _ subject: HashSubject) -> [UInt8] {
    var output = unsafe [UInt8](repeating: 0xee, count: subject.digestByteCount * messages.count)
    let none = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    unsafe output.withUnsafeMutableBytes { unsafe subject.batch(messages, none, $0) }
    return output
  }

  /// The safe door and the one over buffers.
  @Test func doors() {
    let messages = [0, 64, 3, 500, 0, 55].map { patternedBytes($0) }
    let expected = messages.map { SHA512.Digest(Libcrypto.digest("SHA512", $0)) }
    let padding = patternedBytes(5)
    let bytes = padding + messages.flatMap { $0 } + padding
    let offsets = messages.reduce(into: [5]) { $0.append($0.last! + $1.count) }
    var digests = [SHA512.Digest](repeating: SHA512.hash(RawSpan()), count: messages.count)
    var output = digests.mutableSpan
    unsafe SHA512.hash(batch: bytes.span.bytes, offsets: offsets.span, into: &output)
    #expect(digests == expected)

    digests = [SHA512.Digest](repeating: SHA512.hash(RawSpan()), count: messages.count)
    unsafe bytes.withUnsafeBytes { bytes in
      let buffers = unsafe (0..<6).map { unsafe UnsafeRawBufferPointer(rebasing: bytes[offsets[$0]..<offsets[$0 + 1]]) }
      unsafe buffers.withUnsafeBufferPointer { buffers in
        unsafe digests.withUnsafeMutableBufferPointer { unsafe SHA512.hash(batch: buffers, into: $0) }
      }
    }
    #expect(digests == expected)
  }

  /// No batch reads past its messages, wherever the lanes' steps end, nor writes past its digests.
  @Test(arguments: HashSubject.allBatchRows, GuardedBuffer.Alignment.allCases)
  func guardPages(_ rows: HashSubject.BatchRows, alignment: GuardedBuffer.Alignment) {
    let lengths = [0, 1, 55, 56, 64, 65, 127, 128, 300, 4096, 63, 0, 136, 200, 1000, 2, 120, 119, 64, 5]
    let guarded = lengths.map { GuardedBuffer(byteCount: $0, alignment: alignment) }
    for (i, buffer) in guarded.enumerated() { unsafe buffer.bytes.copyBytes(from: patternedBytes(lengths[i], seed: i)) }
    let output = GuardedBuffer(byteCount: rows.digestByteCount * lengths.count, alignment: alignment)

    withExtendedLifetime((guarded, output)) {
      let buffers = unsafe guarded.map { unsafe UnsafeRawBufferPointer($0.bytes) }
      unsafe buffers.withUnsafeBufferPointer { buffers in
        unsafe rows.batch(.buffers(buffers), UnsafeRawBufferPointer(start: nil, count: 0), output.bytes)
      }
      let expected = unsafe buffers.flatMap { unsafe Libcrypto.digest(rows.subject, $0) }
      #expect(unsafe Array(output.bytes) == expected)
    }
  }

  @Test func rowsAreWithinBounds() {
    func check<Hash: BlockHash>(_: Hash.Type) {
      for row in Hash.Lanes.all {
        #expect(row.lanes <= Hash.Lanes.maximumLanes)
        #expect(2...row.lanes ~= row.minimumLive)
      }
      #expect(Hash.Kernel.all.last?.requires == [])
      #expect(Hash.maximumTail <= 256)
    }
    check(SHA256.self)
    check(SHA512.self)
    check(SHA3_256.self)
    check(Insecure.SHA1.self)
    check(Insecure.MD5.self)
  }
}

/// What the safe door turns away.
@Suite struct HashBatchPreconditions {
  private static func hash(byteCount: Int, offsets: [Int], digests count: Int) {
    let bytes = [UInt8](repeating: 0, count: byteCount)
    var digests = [SHA256.Digest](repeating: SHA256.hash(RawSpan()), count: count)
    var output = digests.mutableSpan
    unsafe SHA256.hash(batch: bytes.span.bytes, offsets: offsets.span, into: &output)
  }

  @Test func negative() async {
    await #expect(processExitsWith: .failure) { Self.hash(byteCount: 10, offsets: [-1, 5], digests: 1) }
    await #expect(processExitsWith: .failure) { Self.hash(byteCount: 10, offsets: [.min, .max], digests: 1) }
  }

  @Test func descending() async {
    await #expect(processExitsWith: .failure) { Self.hash(byteCount: 10, offsets: [0, 5, 4, 10], digests: 3) }
    await #expect(processExitsWith: .failure) { Self.hash(byteCount: 10, offsets: [5, .min], digests: 1) }
  }

  @Test func pastTheEnd() async {
    await #expect(processExitsWith: .failure) { Self.hash(byteCount: 10, offsets: [0, 11], digests: 1) }
    await #expect(processExitsWith: .failure) { Self.hash(byteCount: 10, offsets: [0, .max], digests: 1) }
    await #expect(processExitsWith: .failure) { Self.hash(byteCount: 10, offsets: [11], digests: 0) }
  }

  @Test func counts() async {
    await #expect(processExitsWith: .failure) { Self.hash(byteCount: 10, offsets: [0, 5], digests: 2) }
    await #expect(processExitsWith: .failure) { Self.hash(byteCount: 10, offsets: [0, 5, 10], digests: 1) }
    await #expect(processExitsWith: .failure) { Self.hash(byteCount: 10, offsets: [], digests: 0) }
  }

  @Test func prefixes() async {
    await #expect(processExitsWith: .failure) {
      var prefix = SHA256()
      unsafe prefix.update(patternedBytes(63).span.bytes)
      unsafe SHA256.hash(batch: .buffers(.init(start: nil, count: 0)), after: prefix, into: nil)
    }
  }

  @Test func whatIsAllowed() async {
    await #expect(processExitsWith: .success) {
      Self.hash(byteCount: 10, offsets: [0], digests: 0)
      Self.hash(byteCount: 10, offsets: [10, 10], digests: 1)
      Self.hash(byteCount: 0, offsets: [0, 0, 0], digests: 2)
    }
  }
}

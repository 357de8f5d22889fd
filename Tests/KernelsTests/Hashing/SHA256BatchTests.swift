import Testing

@testable import Kernels

/// Which rows a batch may use: one multi-stream row, and the single-stream row for what is left.
struct BatchRows: CustomTestStringConvertible, Sendable {
  let rows: [SHA256LanesKernel]
  let features: CPUFeatures
  var testDescription: String { rows.isEmpty ? "no lanes" : rows.map(\.name.description).joined(separator: "+") }

  /// Each row alone, all together as the library runs them, and none.
  static let supported: [BatchRows] =
    SHA256LanesKernel.supported.map { BatchRows(rows: [$0], features: .detected) }
    + [BatchRows(rows: SHA256LanesKernel.all, features: .detected), BatchRows(rows: [], features: [])]
}

/// Hashes the messages as one batch and compares with one at a time.
private func check(_ lengths: [Int], with rows: BatchRows, sourceLocation: SourceLocation = #_sourceLocation) {
  let messages = lengths.enumerated().map { patternedBytes($1, seed: 7 * $0) }
  let expected = messages.map { Libcrypto.sha256($0) }

  let bytes = messages.flatMap { $0 }
  let offsets = lengths.reduce(into: [0]) { $0.append($0.last! + $1) }
  var digests = [SHA256.Digest](repeating: .init([UInt8](repeating: 0xee, count: 32)), count: lengths.count)
  unsafe bytes.withUnsafeBytes { bytes in
    unsafe offsets.withUnsafeBufferPointer { offsets in
      unsafe digests.withUnsafeMutableBufferPointer { digests in
        unsafe SHA256.hash(
          batch: .slices(of: bytes, offsets: offsets), into: digests.baseAddress,
          features: rows.features, rows: rows.rows)
      }
    }
  }
  #expect(digests == expected, "\(lengths)", sourceLocation: sourceLocation)
}

@Suite struct SHA256BatchTests {
  @Test(arguments: BatchRows.supported)
  func equalLengths(_ rows: BatchRows) {
    for count in 0...40 {
      for length in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 200] {
        check(.init(repeating: length, count: count), with: rows)
      }
    }
  }

  @Test(arguments: BatchRows.supported)
  func raggedLengths(_ rows: BatchRows) {
    var random = SplitMix64(state: 1)
    let usual = [0, 1, 31, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 1000, 4096, 5001]
    for count in 0...40 {
      for _ in 0..<4 { check((0..<count).map { _ in usual.randomElement(using: &random)! }, with: rows) }
      check((0..<count).map { _ in .random(in: 0...300, using: &random) }, with: rows)
    }
  }

  @Test(arguments: BatchRows.supported)
  func oneGiant(_ rows: BatchRows) {
    for place in [0, 1, 7, 15, 16, 31, 39] {
      var lengths = (0..<40).map { $0 % 3 }
      lengths[place] = 100_000
      check(lengths, with: rows)
    }
  }

  @Test func lengthsAscendAndDescend() {
    let rows = BatchRows(rows: SHA256LanesKernel.all, features: .detected)
    let lengths = (0..<40).map { 64 * $0 }
    check(lengths, with: rows)
    check(lengths.reversed(), with: rows)
  }

  /// All three ways to say where messages are give the same digests, and the public ones go by the table.
  @Test func sources() {
    let lengths = [0, 64, 3, 500, 0, 55, 56, 4096, 1]
    let messages = lengths.enumerated().map { patternedBytes($1, seed: $0) }
    let expected = messages.map { Libcrypto.sha256($0) }
    let padding = patternedBytes(5)
    let bytes = padding + messages.flatMap { $0 } + padding
    let offsets = lengths.reduce(into: [5]) { $0.append($0.last! + $1) }

    var digests = [SHA256.Digest](repeating: .init([UInt8](repeating: 0, count: 32)), count: lengths.count)
    func clear() { for i in digests.indices { digests[i] = .init([UInt8](repeating: 0, count: 32)) } }

    var output = digests.mutableSpan
    unsafe SHA256.hash(batch: bytes.span.bytes, offsets: offsets.span, into: &output)
    #expect(digests == expected)

    clear()
    unsafe bytes.withUnsafeBytes { bytes in
      let buffers = unsafe lengths.indices.map { i in
        unsafe lengths[i] == 0
          ? UnsafeRawBufferPointer(start: nil, count: 0)
          : UnsafeRawBufferPointer(rebasing: bytes[offsets[i]..<offsets[i + 1]])
      }
      unsafe buffers.withUnsafeBufferPointer { buffers in
        unsafe digests.withUnsafeMutableBufferPointer { unsafe SHA256.hash(batch: buffers, into: $0) }
      }
      #expect(digests == expected)

      clear()
      let starts = unsafe buffers.map { unsafe $0.baseAddress?.assumingMemoryBound(to: UInt8.self) }
      unsafe starts.withUnsafeBufferPointer { starts in
        unsafe lengths.withUnsafeBufferPointer { lengths in
          unsafe digests.withUnsafeMutableBufferPointer { digests in
            unsafe SHA256.hash(
              batch: .pointers(starts: starts.baseAddress!, lengths: lengths.baseAddress!, count: lengths.count),
              into: digests.baseAddress, features: .current)
          }
        }
      }
      #expect(digests == expected)
    }
  }

  /// No batch reads past its messages, wherever the lanes' steps end, nor writes past its digests.
  @Test(arguments: BatchRows.supported, GuardedBuffer.Alignment.allCases)
  func guardPages(_ rows: BatchRows, alignment: GuardedBuffer.Alignment) {
    let lengths = [0, 1, 55, 56, 64, 65, 127, 128, 300, 4096, 63, 0, 64, 200, 1000, 2, 120, 119, 64, 5]
    let guarded = lengths.map { GuardedBuffer(byteCount: $0, alignment: alignment) }
    for (i, buffer) in guarded.enumerated() { unsafe buffer.bytes.copyBytes(from: patternedBytes(lengths[i], seed: i)) }
    let output = GuardedBuffer(byteCount: 32 * lengths.count, alignment: alignment)
    let digests = unsafe output.bytes.bindMemory(to: SHA256.Digest.self)

    withExtendedLifetime((guarded, output)) {
      let buffers = unsafe guarded.map { unsafe UnsafeRawBufferPointer($0.bytes) }
      unsafe buffers.withUnsafeBufferPointer { buffers in
        unsafe SHA256.hash(
          batch: .buffers(buffers), into: digests.baseAddress, features: rows.features, rows: rows.rows)
      }
      for i in lengths.indices { #expect(unsafe digests[i] == Libcrypto.sha256(buffers[i]), "message \(i)") }
    }
  }

  @Test func rowsAreWithinBounds() {
    for row in SHA256LanesKernel.all {
      #expect(row.lanes <= SHA256LanesKernel.maximumLanes)
      #expect(2...row.lanes ~= row.minimumLive)
    }
    #expect(SHA256Kernel.all.last?.requires == [])
  }
}

/// What the safe door turns away.
@Suite struct SHA256BatchPreconditions {
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

  @Test func whatIsAllowed() async {
    await #expect(processExitsWith: .success) {
      Self.hash(byteCount: 10, offsets: [0], digests: 0)
      Self.hash(byteCount: 10, offsets: [10, 10], digests: 1)
      Self.hash(byteCount: 0, offsets: [0, 0, 0], digests: 2)
    }
  }
}

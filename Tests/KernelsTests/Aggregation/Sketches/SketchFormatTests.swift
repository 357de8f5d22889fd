import Testing

@testable import Kernels

/// Against files that DataSketches has written. Without those, see ``SketchFiles``, the suite is disabled.
@Suite(.enabled(if: SketchFiles.folder != nil, "no sketches in KERNELS_DATA or ../shared/data"))
struct DataSketchesFileTests {
  /// The integers from 0 on, as the files' authors inserted them: the same bytes, the estimate in order among them.
  @Test(arguments: HLLSketch.Registers.allCases, SketchFiles.counts)
  func hll(registers: HLLSketch.Registers, count: Int) throws {
    let bits = 4 + 2 * registers.rawValue
    let name = "hll\(bits)_n\(count)_cpp.sk"
    let file = try SketchFiles.bytes(name)
    let read = try hllSketch(file)
    #expect(inOrder(read.serialized()) == inOrder(file), "\(name)")
    #expect(read.registers == registers && read.lgK == 12)
    #expect((read.estimate - Double(count)).magnitude <= 0.05 * Double(count))
    #expect((read.mergedEstimate - Double(count)).magnitude <= 0.06 * Double(count))
    if count > HLLFileLimit.inserts { return }
    var own = HLLSketch(lgK: 12, registers: registers)
    let integers = (0..<count).map { Int64($0) }
    own.insert(integers.span)
    #expect(own.serialized() == file, "\(name)")
    #expect(own.estimate == read.estimate)
    var oneByOne = HLLSketch(lgK: 12, registers: registers)
    for i in 0..<min(count, 20_000) { oneByOne.insert(Int64(i)) }
    if count <= 20_000 { #expect(oneByOne.serialized() == file) }
  }

  /// The values from 1 on.
  @Test(arguments: SketchFiles.counts)
  func kll(count: Int) throws {
    let file = try SketchFiles.bytes("kll_double_n\(count)_cpp.sk")
    let read = try kllSketch(file)
    #expect(read.serialized() == file)
    #expect(read.count == UInt64(count) && read.k == 200)
    if count == 0 {
      #expect(read.quantile(0.5) == nil)
      return
    }
    #expect(read.minimum == 1 && read.maximum == Double(count))
    for q in [0, 0.1, 0.5, 0.9, 0.99, 1] {
      let rank = (read.quantile(q) ?? 0) / Double(count)
      #expect((rank - q).magnitude < 0.03 + 1 / Double(count), "\(q) of \(count)")
    }
    // Up to the first compaction nothing is left to chance.
    if count <= 100 {
      var own = KLLSketch()
      for i in 1...count { own.insert(Double(i)) }
      #expect(own.serialized() == file)
    }
  }

  @Test func hostileBytes() throws {
    var random = AggregationRandom(21)
    for name in [
      "hll4_n10", "hll4_n1", "hll4_n1000000", "hll6_n1000", "hll8_n10000", "kll_double_n1", "kll_double_n10",
      "kll_double_n10000",
    ] {
      let file = try SketchFiles.bytes(name + "_cpp.sk")
      checkHostile(file, name.hasPrefix("hll"), &random)
    }
  }
}

/// Whether the bytes are a sketch; what it is then, can be used and written.
private func isUsable(_ bytes: [UInt8], _ isHLL: Bool) -> Bool {
  if isHLL {
    guard let read = try? hllSketch(bytes) else { return false }
    var sketch = read
    sketch.insert(Int64(7))
    sketch.merge(read)
    return sketch.estimate >= 0 && sketch.mergedEstimate >= 0 && !sketch.serialized().isEmpty
  }
  guard let read = try? kllSketch(bytes) else { return false }
  var sketch = read
  sketch.insert(7)
  return sketch.quantile(1) != nil && !sketch.serialized().isEmpty
}

/// Cut short: refused. Changed at random: refused, or a sketch that can be used and written.
func checkHostile(_ bytes: [UInt8], _ isHLL: Bool, _ random: inout AggregationRandom) {
  for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 20)) {
    #expect(!isUsable(Array(bytes[..<count]), isHLL))
  }
  for _ in 0..<60 {
    var changed = bytes
    for _ in 0...Int(random.next() % 3) {
      let place = Int(random.next() % UInt64(random.next() & 1 == 0 ? bytes.count : min(bytes.count, 48)))
      changed[place] = UInt8(truncatingIfNeeded: random.next())
    }
    _ = isUsable(changed, isHLL)
  }
}

private enum HLLFileLimit {
  #if DEBUG
    static let inserts = 100_000
  #else
    static let inserts = 1_000_000
  #endif
}

/// A set's coupons, in ascending order: which of two that collide comes first depends on which was first inserted.
private func inOrder(_ bytes: [UInt8]) -> [UInt8] {
  guard bytes.count >= 12, bytes[0] == 3 else { return bytes }
  let coupons = stride(from: 12, to: bytes.count, by: 4).map { Array(bytes[$0..<$0 + 4]) }
  return Array(bytes[..<12]) + coupons.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
}

/// What needs no files.
@Suite struct SketchFormatTests {
  /// The files hold integers alone: strings go another way, which must meet that of integers at eight bytes.
  @Test func hashOfBytesIsThatOfIntegers() {
    for value in [0, 1, 0x0123_4567_89ab_cdef, UInt64.max] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
      #expect(hash(bytes) == HLLHash.hash(value))
    }
    // Each length has a hash of its own, and each byte has a part in it.
    var seen = Set<UInt64>()
    for count in 0...40 {
      var bytes = [UInt8](repeating: 1, count: count)
      seen.insert(hash(bytes).0)
      for i in 0..<count {
        bytes[i] = 2
        seen.insert(hash(bytes).0)
        bytes[i] = 1
      }
    }
    #expect(seen.count == 41 + 40 * 41 / 2)
  }

  @Test(arguments: HLLSketch.Registers.allCases, [4, 6, 7, 8, 11, 14])
  func hllRoundTrip(registers: HLLSketch.Registers, lgK: Int) throws {
    var random = AggregationRandom(22)
    for count in [0, 1, 7, 8, 20, 150, 1000, 20_000] {
      var sketch = HLLSketch(lgK: lgK, registers: registers)
      for _ in 0..<count { sketch.insert(random.next()) }
      let bytes = sketch.serialized()
      let read = try hllSketch(bytes + [1, 2, 3])
      #expect(inOrder(read.serialized()) == inOrder(bytes))
      #expect(read.estimate == sketch.estimate && read.mergedEstimate == sketch.mergedEstimate)
      if lgK == 6 || lgK == 8, count <= 1000 { checkHostile(bytes, true, &random) }
    }
  }

  @Test func kllRoundTrip() throws {
    var random = AggregationRandom(23)
    for count in [0, 1, 2, 199, 200, 201, 5000] {
      var sketch = KLLSketch(k: 50, seed: 3)
      for _ in 0..<count { sketch.insert(random.double(.gaussian)) }
      let bytes = sketch.serialized()
      let read = try kllSketch(bytes)
      #expect(read.serialized() == bytes && read.count == sketch.count && read.quantile(0.3) == sketch.quantile(0.3))
      checkHostile(bytes, false, &random)
    }
  }

  @Test func otherFormatsAreNamed() {
    #expect(throws: SketchError(.truncated, at: 3)) { _ = try hllSketch([UInt8(2), 1, 7]) }
    let kll = KLLSketch().serialized()
    #expect(throws: SketchError(.otherFormat, at: 3)) { _ = try hllSketch(kll) }
    let hll = HLLSketch().serialized()
    #expect(throws: SketchError(.otherFormat, at: 3)) { _ = try kllSketch(hll) }
  }
}

func hllSketch(_ bytes: [UInt8]) throws -> HLLSketch {
  let span = bytes.span
  return try unsafe HLLSketch(span.bytes)
}

func kllSketch(_ bytes: [UInt8]) throws -> KLLSketch {
  let span = bytes.span
  return try unsafe KLLSketch(span.bytes)
}

private func hash(_ bytes: [UInt8]) -> (UInt64, UInt64) {
  let span = bytes.span
  return unsafe HLLHash.hash(span.bytes)
}

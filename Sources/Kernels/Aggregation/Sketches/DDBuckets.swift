/// Counts in buckets of magnitudes, as an array over the range that has been seen.
package struct DDBuckets: Sendable {
  private var first = 0
  private var counts: [UInt64] = []
  package private(set) var total: UInt64 = 0

  package var byteCount: Int { counts.heldBytes }

  /// 35 buckets an octave: a ratio of at most e^0.02 in each, so that its middle is within tanh(0.01) < 1 % of all of it.
  private static var perOctave: Double { 35 }
  /// Lifts the index of the least magnitude, 2^-1074, above 0.
  private static var octaves: Double { 1075 }
  /// That of an infinity, above the last finite one.
  static var infinite: Int { 35 * (1075 + 1024) }

  /// The bucket of a magnitude that is not zero.
  ///
  /// Its logarithm to base 2 is taken as e + ((6/35 s - 3/5) s + 10/7) s for (1 + s) 2^e, a cubic that meets the logarithm at both
  /// ends with equal slopes, and whose slope against ln is 10/7 at least, there. Rounded alike on every CPU.
  @inline(__always)
  package static func index(_ magnitude: Double) -> Int {
    var bits = magnitude.bitPattern
    var exponent = Int64(bitPattern: bits >> 52)
    if exponent == 0 || exponent == 0x7ff {
      if exponent != 0 { return infinite }
      bits = (magnitude * 0x1p54).bitPattern
      exponent = Int64(bitPattern: bits >> 52) &- 54
    }
    let s = Double(bitPattern: bits & (1 << 52 &- 1) | 0x3ff << 52) - 1
    let octave = Double(exponent) + (octaves - 1023)
    return Int(perOctave * (octave + ((6.0 / 35 * s - 0.6) * s + 10.0 / 7) * s))
  }

  /// What a bucket's values are taken for: 2 a b / (a + b) of its bounds.
  package static func value(_ index: Int) -> Double {
    if index >= infinite { return .infinity }
    let (low, high) = (lowest(index), lowest(index + 1))
    if !high.isFinite { return low }
    // 2 / (1 / a + 1 / b), of neither too small nor too large numbers.
    return low * (2 / (1 + low / high))
  }

  /// The least magnitude of a bucket, by bisection of the bits.
  private static func lowest(_ index: Int) -> Double {
    var (low, high): (UInt64, UInt64) = (1, 0x7ff << 52)
    while low < high {
      let middle = low + (high - low) / 2
      if Self.index(Double(bitPattern: middle)) >= index { high = middle } else { low = middle + 1 }
    }
    return Double(bitPattern: low)
  }

  @inline(__always)
  package mutating func add(_ index: Int, count: UInt64 = 1) {
    let place = index &- first
    if UInt(bitPattern: place) < UInt(bitPattern: counts.count) {
      counts[place] &+= count
    } else {
      grow(index...index)
      counts[index &- first] &+= count
    }
    total &+= count
  }

  @inline(never)
  private mutating func grow(_ range: ClosedRange<Int>) {
    // Two octaves more on each side than was asked for.
    let low = Swift.max(0, Swift.min(counts.isEmpty ? range.lowerBound : first, range.lowerBound) - 70)
    let high = Swift.max(counts.isEmpty ? 0 : first + counts.count, range.upperBound + 71)
    var larger = [UInt64](repeating: 0, count: high - low)
    for i in counts.indices { larger[first - low + i] = counts[i] }
    (first, counts) = (low, larger)
  }

  mutating func merge(_ other: DDBuckets) {
    guard let low = other.lowest, let high = other.highest else { return }
    if counts.isEmpty || low < first || high >= first + counts.count { grow(low...high) }
    for i in low...high { counts[i - first] &+= other.counts[i - other.first] }
    total &+= other.total
  }

  var lowest: Int? { counts.firstIndex { $0 != 0 }.map { $0 + first } }
  package var highest: Int? { counts.lastIndex { $0 != 0 }.map { $0 + first } }

  /// The bucket of a rank from below; where it is above all, the rank less the total.
  func fromBelow(_ rank: inout UInt64) -> Int? { place(counts.indices, &rank) }

  /// The same from above.
  func fromAbove(_ rank: inout UInt64) -> Int? { place(counts.indices.reversed(), &rank) }

  private func place(_ order: some Sequence<Int>, _ rank: inout UInt64) -> Int? {
    for i in order {
      if rank < counts[i] { return first + i }
      rank -= counts[i]
    }
    return nil
  }

  // MARK: - Bytes

  /// How many buckets, from which on, and their counts: from the first that is not 0 to the last.
  package func write(into bytes: inout [UInt8]) {
    guard let low = lowest, let high = highest else { return bytes.appendLittleEndian(UInt32(0)) }
    bytes.appendLittleEndian(UInt32(high - low + 1))
    bytes.appendLittleEndian(UInt32(low))
    for i in low...high { bytes.appendLittleEndian(counts[i - first]) }
  }

  @unsafe
  package init?(_ bytes: UnsafeRawBufferPointer, at position: inout Int) {
    guard let count = unsafe bytes.readLittleEndian(UInt32.self, at: &position) else { return nil }
    if count == 0 { return }
    guard let low = unsafe bytes.readLittleEndian(UInt32.self, at: &position),
      Int(low) + Int(count) <= Self.infinite + 1, bytes.count - position >= 8 * Int(count)
    else { return nil }
    first = Int(low)
    counts.reserveCapacity(Int(count))
    for _ in 0..<count {
      guard let one = unsafe bytes.readLittleEndian(UInt64.self, at: &position) else { return nil }
      let (sum, over) = total.addingReportingOverflow(one)
      if over { return nil }
      total = sum
      counts.append(one)
    }
    if counts.first == 0 || counts.last == 0 { return nil }
  }

  package init() {}
}

extension DDBuckets: Equatable {
  package static func == (a: DDBuckets, b: DDBuckets) -> Bool {
    guard a.total == b.total, a.lowest == b.lowest, a.highest == b.highest else { return false }
    guard let low = a.lowest, let high = a.highest else { return true }
    return (low...high).allSatisfy { a.counts[$0 - a.first] == b.counts[$0 - b.first] }
  }
}

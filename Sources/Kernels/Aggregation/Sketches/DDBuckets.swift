/// Counts in buckets of magnitudes, as an array over the range that has been seen.
package struct DDBuckets: Sendable {
  fileprivate var first = 0
  fileprivate var counts: [UInt64] = []
  package fileprivate(set) var total: UInt64 = 0

  package var byteCount: Int { counts.heldBytes }

  /// That of an infinity, above the last finite one. 35 buckets an octave, from 2^-1075 on.
  package static var infinite: Int { 35 * (1075 + 1024) + 1 }

  /// The bucket of a magnitude that is not zero: 35 for each octave, a ratio of at most e^0.02 in each, so that its middle is within
  /// tanh(0.01) < 1 % of all of it.
  ///
  /// The logarithm to base 2 of (1 + s) 2^e is taken as e + ((6 s - 21) s + 50) s / 35, a cubic that is 0 for 0 and 1 for 1, and whose
  /// slope against the natural logarithm is 10/7 at least, at 0 and at 2/3: 35 * 10/7 buckets for a ratio of e. Alike on every CPU.
  @inline(__always)
  package static func index(_ magnitude: Double) -> Int {
    let bits = magnitude.bitPattern
    let exponent = Int(truncatingIfNeeded: bits >> 52)
    if UInt(bitPattern: exponent &- 1) < 0x7fe { return place(bits, exponent) }
    if exponent != 0 { return infinite }
    let scaled = (magnitude * 0x1p54).bitPattern
    return place(scaled, Int(truncatingIfNeeded: scaled >> 52) &- 54)
  }

  @inline(__always)
  fileprivate static func place(_ bits: UInt64, _ exponent: Int) -> Int {
    let s = Double(bitPattern: bits & (1 << 52 &- 1) | 0x3ff << 52) - 1
    // Rounded to an integer by what has no place for more, which leaves it in the low bits. 35 is the 0 of the next octave.
    let within = (((6 * s - 21) * s + 50) * s + 0x1.8p52).bitPattern & 63
    return 35 &* (exponent &+ (1075 - 1023)) &+ Int(truncatingIfNeeded: within)
  }

  /// What a bucket's values are taken for: 2 a b / (a + b) of its bounds.
  package static func value(_ index: Int) -> Double {
    if index >= infinite { return .infinity }
    let (low, high) = (lowest(index), lowest(index + 1))
    if !high.isFinite { return low }
    // As a multiple of one bound, so that nothing overflows.
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
  fileprivate mutating func grow(_ range: ClosedRange<Int>) {
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

// MARK: - Many values

extension DDSketch {
  /// Counts values.
  ///
  /// - `values` is readable for `count`; the CPU has what the row requires.
  @unsafe
  package mutating func insert(
    _ values: UnsafePointer<Double>, count: Int, kernel: DDCountKernel = DDCountKernel.all.select(.current)
  ) {
    // Without a branch on the sign, which is as good as random, and the arrays are looked at once.
    var done = 0
    while done < count {
      done &+= unsafe Self.insert(values + done, count &- done, &negative, &positive, kernel)
      // Vectors stop before one that lies outside, or is a zero, an infinity, below the normal range or no number.
      for _ in 0..<Swift.min(4, count &- done) {
        unsafe insert(values[done])
        done &+= 1
      }
    }
  }

  /// Counts values up to the first that has no place in the arrays, or a few before it, and answers how many.
  @unsafe
  private static func insert(
    _ values: UnsafePointer<Double>, _ count: Int, _ negative: inout DDBuckets, _ positive: inout DDBuckets,
    _ kernel: DDCountKernel
  ) -> Int {
    let first: InlineArray<2, Int64> = [Int64(positive.first), Int64(negative.first)]
    let counts: InlineArray<2, Int64> = [Int64(positive.counts.count), Int64(negative.counts.count)]
    var (done, negatives) = (0, 0)
    unsafe positive.counts.withUnsafeMutableBufferPointer { above in
      unsafe negative.counts.withUnsafeMutableBufferPointer { below in
        unsafe first.span.withUnsafeBufferPointer { first in
          unsafe counts.span.withUnsafeBufferPointer { counts in
            done = unsafe kernel.body(
              values, count, first.baseAddress.unsafelyUnwrapped, counts.baseAddress.unsafelyUnwrapped,
              above.baseAddress, below.baseAddress, &negatives)
          }
        }
      }
    }
    negative.total &+= UInt64(negatives)
    positive.total &+= UInt64(done &- negatives)
    return done
  }
}

extension DDBuckets {
  /// The row of every CPU. - As in `ck_aggregation.h`.
  static func count(
    _ values: UnsafePointer<Double>, _ count: Int, _ first: UnsafePointer<Int64>, _ counts: UnsafePointer<Int64>,
    _ above: UnsafeMutablePointer<UInt64>?, _ below: UnsafeMutablePointer<UInt64>?,
    _ negatives: UnsafeMutablePointer<Int>
  ) -> Int {
    let starts = unsafe (Int(first[0]), Int(first[1]))
    let ends = unsafe (UInt(bitPattern: Int(counts[0])), UInt(bitPattern: Int(counts[1])))
    var (done, negative) = (0, 0)
    while done < count {
      let bits = unsafe values[done].bitPattern
      let exponent = Int(truncatingIfNeeded: bits >> 52 & 0x7ff)
      let isNegative = Int64(bitPattern: bits) < 0
      let place = place(bits, exponent) &- (isNegative ? starts.1 : starts.0)
      guard UInt(bitPattern: exponent &- 1) < 0x7fe, UInt(bitPattern: place) < (isNegative ? ends.1 : ends.0) else {
        break
      }
      let bin = unsafe (isNegative ? below : above).unsafelyUnwrapped
      unsafe bin[place] &+= 1
      negative &+= isNegative ? 1 : 0
      done &+= 1
    }
    unsafe negatives.pointee = negative
    return done
  }
}

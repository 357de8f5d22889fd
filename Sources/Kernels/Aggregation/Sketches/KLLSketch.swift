/// Quantiles of doubles within an error of rank, in a form that Apache DataSketches reads and writes.
///
/// Of n values some k (1 + log n) are kept, each for 2^level of them. The rank of what is answered is off by 1.33 % of n at most, in
/// 99 % of cases, for k = 200. Which values are kept is a matter of chance, drawn from a seed.
///
/// Z. Karnin, K. Lang, E. Liberty, "Optimal quantile approximation in streams", FOCS 2016.
public struct KLLSketch: Sendable {
  public let k: Int
  /// How many values it has seen.
  public private(set) var count: UInt64 = 0
  public private(set) var minimum = Double.infinity
  public private(set) var maximum = -Double.infinity
  /// Values for 2^level each; ascending but for level 0, which is in the order of arrival.
  package internal(set) var levels: [[Double]] = [[]]
  /// The least k of those merged into it; DataSketches states its error by that.
  var leastK: Int
  private var random: UInt64
  /// Values that are kept, and how many there may be before some go.
  private(set) var retained = 0
  private var room: Int

  /// - Parameters:
  ///   - k: 8 ... 65535; more is more accurate.
  ///   - seed: of the choices.
  public init(k: Int = 200, seed: UInt64 = 0) {
    precondition(8...65535 ~= k, "KLLSketch: k must be in 8 ... 65535")
    (self.k, leastK, random) = (k, k, seed)
    room = Self.capacity(k, 1)
  }

  /// Counts a value; a NaN is not counted.
  ///
  /// - Complexity: O(1) amortised; allocates where levels grow, and so once in a while only.
  public mutating func insert(_ value: Double) {
    if value != value { return }
    count = Swift.max(count, count &+ 1)
    minimum = Swift.min(minimum, value)
    maximum = Swift.max(maximum, value)
    if retained >= room { compact() }
    levels[0].append(value)
    retained &+= 1
  }

  /// Counts values.
  public mutating func insert(_ values: Span<Double>) {
    for i in values.indices { insert(values[i]) }
  }

  /// Counts what another sketch has counted.
  public mutating func merge(_ other: KLLSketch) {
    if other.count == 0 { return }
    // Sketches that were read may claim any count.
    let (sum, isTooMuch) = count.addingReportingOverflow(other.count)
    count = isTooMuch ? .max : sum
    minimum = Swift.min(minimum, other.minimum)
    maximum = Swift.max(maximum, other.maximum)
    if other.levels.count > 1 { leastK = Swift.min(leastK, other.leastK) }
    while levels.count < other.levels.count { levels.append([]) }
    levels[0] += other.levels[0]
    for level in 1..<Swift.max(1, other.levels.count) {
      levels[level] = Self.merged(levels[level], other.levels[level])
    }
    countLevels()
    while retained > room { compact() }
  }

  /// The smallest kept value whose rank exceeds q of the weight, as DataSketches answers with inclusive = false; nil of nothing.
  ///
  /// - Parameter q: 0 ... 1.
  public func quantile(_ q: Double) -> Double? {
    precondition(q >= 0 && q <= 1, "quantile: q must be in 0 ... 1")
    if count == 0 { return nil }
    var weighted: [(value: Double, weight: UInt64)] = []
    for (level, values) in levels.enumerated() { weighted += values.map { ($0, 1 << UInt64(level)) } }
    weighted.sort { $0.value < $1.value }
    // As large as the count at most, which the conversion of 1.0 times it may exceed.
    let rank = q * Double(count)
    let wanted = rank < 0x1p64 ? UInt64(rank) : .max
    var sum: UInt128 = 0
    for (value, weight) in weighted {
      sum += UInt128(weight)
      if sum > wanted { return value }
    }
    return weighted[weighted.count - 1].value
  }

  // MARK: - Levels

  /// What ``levels`` come to, after they have changed.
  private mutating func countLevels() {
    retained = levels.reduce(0) { $0 + $1.count }
    room = Self.capacity(k, levels.count)
  }

  /// What a level holds: k (2/3)^depth rounded, and 8 at least.
  static func capacity(_ k: Int, depth: Int) -> Int {
    if depth > 30 { return 8 }
    let power = (0..<depth).reduce(UInt64(1)) { power, _ in 3 * power }
    return Swift.max(8, Int((UInt64(2 * k) << UInt64(depth) / power + 1) / 2))
  }

  static func capacity(_ k: Int, _ levels: Int) -> Int { (0..<levels).reduce(0) { $0 + capacity(k, depth: $1) } }

  /// Halves the lowest level that is full: every other value, from a random one of the first two, moves a level up.
  private mutating func compact() {
    let level =
      levels.indices.first { levels[$0].count >= Self.capacity(k, depth: levels.count - 1 - $0) } ?? levels.count - 1
    if level == levels.count - 1 {
      levels.append([])
      room = Self.capacity(k, levels.count)
    }
    // One of an odd number stays: the newest, or the least.
    var odd: Double?
    if levels[level].count % 2 == 1 { odd = level == 0 ? levels[0].removeLast() : levels[level].removeFirst() }
    if level == 0 { levels[0].sort() }
    random &+= 0x9e37_79b9_7f4a_7c15
    let bit = Int(((random ^ random >> 32) &* 0xd6e8_feb8_6659_fd93) >> 63)
    let count = levels[level].count / 2
    // Merged in place, from the end: of equal values those that were there come first.
    var (old, new) = (levels[level + 1].count, count)
    levels[level + 1].append(contentsOf: repeatElement(0, count: count))
    while new > 0 {
      let value = levels[level][2 * (new - 1) + bit]
      if old > 0 && levels[level + 1][old - 1] > value {
        levels[level + 1][old + new - 1] = levels[level + 1][old - 1]
        old -= 1
      } else {
        levels[level + 1][old + new - 1] = value
        new -= 1
      }
    }
    levels[level].removeAll(keepingCapacity: true)
    if let odd { levels[level].append(odd) }
    retained -= count
  }

  private static func merged(_ a: [Double], _ b: [Double]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(a.count + b.count)
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      if j == b.count || i < a.count && a[i] <= b[j] {
        result.append(a[i])
        i += 1
      } else {
        result.append(b[j])
        j += 1
      }
    }
    return result
  }
}

// MARK: - Bytes

// The format of Apache DataSketches, family 15:
//
//   0 preamble's length in words of 32 bits: 2 for none or one value, else 5   1 version: 2 for one value, else 1   2 family
//   3 flags: 1 empty, 2 level 0 is sorted, 4 one value   4 k in 16 bits   6 8, the least capacity   7 unused
//   one value: the value at 8. More: at 8 their number, 16 the least k in 16 bits, 18 how many levels, 19 unused, from 20 on where
//   each level starts in an array of the whole capacity, which is full at its end; the least and the greatest value; the values.
extension KLLSketch {
  /// The sketch as DataSketches writes it.
  public func serialized() -> [UInt8] {
    var bytes: [UInt8] = [
      count < 2 ? 2 : 5, count == 1 ? 2 : 1, 15, count == 0 ? 1 : count == 1 ? 4 : 0, UInt8(k & 255), UInt8(k >> 8), 8,
      0,
    ]
    if count == 0 { return bytes }
    if count > 1 {
      bytes.appendLittleEndian(count)
      bytes.appendLittleEndian(UInt16(leastK))
      bytes += [UInt8(levels.count), 0]
      var start = Self.capacity(k, levels.count) - retained
      for level in levels {
        bytes.appendLittleEndian(UInt32(start))
        start += level.count
      }
      bytes.appendLittleEndian(minimum.bitPattern)
      bytes.appendLittleEndian(maximum.bitPattern)
    }
    // The newest value stands first.
    for value in levels[0].reversed() { bytes.appendLittleEndian(value.bitPattern) }
    for level in levels.dropFirst() {
      for value in level { bytes.appendLittleEndian(value.bitPattern) }
    }
    return bytes
  }

  /// The sketch of doubles that DataSketches has written.
  ///
  /// - Parameters:
  ///   - bytes: as DataSketches serialises it.
  ///   - seed: of the choices when it goes on.
  /// - Complexity: O(n); nothing is allocated before the bytes have been seen to be there.
  public init(_ bytes: RawSpan, seed: UInt64 = 0) throws(SketchError) {
    var reader = SketchReader(bytes)
    try reader.require(8)
    let (preamble, version) = (try reader.read(UInt8.self), try reader.read(UInt8.self))
    let family = try reader.read(UInt8.self)
    try reader.check(family == 15 && 1...2 ~= version, .otherFormat)
    let (flags, k) = (try reader.read(UInt8.self), Int(try reader.read(UInt16.self)))
    let least = try reader.read(UInt8.self)
    try reader.check(k >= 8 && least == 8)
    _ = try reader.read(UInt8.self)
    self.init(k: k, seed: seed)
    let isEmpty = flags & 1 != 0
    let isSingle = flags & 4 != 0
    try reader.check(preamble == (isEmpty || isSingle ? 2 : 5))
    if isEmpty {
      try reader.check(reader.remaining == 0)
      return
    }
    if isSingle {
      let value = try reader.readDouble()
      try reader.check(!value.isNaN && reader.remaining == 0)
      insert(value)
      return
    }
    try readLevels(&reader)
  }

  private mutating func readLevels(_ reader: inout SketchReader) throws(SketchError) {
    count = try reader.read()
    leastK = Int(try reader.read(UInt16.self))
    let levelCount = Int(try reader.read(UInt8.self))
    _ = try reader.read(UInt8.self)
    try reader.check(1...61 ~= levelCount && leastK >= 8 && leastK <= k)
    try reader.require(4 * levelCount + 16)
    var starts: [Int] = []
    for _ in 0..<levelCount { starts.append(Int(try reader.read(UInt32.self))) }
    starts.append(Self.capacity(k, levelCount))
    for level in 0..<levelCount { try reader.check(starts[level] <= starts[level + 1]) }
    (minimum, maximum) = (try reader.readDouble(), try reader.readDouble())
    try reader.check(minimum <= maximum)
    try reader.check(reader.remaining == 8 * (starts[levelCount] - starts[0]))

    levels = []
    var weight: UInt128 = 0
    for level in 0..<levelCount {
      var values: [Double] = []
      for _ in starts[level]..<starts[level + 1] {
        let value = try reader.readDouble()
        try reader.check(value >= minimum && value <= maximum)
        if level > 0, let last = values.last { try reader.check(last <= value) }
        values.append(value)
      }
      weight += UInt128(values.count) << UInt128(level)
      levels.append(level == 0 ? values.reversed() : values)
    }
    try reader.check(weight == UInt128(count) && count > 0)
    countLevels()
  }
}

@testable import Kernels

/// Numbers from a seed, and the doubles that sums find hard.
struct AggregationRandom: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// Finite doubles of one shape each.
  enum Shape: CaseIterable {
    case unit, gaussian, wide, everything, denormal, huge, cancelling, integers, zeros
  }

  mutating func double(_ shape: Shape) -> Double {
    let unit = Double(next() >> 11) * 0x1p-53
    let sign: Double = next() & 1 == 0 ? 1 : -1
    switch shape {
    case .unit: return unit
    case .gaussian: return (0..<12).reduce(-6.0) { sum, _ in sum + Double(next() >> 1) * 0x1p-63 }
    case .wide: return sign * (1 + unit) * Double(sign: .plus, exponent: Int(next() % 200) - 100, significand: 1)
    case .everything:
      let value = Double(bitPattern: next())
      return value.isFinite ? value : 1
    case .denormal: return sign * Double(bitPattern: next() >> 12)
    case .huge: return sign * Double(sign: .plus, exponent: 1020 + Int(next() % 4), significand: 1 + unit)
    case .cancelling: return next() & 3 == 0 ? unit : sign * 0x1p60
    case .integers: return sign * Double(next() % 1000)
    case .zeros: return sign * 0
    }
  }

  mutating func doubles(_ count: Int, _ shape: Shape) -> [Double] { (0..<count).map { _ in double(shape) } }
}

/// Rows of a column, with their groups and an Arrow bitmap.
struct GroupedRows<Value: BitwiseCopyable> {
  var groups: [UInt32]
  var values: [Value]
  var isValid: [Bool]

  /// Every eleventh row is null.
  init(_ values: [Value], groupCount: Int, random: inout AggregationRandom) {
    self.values = values
    groups = values.map { _ in UInt32(random.next() % UInt64(groupCount)) }
    isValid = values.map { _ in random.next() % 11 != 0 }
  }

  private init(_ groups: [UInt32], _ values: [Value], _ isValid: [Bool]) {
    (self.groups, self.values, self.isValid) = (groups, values, isValid)
  }

  func values(of group: Int) -> [Value] {
    values.indices.filter { isValid[$0] && groups[$0] == group }.map { values[$0] }
  }

  func shuffled(_ random: inout AggregationRandom) -> GroupedRows {
    let order = values.indices.shuffled(using: &random)
    return GroupedRows(order.map { groups[$0] }, order.map { values[$0] }, order.map { isValid[$0] })
  }

  /// The rows of a range, as pointers, with the bitmap from an odd offset on.
  func withPointers(
    _ range: Range<Int>,
    _ body: (UnsafePointer<UInt32>, UnsafePointer<Value>, UnsafePointer<UInt8>?, _ offset: Int, _ count: Int) -> Void
  ) {
    let offset = 3
    var bitmap = [UInt8](repeating: 0, count: (range.count + offset + 7) / 8 + 1)
    for (i, row) in range.enumerated() where isValid[row] { bitmap[(i + offset) / 8] |= 1 << UInt8((i + offset) % 8) }
    let (groups, values) = (Array(groups[range]) + [0], Array(values[range]) + values.prefix(1))
    unsafe groups.withUnsafeBufferPointer { groups in
      unsafe values.withUnsafeBufferPointer { values in
        unsafe bitmap.withUnsafeBufferPointer { bitmap in
          unsafe body(groups.baseAddress!, values.baseAddress!, bitmap.baseAddress!, offset, range.count)
        }
      }
    }
  }
}

extension GroupedAccumulator {
  func bytes(_ group: Int) -> [UInt8] { bytes([UInt32(group)]) }

  func bytes(_ groups: [UInt32]) -> [UInt8] {
    var writer = StateWriter(capacity: 1)
    unsafe groups.withUnsafeBufferPointer { unsafe write($0, into: &writer) }
    return writer.bytes
  }

  /// Takes in the states of some groups; false, with nothing changed, where the bytes are something else.
  mutating func merge(_ bytes: [UInt8], into groups: [UInt32]) -> Bool {
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe groups.withUnsafeBufferPointer { groups in
        switch unsafe stage(count: groups.count, bytes) {
        case nil: return false
        case .bytes: unsafe merge(bytes, into: groups)
        case .read(let other):
          for i in groups.indices { unsafe merge(group: Int(groups[i]), from: other, otherGroup: i) }
        }
        return true
      }
    }
  }

  mutating func read(_ group: Int, _ bytes: [UInt8]) -> Bool {
    var copy = self
    copy.reset(group)
    guard copy.merge(bytes, into: [UInt32(group)]) else { return false }
    self = copy
    return true
  }
}

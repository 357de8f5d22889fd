/// Whether the least or the greatest value is wanted.
package protocol ExtremumOrder: Sendable {
  static var isMaximum: Bool { get }
}

package enum MinimumOrder: ExtremumOrder { package static var isMaximum: Bool { false } }
package enum MaximumOrder: ExtremumOrder { package static var isMaximum: Bool { true } }

package typealias MinimumAccumulator<Value: AggregationValue> = ExtremumAccumulator<Value, MinimumOrder>
package typealias MaximumAccumulator<Value: AggregationValue> = ExtremumAccumulator<Value, MaximumOrder>

/// The least or the greatest value of each group. A NaN wins over every number, and -0 is less than +0.
package struct ExtremumAccumulator<Value: AggregationValue, Order: ExtremumOrder>: GroupedAccumulator {
  /// Order keys; where less is wanted, a NaN has the least.
  private var keys: [Int64] = []
  private var seen: [UInt8] = []

  package init() {}

  package var groupCount: Int { keys.count }
  package var byteCount: Int { keys.heldBytes + seen.heldBytes }

  package mutating func grow(to groupCount: Int) {
    keys.grow(to: groupCount, with: Self.initial)
    seen.grow(to: groupCount, with: 0)
  }

  package mutating func reset(_ group: Int) {
    keys[group] = Self.initial
    seen[group] = 0
  }

  @inline(__always)
  private static var initial: Int64 { Order.isMaximum ? .min : .max }

  @inline(__always)
  private static func key(_ value: Value) -> Int64 {
    let key = value.orderKey
    if !Order.isMaximum, let notANumber = Value.notANumberKey, key == notANumber { return .min }
    return key
  }

  /// The extremum, nil of nothing.
  package func result(_ group: Int) -> Value? {
    if seen[group] == 0 { return nil }
    let key = keys[group]
    if !Order.isMaximum, let notANumber = Value.notANumberKey, key == .min { return Value(orderKey: notANumber) }
    return Value(orderKey: key)
  }

  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
    unsafe keys.withUnsafeMutableBufferPointer { keys in
      unsafe seen.withUnsafeMutableBufferPointer { seen in
        unsafe forEachValid(count, valid, validOffset) { row in
          let group = unsafe Int(groups[row])
          let key = unsafe Self.key(values[row])
          unsafe keys[group] = Order.isMaximum ? Swift.max(keys[group], key) : Swift.min(keys[group], key)
          unsafe seen[group] = 1
        }
      }
    }
  }

  /// Takes the order key of the extremum of values that are all of `group` and none a NaN.
  mutating func add(_ key: Int64, toGroup group: Int) {
    keys[group] = Order.isMaximum ? Swift.max(keys[group], key) : Swift.min(keys[group], key)
    seen[group] = 1
  }

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    let key = other.keys[otherGroup]
    keys[group] = Order.isMaximum ? Swift.max(keys[group], key) : Swift.min(keys[group], key)
    seen[group] |= other.seen[otherGroup]
  }

  package var blank: Self { .init() }

  /// A byte for each group, 1 where it has seen something; then the order keys of those that have.
  package func write(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    let flags = unsafe writer.reserve(9 * groups.count)
    var place = groups.count
    unsafe seen.withUnsafeBufferPointer { seen in
      unsafe keys.withUnsafeBufferPointer { keys in
        for i in groups.indices {
          let group = unsafe Int(groups[i])
          unsafe flags.storeBytes(of: seen[group], toByteOffset: i, as: UInt8.self)
          // Written whether it counts or not, and overwritten where not: there is room for one of each.
          unsafe flags.storeBytes(of: keys[group].littleEndian, toByteOffset: place, as: Int64.self)
          place &+= unsafe 8 &* Int(seen[group])
        }
      }
    }
    unsafe writer.advance(place)
  }

  package func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedState<Self>? {
    guard let states = unsafe FlaggedStates(bytes, count: count, size: 8) else { return nil }
    for i in 0..<states.present {
      if unsafe !Self.isKey(bytes.littleEndian(Int64.self, at: count &+ 8 &* i)) { return nil }
    }
    return .bytes
  }

  package mutating func merge(_ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>) {
    var place = targets.count
    unsafe keys.withUnsafeMutableBufferPointer { keys in
      unsafe seen.withUnsafeMutableBufferPointer { seen in
        for i in targets.indices where unsafe bytes[i] != 0 {
          let target = unsafe Int(targets[i])
          let key = unsafe bytes.littleEndian(Int64.self, at: place)
          unsafe keys[target] = Order.isMaximum ? Swift.max(keys[target], key) : Swift.min(keys[target], key)
          unsafe seen[target] = 1
          place &+= 8
        }
      }
    }
  }

  private static func isKey(_ key: Int64) -> Bool {
    guard !Order.isMaximum, let notANumber = Value.notANumberKey else { return Value.isOrderKey(key) }
    return key == .min || key != notANumber && Value.isOrderKey(key)
  }
}

/// States of which some are nothing: a byte for each, 0 or 1, and then as many bytes for each 1.
struct FlaggedStates {
  /// How many are 1.
  let present: Int

  /// nil where `bytes` are none.
  ///
  /// - `bytes` is readable for its count.
  @unsafe
  init?(_ bytes: UnsafeRawBufferPointer, count: Int, size: Int) {
    guard bytes.count >= count else { return nil }
    var (sum, largest) = (0, UInt8(0))
    for i in 0..<count {
      sum &+= unsafe Int(bytes[i])
      unsafe largest = Swift.max(largest, bytes[i])
    }
    guard largest <= 1, bytes.count == count + size * sum else { return nil }
    present = sum
  }
}

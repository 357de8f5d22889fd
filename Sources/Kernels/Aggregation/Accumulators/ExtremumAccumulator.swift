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

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    let key = other.keys[otherGroup]
    keys[group] = Order.isMaximum ? Swift.max(keys[group], key) : Swift.min(keys[group], key)
    seen[group] |= other.seen[otherGroup]
  }

  package func write(group: Int, into bytes: inout [UInt8]) {
    bytes.append(seen[group])
    if seen[group] != 0 { bytes.appendLittleEndian(keys[group]) }
  }

  @unsafe
  package mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    var at = position
    guard let tag = unsafe bytes.readLittleEndian(UInt8.self, at: &at), tag <= 1 else { return false }
    var key = Self.initial
    if tag == 1 {
      guard let stored = unsafe bytes.readLittleEndian(Int64.self, at: &at), Self.isKey(stored) else { return false }
      key = stored
    }
    (keys[group], seen[group]) = (key, tag)
    position = at
    return true
  }

  private static func isKey(_ key: Int64) -> Bool {
    guard !Order.isMaximum, let notANumber = Value.notANumberKey else { return Value.isOrderKey(key) }
    return key == .min || key != notANumber && Value.isOrderKey(key)
  }
}

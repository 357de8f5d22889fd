/// What a sketch is to a group: something that takes values, merges, and has canonical bytes.
package protocol GroupSketch: Sendable {
  /// What all sketches of a column have in common.
  associatedtype Parameters: Sendable
  /// What it takes.
  associatedtype Element

  init(_ parameters: Parameters)
  var byteCount: Int { get }
  mutating func insert(_ element: Element)
  mutating func merge(_ other: borrowing Self)
  func write(into bytes: inout [UInt8])
  /// nil where the bytes are none of a sketch with these parameters.
  @unsafe
  init?(_ parameters: Parameters, _ bytes: UnsafeRawBufferPointer, at position: inout Int)
}

// MARK: - DDSketch

extension DDSketch: GroupSketch {
  package init(_: Void) { self.init() }
  package var byteCount: Int { positive.byteCount + negative.byteCount }

  package func write(into bytes: inout [UInt8]) {
    bytes.appendLittleEndian(zeros)
    negative.write(into: &bytes)
    positive.write(into: &bytes)
  }

  @unsafe
  package init?(_: Void, _ bytes: UnsafeRawBufferPointer, at position: inout Int) {
    self.init()
    guard let zeros = unsafe bytes.readLittleEndian(UInt64.self, at: &position),
      let negative = unsafe DDBuckets(bytes, at: &position), let positive = unsafe DDBuckets(bytes, at: &position)
    else { return nil }
    let (sum, over) = zeros.addingReportingOverflow(negative.total)
    guard !over, !sum.addingReportingOverflow(positive.total).overflow else { return nil }
    (self.zeros, self.negative, self.positive) = (zeros, negative, positive)
  }
}

// MARK: - Distinct values

/// An ``HLLSketch`` for a group: of the same bytes for the same set of values.
package struct DistinctSketch: GroupSketch {
  package private(set) var sketch: HLLSketch

  package init(_ lgK: Int) {
    sketch = HLLSketch(lgK: lgK)
    sketch.isMerged = true
  }

  package var byteCount: Int { sketch.byteCount }

  /// Takes a coupon of ``HLLHash``.
  @inline(__always)
  package mutating func insert(_ coupon: UInt32) { sketch.insert(coupon: coupon) }

  /// Takes words of eight bytes.
  mutating func insert(words: RawSpan, isDouble: Bool) {
    sketch.insert(words: words, isDouble: isDouble, kernel: HLLScanKernel.all.select(.current))
  }

  package mutating func merge(_ other: borrowing DistinctSketch) { sketch.merge(other.sketch) }
  package var estimate: Double { sketch.mergedEstimate }

  /// The number of coupons and the coupons, ascending; or 2^16 - 1 and a byte for each register.
  package func write(into bytes: inout [UInt8]) {
    if sketch.ranks.isEmpty {
      bytes.appendLittleEndian(UInt32(sketch.couponCount))
      for coupon in sketch.coupons.filter({ $0 != 0 }).sorted() { bytes.appendLittleEndian(coupon) }
    } else {
      bytes.appendLittleEndian(UInt32.max)
      bytes.append(contentsOf: sketch.ranks)
    }
  }

  @unsafe
  package init?(_ lgK: Int, _ bytes: UnsafeRawBufferPointer, at position: inout Int) {
    self.init(lgK)
    guard let count = unsafe bytes.readLittleEndian(UInt32.self, at: &position) else { return nil }
    if count == .max {
      guard bytes.count - position >= 1 << lgK else { return nil }
      sketch.makeRegisters()
      for slot in 0..<1 << lgK {
        let rank = unsafe bytes[position + slot]
        if rank > 63 { return nil }
        if rank > 0 { sketch.insert(coupon: UInt32(rank) << 26 | UInt32(slot)) }
      }
      position += 1 << lgK
      return
    }
    guard count <= 3 << (Swift.max(lgK, 8) - 3) / 4 || count < 8, bytes.count - position >= 4 * Int(count) else {
      return nil
    }
    var last: UInt32 = 0
    for _ in 0..<count {
      guard let coupon = unsafe bytes.readLittleEndian(UInt32.self, at: &position), coupon > last, coupon >> 26 != 0
      else { return nil }
      last = coupon
      sketch.insert(coupon: coupon)
    }
    // So many coupons would have been registers.
    if !sketch.ranks.isEmpty { return nil }
  }
}

// MARK: - Frequent values

/// A ``SpaceSaving`` for a group. Its bytes depend on the order of the values.
package struct FrequentSketch: GroupSketch {
  package private(set) var counters: SpaceSaving
  package init(_ capacity: Int) { counters = SpaceSaving(capacity: capacity) }
  package var byteCount: Int { counters.byteCount }
  /// Takes an order key.
  package mutating func insert(_ key: Int64) { counters.insert(key) }
  package mutating func merge(_ other: borrowing FrequentSketch) { counters.merge(other.counters) }
  package func write(into bytes: inout [UInt8]) { counters.write(into: &bytes) }

  @unsafe
  package init?(_ capacity: Int, _ bytes: UnsafeRawBufferPointer, at position: inout Int) {
    guard let counters = unsafe SpaceSaving(capacity: capacity, bytes, at: &position) else { return nil }
    self.counters = counters
  }
}

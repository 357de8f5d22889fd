/// The most frequent values, each with a count and how much too high that may be.
///
/// Of `capacity` counters none is more than (all values) / capacity too high, and a value that occurs more often than that has one.
/// Unlike the other sketches, this one depends on the order of the values, within that error.
///
/// A. Metwally, D. Agrawal, A. El Abbadi, "Efficient computation of frequent and top-k elements in data streams", ICDT 2005; merging
/// as in P. Agarwal et al., "Mergeable summaries", PODS 2012.
package struct SpaceSaving: Sendable {
  package struct Counter: Sendable, Hashable, BitwiseCopyable {
    package var key: Int64
    /// Never too low.
    package var count: UInt64
    /// By how much it may be too high.
    package var error: UInt64
  }

  package let capacity: Int
  /// A heap, the lowest count on top; of equal counts the higher key.
  private var heap: [Counter] = []
  /// Positions in the heap, plus one, by the key's hash; 0 is free.
  private var table: [UInt32]
  package private(set) var total: UInt64 = 0

  /// - Parameter capacity: counters; positive, at most 2^24.
  package init(capacity: Int) {
    precondition(1...1 << 24 ~= capacity, "SpaceSaving: capacity must be positive, and at most 2^24")
    self.capacity = capacity
    table = [UInt32](repeating: 0, count: 16)
  }

  package var byteCount: Int { heap.heldBytes + table.heldBytes }
  package var counterCount: Int { heap.count }

  /// Counts a value.
  ///
  /// - Complexity: O(log capacity).
  package mutating func insert(_ key: Int64, count: UInt64 = 1) {
    total &+= count
    add(Counter(key: key, count: count, error: 0))
  }

  private mutating func add(_ counter: Counter) {
    let place = place(of: counter.key)
    if table[place] != 0 {
      let position = Int(table[place] - 1)
      heap[position].count &+= counter.count
      heap[position].error &+= counter.error
      sink(position)
    } else if heap.count < capacity {
      if 2 * (heap.count + 1) > table.count { growTable() }
      heap.append(counter)
      table[self.place(of: counter.key)] = UInt32(heap.count)
      rise(heap.count - 1)
    } else {
      // The least counter's value is forgotten, and its count is the new one's error.
      let least = heap[0]
      remove(least.key)
      heap[0] = Counter(
        key: counter.key, count: least.count &+ counter.count, error: least.count &+ counter.error)
      table[self.place(of: counter.key)] = 1
      sink(0)
    }
  }

  /// Counts what another one has counted. The counters of both are added, and the highest are kept.
  package mutating func merge(_ other: borrowing SpaceSaving) {
    precondition(capacity == other.capacity, "SpaceSaving: other must have the same capacity")
    // What a full one does not count may have occurred as often as its least.
    let (missing, otherMissing) = (unseen, other.unseen)
    var union: [Int64: Counter] = [:]
    for counter in heap {
      union[counter.key] = Counter(
        key: counter.key, count: counter.count &+ otherMissing, error: counter.error &+ otherMissing)
    }
    for counter in other.heap {
      if let own = union[counter.key] {
        union[counter.key] = Counter(
          key: counter.key, count: own.count &- otherMissing &+ counter.count,
          error: own.error &- otherMissing &+ counter.error)
      } else {
        union[counter.key] = Counter(
          key: counter.key, count: counter.count &+ missing, error: counter.error &+ missing)
      }
    }
    replace(with: Array(union.values.sorted(by: Self.isHigher).prefix(capacity)), total: total &+ other.total)
  }

  private var unseen: UInt64 { heap.count < capacity ? 0 : heap[0].count }

  private mutating func replace(with counters: [Counter], total: UInt64) {
    self = SpaceSaving(capacity: capacity)
    for counter in counters { add(counter) }
    self.total = total
  }

  /// The `k` highest counters, highest first; of equal counts the smaller key first.
  package func top(_ k: Int) -> [Counter] { Array(heap.sorted(by: Self.isHigher).prefix(k)) }

  private static func isHigher(_ a: Counter, _ b: Counter) -> Bool {
    a.count != b.count ? a.count > b.count : a.key < b.key
  }

  // MARK: - The heap

  private func isLower(_ a: Int, _ b: Int) -> Bool { Self.isHigher(heap[b], heap[a]) }

  private mutating func exchange(_ a: Int, _ b: Int) {
    let (first, second) = (place(of: heap[a].key), place(of: heap[b].key))
    heap.swapAt(a, b)
    table.swapAt(first, second)
  }

  private mutating func rise(_ position: Int) {
    var position = position
    while position > 0, isLower(position, (position - 1) / 2) {
      exchange(position, (position - 1) / 2)
      position = (position - 1) / 2
    }
  }

  private mutating func sink(_ position: Int) {
    var position = position
    while 2 * position + 1 < heap.count {
      var child = 2 * position + 1
      if child + 1 < heap.count, isLower(child + 1, child) { child += 1 }
      if !isLower(child, position) { return }
      exchange(position, child)
      position = child
    }
  }

  // MARK: - The table

  /// Fibonacci hashing: the odd number next to 2^64 over the golden ratio.
  private func home(_ key: Int64) -> Int {
    let hash = (UInt64(bitPattern: key) ^ UInt64(bitPattern: key) >> 32) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: hash >> UInt64(64 - table.count.trailingZeroBitCount))
  }

  /// Where the key is, or the free place where it would be.
  private func place(of key: Int64) -> Int {
    var place = home(key)
    while table[place] != 0, heap[Int(table[place] - 1)].key != key { place = (place + 1) & (table.count - 1) }
    return place
  }

  private mutating func growTable() {
    table = [UInt32](repeating: 0, count: 2 * table.count)
    for position in heap.indices { table[place(of: heap[position].key)] = UInt32(position + 1) }
  }

  /// Takes a key's place away and moves those that follow it up to where they are looked for.
  private mutating func remove(_ key: Int64) {
    let mask = table.count - 1
    var free = place(of: key)
    var next = (free + 1) & mask
    while table[next] != 0 {
      let home = home(heap[Int(table[next] - 1)].key)
      if (next - home) & mask >= (next - free) & mask {
        table[free] = table[next]
        free = next
      }
      next = (next + 1) & mask
    }
    table[free] = 0
  }

  // MARK: - Bytes

  /// The total, how many counters, and the counters, highest first.
  package func write(into bytes: inout [UInt8]) {
    bytes.appendLittleEndian(total)
    bytes.appendLittleEndian(UInt32(heap.count))
    for counter in top(heap.count) {
      bytes.appendLittleEndian(counter.key)
      bytes.appendLittleEndian(counter.count)
      bytes.appendLittleEndian(counter.error)
    }
  }

  @unsafe
  package init?(capacity: Int, _ bytes: UnsafeRawBufferPointer, at position: inout Int) {
    self.init(capacity: capacity)
    guard let total = unsafe bytes.readLittleEndian(UInt64.self, at: &position),
      let count = unsafe bytes.readLittleEndian(UInt32.self, at: &position), count <= capacity,
      bytes.count - position >= 24 * Int(count)
    else { return nil }
    var counters: [Counter] = []
    for _ in 0..<count {
      guard let key = unsafe bytes.readLittleEndian(Int64.self, at: &position),
        let number = unsafe bytes.readLittleEndian(UInt64.self, at: &position),
        let error = unsafe bytes.readLittleEndian(UInt64.self, at: &position), error < number
      else { return nil }
      let counter = Counter(key: key, count: number, error: error)
      // In order, so that no key comes twice at the same count; others are found by the table.
      if let last = counters.last, !Self.isHigher(last, counter) { return nil }
      if table[place(of: key)] != 0 { return nil }
      counters.append(counter)
      add(counter)
    }
    self.total = total
  }
}

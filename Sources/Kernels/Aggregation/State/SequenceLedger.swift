/// Which sequence numbers of each shard have been counted: ranges that neither overlap nor touch, ascending.
struct SequenceLedger: Hashable, Sendable {
  struct Range: Hashable, Sendable {
    var first: UInt64
    var last: UInt64
  }
  struct Shard: Hashable, Sendable {
    var name: [UInt8]
    var ranges: [Range]
  }

  /// By name, ascending.
  var shards: [Shard] = []

  var byteCount: Int {
    shards.heldBytes + shards.reduce(0) { $0 + $1.name.heldBytes + $1.ranges.heldBytes }
  }

  enum Standing { case new, counted, partly }

  /// The first shard whose name is not below `name`.
  private func place(_ name: [UInt8]) -> Int {
    var (low, high) = (0, shards.count)
    while low < high {
      let middle = (low + high) / 2
      if shards[middle].name.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func standing(_ name: [UInt8], _ range: ClosedRange<UInt64>) -> Standing {
    let at = place(name)
    guard at < shards.count, shards[at].name == name else { return .new }
    let ranges = shards[at].ranges
    let next = Self.firstEnding(ranges, from: range.lowerBound)
    guard next < ranges.count, ranges[next].first <= range.upperBound else { return .new }
    return ranges[next].first <= range.lowerBound && ranges[next].last >= range.upperBound ? .counted : .partly
  }

  private static func firstEnding(_ ranges: [Range], from number: UInt64) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].last < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Adds a range that is new.
  mutating func add(_ name: [UInt8], _ range: ClosedRange<UInt64>) {
    let at = place(name)
    if at == shards.count || shards[at].name != name { shards.insert(Shard(name: name, ranges: []), at: at) }
    var (first, last) = (range.lowerBound, range.upperBound)
    var from = Self.firstEnding(shards[at].ranges, from: first)
    var to = from
    if from > 0, shards[at].ranges[from - 1].last == first &- 1 {
      from -= 1
      first = shards[at].ranges[from].first
    }
    if to < shards[at].ranges.count, last != .max, shards[at].ranges[to].first == last + 1 {
      last = shards[at].ranges[to].last
      to += 1
    }
    shards[at].ranges.replaceSubrange(from..<to, with: CollectionOfOne(Range(first: first, last: last)))
  }

  /// Adds what another one counted; nil, where both have counted some numbers of a shard, and then its name.
  mutating func merge(_ other: SequenceLedger) -> [UInt8]? {
    for shard in other.shards {
      for range in shard.ranges where standing(shard.name, range.first...range.last) != .new { return shard.name }
    }
    for shard in other.shards {
      for range in shard.ranges { add(shard.name, range.first...range.last) }
    }
    return nil
  }
}

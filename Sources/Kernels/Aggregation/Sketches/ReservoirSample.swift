/// A uniform sample of a stream without replacement, from a seed.
///
/// J. Vitter, "Random sampling with a reservoir", ACM Transactions on Mathematical Software 11, 1985 (algorithm R).
public struct ReservoirSample<Element: Sendable>: Sendable {
  public let capacity: Int
  /// How many elements it has seen.
  public private(set) var count: UInt64 = 0
  /// All elements, while there are no more than the capacity; else as many of them as that, each set of them as likely.
  public private(set) var elements: [Element] = []
  private var state: UInt64

  /// - Parameters:
  ///   - capacity: positive.
  ///   - seed: equal seeds and streams give equal samples.
  public init(capacity: Int, seed: UInt64) {
    precondition(capacity > 0, "ReservoirSample: capacity must be positive")
    (self.capacity, state) = (capacity, seed)
  }

  /// Takes an element.
  ///
  /// - Complexity: O(1).
  public mutating func insert(_ element: Element) {
    count += 1
    if elements.count < capacity { return elements.append(element) }
    let place = below(count)
    if place < UInt64(capacity) { elements[Int(place)] = element }
  }

  /// Takes what another sample stands for: a sample of both streams together.
  public mutating func merge(_ other: ReservoirSample) {
    precondition(capacity == other.capacity, "ReservoirSample: other must have the same capacity")
    // Each next element comes from one of the streams with a chance of what that has left of its own.
    var (a, b) = (elements, other.elements)
    var (left, right) = (count, other.count)
    var merged: [Element] = []
    while merged.count < capacity, left + right > 0 {
      if below(left + right) < left {
        merged.append(a.remove(at: Int(below(UInt64(a.count)))))
        left -= 1
      } else {
        merged.append(b.remove(at: Int(below(UInt64(b.count)))))
        right -= 1
      }
    }
    count += other.count
    elements = merged
  }

  /// Uniform in 0 ..< limit: the high half of a product, and another draw where that would favour some (D. Lemire, "Fast random
  /// integer generation in an interval", 2019).
  private mutating func below(_ limit: UInt64) -> UInt64 {
    while true {
      let (high, low) = next().multipliedFullWidth(by: limit)
      if low >= limit || low >= (0 &- limit) % limit { return high }
    }
  }

  /// G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

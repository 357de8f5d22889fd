/// The aggregate of the last elements of a series that comes in order, after each of them: a constant number of combinations for an element
/// that comes or goes, in the worst case and not only on average.
///
/// ```swift
/// var window = SlidingAggregate<Double> { max($0, $1) }
/// window.append(3.5, at: 1_000)
/// window.remove(before: 1_000 - 60_000)
/// let greatest = window.value
/// ```
/// `combine` must be associative; it need neither commute nor have an inverse. Of many keys, rows out of order and exact sums,
/// ``Aggregation/sliding(_:on:lateness:)`` is the way: its cost is amortised over the rows of a watermark.
///
/// The queue is in two parts, as if it were two stacks: `front ..< back` has for each element the aggregate from it to `back`, and
/// `back ..< end` that from `back` to it. Where the back part has become the new front, its aggregates are turned round a step at a call
/// rather than all at once, in three pieces: from `left`, from `right` and from `turned` on.
///
/// Source: K. Tangwongsan, M. Hirzel, S. Schneider: Low-latency sliding-window aggregation in worst-case constant time. DEBS 2017 (DABA).
///
/// - Complexity: an append 4 combinations at most, a removal 3, a value 1. Memory is taken where the number of elements passes a power of two:
///   that one append moves them all, and combines nothing more.
public struct SlidingAggregate<Partial> {
  fileprivate struct Slot {
    var time: Int64
    var partial: Partial
    var aggregate: Partial
  }

  private let combine: @Sendable (Partial, Partial) -> Partial
  /// Element i is at i modulo the number of slots, a power of two.
  private var slots: [Slot?]
  private var front = 0
  private var left = 0
  private var right = 0
  private var turned = 0
  private var back = 0
  private var end = 0

  /// - Parameters:
  ///   - capacity: how many elements there is memory for from the start.
  ///   - combine: the aggregate of what came before and what came after.
  public init(minimumCapacity capacity: Int = 16, _ combine: @escaping @Sendable (Partial, Partial) -> Partial) {
    precondition(capacity >= 0 && capacity <= 1 << 48, "SlidingAggregate: capacity is out of range")
    var size = 1
    while size < capacity { size *= 2 }
    slots = Array(repeating: nil, count: size)
    self.combine = combine
  }

  /// Elements in the window.
  public var count: Int { end - front }

  /// All of them combined, the oldest first; nil where there is none.
  public var value: Partial? { combined(front == back ? nil : slot(front).aggregate, backValue) }

  /// Adds the newest element.
  ///
  /// - Precondition: `time` is not before that of the last one that is there.
  public mutating func append(_ partial: Partial, at time: Int64) {
    precondition(count == 0 || slot(end - 1).time <= time, "SlidingAggregate: elements come in the order of time")
    if count == slots.count { grow() }
    let aggregate = backValue.map { combine($0, partial) } ?? partial
    slots[end & (slots.count - 1)] = Slot(time: time, partial: partial, aggregate: aggregate)
    end += 1
    settle()
  }

  /// Removes the oldest element.
  ///
  /// - Precondition: there is one.
  public mutating func removeFirst() {
    precondition(count > 0, "SlidingAggregate: there is no element")
    slots[front & (slots.count - 1)] = nil
    front += 1
    settle()
  }

  /// Removes what came before `time`.
  ///
  /// - Complexity: O(elements removed).
  public mutating func remove(before time: Int64) {
    while count > 0, slot(front).time < time { removeFirst() }
  }

  // MARK: - The queue

  private var backValue: Partial? { back == end ? nil : slot(end - 1).aggregate }

  private func slot(_ index: Int) -> Slot {
    guard let slot = slots[index & (slots.count - 1)] else { preconditionFailure("SlidingAggregate: no element") }
    return slot
  }

  private func combined(_ first: Partial?, _ second: Partial?) -> Partial? {
    guard let first else { return second }
    guard let second else { return first }
    return combine(first, second)
  }

  private mutating func set(_ index: Int, aggregate: Partial?) {
    if let aggregate { slots[index & (slots.count - 1)]?.aggregate = aggregate }
  }

  /// The step that an element that has come or gone calls for.
  private mutating func settle() {
    if front == back {
      // What there is, one element at most, is the front.
      (left, right, turned, back) = (end, end, end, end)
      return
    }
    // The front has been turned round: the back is the next to be.
    if left == back { (left, turned, back) = (front, end, end) }
    if left == right {
      left += 1
      right += 1
      turned += 1
    } else {
      let rest = turned == back ? nil : slot(turned).aggregate
      let middle = right == turned ? nil : slot(turned - 1).aggregate
      set(left, aggregate: combined(combined(slot(left).aggregate, middle), rest))
      left += 1
      set(turned - 1, aggregate: combined(slot(turned - 1).partial, rest))
      turned -= 1
    }
  }

  private mutating func grow() {
    var larger = [Slot?](repeating: nil, count: 2 * slots.count)
    for index in front..<end { larger[index & (larger.count - 1)] = slots[index & (slots.count - 1)] }
    slots = larger
  }
}

extension SlidingAggregate: Sendable where Partial: Sendable {}
extension SlidingAggregate.Slot: Sendable where Partial: Sendable {}

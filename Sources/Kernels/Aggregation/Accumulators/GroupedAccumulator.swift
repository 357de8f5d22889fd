/// The state of one aggregate for many groups, column by column.
///
/// A group is an index below ``groupCount``; a new group has seen nothing. States of groups that saw equal multisets of values write
/// equal bytes, whatever the order, the split or the CPU, except where a type says otherwise.
package protocol GroupedAccumulator: Sendable {
  var groupCount: Int { get }

  /// Bytes of memory that the state holds, for a memory limit; what is reserved counts, not what is used.
  var byteCount: Int { get }

  /// Adds groups that have seen nothing. Never shrinks.
  mutating func grow(to groupCount: Int)

  /// Back to having seen nothing.
  mutating func reset(_ group: Int)

  /// The state of `group`, as if it had also seen what `otherGroup` of `other` saw.
  mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int)

  /// One of the same kind without groups.
  var blank: Self { get }

  /// Appends the canonical bytes of the states of groups, column by column. They do not say how many groups there are, nor where they end.
  func write(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter)

  /// Looks at the states of `count` groups, as ``write(_:into:)`` wrote them; nil where `bytes` are something else, or more, or less.
  func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedState<Self>?

  /// Merges state i of bytes that ``stage(count:_:)`` has accepted into group `targets[i]`.
  ///
  /// - The groups are there.
  mutating func merge(_ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>)

  /// Makes state i of bytes that ``stage(count:_:)`` has accepted group i.
  ///
  /// - There are no groups yet.
  mutating func load(_ bytes: UnsafeRawBufferPointer, count: Int)
}

extension GroupedAccumulator {
  package mutating func load(_ bytes: UnsafeRawBufferPointer, count: Int) {
    grow(to: count)
    let groups = Array(0..<UInt32(truncatingIfNeeded: count))
    unsafe groups.withUnsafeBufferPointer { unsafe merge(bytes, into: $0) }
  }
}

/// States that have been looked at, before they are merged.
package enum StagedState<Accumulator> {
  /// What they say is merged from where it stands.
  case bytes
  /// As an accumulator with a group for each state.
  case read(Accumulator)
}

/// An accumulator whose states are written one after the other, and have to be read to be looked at.
package protocol SequentialAccumulator: GroupedAccumulator {
  /// Appends the canonical bytes of a group's state. They end by themselves.
  func write(group: Int, into bytes: inout [UInt8])

  /// Replaces a group's state by one that ``write(group:into:)`` wrote, and moves `position` past it.
  ///
  /// False, with nothing changed, where the bytes from `position` on are no such state.
  ///
  /// - `bytes` is readable for its whole count.
  @unsafe
  mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool
}

extension SequentialAccumulator {
  package func write(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    var bytes: [UInt8] = []
    for i in groups.indices {
      unsafe write(group: Int(groups[i]), into: &bytes)
      if bytes.count > 1 << 16 {
        writer.append(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    writer.append(bytes)
  }

  package func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedState<Self>? {
    var accumulator = blank
    accumulator.grow(to: count)
    var position = 0
    for group in 0..<count {
      if !(unsafe accumulator.read(group: group, from: bytes, at: &position)) { return nil }
    }
    return position == bytes.count ? .read(accumulator) : nil
  }

  /// Only for what ``stage(count:_:)`` answers otherwise.
  package mutating func merge(_ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>) {
    preconditionFailure("SequentialAccumulator: merged as an accumulator")
  }
}

/// Calls `body` with each row that is not null.
///
/// - `valid` is nil, or readable up to bit `validOffset + count`: least significant bit first, 1 for a value, as in Arrow.
@inline(__always)
@unsafe
package func forEachValid(_ count: Int, _ valid: UnsafePointer<UInt8>?, _ validOffset: Int, _ body: (Int) -> Void) {
  guard let valid = unsafe valid else {
    var row = 0
    while row < count {
      body(row)
      row &+= 1
    }
    return
  }
  var row = 0
  while row < count {
    let bit = validOffset &+ row
    if unsafe valid[bit >> 3] >> UInt8(truncatingIfNeeded: bit & 7) & 1 != 0 { body(row) }
    row &+= 1
  }
}

// MARK: - Little-endian bytes

extension [UInt8] {
  /// Appends the bytes of `value`, the least significant first.
  @inline(__always)
  package mutating func appendLittleEndian<T: FixedWidthInteger>(_ value: T) {
    unsafe Swift.withUnsafeBytes(of: value.littleEndian) { unsafe append(contentsOf: $0) }
  }
}

extension UnsafeRawBufferPointer {
  /// The integer at `position`, which must be within.
  @inline(__always)
  @unsafe
  package func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type, at position: Int) -> T {
    unsafe T(littleEndian: baseAddress.unsafelyUnwrapped.loadUnaligned(fromByteOffset: position, as: T.self))
  }

  /// The integer at `position`, which moves past it; nil at the end.
  @inline(__always)
  package func readLittleEndian<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type = T.self, at position: inout Int
  ) -> T? {
    guard position >= 0, count &- position >= MemoryLayout<T>.size else { return nil }
    defer { position &+= MemoryLayout<T>.size }
    return unsafe T(littleEndian: loadUnaligned(fromByteOffset: position, as: T.self))
  }
}

extension Array {
  /// Bytes held, without those that elements own.
  @inline(__always)
  package var heldBytes: Int { capacity * MemoryLayout<Element>.stride }

  /// At least `count` elements.
  @inline(__always)
  package mutating func grow(to count: Int, with element: Element) {
    if count > self.count { append(contentsOf: repeatElement(element, count: count - self.count)) }
  }
}

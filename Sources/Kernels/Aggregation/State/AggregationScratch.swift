/// Memory for one block of rows, which an aggregator keeps from call to call.
@safe
struct AggregationScratch: ~Copyable {
  /// Rows a block. Its columns are meant to stay in the first two caches.
  static var blockRows: Int { 1024 }

  private var memory: Scratch
  /// Of keys: the number of each string of a dictionary, -1 before it is asked for.
  var dictionaries: [[Int64]]
  /// Of rows that are folded in another order; takes memory where there are many groups only.
  var order = RowOrder()
  /// Of states that are merged.
  var merge = Scratch()
  private let keyCount: Int

  init(keyCount: Int) {
    self.keyCount = keyCount
    memory = Scratch()
    dictionaries = Array(repeating: [], count: keyCount)
  }

  /// Columns of `blockRows`, none overlapping.
  @safe
  struct Block {
    /// Milliseconds.
    let times: UnsafeMutablePointer<Int64>
    /// The slice, where there is a window, and the keys' codes, `blockRows` apart.
    let codes: UnsafeMutablePointer<Int64>
    let masks: UnsafeMutablePointer<UInt64>
    let packed: UnsafeMutablePointer<UInt64>
    let hashes: UnsafeMutablePointer<UInt64>
    /// Room for the codes of one row.
    let one: UnsafeMutablePointer<Int64>
    let values: UnsafeMutableRawPointer
    let doubles: UnsafeMutablePointer<Double>
    /// Two columns; as ``AggregateBlock/scratch``.
    let run: UnsafeMutablePointer<Double>
    let groups: UnsafeMutablePointer<UInt32>
    let rows: UnsafeMutablePointer<UInt32>
    let live: UnsafeMutablePointer<UInt8>
    let valid: UnsafeMutablePointer<UInt8>
  }

  @unsafe
  mutating func block() -> Block {
    let rows = Self.blockRows
    let wide = 8 * rows
    memory.reserve(wide * (9 + keyCount) + 2 * 4 * rows + 2 * rows / 8 + 8 * (keyCount + 1))
    let start = unsafe memory.start.unsafelyUnwrapped
    func column<T>(_ index: Int, _: T.Type = T.self) -> UnsafeMutablePointer<T> {
      unsafe (start + index * wide).assumingMemoryBound(to: T.self)
    }
    // As many keys as there may be, whatever a block has rows.
    let one = unsafe (start + wide * (9 + keyCount) + 8 * rows + 2 * rows / 8).assumingMemoryBound(to: Int64.self)
    let narrow = unsafe start + wide * (9 + keyCount)
    return unsafe Block(
      times: column(0), codes: column(6), masks: column(1), packed: column(2), hashes: column(3), one: one,
      values: start + 4 * wide, doubles: column(5), run: column(7 + keyCount),
      groups: narrow.assumingMemoryBound(to: UInt32.self),
      rows: (narrow + 4 * rows).assumingMemoryBound(to: UInt32.self),
      live: (narrow + 8 * rows).assumingMemoryBound(to: UInt8.self),
      valid: (narrow + 8 * rows + rows / 8).assumingMemoryBound(to: UInt8.self))
  }
}

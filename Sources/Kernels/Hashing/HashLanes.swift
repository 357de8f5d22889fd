/// The streams in flight of one batch, in memory of the caller's stack.
///
/// Live lanes stand first, without gaps: a row of n lanes works on the first n. A lane whose message ends takes the
/// next message, and when there is none, the last live lane moves into its place.
@safe
struct HashLanes<Hash: BlockHash> {
  @safe
  private struct Lane {
    /// Whole blocks at the lane's data pointer that are still to be compressed.
    var blocks: Int
    /// Bytes of the whole message.
    var count: Int
    /// The message's place in the batch.
    var index: Int
    /// Whether the data pointer is in `tail`, so that the message ends with these blocks.
    var padded: Bool
    /// Room for a padded end, of this lane's own.
    var tail: UnsafeMutableRawPointer
  }

  private let messages: HashMessages
  private let digests: UnsafeMutablePointer<Hash.Digest>
  /// What every message begins with: a state, and the bytes that it has taken.
  private let initialState: Hash.State
  private let prefixCount: UInt64
  private let lanes: UnsafeMutablePointer<Lane>
  private let data: UnsafeMutablePointer<UnsafePointer<UInt8>>
  private let states: UnsafeMutablePointer<Hash.Word>
  private let tails: UnsafeMutableRawPointer
  /// Lanes with a message.
  private var live = 0
  /// The first message that no lane has taken.
  private var next = 0

  /// - `memory` is that of ``HashLanesMemory``, and outlives the value.
  @unsafe
  init(
    messages: HashMessages, digests: UnsafeMutablePointer<Hash.Digest>, prefix: BlockHasher<Hash>,
    memory: UnsafeMutableRawPointer
  ) {
    let capacity = Hash.Lanes.maximumLanes
    unsafe self.messages = messages
    unsafe self.digests = digests
    (initialState, prefixCount) = (prefix.state, prefix.count)
    var free = unsafe memory
    func take<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
      defer { unsafe free += count * MemoryLayout<T>.stride }
      return unsafe free.bindMemory(to: type, capacity: count)
    }
    unsafe lanes = take(Lane.self, capacity)
    unsafe data = take(UnsafePointer<UInt8>.self, capacity)
    unsafe states = take(Hash.Word.self, Hash.stateWords * capacity)
    unsafe tails = UnsafeMutableRawPointer(take(UInt8.self, Hash.maximumTail * capacity))
    assert(unsafe free - memory <= MemoryLayout<HashLanesMemory>.size)
  }

  /// Hashes all messages, at each step by the first of `rows` that `features` can run and that has enough live lanes.
  mutating func run(features: CPUFeatures, rows: [Hash.Lanes], single: Hash.Kernel) {
    let width = rows.reduce(1) { features.isSuperset(of: $1.requires) ? max($0, $1.lanes) : $0 }
    let count = unsafe messages.count
    while live < width && next < count {
      unsafe lanes[live].tail = unsafe tails + live * Hash.maximumTail
      start(live)
      live += 1
    }
    while live > 1 {
      guard let row = rows.first(where: { $0.minimumLive <= live && features.isSuperset(of: $0.requires) })
      else { break }
      fillIdle(row.lanes)
      let before = live
      while live == before {
        let blocks = fewestBlocks(row.lanes)
        unsafe row.compress(states, data, blocks: blocks, blockByteCount: Hash.blockByteCount)
        advance(row.lanes, by: blocks)
      }
    }
    while live > 0 {
      let blocks = unsafe lanes[0].blocks
      unsafe single.compress(states, data[0], blocks: blocks, blockByteCount: Hash.blockByteCount)
      advance(1, by: blocks)
    }
  }

  // MARK: Steps

  /// Gives lanes without a message the data of lane 0 to read; what they compute is never looked at.
  private func fillIdle(_ width: Int) {
    for lane in stride(from: live, to: width, by: 1) {
      unsafe data[lane] = data[0]
      for word in 0..<Hash.stateWords { unsafe states[Hash.stateWords * lane + word] = 0 }
    }
  }

  /// The blocks that each of the first `width` live lanes has.
  private func fewestBlocks(_ width: Int) -> Int {
    var blocks = unsafe lanes[0].blocks
    for lane in 1..<max(1, min(width, live)) { unsafe blocks = min(blocks, lanes[lane].blocks) }
    return blocks
  }

  /// Moves the first `width` live lanes past `blocks` blocks, and ends or refills those that have no more.
  private mutating func advance(_ width: Int, by blocks: Int) {
    // From the last, so that a lane that moves into a gap has had its step, or was not part of it.
    for lane in stride(from: min(width, live) - 1, through: 0, by: -1) {
      unsafe data[lane] += blocks * Hash.blockByteCount
      unsafe lanes[lane].blocks -= blocks
      if unsafe lanes[lane].blocks > 0 { continue }
      if unsafe !lanes[lane].padded {
        pad(lane)
      } else {
        finish(lane)
      }
    }
  }

  /// Starts the next message in `lane`.
  private mutating func start(_ lane: Int) {
    let message = unsafe messages[next]
    unsafe lanes[lane].index = next
    next += 1
    unsafe lanes[lane].count = message.count
    unsafe lanes[lane].blocks = message.count / Hash.blockByteCount
    unsafe lanes[lane].padded = false
    unsafe UnsafeMutableRawPointer(states + Hash.stateWords * lane).storeBytes(of: initialState, as: Hash.State.self)
    if let start = message.baseAddress { unsafe data[lane] = start.assumingMemoryBound(to: UInt8.self) }
    if unsafe lanes[lane].blocks == 0 { pad(lane) }
  }

  /// Goes on to the padded end of the lane's message.
  private func pad(_ lane: Int) {
    let count = unsafe lanes[lane].count
    let tail = unsafe lanes[lane].tail
    let rest = unsafe UnsafeRawBufferPointer(
      start: count == 0 ? nil : UnsafeRawPointer(data[lane]), count: count % Hash.blockByteCount)
    unsafe lanes[lane].blocks = unsafe Hash.pad(rest, count: prefixCount &+ UInt64(count), into: tail)
    unsafe lanes[lane].padded = true
    unsafe data[lane] = UnsafePointer(tail.assumingMemoryBound(to: UInt8.self))
  }

  /// Writes the lane's digest; the lane takes the next message, or the last live lane's.
  private mutating func finish(_ lane: Int) {
    let state = unsafe UnsafeRawPointer(states + Hash.stateWords * lane).loadUnaligned(as: Hash.State.self)
    unsafe (digests + lanes[lane].index).initialize(to: Hash.digest(of: state))
    if unsafe next < messages.count { return start(lane) }
    live -= 1
    guard lane < live else { return }
    // The tails change places too, so that each lane keeps one of its own.
    unsafe swap(&lanes[lane], &lanes[live])
    unsafe data[lane] = data[live]
    unsafe (states + Hash.stateWords * lane).update(from: states + Hash.stateWords * live, count: Hash.stateWords)
  }
}

// MARK: - Memory

/// What the lanes of one batch need, 3.3 KB at most, that nobody clears: that would take as long as a short message.
struct HashLanesMemory: BitwiseCopyable {
  private var storage: InlineArray<208, SIMD16<UInt8>>

  @inline(__always)
  init() {
    storage = InlineArray { output in
      unsafe output.withUnsafeMutableBufferPointer { memory, initializedCount in initializedCount = memory.count }
    }
  }

  /// - `body` reads no byte that it has not written, and keeps no pointer.
  @inline(__always)
  @unsafe
  mutating func withUnsafeMutableBytes(_ body: (UnsafeMutableRawPointer) -> Void) {
    var span = storage.mutableSpan
    unsafe span.withUnsafeMutableBytes { unsafe body($0.baseAddress.unsafelyUnwrapped) }
  }
}

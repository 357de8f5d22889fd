/// The streams in flight of one batch, in memory of the caller's stack.
///
/// Live lanes stand first, without gaps: a row of n lanes works on the first n. A lane whose message ends takes the
/// next message, and when there is none, the last live lane moves into its place.
@safe
struct SHA256Lanes {
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
    /// 128 bytes of this lane's own.
    var tail: UnsafeMutableRawPointer
  }

  private let messages: SHA256Messages
  private let digests: UnsafeMutablePointer<SHA256.Digest>
  private let lanes: UnsafeMutablePointer<Lane>
  private let data: UnsafeMutablePointer<UnsafePointer<UInt8>>
  private let states: UnsafeMutablePointer<UInt32>
  private let tails: UnsafeMutableRawPointer
  /// Lanes with a message.
  private var live = 0
  /// The first message that no lane has taken.
  private var next = 0

  /// - `memory` is at least ``SHA256Lanes/Memory`` long and aligned to 16, and outlives the value.
  @unsafe
  init(messages: SHA256Messages, digests: UnsafeMutablePointer<SHA256.Digest>, memory: UnsafeMutableRawPointer) {
    let capacity = SHA256LanesKernel.maximumLanes
    unsafe self.messages = messages
    unsafe self.digests = digests
    unsafe tails = memory
    unsafe states = (memory + Memory.states).bindMemory(to: UInt32.self, capacity: 8 * capacity)
    unsafe data = (memory + Memory.data).bindMemory(to: UnsafePointer<UInt8>.self, capacity: capacity)
    unsafe lanes = (memory + Memory.lanes).bindMemory(to: Lane.self, capacity: capacity)
  }

  /// Hashes all messages, at each step by the first of `rows` that `features` can run and that has enough live lanes.
  mutating func run(features: CPUFeatures, rows: [SHA256LanesKernel], single: SHA256Kernel) {
    let width = rows.reduce(1) { features.isSuperset(of: $1.requires) ? max($0, $1.lanes) : $0 }
    let count = unsafe messages.count
    while live < width && next < count {
      unsafe lanes[live].tail = unsafe tails + live * SHA256.maximumTail
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
        unsafe row.compress(states, data, blocks: blocks)
        advance(row.lanes, by: blocks)
      }
    }
    while live > 0 {
      let blocks = unsafe lanes[0].blocks
      unsafe single.compress(states, data[0], blocks: blocks)
      advance(1, by: blocks)
    }
  }

  // MARK: Steps

  /// Gives lanes without a message the data of lane 0 to read; what they compute is never looked at.
  private func fillIdle(_ width: Int) {
    for lane in stride(from: live, to: width, by: 1) {
      unsafe data[lane] = data[0]
      for word in 0..<8 { unsafe states[8 * lane + word] = 0 }
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
      unsafe data[lane] += blocks * SHA256.blockSize
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
    unsafe lanes[lane].blocks = message.count / SHA256.blockSize
    unsafe lanes[lane].padded = false
    unsafe UnsafeMutableRawPointer(states + 8 * lane).storeBytes(
      of: SHA256.initialState, as: InlineArray<8, UInt32>.self)
    if let start = message.baseAddress { unsafe data[lane] = start.assumingMemoryBound(to: UInt8.self) }
    if unsafe lanes[lane].blocks == 0 { pad(lane) }
  }

  /// Goes on to the padded end of the lane's message.
  private func pad(_ lane: Int) {
    let count = unsafe lanes[lane].count
    let tail = unsafe lanes[lane].tail
    let rest = unsafe UnsafeRawBufferPointer(
      start: count == 0 ? nil : UnsafeRawPointer(data[lane]), count: count % SHA256.blockSize)
    unsafe lanes[lane].blocks = unsafe SHA256.pad(rest, count: UInt64(count), into: tail)
    unsafe lanes[lane].padded = true
    unsafe data[lane] = UnsafePointer(tail.assumingMemoryBound(to: UInt8.self))
  }

  /// Writes the lane's digest; the lane takes the next message, or the last live lane's.
  private mutating func finish(_ lane: Int) {
    let state = unsafe UnsafeRawPointer(states + 8 * lane).loadUnaligned(as: InlineArray<8, UInt32>.self)
    unsafe (digests + lanes[lane].index).initialize(to: SHA256.Digest(state: state))
    if unsafe next < messages.count { return start(lane) }
    live -= 1
    guard lane < live else { return }
    // The tails change places too, so that each lane keeps one of its own.
    unsafe swap(&lanes[lane], &lanes[live])
    unsafe data[lane] = data[live]
    unsafe (states + 8 * lane).update(from: states + 8 * live, count: 8)
  }
}

// MARK: - Memory

extension SHA256Lanes {
  /// What the lanes of one batch need, 3.3 KB that nobody clears: that would take as long as a short message.
  struct Memory {
    fileprivate static let tails = 0
    fileprivate static let states = tails + SHA256LanesKernel.maximumLanes * SHA256.maximumTail
    fileprivate static let data = states + SHA256LanesKernel.maximumLanes * 8 * MemoryLayout<UInt32>.stride
    fileprivate static let lanes =
      unsafe data + SHA256LanesKernel.maximumLanes * MemoryLayout<UnsafePointer<UInt8>>.stride
    fileprivate static let end = lanes + SHA256LanesKernel.maximumLanes * MemoryLayout<Lane>.stride

    private var storage: InlineArray<208, SIMD16<UInt8>>

    @inline(__always)
    init() {
      storage = InlineArray { output in
        unsafe output.withUnsafeMutableBufferPointer { memory, initializedCount in initializedCount = memory.count }
      }
      assert(Self.end <= MemoryLayout<Self>.size)
    }

    /// - `body` reads no byte that it has not written, and keeps no pointer.
    @inline(__always)
    @unsafe
    mutating func withUnsafeMutableBytes(_ body: (UnsafeMutableRawPointer) -> Void) {
      var span = storage.mutableSpan
      unsafe span.withUnsafeMutableBytes { unsafe body($0.baseAddress.unsafelyUnwrapped) }
    }
  }
}

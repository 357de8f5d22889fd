#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A stack of plain elements that grows and is kept between calls.
///
/// - Elements are reached by index: a pointer is valid until the arena grows.
@safe
struct PlanArena<Element: BitwiseCopyable>: ~Copyable {
  private(set) var start: UnsafeMutablePointer<Element>
  var count = 0
  private(set) var capacity = 0
  /// Elements that it will not grow beyond.
  var limit = Int.max

  init() { unsafe start = UnsafeMutablePointer(bitPattern: 16)! }

  deinit { if capacity > 0 { unsafe free(start) } }

  @inline(__always)
  mutating func append(_ element: Element) throws(PlanStop) {
    if _slowPath(count == capacity) { try grow(1) }
    unsafe (start + count).initialize(to: element)
    count &+= 1
  }

  /// Room for `more` elements behind the last.
  @inline(__always)
  mutating func reserve(_ more: Int) throws(PlanStop) {
    if _slowPath(more > capacity &- count) { try grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) throws(PlanStop) {
    let (needed, overflow) = count.addingReportingOverflow(more)
    guard !overflow, needed <= limit else { throw .work }
    let enough = max(needed, min(limit, max(64, capacity &* 2)))
    let bytes = enough.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !bytes.overflow,
      let memory = unsafe realloc(capacity > 0 ? UnsafeMutableRawPointer(start) : nil, bytes.partialValue)
    else { throw .work }
    unsafe start = memory.bindMemory(to: Element.self, capacity: enough)
    capacity = enough
  }

  @inline(__always)
  subscript(_ index: Int) -> Element {
    get { unsafe start[index] }
    set { unsafe start[index] = newValue }
  }
}

/// Where a result goes: the caller's memory, or memory that grows.
@safe
struct PlanOutput: ~Copyable {
  private(set) var start: UnsafeMutablePointer<UInt8>
  var count = 0
  private(set) var capacity: Int
  /// Bytes that it will not grow beyond.
  var limit: Int
  private let owned: Bool
  /// Ran against the end of the caller's memory, and not against a limit.
  private(set) var isFull = false

  /// Memory that grows up to `limit` bytes.
  init(limit: Int) {
    unsafe start = UnsafeMutablePointer(bitPattern: 16)!
    (capacity, self.limit, owned) = (0, limit, true)
  }

  /// - `memory` is writable for `capacity` bytes as long as this value lives.
  @unsafe
  init(memory: UnsafeMutablePointer<UInt8>, capacity: Int, limit: Int) {
    unsafe start = memory
    self.capacity = min(capacity, limit)
    (self.limit, owned) = (limit, false)
  }

  deinit { if owned, capacity > 0 { unsafe free(start) } }

  /// The memory, from `malloc`, which is the caller's from now on; nil where nothing was written.
  @unsafe
  mutating func take() -> UnsafeMutablePointer<UInt8>? {
    guard owned, capacity > 0 else { return nil }
    let memory = unsafe start
    unsafe start = UnsafeMutablePointer(bitPattern: 16)!
    (capacity, count) = (0, 0)
    return unsafe memory
  }

  /// Room for `more` bytes behind the last.
  @inline(__always)
  mutating func reserve(_ more: Int) throws(PlanStop) {
    if _slowPath(more > capacity &- count) { try grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) throws(PlanStop) {
    let (needed, overflow) = count.addingReportingOverflow(more)
    guard !overflow, needed <= limit else { throw .output }
    guard owned else {
      isFull = true
      throw .output
    }
    let enough = max(needed, min(limit, max(256, capacity &* 2)))
    guard let memory = unsafe realloc(capacity > 0 ? UnsafeMutableRawPointer(start) : nil, enough) else {
      throw .output
    }
    unsafe start = memory.bindMemory(to: UInt8.self, capacity: enough)
    capacity = enough
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) throws(PlanStop) {
    try reserve(1)
    unsafe start[count] = byte
    count &+= 1
  }

  /// - `bytes` is readable for `length` bytes and is not this memory.
  @inline(__always)
  @unsafe
  mutating func append(_ bytes: UnsafePointer<UInt8>, _ length: Int) throws(PlanStop) {
    try reserve(length)
    unsafe copyBytes(start + count, bytes, length)
    count &+= length
  }

  /// Bytes that are copied at once where there is room.
  static var wideByteCount: Int { 32 }

  /// The same where `readable` bytes may be read: short ones without a branch for how many they are.
  @inline(__always)
  @unsafe
  mutating func append(_ bytes: UnsafePointer<UInt8>, _ length: Int, readable: Int) throws(PlanStop) {
    if _fastPath(
      length <= Self.wideByteCount && readable >= Self.wideByteCount && capacity &- count >= Self.wideByteCount)
    {
      let target = unsafe UnsafeMutableRawPointer(start + count)
      let source = unsafe UnsafeRawPointer(bytes)
      let (low, high) = unsafe (
        source.loadUnaligned(as: SIMD2<UInt64>.self), source.loadUnaligned(fromByteOffset: 16, as: SIMD2<UInt64>.self)
      )
      unsafe target.storeBytes(of: low, as: SIMD2<UInt64>.self)
      unsafe target.storeBytes(of: high, toByteOffset: 16, as: SIMD2<UInt64>.self)
      count &+= length
    } else {
      try unsafe append(bytes, length)
    }
  }

  mutating func append(_ text: StaticString) throws(PlanStop) {
    unsafe try append(text.utf8Start, text.utf8CodeUnitCount)
  }
}

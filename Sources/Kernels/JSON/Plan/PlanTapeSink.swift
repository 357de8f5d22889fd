#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes the part of a document's tape that a plan reads (``PlanReach``). Of the rest, which the walk validates all the same, it keeps
/// a byte for each container that is open.
///
/// The tape is as a document's (``JSONNode``): an object has those members alone that are read, all that came with their key; an array
/// of which elements are read has all of them, and one that is not looked into has none. A key that is one of the plan's has that one's
/// ``PlanKey/id`` in place of a count. While a container is open, its node holds
/// in place of `next` the index of the container around it, in place of the end how many values that one had, in bit 4 of `link`
/// whether that one is an object, and in place of the count that one's place in the tree.
@unsafe
struct PlanTapeSink: JSONSink {
  /// Owned by whoever made the sink; `malloc`'s.
  var nodes: UnsafeMutablePointer<JSONNode>?
  var capacity: Int
  var used = 0
  /// Owned by whoever made the sink; `malloc`'s. Whether an unread container that is open stands in an object.
  var around: UnsafeMutablePointer<Bool>?
  var aroundCapacity: Int
  var outOfMemory = false
  private var current = 0
  private var values = 0
  var depth = 0
  let maximumDepth: Int
  private var source: UnsafePointer<UInt8>
  private var end: UnsafePointer<UInt8>
  let places: UnsafePointer<PlanReach.Place>
  private let members: UnsafePointer<PlanReach.Member>
  private let keys: UnsafePointer<PlanKey>
  private let keyBytes: UnsafePointer<UInt8>
  /// Containers that are open and not read.
  var skipped = 0
  /// The place of the container that is open; of the value that comes next, or nothing.
  private(set) var here: Int32 = PlanReach.nothing
  var next: Int32 = PlanReach.root

  init(
    nodes: UnsafeMutablePointer<JSONNode>?, capacity: Int, around: UnsafeMutablePointer<Bool>?, aroundCapacity: Int,
    maximumDepth: Int, source: UnsafePointer<UInt8>, count: Int, code: PlanCode
  ) {
    unsafe self.nodes = nodes
    unsafe self.capacity = capacity
    unsafe self.around = around
    unsafe self.aroundCapacity = aroundCapacity
    unsafe self.maximumDepth = maximumDepth
    unsafe self.source = source
    unsafe end = source + count
    unsafe places = code.places
    unsafe members = code.members
    unsafe keys = code.keys
    unsafe keyBytes = code.bytes
  }

  @inline(never)
  mutating func reserve(_ tokens: Int) -> Bool {
    let needed = unsafe used &+ tokens
    guard unsafe needed > capacity else { return true }
    let wanted = unsafe max(needed, 2 &* capacity)
    guard let grown = unsafe realloc(UnsafeMutableRawPointer(nodes), wanted &* MemoryLayout<JSONNode>.stride) else {
      unsafe outOfMemory = true
      return false
    }
    unsafe nodes = grown.assumingMemoryBound(to: JSONNode.self)
    unsafe capacity = wanted
    return true
  }

  @inline(never)
  mutating func growAround() -> Bool {
    let wanted = unsafe max(256, 2 &* aroundCapacity)
    guard let grown = unsafe realloc(UnsafeMutableRawPointer(around), wanted) else {
      unsafe outOfMemory = true
      return false
    }
    unsafe around = grown.assumingMemoryBound(to: Bool.self)
    unsafe aroundCapacity = wanted
    return true
  }

  @inline(__always)
  private mutating func put(_ begin: Int, _ end: Int, _ kind: JSONKind, _ flag: Bool) {
    unsafe nodes.unsafelyUnwrapped[used] = JSONNode(begin: begin, end: end, kind: kind, flag: flag, next: used &+ 1)
    unsafe used &+= 1
  }

  /// A key that is read, with which of the plan's it is.
  @inline(__always)
  private mutating func put(key member: PlanReach.Member, _ begin: Int, _ end: Int, _ escaped: Bool) {
    var node = unsafe JSONNode(begin: begin, end: end, kind: .string, flag: escaped, next: used &+ 1)
    node.link |= unsafe UInt64(UInt32(truncatingIfNeeded: keys[Int(member.key)].id)) << 8
    unsafe nodes.unsafelyUnwrapped[used] = node
    unsafe used &+= 1
    unsafe next = member.place
  }

  @inline(__always)
  mutating func open(object: Bool, at: Int, inObject: Bool) -> Bool {
    guard unsafe depth < maximumDepth else { return false }
    unsafe depth &+= 1
    if unsafe next < 0 {
      if unsafe _slowPath(skipped == aroundCapacity) {
        guard unsafe growAround() else { return false }
      }
      unsafe around.unsafelyUnwrapped[skipped] = inObject
      unsafe skipped &+= 1
      return true
    }
    var node = unsafe JSONNode(begin: at, end: values &+ 1, kind: object ? .object : .array, flag: false, next: current)
    if inObject { node.link |= 16 }
    node.link |= unsafe UInt64(UInt32(truncatingIfNeeded: here &+ 1)) << 8
    unsafe nodes.unsafelyUnwrapped[used] = node
    unsafe current = used
    unsafe values = 0
    unsafe used &+= 1
    unsafe here = next
    if !object { unsafe next = element }
    return true
  }

  @inline(__always)
  mutating func close(at: Int) -> Bool {
    unsafe depth &-= 1
    if unsafe skipped > 0 {
      unsafe skipped &-= 1
      return unsafe around.unsafelyUnwrapped[skipped]
    }
    let node = unsafe nodes.unsafelyUnwrapped + current
    let (range, link) = unsafe (node.pointee.range, node.pointee.link)
    let count = unsafe UInt64(truncatingIfNeeded: min(values, JSONNode.maximumCount))
    unsafe node.pointee.range = range & 0xffff_ffff | UInt64(truncatingIfNeeded: at &+ 1) << 32
    unsafe node.pointee.link = link & 7 | count << 8 | UInt64(truncatingIfNeeded: used) << 32
    unsafe current = Int(truncatingIfNeeded: link >> 32)
    unsafe values = Int(truncatingIfNeeded: range >> 32)
    unsafe here = Int32(truncatingIfNeeded: link >> 8 & 0xff_ffff) &- 1
    let isInObject = link & 16 != 0
    if unsafe !isInObject && here >= 0 { unsafe next = element }
    return isInObject
  }

  /// The place of the elements of the array that is open.
  @inline(__always)
  private var element: Int32 {
    let place = unsafe places + Int(here)
    return unsafe place.pointee.isWhole ? here : place.pointee.elements
  }

  /// Whether the next value is an element that is read, in which a plan's place it is.
  @inline(__always)
  var isElementRead: Bool { unsafe next >= 0 && here >= 0 }

  /// So many nodes, which the caller writes: an element's.
  @inline(__always)
  mutating func takeElement(_ count: Int) -> UnsafeMutablePointer<JSONNode> {
    unsafe values &+= 1
    return unsafe take(count)
  }

  @inline(__always)
  mutating func key(_ begin: Int, _ end: Int, escaped: Bool) {
    if unsafe skipped > 0 { return }
    let place = unsafe places + Int(here)
    if unsafe place.pointee.isWhole {
      unsafe next = here
      unsafe put(begin, end, .string, escaped)
      return
    }
    let bit = unsafe PlanReach.bit(end &- begin &- 2, source[begin &+ 1])
    guard unsafe place.pointee.filter & bit != 0 || escaped, let member = unsafe find(place, begin, end, escaped) else {
      unsafe next = PlanReach.nothing
      return
    }
    unsafe put(key: member.pointee, begin, end, escaped)
  }

  /// Takes a key without a backslash of an object that is read in part, where it is one that is read; else false.
  @inline(__always)
  mutating func take(key begin: Int, _ end: Int) -> Bool {
    guard let member = unsafe find(places + Int(here), begin, end, false) else { return false }
    unsafe put(key: member.pointee, begin, end, false)
    return true
  }

  /// Takes back the key that was taken last.
  @inline(__always)
  mutating func forgetKey() { unsafe used &-= 1 }

  /// Whether the container that is open, and read, stands in an object.
  @inline(__always)
  var isInObject: Bool { unsafe nodes.unsafelyUnwrapped[current].link & 16 != 0 }

  @inline(__always)
  private func find(
    _ place: UnsafePointer<PlanReach.Place>, _ begin: Int, _ end: Int, _ escaped: Bool
  ) -> UnsafePointer<PlanReach.Member>? {
    let length = end &- begin &- 2
    let text = unsafe source + begin + 1
    var member = unsafe members + Int(place.pointee.members)
    let last = unsafe member + Int(place.pointee.memberCount)
    if _slowPath(escaped) {
      while unsafe member < last {
        let wanted = unsafe keyBytes + Int(keys[Int(member.pointee.key)].start)
        if unsafe PlanUnescape.matches(text, length, wanted, member.pointee.length) {
          return unsafe member
        }
        unsafe member += 1
      }
      return nil
    }
    let prefix = unsafe prefix(text, length)
    while unsafe member < last {
      if unsafe member.pointee.prefix == prefix && member.pointee.length == length {
        if length <= 8 { return unsafe member }
        let wanted = unsafe keyBytes + Int(keys[Int(member.pointee.key)].start)
        if unsafe sameBytes(text, wanted, length) { return unsafe member }
      }
      unsafe member += 1
    }
    return nil
  }

  /// The first bytes of a key, no more than eight; the rest 0.
  @inline(__always)
  private func prefix(_ text: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    let bits = UInt64(truncatingIfNeeded: 8 &* (8 &- min(length, 8)))
    if unsafe text + 8 <= end {
      let word = unsafe UnsafeRawPointer(text).loadUnaligned(as: UInt64.self).littleEndian
      return bits == 64 ? 0 : (word << bits) >> bits
    }
    var word: UInt64 = 0
    for i in (0..<min(length, 8)).reversed() { word = unsafe word << 8 | UInt64(text[i]) }
    return word
  }

  @inline(__always)
  mutating func string(_ begin: Int, _ end: Int, escaped: Bool) {
    if unsafe next < 0 { return }
    unsafe put(begin, end, .string, escaped)
    unsafe values &+= 1
  }

  @inline(__always)
  mutating func number(_ begin: Int, _ end: Int, integer: Bool) {
    if unsafe next < 0 { return }
    unsafe put(begin, end, .number, integer)
    unsafe values &+= 1
  }

  @inline(__always)
  mutating func word(_ kind: JSONKind, _ begin: Int, _ end: Int) {
    if unsafe next < 0 { return }
    unsafe put(begin, end, kind, false)
    unsafe values &+= 1
  }
}

extension PlanTapeSink: JSONLineSink {
  @inline(__always)
  mutating func restart(_ source: UnsafePointer<UInt8>, _ count: Int) {
    unsafe nodes = nodes.unsafelyUnwrapped + used
    unsafe capacity &-= used
    unsafe used = 0
    unsafe current = 0
    unsafe values = 0
    unsafe depth = 0
    unsafe skipped = 0
    unsafe here = PlanReach.nothing
    unsafe next = PlanReach.root
    unsafe self.source = source
    unsafe end = source + count
  }

  @inline(__always)
  mutating func take(_ count: Int) -> UnsafeMutablePointer<JSONNode> {
    let start = unsafe used
    unsafe used &+= count
    return unsafe nodes.unsafelyUnwrapped + start
  }
}

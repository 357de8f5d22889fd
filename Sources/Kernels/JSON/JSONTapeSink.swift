#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes the tape of a document.
///
/// While a container is open, its node holds what will be needed when it closes: in place of `next` the index of the container
/// around it, in place of the end how many values that one had, in bit 4 of `link` whether that one is an object. No stack is needed.
@unsafe
struct JSONTapeSink: JSONSink {
  /// Owned by whoever made the sink; `malloc`'s.
  var nodes: UnsafeMutablePointer<JSONNode>?
  var capacity: Int
  var used = 0
  var outOfMemory = false
  private var current = 0
  private var values = 0
  private var depth = 0
  let maximumDepth: Int

  init(nodes: UnsafeMutablePointer<JSONNode>?, capacity: Int, maximumDepth: Int) {
    unsafe self.nodes = nodes
    unsafe self.capacity = capacity
    unsafe self.maximumDepth = maximumDepth
  }

  @inline(never)
  mutating func reserve(_ tokens: Int) -> Bool {
    let needed = unsafe used &+ tokens
    guard unsafe needed > capacity else { return true }
    let wanted = unsafe max(needed, 2 &* capacity)
    guard
      let grown = unsafe realloc(UnsafeMutableRawPointer(nodes), wanted &* MemoryLayout<JSONNode>.stride)
    else {
      unsafe outOfMemory = true
      return false
    }
    unsafe nodes = grown.assumingMemoryBound(to: JSONNode.self)
    unsafe capacity = wanted
    return true
  }

  @inline(__always)
  private mutating func put(_ begin: Int, _ end: Int, _ kind: JSONKind, _ flag: Bool) {
    unsafe nodes.unsafelyUnwrapped[used] = JSONNode(begin: begin, end: end, kind: kind, flag: flag, next: used &+ 1)
    unsafe used &+= 1
  }

  @inline(__always)
  mutating func open(object: Bool, at: Int, inObject: Bool) -> Bool {
    guard unsafe depth < maximumDepth else { return false }
    unsafe depth &+= 1
    var node = unsafe JSONNode(begin: at, end: values &+ 1, kind: object ? .object : .array, flag: false, next: current)
    if inObject { node.link |= 16 }
    unsafe nodes.unsafelyUnwrapped[used] = node
    unsafe current = used
    unsafe values = 0
    unsafe used &+= 1
    return true
  }

  @inline(__always)
  mutating func close(at: Int) -> Bool {
    let node = unsafe nodes.unsafelyUnwrapped + current
    let (range, link) = unsafe (node.pointee.range, node.pointee.link)
    let count = unsafe UInt64(truncatingIfNeeded: min(values, JSONNode.maximumCount))
    unsafe node.pointee.range = range & 0xffff_ffff | UInt64(truncatingIfNeeded: at &+ 1) << 32
    unsafe node.pointee.link = link & 7 | count << 8 | UInt64(truncatingIfNeeded: used) << 32
    unsafe current = Int(truncatingIfNeeded: link >> 32)
    unsafe values = Int(truncatingIfNeeded: range >> 32)
    unsafe depth &-= 1
    return link & 16 != 0
  }

  @inline(__always)
  mutating func key(_ begin: Int, _ end: Int, escaped: Bool) { unsafe put(begin, end, .string, escaped) }

  @inline(__always)
  mutating func string(_ begin: Int, _ end: Int, escaped: Bool) {
    unsafe put(begin, end, .string, escaped)
    unsafe values &+= 1
  }

  @inline(__always)
  mutating func number(_ begin: Int, _ end: Int, integer: Bool) {
    unsafe put(begin, end, .number, integer)
    unsafe values &+= 1
  }

  @inline(__always)
  mutating func word(_ kind: JSONKind, _ begin: Int, _ end: Int) {
    unsafe put(begin, end, kind, false)
    unsafe values &+= 1
  }
}

extension JSONTapeSink: JSONLineSink {
  @inline(__always)
  mutating func restart(_ source: UnsafePointer<UInt8>, _ count: Int) {
    unsafe nodes = nodes.unsafelyUnwrapped + used
    unsafe capacity &-= used
    unsafe used = 0
    unsafe current = 0
    unsafe values = 0
    unsafe depth = 0
  }

  @inline(__always)
  mutating func take(_ count: Int) -> UnsafeMutablePointer<JSONNode> {
    let start = unsafe used
    unsafe used &+= count
    return unsafe nodes.unsafelyUnwrapped + start
  }
}

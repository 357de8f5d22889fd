/// A parsed document, unguarded: nodes and source by pointer, values by the index of their node. The layout is ``JSONNode``'s.
///
/// - Valid as long as the document's nodes and source are.
/// - Indices must be those of values or keys of this document.
@unsafe
@usableFromInline
package struct JSONTape: BitwiseCopyable {
  @usableFromInline package let nodes: UnsafePointer<JSONNode>
  @usableFromInline package let source: UnsafePointer<UInt8>
  /// Above the count of 32 bits, what of duplicate keys counts, and who reads numbers: with an index, a tape fits in four registers.
  @usableFromInline let countAndKeys: UInt64

  /// - `source` is readable for `count` bytes, less than 2^32.
  package init(
    nodes: UnsafePointer<JSONNode>, source: UnsafePointer<UInt8>, count: Int, duplicateKeys: JSONOptions.DuplicateKeys,
    numbers: JSONNumberKernel = .current
  ) {
    unsafe (self.nodes, self.source) = (nodes, source)
    let isFirst: UInt64 = duplicateKeys == .first ? 1 : 0
    let reader = UInt64(numbers.reader.rawValue)
    unsafe countAndKeys = UInt64(truncatingIfNeeded: count) & 0xffff_ffff | isFirst << 32 | reader << 40
  }

  package var count: Int { unsafe Int(truncatingIfNeeded: countAndKeys & 0xffff_ffff) }
  /// Of the members with one key the first is the one that counts.
  package var keepsFirst: Bool { unsafe countAndKeys >> 32 & 1 != 0 }
  private var reader: JSONNumberKernel.Reader {
    unsafe unsafeBitCast(UInt8(truncatingIfNeeded: countAndKeys >> 40), to: JSONNumberKernel.Reader.self)
  }

  /// The node of the text's value.
  @inlinable package static var root: Int { 0 }

  @inlinable @inline(__always) package func node(_ value: Int) -> JSONNode { unsafe nodes[value] }
  @inlinable @inline(__always) package func kind(_ value: Int) -> JSONKind { unsafe nodes[value].kind }
  /// The node after the value and all that is in it.
  @inlinable @inline(__always) package func next(_ value: Int) -> Int { unsafe nodes[value].next }

  /// The bytes of the value in the source, quotes and brackets included.
  @inlinable @inline(__always)
  package func raw(_ value: Int) -> UnsafeRawBufferPointer {
    let node = unsafe nodes[value]
    return unsafe UnsafeRawBufferPointer(start: source + node.begin, count: node.end &- node.begin)
  }

  /// The bytes of a string or key between its quotes, still escaped.
  @inlinable @inline(__always)
  package func contents(_ string: Int) -> UnsafeRawBufferPointer {
    let node = unsafe nodes[string]
    return unsafe UnsafeRawBufferPointer(start: source + node.begin + 1, count: node.end &- node.begin &- 2)
  }

  /// Elements or members. - Complexity: O(1) up to 2^24, then O(n).
  @usableFromInline
  package func childCount(_ container: Int) -> Int {
    let node = unsafe nodes[container]
    guard node.saturatedCount == JSONNode.maximumCount else { return node.saturatedCount }
    var (count, at) = (0, container &+ 1)
    while at < node.next {
      if node.kind == .object { at &+= 1 }
      at = unsafe next(at)
      count &+= 1
    }
    return count
  }
}

// MARK: - Members and elements

extension JSONTape {
  /// The value of the member with this key (unescaped), as the policy of duplicates has it; -1 where there is none.
  @usableFromInline
  package func member(_ object: Int, _ key: UnsafeRawBufferPointer) -> Int {
    let end = unsafe next(object)
    var (at, found) = (object &+ 1, -1)
    while at < end {
      if unsafe string(at, equals: key) {
        found = at &+ 1
        if unsafe keepsFirst { return found }
      }
      at = unsafe next(at &+ 1)
    }
    return found
  }

  /// The element at `index`, from 0; -1 where there is none. - Complexity: O(index).
  @usableFromInline
  package func element(_ array: Int, _ index: Int) -> Int {
    let end = unsafe next(array)
    var (at, left) = (array &+ 1, index)
    while at < end {
      if left == 0 { return at }
      left &-= 1
      at = unsafe next(at)
    }
    return -1
  }

  /// Whether a string or key, unescaped, is `text`.
  @usableFromInline
  @inline(__always)
  package func string(_ string: Int, equals text: UnsafeRawBufferPointer) -> Bool {
    let node = unsafe nodes[string]
    if _slowPath(node.hasEscapes) { return unsafe JSONUnescape.equals(contents(string), text) }
    guard node.end &- node.begin &- 2 == text.count else { return false }
    return unsafe JSONBytes.equal(source + node.begin + 1, text)
  }

  /// Writes what a string or key stands for; how many bytes that is, no more than `contents` has.
  ///
  /// - `out` has room for `contents(string).count` bytes.
  @usableFromInline
  package func unescape(_ string: Int, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let contents = unsafe contents(string)
    if unsafe nodes[string].hasEscapes { return unsafe JSONUnescape.write(contents, out) }
    if let start = contents.baseAddress {
      unsafe UnsafeMutableRawPointer(out).copyMemory(from: start, byteCount: contents.count)
    }
    return contents.count
  }
}

// MARK: - Numbers

extension JSONTape {
  /// The number's value, where it is an integer in text and fits.
  @usableFromInline
  package func int64(_ number: Int) -> Int64? {
    let node = unsafe nodes[number]
    return node.isInteger ? unsafe JSONNumber.int64(source, node.begin, node.end, count: count) : nil
  }

  @usableFromInline
  package func uint64(_ number: Int) -> UInt64? {
    let node = unsafe nodes[number]
    return node.isInteger ? unsafe JSONNumber.uint64(source, node.begin, node.end, count: count) : nil
  }

  /// The double nearest to the number, ties to even; infinity past the range.
  @inlinable @inline(__always)
  package func double(_ number: Int) -> Double {
    let bits = unsafe doubleByRow(number)
    // Here, so that nothing is kept for what is rare.
    return _fastPath(bits != .max) ? Double(bitPattern: bits) : unsafe doubleWithoutRow(number)
  }

  /// The bits of it; all ones where the row does not know.
  @usableFromInline
  package func doubleByRow(_ number: Int) -> UInt64 {
    let node = unsafe nodes[number]
    return unsafe reader.double(source + node.begin, node.end &- node.begin, readable: count &- node.begin)
  }

  @usableFromInline
  package func doubleWithoutRow(_ number: Int) -> Double {
    let node = unsafe nodes[number]
    return unsafe JSONNumber.double(source, node.begin, node.end, count: count)
  }

  /// The doubles of an array's elements; how many, -1 where it is none, one of them is no number, or they are more than `room`.
  @usableFromInline
  package func doubles(_ array: Int, _ out: UnsafeMutablePointer<Double>, room: Int) -> Int {
    let node = unsafe nodes[array]
    let first = array &+ 1
    let count = node.next &- first
    guard node.kind == .array && count <= room else { return -1 }
    let read = unsafe reader.doubles(source, readable: self.count, nodes + first, count, out)
    if _fastPath(read == count) { return count }
    return unsafe doubles(first, count, from: read, out)
  }

  /// The same of nodes from a place on, where the row does not know.
  @inline(never)
  private func doubles(_ first: Int, _ count: Int, from: Int, _ out: UnsafeMutablePointer<Double>) -> Int {
    var at = from
    while at < count {
      let node = unsafe nodes[first &+ at]
      guard node.kind == .number else { return -1 }
      unsafe out[at] = doubleWithoutRow(first &+ at)
      at &+= 1
      unsafe at &+= reader.doubles(source, readable: self.count, nodes + (first &+ at), count &- at, out + at)
    }
    return count
  }
}

extension JSONTape {
  /// Writes a value without white space outside strings; how many bytes: never more than its raw text has.
  ///
  /// - `out` has room for `raw(value).count` bytes and does not overlap the source.
  package func serialize(_ value: Int, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let row = JSONCompactKernel.current
    let text = unsafe raw(value)
    guard let body = unsafe row.body, unsafe text.count / (nodes[value].next &- value) < row.longNode else {
      return unsafe serializeByTokens(value, out)
    }
    return unsafe JSONCompactKernel.run(text, out, body)
  }

  /// The tokens are copied as they stand, and so are the brackets, commas and colons between them: no stack is needed.
  /// - `out` has room for `raw(value).count` bytes and does not overlap the source.
  @inline(never)
  package func serializeByTokens(_ value: Int, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let last = unsafe nodes[value].end
    let stop = unsafe nodes[value].next
    var at = unsafe nodes[value].begin
    var to = unsafe out
    for i in value..<stop {
      let node = unsafe nodes[i]
      unsafe between(&at, node.begin, &to)
      let length = node.kind.rawValue >= JSONKind.array.rawValue ? 1 : node.end &- node.begin
      // What comes out is never ahead of what goes in, so that 16 bytes fit wherever 16 are left.
      if length <= 16 && last &- at >= 16 {
        let piece = unsafe UnsafeRawPointer(source + at).loadUnaligned(as: SIMD2<UInt64>.self)
        unsafe UnsafeMutableRawPointer(to).storeBytes(of: piece, as: SIMD2<UInt64>.self)
      } else {
        unsafe to.update(from: source + at, count: length)
      }
      unsafe to += length
      at &+= length
    }
    unsafe between(&at, last, &to)
    return unsafe to - out
  }

  /// Copies what is between two tokens, without blanks.
  @inline(__always)
  private func between(_ at: inout Int, _ end: Int, _ to: inout UnsafeMutablePointer<UInt8>) {
    while at < end {
      let byte = unsafe source[at]
      unsafe to[0] = byte
      at &+= 1
      if !JSONBytes.isBlank(byte) {
        unsafe to += 1
      } else {
        // Indentation is mostly spaces.
        while end &- at >= 8,
          unsafe UnsafeRawPointer(source + at).loadUnaligned(as: UInt64.self) == 0x2020_2020_2020_2020
        {
          at &+= 8
        }
      }
    }
  }

  /// Appends a value with a line for each element and member, `indent` spaces a level.
  package func prettyPrint(_ value: Int, indent: Int, _ out: inout [UInt8]) {
    var at = unsafe nodes[value].begin
    var depth = 0
    var afterOpen = false
    func line() {
      out.append(UInt8(ascii: "\n"))
      out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth &* indent))
    }
    func gap(_ end: Int) {
      while at < end {
        let byte = unsafe source[at]
        at &+= 1
        if JSONBytes.isBlank(byte) { continue }
        switch byte {
        case UInt8(ascii: ","):
          out.append(byte)
          line()
        case UInt8(ascii: ":"):
          out.append(byte)
          out.append(UInt8(ascii: " "))
        default:
          depth &-= 1
          if !afterOpen { line() }
          out.append(byte)
          afterOpen = false
        }
      }
    }
    for i in value..<(unsafe nodes[value].next) {
      let node = unsafe nodes[i]
      gap(node.begin)
      if afterOpen { line() }
      let isContainer = node.kind.rawValue >= JSONKind.array.rawValue
      let length = isContainer ? 1 : node.end &- node.begin
      unsafe out.append(contentsOf: UnsafeBufferPointer(start: source + at, count: length))
      at &+= length
      afterOpen = isContainer
      if isContainer { depth &+= 1 }
    }
    gap(unsafe nodes[value].end)
  }
}

extension JSONValue {
  /// Appends the value to `out` without white space outside strings; false, with nothing done, where the room is less than
  /// `raw.byteCount`, which is always enough.
  ///
  /// Numbers and strings keep their bytes. - Complexity: O(raw text). Allocates nothing.
  public func serialize(into out: inout OutputSpan<UInt8>) -> Bool {
    guard unsafe tape.raw(index).count <= out.freeCapacity else { return false }
    unsafe out.withUnsafeMutableBufferPointer { memory, count in
      guard let start = memory.baseAddress else { return }
      count += unsafe tape.serialize(index, start + count)
    }
    return true
  }

  /// The value without white space outside strings. Allocates.
  public func serialized() -> [UInt8] {
    [UInt8](capacity: unsafe tape.raw(index).count) { out in _ = serialize(into: &out) }
  }

  /// The value with a line for each element and member. Allocates.
  ///
  /// - Parameter indent: spaces a level.
  public func prettyPrinted(indent: Int = 2) -> [UInt8] {
    precondition(indent >= 0, "JSONValue.prettyPrinted: indent must not be negative")
    var out: [UInt8] = []
    unsafe tape.prettyPrint(index, indent: indent, &out)
    return out
  }
}

extension PlanMachine {
  /// Levels of a result's nesting, as of a document's.
  static var maximumDepth: Int { 1024 }

  /// Writes what a node gives for a value; false where that is null, which is not written.
  ///
  /// Projections, lists and hashes go to the output as they come: nothing of them is kept.
  mutating func emit(_ index: Int32, _ value: PlanValue, _ depth: Int) throws(PlanStop) -> Bool {
    let node = unsafe nodes[Int(index)]
    switch node.op {
    case .sequence:
      var result = value
      for step in 0..<node.count &- 1 { result = try self.step(list(node, step), result) }
      let last = list(node, node.count &- 1)
      if unsafe nodes[Int(last)].op == .field { return try write(step(last, result), depth) }
      return try emit(last, result, depth)
    case .field: return try write(member(value, node.a), depth)
    case .literal: return try write(literal(node.number), depth)
    case .project, .projectSlice, .projectFilter, .projectValues, .projectFlattened, .map:
      return try emitProjection(node, value, depth)
    case .makeArray:
      if value.isNull { return false }
      try enter(depth)
      try out.append(UInt8(ascii: "["))
      for step in 0..<node.count {
        if step > 0 { try out.append(UInt8(ascii: ",")) }
        if try !emit(list(node, step), value, depth &+ 1) { try out.append("null") }
      }
      try out.append(UInt8(ascii: "]"))
      return true
    case .makeObject:
      if value.isNull { return false }
      return try emitObject(node, value, depth)
    case .or, .and:
      for step in 0..<node.count &- 1 {
        if node.op == .or {
          if try emitIfTrue(list(node, step), value, depth) { return true }
          continue
        }
        let result = try evaluate(list(node, step), value)
        if try !isTrue(result) { return try write(result, depth) }
      }
      return try emit(list(node, node.count &- 1), value, depth)
    case .fallback:
      if try emit(node.a, value, depth) { return true }
      return try emit(node.b, value, depth)
    default: return try write(evaluate(index, value), depth)
    }
  }

  /// Writes what a node gives for a value where that is true; else nothing, and false.
  private mutating func emitIfTrue(_ index: Int32, _ value: PlanValue, _ depth: Int) throws(PlanStop) -> Bool {
    let node = unsafe nodes[Int(index)]
    switch node.op {
    case .and:
      for step in 0..<node.count &- 1 {
        if try !isTrue(of: list(node, step), value) { return false }
      }
      return try emitIfTrue(list(node, node.count &- 1), value, depth)
    case .makeObject where node.count > 0:
      if value.isNull { return false }
      return try emitObject(node, value, depth)
    default:
      let result = try evaluate(index, value)
      guard try isTrue(result) else { return false }
      return try write(result, depth)
    }
  }

  @inline(__always)
  private mutating func enter(_ depth: Int) throws(PlanStop) {
    if depth >= Self.maximumDepth { throw .depth }
  }

  private mutating func emitObject(_ node: PlanNode, _ value: PlanValue, _ depth: Int) throws(PlanStop) -> Bool {
    try enter(depth)
    if node.count == 0 { try out.append(UInt8(ascii: "{")) }
    var step: Int32 = 0
    while step < node.count {
      let start = out.count
      let key = unsafe keys[Int(list(node, step))]
      // With the comma before it, of which the first one's becomes a bracket, and the colon.
      try unsafe out.append(
        keyBytes + Int(key.quotedStart &- 1), Int(key.quotedCount &+ 2), readable: PlanOutput.wideByteCount)
      if step == 0 { unsafe out.start[start] = UInt8(ascii: "{") }
      let member = unsafe nodes[Int(list(node, step &+ 1))]
      let isValue =
        member.op == .field
        ? try write(self.member(value, member.a), depth &+ 1) : try emit(list(node, step &+ 1), value, depth &+ 1)
      if !isValue { try out.append("null") }
      step &+= 2
    }
    try out.append(UInt8(ascii: "}"))
    return true
  }

  @inline(__always)
  mutating func writeKey(_ index: Int32) throws(PlanStop) {
    let key = unsafe keys[Int(index)]
    try unsafe out.append(keyBytes + Int(key.quotedStart), Int(key.quotedCount))
  }

  private mutating func emitProjection(_ node: PlanNode, _ value: PlanValue, _ depth: Int) throws(PlanStop) -> Bool {
    let held = (values.count, bytes.count, stack.count)
    let base = try evaluate(node.a, value)
    guard var cursor = try projectionCursor(node, base) else { return false }
    try enter(depth)
    try out.append(UInt8(ascii: "["))
    var isFirst = true
    let mark = (values.count, bytes.count, stack.count)
    while let element = cursor.next(&self) {
      if node.op == .projectFilter {
        let passes = try isTrue(of: node.c, element)
        (values.count, bytes.count, stack.count) = mark
        guard passes else { continue }
      }
      let start = out.count
      if !isFirst { try out.append(UInt8(ascii: ",")) }
      let isValue = try emit(node.b, element, depth &+ 1)
      (values.count, bytes.count, stack.count) = mark
      if isValue || node.op == .map {
        isFirst = false
        if !isValue { try out.append("null") }
      } else {
        out.count = start
      }
    }
    try out.append(UInt8(ascii: "]"))
    (values.count, bytes.count, stack.count) = held
    return true
  }

  // MARK: - Values

  /// Writes a value; false where it is null, which is not written.
  @inline(__always)
  mutating func write(_ value: PlanValue, _ depth: Int) throws(PlanStop) -> Bool {
    switch value.kind {
    case .null:
      if value.isExpression { throw .invalidType }
      return false
    case .true: try out.append("true")
    case .false: try out.append("false")
    case .number, .string:
      if value.isTape {
        let node = node(value)
        let readable = value.place == .source ? sourceCount &- node.begin : 0
        try unsafe out.append(text(value.place) + node.begin, node.end &- node.begin, readable: readable)
      } else {
        try writeScalar(value)
      }
    case .array, .object:
      if value.isTape { try writeTape(value, depth) } else { try writeComputed(value, depth) }
    }
    return true
  }

  @inline(never)
  private mutating func writeScalar(_ value: PlanValue) throws(PlanStop) {
    switch value.place {
    case .integer: try writeInteger(Int64(bitPattern: value.body))
    case .double: try writeDouble(Double(bitPattern: value.body))
    case .key: try writeKey(Int32(value.index))
    default:
      // Reserved before the pointer is taken; the output is other memory than the machine's bytes.
      if value.kind == .number {
        try unsafe out.append(UnsafePointer(bytes.start + value.index), value.count)
      } else {
        try unsafe writeQuoted(UnsafeBufferPointer(start: bytes.start + value.index, count: value.count), ascii: false)
      }
    }
  }

  private mutating func writeComputed(_ value: PlanValue, _ depth: Int) throws(PlanStop) {
    try enter(depth)
    try spend(value.count)
    if value.kind == .array {
      try out.append(UInt8(ascii: "["))
      for index in 0..<value.count {
        if index > 0 { try out.append(UInt8(ascii: ",")) }
        if try !write(values[value.index &+ index], depth &+ 1) { try out.append("null") }
      }
      try out.append(UInt8(ascii: "]"))
    } else {
      try out.append(UInt8(ascii: "{"))
      for member in 0..<value.count {
        if member > 0 { try out.append(UInt8(ascii: ",")) }
        _ = try write(values[value.index &+ 2 &* member], depth &+ 1)
        try out.append(UInt8(ascii: ":"))
        if try !write(values[value.index &+ 2 &* member &+ 1], depth &+ 1) { try out.append("null") }
      }
      try out.append(UInt8(ascii: "}"))
    }
  }

  mutating func writeInteger(_ value: Int64) throws(PlanStop) {
    if value < 0 { try out.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    var count = 1
    var power: UInt64 = 10
    while count < 19, rest >= power {
      count &+= 1
      power &*= 10
    }
    try out.reserve(count)
    var place = out.count &+ count
    out.count = place
    repeat {
      place &-= 1
      unsafe out.start[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
  }

  /// The shortest text that reads back as the same double, as Python writes it: with a point or an exponent, the latter from
  /// 1e16 on and below 1e-4.
  ///
  /// - `value` is finite.
  mutating func writeDouble(_ value: Double) throws(PlanStop) {
    try out.reserve(JSONNumberText.room)
    let start = unsafe out.start + out.count
    out.count &+= unsafe PlanDoubleText.write(value, start)
  }

  // MARK: - Strings

  /// A string with its quotes: escaped where JSON wants it, lone surrogates too; with `ascii`, all that is not printable ASCII.
  mutating func writeQuoted(_ text: UnsafeBufferPointer<UInt8>, ascii: Bool) throws(PlanStop) {
    try out.reserve(text.count &+ 2)
    try out.append(UInt8(ascii: "\""))
    var at = 0
    while at < text.count {
      let byte = unsafe text[at]
      at &+= 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): try escape(byte)
      case 8: try escape(UInt8(ascii: "b"))
      case 9: try escape(UInt8(ascii: "t"))
      case 10: try escape(UInt8(ascii: "n"))
      case 12: try escape(UInt8(ascii: "f"))
      case 13: try escape(UInt8(ascii: "r"))
      case 0..<32: try escape(unit: UInt32(byte))
      case 0x7F where ascii: try escape(unit: 0x7F)
      case 0xED where unsafe !ascii && at < text.count && text[at] >= 0xA0:
        let code = unsafe 0xD000 | UInt32(text[at] & 63) << 6 | UInt32(text[at &+ 1] & 63)
        try escape(unit: code)
        at &+= 2
      case 0x80... where ascii:
        let length = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
        var code = UInt32(byte) & (0x3F >> UInt32(length))
        for index in at..<min(at &+ length, text.count) { code = unsafe code << 6 | UInt32(text[index] & 63) }
        at = min(at &+ length, text.count)
        if code >= 0x10000 {
          try escape(unit: 0xD800 &+ (code &- 0x10000) >> 10)
          try escape(unit: 0xDC00 | code & 0x3FF)
        } else {
          try escape(unit: code)
        }
      default: try out.append(byte)
      }
    }
    try out.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) throws(PlanStop) {
    try out.append(UInt8(ascii: "\\"))
    try out.append(byte)
  }

  private mutating func escape(unit: UInt32) throws(PlanStop) {
    try escape(UInt8(ascii: "u"))
    for shift in stride(from: UInt32(12), through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 15)
      try out.append(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ digit &- 10)
    }
  }
}

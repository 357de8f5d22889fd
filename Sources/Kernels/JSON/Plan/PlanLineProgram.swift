/// What a plan does with lines of one frame where it looks at numbers, strings and words alone: it reads them where the tokens say
/// that they are, and no tape is made of such a line.
@unsafe
struct PlanLineProgram {
  struct Op: BitwiseCopyable {
    enum Kind: UInt8 {
      /// Writes `count` bytes of ``text`` from `start` on.
      case text
      /// Writes the value.
      case value
      /// Goes on where the value and the literal's number `start` are in order, else at `other`.
      case order
      /// The same where the value is, or is not, the `count` bytes of ``text`` from `start` on.
      case same
      /// The same where the value is true.
      case truth
      /// Ends with the value; with what was written; with null.
      case result, end, null
    }

    var kind: Kind
    var comparison = PlanComparison.equal
    var isString = false
    var other: Int32 = -1
    var start: Int32 = 0
    var count: Int32 = 0
    var begin = PlanLineFrame.Place()
    var ending = PlanLineFrame.Place()
    /// The literal's number, scaled, where it is short.
    var bound = unscaled

    static var unscaled: Int64 { .min }
  }

  static var maximumOps: Int { 64 }
  static var maximumText: Int { 2048 }
  static var nullCount: Int { 4 }
  static var byteCount: Int {
    unsafe maximumOps &* MemoryLayout<Op>.stride &+ maximumText &+ PlanOutput.wideByteCount
  }

  let ops: UnsafeMutablePointer<Op>
  /// Begins with `null`.
  let text: UnsafeMutablePointer<UInt8>
  /// 0: there is none.
  var opCount = 0
  private var textCount = 0

  /// - `memory` is writable for ``byteCount`` bytes and aligned to 8.
  init(_ memory: UnsafeMutableRawPointer) {
    unsafe ops = memory.assumingMemoryBound(to: Op.self)
    let text = unsafe memory + Self.maximumOps &* MemoryLayout<Op>.stride
    unsafe self.text = text.initializeMemory(
      as: UInt8.self, repeating: 0, count: Self.maximumText &+ PlanOutput.wideByteCount)
    unsafe text.storeBytes(of: UInt32(0x6c6c_756e).littleEndian, as: UInt32.self)
  }
}

// MARK: - Making

extension PlanLineProgram {
  /// A line whose shape was just made, and what is kept of it.
  @unsafe
  struct Line {
    let code: PlanCode
    let shape: PlanLineShape
    let tape: JSONTape

    func node(_ index: Int32) -> PlanNode { unsafe code.nodes[Int(index)] }
    func list(_ node: PlanNode, _ step: Int32) -> Int32 { unsafe code.lists[Int(node.a &+ step)] }
  }

  private enum Value {
    case absent
    case scalar(begin: PlanLineFrame.Place, end: PlanLineFrame.Place, isString: Bool)
  }

  /// Makes the plan's program for lines of a shape that has a frame; none where the plan does anything else than what there are ops for.
  mutating func make(_ line: Line) {
    unsafe (opCount, textCount) = (0, Self.nullCount)
    if unsafe !addResult(line, line.code.root) { unsafe opCount = 0 }
  }

  private mutating func add(_ op: Op) -> Bool {
    guard unsafe opCount < Self.maximumOps else { return false }
    unsafe ops[opCount] = op
    unsafe opCount &+= 1
    return true
  }

  /// Adds text to write, to the text before where there is some. No condition leads between them.
  private mutating func add(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    let start = unsafe textCount
    guard unsafe keep(bytes, count) else { return false }
    if unsafe opCount > 0 && ops[opCount &- 1].kind == .text {
      unsafe ops[opCount &- 1].count &+= Int32(count)
      return true
    }
    return unsafe add(Op(kind: .text, start: Int32(start), count: Int32(count)))
  }

  private mutating func add(_ text: StaticString) -> Bool { unsafe add(text.utf8Start, text.utf8CodeUnitCount) }

  private mutating func keep(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    guard unsafe textCount &+ count <= Self.maximumText else { return false }
    unsafe (text + textCount).update(from: bytes, count: count)
    unsafe textCount &+= count
    return true
  }

  /// Where a path of keys leads; nil where that is no scalar, or the node is no path.
  private func value(_ line: Line, _ index: Int32) -> Value? {
    let node = unsafe line.node(index)
    var at = unsafe JSONTape.root
    switch node.op {
    case .field:
      at = unsafe member(line, at, node.a)
    case .sequence:
      for step in 0..<node.count {
        let field = unsafe line.node(line.list(node, step))
        guard field.op == .field else { return nil }
        at = unsafe member(line, at, field.a)
      }
    default: return nil
    }
    guard at >= 0 else { return .absent }
    let found = unsafe line.shape.frame.nodes[at]
    guard found.value != .none else { return nil }
    return unsafe .scalar(begin: found.begin, end: found.end, isString: found.value == .string)
  }

  private func member(_ line: Line, _ object: Int, _ key: Int32) -> Int {
    guard unsafe object >= 0 && line.tape.kind(object) == .object else { return -1 }
    let key = unsafe line.code.keys[Int(key)]
    return unsafe line.tape.member(
      object, UnsafeRawBufferPointer(start: line.code.bytes + Int(key.start), count: Int(key.count)))
  }

  /// Adds what a node gives as the line's result.
  private mutating func addResult(_ line: Line, _ index: Int32) -> Bool {
    let node = unsafe line.node(index)
    switch node.op {
    case .or:
      for step in 0..<node.count &- 1 {
        let first = unsafe opCount
        guard unsafe addResult(line, ifTrue: line.list(node, step)) else { return false }
        for i in unsafe first..<opCount where unsafe ops[i].other < 0 { unsafe ops[i].other = Int32(opCount) }
      }
      return unsafe addResult(line, line.list(node, node.count &- 1))
    case .literal where unsafe line.code.literals.tape.kind(node.number) == .null: return unsafe add(Op(kind: .null))
    case .literal, .makeObject, .makeArray: return unsafe addWritten(line, index) && add(Op(kind: .end))
    default:
      switch unsafe value(line, index) {
      case .absent: return unsafe add(Op(kind: .null))
      case .scalar(let begin, let end, let isString):
        return unsafe add(Op(kind: .result, isString: isString, begin: begin, ending: end))
      case nil: return false
      }
    }
  }

  /// The same where it is true; else it goes on elsewhere.
  private mutating func addResult(_ line: Line, ifTrue index: Int32) -> Bool {
    let node = unsafe line.node(index)
    switch node.op {
    case .and:
      for step in 0..<node.count &- 1 {
        guard unsafe addCondition(line, line.list(node, step)) else { return false }
      }
      return unsafe addResult(line, ifTrue: line.list(node, node.count &- 1))
    case .makeObject where node.count > 0: return unsafe addResult(line, index)
    case .field, .sequence: return unsafe addCondition(line, index) && addResult(line, index)
    default: return false
    }
  }

  private mutating func addCondition(_ line: Line, _ index: Int32) -> Bool {
    let node = unsafe line.node(index)
    guard node.op == .compare else {
      guard case .scalar(let begin, let end, let isString) = unsafe value(line, index) else { return false }
      return unsafe add(Op(kind: .truth, isString: isString, begin: begin, ending: end))
    }
    let literal = unsafe line.node(node.b)
    guard case .scalar(let begin, let end, let isString) = unsafe value(line, node.a), literal.op == .literal
    else { return false }
    let comparison = unsafe unsafeBitCast(node.detail, to: PlanComparison.self)
    let tape = unsafe line.code.literals.tape
    switch unsafe tape.kind(literal.number) {
    case .number:
      guard unsafe line.code.literalNumbers[literal.number].form != .large else { return false }
      var op = Op(
        kind: .order, comparison: comparison, isString: isString, start: Int32(literal.number), begin: begin,
        ending: end)
      // In memory that is long enough to be read by words.
      let raw = unsafe tape.raw(literal.number)
      if raw.count <= 8 {
        var text = SIMD8<UInt8>(repeating: 0)
        for i in 0..<raw.count { unsafe text[i] = raw[i] }
        unsafe withUnsafeBytes(of: text) {
          guard let start = $0.baseAddress else { return }
          op.bound =
            unsafe PlanNumber.scaled(short: start.assumingMemoryBound(to: UInt8.self), raw.count) ?? Op.unscaled
        }
      }
      return unsafe add(op)
    case .array, .object: return false
    default:
      // By its text: a string that has no escapes.
      guard comparison == .equal || comparison == .notEqual, unsafe !tape.node(literal.number).hasEscapes
      else { return false }
      let raw = unsafe tape.raw(literal.number)
      let start = unsafe textCount
      guard let base = raw.baseAddress, unsafe keep(base.assumingMemoryBound(to: UInt8.self), raw.count) else {
        return false
      }
      return unsafe add(
        Op(
          kind: .same, comparison: comparison, isString: isString, start: Int32(start), count: Int32(raw.count),
          begin: begin, ending: end))
    }
  }

  /// Adds what writes the value of a node, as one in another or alone.
  private mutating func addWritten(_ line: Line, _ index: Int32) -> Bool {
    let node = unsafe line.node(index)
    switch node.op {
    case .literal:
      let tape = unsafe line.code.literals.tape
      guard unsafe tape.kind(node.number) != .array && tape.kind(node.number) != .object else { return false }
      let raw = unsafe tape.raw(node.number)
      guard let base = raw.baseAddress else { return false }
      return unsafe add(base.assumingMemoryBound(to: UInt8.self), raw.count)
    case .makeArray:
      guard unsafe add("[") else { return false }
      for step in 0..<node.count {
        guard unsafe step == 0 || add(","), unsafe addWritten(line, line.list(node, step)) else { return false }
      }
      return unsafe add("]")
    case .makeObject:
      guard unsafe add("{") else { return false }
      for step in stride(from: 0, to: node.count, by: 2) {
        let key = unsafe line.code.keys[Int(line.list(node, step))]
        // With the comma before it, and the colon.
        let skipped: Int32 = step == 0 ? 1 : 0
        let quoted = unsafe line.code.bytes + Int(key.quotedStart &- 1 &+ skipped)
        guard unsafe add(quoted, Int(key.quotedCount &+ 2 &- skipped)),
          unsafe addWritten(line, line.list(node, step &+ 1))
        else { return false }
      }
      return unsafe add("}")
    default:
      switch unsafe value(line, index) {
      case .absent: return unsafe add("null")
      case .scalar(let begin, let end, let isString):
        return unsafe add(Op(kind: .value, isString: isString, begin: begin, ending: end))
      case nil: return false
      }
    }
  }
}

// MARK: - Running

extension PlanMachine {
  /// Runs a program over a line and writes the result; whether it is anything but null. The plan is in hand.
  ///
  /// - `tokens` are the line's, counted from `source`, of which `readable` bytes may be read.
  @inline(__always)
  @unsafe
  mutating func run(
    _ program: PlanLineProgram, _ source: UnsafePointer<UInt8>, _ readable: Int, _ tokens: UnsafePointer<UInt32>
  ) throws(PlanStop) -> Bool {
    unsafe (sourceBytes, sourceCount) = (source, readable)
    var op = unsafe UnsafePointer(program.ops)
    while true {
      switch unsafe op.pointee.kind {
      case .text:
        try unsafe out.append(
          program.text + Int(op.pointee.start), Int(op.pointee.count), readable: PlanOutput.wideByteCount)
      case .value: try unsafe write(value(op, tokens), source, readable)
      case .order, .same, .truth:
        if unsafe !holds(op, value(op, tokens), program) {
          unsafe op = UnsafePointer(program.ops) + Int(op.pointee.other)
          continue
        }
      case .result:
        let value = unsafe value(op, tokens)
        if unsafe source[value.lowerBound] == UInt8(ascii: "n") {
          try unsafe writeNull(program)
          return false
        }
        try unsafe write(value, source, readable)
        return true
      case .end: return true
      case .null:
        try unsafe writeNull(program)
        return false
      }
      unsafe op += 1
    }
  }

  @inline(__always)
  private mutating func writeNull(_ program: PlanLineProgram) throws(PlanStop) {
    try unsafe out.append(program.text, PlanLineProgram.nullCount, readable: PlanOutput.wideByteCount)
  }

  @inline(__always)
  private func value(_ op: UnsafePointer<PlanLineProgram.Op>, _ tokens: UnsafePointer<UInt32>) -> Range<Int> {
    unsafe Range(uncheckedBounds: (op.pointee.begin(tokens), op.pointee.ending(tokens)))
  }

  @inline(__always)
  private mutating func write(
    _ value: Range<Int>, _ source: UnsafePointer<UInt8>, _ readable: Int
  ) throws(PlanStop) {
    try unsafe out.append(
      source + value.lowerBound, value.upperBound &- value.lowerBound, readable: readable &- value.lowerBound)
  }

  @inline(__always)
  private mutating func holds(
    _ op: UnsafePointer<PlanLineProgram.Op>, _ value: Range<Int>, _ program: PlanLineProgram
  ) -> Bool {
    let first = unsafe sourceBytes[value.lowerBound]
    let length = value.upperBound &- value.lowerBound
    let comparison = unsafe op.pointee.comparison
    switch unsafe op.pointee.kind {
    case .order:
      // Neither a string nor a word.
      guard first <= UInt8(ascii: "9") && first != UInt8(ascii: "\"") else { return comparison == .notEqual }
      let bound = unsafe op.pointee.bound
      let order: Int
      if bound != PlanLineProgram.Op.unscaled && length <= 8 && sourceCount &- value.lowerBound >= 8,
        let scaled = unsafe PlanNumber.scaled(short: sourceBytes + value.lowerBound, length)
      {
        order = scaled < bound ? -1 : scaled > bound ? 1 : 0
      } else {
        let node = JSONNode(begin: value.lowerBound, end: value.upperBound, kind: .number, flag: false, next: 0)
        order = unsafe PlanNumber.order(sourceNumber(node), literalNumbers[Int(op.pointee.start)])
      }
      return switch comparison {
      case .equal: order == 0
      case .notEqual: order != 0
      case .less: order < 0
      case .lessOrEqual: order <= 0
      case .greater: order > 0
      case .greaterOrEqual: order >= 0
      }
    case .same:
      let wanted = unsafe program.text + Int(op.pointee.start)
      let count = unsafe Int(op.pointee.count)
      let text = unsafe sourceBytes + value.lowerBound
      var isSame = unsafe length == count && sameBytes(text, wanted, count)
      if unsafe !isSame && op.pointee.isString && wanted[0] == UInt8(ascii: "\"") {
        isSame = unsafe PlanUnescape.matches(text + 1, length &- 2, wanted + 1, count &- 2)
      }
      return isSame == (comparison == .equal)
    default:
      return unsafe op.pointee.isString ? length > 2 : first != UInt8(ascii: "n") && first != UInt8(ascii: "f")
    }
  }
}

/// Text that is to be copied as it stands: from `start` up to `end`.
@safe
private struct PlanRun {
  let text: UnsafePointer<UInt8>
  var start: Int
  var end: Int
}

extension PlanMachine {
  /// The next token begins at `begin`: what is between is nothing, or white space, which ends the run.
  @inline(__always)
  private mutating func token(_ begin: Int, _ run: inout PlanRun) throws(PlanStop) {
    if _slowPath(begin != run.end) {
      try unsafe out.append(run.text + run.start, run.end &- run.start)
      run.start = begin
      run.end = begin
    }
  }

  /// The same with a separator between, which is the very next byte where there is no white space.
  @inline(__always)
  private mutating func token(_ begin: Int, after separator: UInt8, _ run: inout PlanRun) throws(PlanStop) {
    if _slowPath(begin != run.end &+ 1) {
      try unsafe out.append(run.text + run.start, run.end &- run.start)
      try out.append(separator)
      run.start = begin
    }
    run.end = begin
  }

  /// Writes an array or object of a tape without the white space in it, bytes as they stand.
  ///
  /// Runs of the text in which no white space is are copied whole: one run, where the text is compact.
  /// An object with a key that comes twice is written with its last value alone.
  mutating func writeTape(_ value: PlanValue, _ depth: Int) throws(PlanStop) {
    let place = value.place
    let tape = unsafe tape(place)
    var index = value.index
    var run = unsafe PlanRun(text: text(place), start: tape[index].begin, end: tape[index].begin)
    // The containers that are open.
    let held = integers.count
    defer { integers.count = held }
    try spend(unsafe tape[index].next &- index)

    values: while true {
      let node = unsafe tape[index]
      value: do {
        guard node.kind == .array || node.kind == .object else {
          run.end = node.end
          index &+= 1
          break value
        }
        if depth &+ integers.count &- held >= Self.maximumDepth { throw .depth }
        if node.next == index &+ 1 {
          run.end = node.begin &+ 1
          try token(node.end &- 1, &run)
          run.end = node.end
          index &+= 1
          break value
        }
        if node.kind == .object {
          let container = PlanValue(.object, place, index)
          if try mayHaveDuplicates(container), try writeUnique(container, depth &+ integers.count &- held, &run) {
            index = node.next
            break value
          }
        }
        try integers.append(index)
        run.end = node.begin &+ 1
        index &+= 1
        try unsafe token(tape[index].begin, &run)
        if node.kind == .object {
          run.end = unsafe tape[index].end
          index &+= 1
          try unsafe token(tape[index].begin, after: UInt8(ascii: ":"), &run)
        }
        continue values
      }

      // After a value: what closes, then the next member or element.
      while true {
        guard integers.count > held else {
          try unsafe out.append(run.text + run.start, run.end &- run.start)
          return
        }
        let open = unsafe tape[integers[integers.count &- 1]]
        if index == open.next {
          try token(open.end &- 1, &run)
          run.end = open.end
          integers.count &-= 1
          continue
        }
        try unsafe token(tape[index].begin, after: UInt8(ascii: ","), &run)
        if open.kind == .object {
          run.end = unsafe tape[index].end
          index &+= 1
          try unsafe token(tape[index].begin, after: UInt8(ascii: ":"), &run)
        }
        continue values
      }
    }
  }

  /// Writes an object whose keys are not unique, after what was to be copied before it; false where they are unique after all.
  private mutating func writeUnique(_ object: PlanValue, _ depth: Int, _ run: inout PlanRun) throws(PlanStop) -> Bool {
    let mark = (values.count, bytes.count, stack.count)
    defer { (values.count, bytes.count, stack.count) = mark }
    let unique = try withoutDuplicates(object)
    if unique.isTape { return false }
    let node = node(object)
    try unsafe out.append(run.text + run.start, node.begin &- run.start)
    _ = try write(unique, depth)
    run.start = node.end
    run.end = node.end
    return true
  }

  /// Writes a value as Python's `json.dumps` does without spaces: numbers by value, strings in ASCII. What `to_string` gives.
  mutating func writeCanonical(_ value: PlanValue, _ depth: Int) throws(PlanStop) {
    if depth >= Self.maximumDepth { throw .depth }
    switch value.kind {
    case .null: try out.append("null")
    case .true, .false: _ = try write(value, depth)
    case .number:
      let number = number(value)
      switch number.form {
      case .integer: try writeInteger(number.integer)
      case .double where number.double.isFinite: try writeDouble(number.double)
      default: try unsafe out.append(numberText(value).baseAddress!, numberText(value).count)
      }
    case .string:
      let mark = bytes.count
      let text = try resolved(value)
      try unsafe writeQuoted(resolvedText(text), ascii: true)
      bytes.count = mark
    case .array:
      try spend(elementCount(value))
      try out.append(UInt8(ascii: "["))
      var cursor = PlanCursor(value, &self)
      var isFirst = true
      while let element = cursor.next(&self) {
        if !isFirst { try out.append(UInt8(ascii: ",")) }
        isFirst = false
        try writeCanonical(element, depth &+ 1)
      }
      try out.append(UInt8(ascii: "]"))
    case .object:
      try spend(elementCount(value))
      let mark = (values.count, bytes.count, stack.count)
      let unique = try withoutDuplicates(value)
      try out.append(UInt8(ascii: "{"))
      var cursor = PlanCursor(unique, &self)
      var isFirst = true
      while let (key, element) = cursor.nextMember(&self) {
        if !isFirst { try out.append(UInt8(ascii: ",")) }
        isFirst = false
        try writeCanonical(key, depth)
        try out.append(UInt8(ascii: ":"))
        try writeCanonical(element, depth &+ 1)
      }
      try out.append(UInt8(ascii: "}"))
      (values.count, bytes.count, stack.count) = mark
    }
  }
}

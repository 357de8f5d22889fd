// JMESPath's functions (jmespath.org, "Built-in Functions"); where the text leaves room, as Python's jmespath has it.
extension PlanMachine {
  mutating func call(_ index: Int32, _ node: PlanNode, _ value: PlanValue) throws(PlanStop) -> PlanValue {
    let function = unsafe unsafeBitCast(node.detail, to: PlanFunction.self)
    let base = stack.count
    for step in 0..<node.count {
      let argument = try evaluate(list(node, step), value)
      try stack.append(argument)
    }
    failed = index
    failedValue = value
    let result = try apply(function, base)
    stack.count = base
    return result
  }

  /// An argument of that type, or an error of type.
  private mutating func argument(_ place: Int, _ kind: JSONKind) throws(PlanStop) -> PlanValue {
    let value = stack[place]
    guard value.kind == kind, !value.isExpression else { throw .invalidType }
    return value
  }

  /// An argument of any type but an expression.
  private mutating func anyArgument(_ place: Int) throws(PlanStop) -> PlanValue {
    let value = stack[place]
    guard !value.isExpression else { throw .invalidType }
    return value
  }

  private mutating func expressionArgument(_ place: Int) throws(PlanStop) -> Int32 {
    guard stack[place].isExpression else { throw .invalidType }
    return Int32(stack[place].index)
  }

  private mutating func apply(_ function: PlanFunction, _ base: Int) throws(PlanStop) -> PlanValue {
    switch function {
    case .abs: return try absolute(argument(base, .number))
    case .ceil: return try rounded(argument(base, .number), up: true)
    case .floor: return try rounded(argument(base, .number), up: false)
    case .avg:
      guard let (sum, count) = sum(try argument(base, .array)) else { throw .invalidType }
      return count == 0 ? .null : try finite(sum.double / Double(count))
    case .sum:
      guard let (sum, _) = sum(try argument(base, .array)) else { throw .invalidType }
      return sum.form == .integer ? .integer(sum.integer) : try finite(sum.double)
    case .contains: return try contains(base)
    case .startsWith, .endsWith: return try affix(base, atEnd: function == .endsWith)
    case .join: return try join(base)
    case .keys: return try keysOrValues(argument(base, .object), keys: true)
    case .values: return try keysOrValues(argument(base, .object), keys: false)
    case .length: return try length(anyArgument(base))
    case .map: return try map(base)
    case .max: return try extreme(argument(base, .array), greatest: true)
    case .min: return try extreme(argument(base, .array), greatest: false)
    case .maxBy: return try extremeBy(base, greatest: true)
    case .minBy: return try extremeBy(base, greatest: false)
    case .merge: return try merge(base)
    case .notNull:
      for place in base..<stack.count where try !anyArgument(place).isNull { return stack[place] }
      return .null
    case .reverse: return try reverse(anyArgument(base))
    case .sort: return try sort(argument(base, .array), by: nil)
    case .sortBy: return try sort(argument(base, .array), by: expressionArgument(base &+ 1))
    case .toArray:
      let value = try anyArgument(base)
      if value.kind == .array { return value }
      let start = stack.count
      try stack.append(value)
      return try array(from: start)
    case .toNumber: return try toNumber(anyArgument(base))
    case .toString: return try toText(anyArgument(base))
    case .type: return try typeName(anyArgument(base))
    }
  }

  // MARK: - Containers

  mutating func length(_ value: PlanValue) throws(PlanStop) -> PlanValue {
    switch value.kind {
    case .string:
      let mark = bytes.count
      let text = try resolved(value)
      let count = unsafe codePoints(resolvedText(text))
      bytes.count = mark
      return .integer(Int64(count))
    case .array: return .integer(Int64(elementCount(value)))
    case .object: return .integer(Int64(elementCount(try withoutDuplicates(value))))
    default: throw .invalidType
    }
  }

  private mutating func codePoints(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for index in 0..<text.count where unsafe text[index] & 0xC0 != 0x80 { count &+= 1 }
    return count
  }

  private mutating func keysOrValues(_ object: PlanValue, keys: Bool) throws(PlanStop) -> PlanValue {
    let unique = try withoutDuplicates(object)
    let start = stack.count
    var cursor = PlanCursor(unique, &self)
    while let (key, value) = cursor.nextMember(&self) { try stack.append(keys ? key : value) }
    return try array(from: start)
  }

  private mutating func map(_ base: Int) throws(PlanStop) -> PlanValue {
    let expression = try expressionArgument(base)
    let source = try argument(base &+ 1, .array)
    let start = stack.count
    var cursor = PlanCursor(source, &self)
    while let element = cursor.next(&self) {
      let result = try evaluate(expression, element)
      try stack.append(result)
    }
    return try array(from: start)
  }

  private mutating func merge(_ base: Int) throws(PlanStop) -> PlanValue {
    let end = stack.count
    var count = 0
    for place in base..<end {
      let object = try argument(place, .object)
      // Of what is in one object the first may count, of two objects the last does.
      if keepsFirst { stack[place] = try withoutDuplicates(object) }
      count &+= elementCount(object)
    }
    try clearTable(count)
    for place in base..<end { try mergeMembers(stack[place], from: end) }
    return try object(from: end)
  }

  private mutating func reverse(_ value: PlanValue) throws(PlanStop) -> PlanValue {
    switch value.kind {
    case .array:
      let start = stack.count
      var cursor = PlanCursor(value, &self)
      while let element = cursor.next(&self) { try stack.append(element) }
      var (low, high) = (start, stack.count &- 1)
      while low < high {
        (stack[low], stack[high]) = (stack[high], stack[low])
        low &+= 1
        high &-= 1
      }
      return try array(from: start)
    case .string:
      let text = try resolved(value)
      let count = unsafe resolvedText(text).count
      try bytes.reserve(count)
      let start = bytes.count
      // Code point by code point, the bytes of each in their order.
      let source = unsafe resolvedText(text)
      var from = count
      var to = start
      while from > 0 {
        var first = from &- 1
        while first > 0, unsafe source[first] & 0xC0 == 0x80 { first &-= 1 }
        for index in first..<from {
          unsafe bytes.start[to] = source[index]
          to &+= 1
        }
        from = first
      }
      bytes.count = to
      return PlanValue(.string, .computed, start, count: count)
    default: throw .invalidType
    }
  }

  // MARK: - Least and greatest

  /// Which type the keys have: numbers or strings, all alike.
  private mutating func orderable(_ value: PlanValue, like kind: JSONKind?) throws(PlanStop) -> JSONKind {
    guard value.kind == .number || value.kind == .string, !value.isExpression, kind == nil || kind == value.kind else {
      throw .invalidType
    }
    return value.kind
  }

  private mutating func order(_ a: PlanValue, _ b: PlanValue) throws(PlanStop) -> Int {
    try spend(1)
    return a.kind == .number ? orderOfNumbers(a, b) : try orderOfStrings(a, b)
  }

  private mutating func extreme(_ array: PlanValue, greatest: Bool) throws(PlanStop) -> PlanValue {
    var cursor = PlanCursor(array, &self)
    var best: PlanValue?
    while let element = cursor.next(&self) {
      _ = try orderable(element, like: best?.kind)
      guard let held = best else {
        best = element
        continue
      }
      let order = try order(element, held)
      if greatest ? order > 0 : order < 0 { best = element }
    }
    return best ?? .null
  }

  private mutating func extremeBy(_ base: Int, greatest: Bool) throws(PlanStop) -> PlanValue {
    let source = try argument(base, .array)
    let expression = try expressionArgument(base &+ 1)
    let index = failed
    var cursor = PlanCursor(source, &self)
    var best: (key: PlanValue, element: PlanValue)?
    while let element = cursor.next(&self) {
      let key = try evaluate(expression, element)
      failed = index
      _ = try orderable(key, like: best?.key.kind)
      guard let held = best else {
        best = (key, element)
        continue
      }
      let order = try order(key, held.key)
      if greatest ? order > 0 : order < 0 { best = (key, element) }
    }
    return best?.element ?? .null
  }

  // MARK: - Sorting

  /// Stable: merge sort from the bottom up (Knuth, volume 3, 5.2.4) of the order, beside the keys.
  private mutating func sort(_ array: PlanValue, by expression: Int32?) throws(PlanStop) -> PlanValue {
    let index = failed
    // Key and element of each, in turn.
    let base = stack.count
    var kind: JSONKind?
    var cursor = PlanCursor(array, &self)
    while let element = cursor.next(&self) {
      var key = element
      if let expression { key = try evaluate(expression, element) }
      failed = index
      kind = try orderable(key, like: kind)
      if key.kind == .string {
        key = try resolved(key)
      } else if key.place != .integer {
        // Read once, and not at every comparison.
        let number = number(key)
        if number.form == .integer { key = .integer(number.integer) }
        if number.form == .double { key = .double(number.double) }
      }
      try stack.append(key)
      try stack.append(element)
    }
    let count = (stack.count &- base) / 2
    let held = integers.count
    defer { integers.count = held }
    try integers.reserve(2 &* count)
    var (from, to) = (held, held &+ count)
    integers.count &+= 2 &* count
    for place in 0..<count { integers[from &+ place] = base &+ 2 &* place }
    var width = 1
    while width < count {
      var low = 0
      while low < count {
        let middle = min(low &+ width, count)
        let high = min(middle &+ width, count)
        var (left, right) = (low, middle)
        for place in low..<high {
          var takesRight = left == middle
          if !takesRight, right < high {
            takesRight = try order(stack[integers[from &+ right]], stack[integers[from &+ left]]) < 0
          }
          integers[to &+ place] = integers[from &+ (takesRight ? right : left)]
          if takesRight { right &+= 1 } else { left &+= 1 }
        }
        low = high
      }
      (from, to) = (to, from)
      width &*= 2
    }
    try values.reserve(count)
    let start = values.count
    for place in 0..<count { unsafe values.start[start &+ place] = stack[integers[from &+ place] &+ 1] }
    values.count &+= count
    return PlanValue(.array, .computed, start, count: count)
  }

  // MARK: - Strings

  private mutating func contains(_ base: Int) throws(PlanStop) -> PlanValue {
    let subject = try anyArgument(base)
    let wanted = try anyArgument(base &+ 1)
    switch subject.kind {
    case .array:
      var cursor = PlanCursor(subject, &self)
      while let element = cursor.next(&self) {
        if try equal(element, wanted, 0) { return .bool(true) }
      }
      return .bool(false)
    case .string:
      guard wanted.kind == .string else { return .bool(false) }
      let text = try resolved(subject)
      let part = try resolved(wanted)
      return .bool(try find(part, in: text))
    default: throw .invalidType
    }
  }

  /// Whether one resolved string is in another: Knuth, Morris and Pratt, so that no text takes quadratic time.
  private mutating func find(_ part: PlanValue, in text: PlanValue) throws(PlanStop) -> Bool {
    let needle = unsafe resolvedText(part)
    let hay = unsafe resolvedText(text)
    if needle.isEmpty { return true }
    if needle.count > hay.count { return false }
    let held = integers.count
    defer { integers.count = held }
    try integers.reserve(needle.count)
    // The longest border of each prefix.
    integers[held] = 0
    var matched = 0
    for index in 1..<max(1, needle.count) {
      while matched > 0, unsafe needle[index] != needle[matched] { matched = integers[held &+ matched &- 1] }
      if unsafe needle[index] == needle[matched] { matched &+= 1 }
      integers[held &+ index] = matched
    }
    matched = 0
    for index in 0..<hay.count {
      let byte = unsafe hay[index]
      while matched > 0, unsafe byte != needle[matched] { matched = integers[held &+ matched &- 1] }
      if unsafe byte == needle[matched] { matched &+= 1 }
      if matched == needle.count { return true }
    }
    return false
  }

  private mutating func affix(_ base: Int, atEnd: Bool) throws(PlanStop) -> PlanValue {
    let text = try resolved(argument(base, .string))
    let part = try resolved(argument(base &+ 1, .string))
    let own = unsafe resolvedText(text)
    let wanted = unsafe resolvedText(part)
    guard wanted.count <= own.count else { return .bool(false) }
    let start = unsafe own.baseAddress! + (atEnd ? own.count &- wanted.count : 0)
    return .bool(unsafe sameBytes(start, wanted.baseAddress!, wanted.count))
  }

  private mutating func join(_ base: Int) throws(PlanStop) -> PlanValue {
    let separator = try argument(base, .string)
    let source = try argument(base &+ 1, .array)
    let start = bytes.count
    var cursor = PlanCursor(source, &self)
    var isFirst = true
    while let element = cursor.next(&self) {
      guard element.kind == .string, !element.isExpression else { throw .invalidType }
      if !isFirst { try appendText(separator) }
      isFirst = false
      try appendText(element)
    }
    return PlanValue(.string, .computed, start, count: bytes.count &- start)
  }

  private mutating func text(_ text: StaticString) throws(PlanStop) -> PlanValue {
    let start = bytes.count
    let count = text.utf8CodeUnitCount
    try bytes.reserve(count)
    unsafe copyBytes(bytes.start + start, text.utf8Start, count)
    bytes.count &+= count
    return PlanValue(.string, .computed, start, count: count)
  }

  // MARK: - Types

  private mutating func typeName(_ value: PlanValue) throws(PlanStop) -> PlanValue {
    switch value.kind {
    case .null: try text("null")
    case .true, .false: try text("boolean")
    case .number: try text("number")
    case .string: try text("string")
    case .array: try text("array")
    case .object: try text("object")
    }
  }

  /// A number as it is, and of a string that is the text of one that number; else null.
  mutating func toNumber(_ value: PlanValue) throws(PlanStop) -> PlanValue {
    if value.kind == .number { return value }
    guard value.kind == .string else { return .null }
    let start = bytes.count
    try appendText(value)
    let count = bytes.count &- start
    guard unsafe PlanText.isNumber(UnsafeBufferPointer(start: bytes.start + start, count: count)) else {
      bytes.count = start
      return .null
    }
    return PlanValue(.number, .computed, start, count: count)
  }

  /// A string as it is; of anything else its JSON.
  mutating func toText(_ value: PlanValue) throws(PlanStop) -> PlanValue {
    if value.kind == .string { return value }
    // Written to an output of its own, which is the output while it lasts.
    spare.count = 0
    spare.limit = outputLimit
    swap(&spare, &out)
    defer { swap(&spare, &out) }
    try writeCanonical(value, 0)
    try bytes.reserve(out.count)
    let start = bytes.count
    unsafe copyBytes(bytes.start + start, out.start, out.count)
    bytes.count &+= out.count
    return PlanValue(.string, .computed, start, count: out.count)
  }
}

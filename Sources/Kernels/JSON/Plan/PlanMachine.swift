/// Runs a plan over a document: the stacks that it needs, kept between calls, and the document in hand.
///
/// Values are evaluated where an expression needs them, and written straight to the output where it does not (`PlanMachine+Emit`).
@safe
struct PlanMachine: ~Copyable, @unchecked Sendable {
  // The plan and the tapes, good for the length of a call.
  var nodes: UnsafePointer<PlanNode>
  var lists: UnsafePointer<Int32>
  var keys: UnsafePointer<PlanKey>
  var keyBytes: UnsafePointer<UInt8>
  var slices: UnsafePointer<PlanSlice>
  var sourceTape: UnsafePointer<JSONNode>
  var sourceBytes: UnsafePointer<UInt8>
  /// Bytes of the document's text that may be read.
  var sourceCount = 0
  var literalTape: UnsafePointer<JSONNode>
  var literalBytes: UnsafePointer<UInt8>
  var literalNumbers: UnsafePointer<PlanNumber>

  var out = PlanOutput(limit: 0)
  /// Computed arrays and objects.
  var values = PlanArena<PlanValue>()
  /// Lists that are being made.
  var stack = PlanArena<PlanValue>()
  /// Computed strings.
  var bytes = PlanArena<UInt8>()
  /// Orders while sorting, ends of containers while copying.
  var integers = PlanArena<Int>()
  /// Open addressing over an object's keys: a generation and a member in each slot.
  var table = PlanArena<UInt64>()
  var generation: UInt64 = 0
  var seed: UInt64 = 0
  /// Where each key was found in a document of this shape: the tapes of all of its shape are alike.
  var lookups = PlanArena<Lookup>()
  /// By ids of keys, where each was found last; which object was last gone through for that; how many tapes were run over.
  var finds = PlanArena<Find>()
  var searched = -1
  var turn: UInt64 = 0
  var shape: UInt32 = 0
  var regexps: [IRegexp] = []
  /// The plan's node to begin with.
  var root: Int32 = 0
  var regexpMemory = IRegexp.Memory()
  /// Node where the plan stopped, and the value that it was given.
  var failed: Int32 = 0
  var failedValue = PlanValue.null
  /// Of the document's keys that come twice in an object the first one counts.
  var keepsFirst = false
  /// Memory of texts that are made for `to_string`.
  var spare = PlanOutput(limit: 0)
  /// Bytes of a computed string that is JSON.
  var outputLimit = 0
  /// Comparisons and the like that are left before a hostile expression is stopped.
  var work = 0

  struct Lookup: BitwiseCopyable {
    var shape: UInt32 = 0
    var object: Int32 = 0
    var found: Int32 = 0
  }

  struct Find: BitwiseCopyable {
    var turn: UInt64 = 0
    var object = 0
    var found = 0
  }

  init() {
    unsafe nodes = UnsafePointer(bitPattern: 16)!
    unsafe lists = UnsafePointer(bitPattern: 16)!
    unsafe keys = UnsafePointer(bitPattern: 16)!
    unsafe keyBytes = UnsafePointer(bitPattern: 16)!
    unsafe slices = UnsafePointer(bitPattern: 16)!
    unsafe sourceTape = UnsafePointer(bitPattern: 16)!
    unsafe sourceBytes = UnsafePointer(bitPattern: 16)!
    unsafe literalTape = UnsafePointer(bitPattern: 16)!
    unsafe literalBytes = UnsafePointer(bitPattern: 16)!
    unsafe literalNumbers = UnsafePointer(bitPattern: 16)!
  }

  // MARK: - Tapes

  @inline(__always)
  mutating func tape(_ place: PlanValue.Place) -> UnsafePointer<JSONNode> {
    unsafe place == .source ? sourceTape : literalTape
  }

  @inline(__always)
  mutating func text(_ place: PlanValue.Place) -> UnsafePointer<UInt8> {
    unsafe place == .source ? sourceBytes : literalBytes
  }

  @inline(__always)
  mutating func node(_ value: PlanValue) -> JSONNode { unsafe tape(value.place)[value.index] }

  @inline(__always)
  mutating func value(_ place: PlanValue.Place, _ index: Int) -> PlanValue {
    unsafe PlanValue(tape(place)[index].kind, place, index)
  }

  // MARK: - Text

  /// The value, or a computed string of the same text where it has escapes. ``resolvedText(_:)`` takes what this gives.
  @inline(__always)
  mutating func resolved(_ value: PlanValue) throws(PlanStop) -> PlanValue {
    guard value.isTape, node(value).hasEscapes else { return value }
    let start = bytes.count
    try appendText(value)
    return PlanValue(.string, .computed, start, count: bytes.count &- start)
  }

  /// The text of a resolved string.
  ///
  /// - Valid until `bytes` grows.
  @inline(__always)
  mutating func resolvedText(_ value: PlanValue) -> UnsafeBufferPointer<UInt8> {
    switch value.place {
    case .source, .literals:
      let node = node(value)
      return unsafe UnsafeBufferPointer(
        start: text(value.place) + node.begin + 1, count: node.end &- node.begin &- 2)
    case .key:
      let key = unsafe keys[value.index]
      return unsafe UnsafeBufferPointer(start: keyBytes + Int(key.start), count: Int(key.count))
    default: return unsafe UnsafeBufferPointer(start: bytes.start + value.index, count: value.count)
    }
  }

  /// The text of a string, escapes resolved, behind the other bytes.
  mutating func appendText(_ value: PlanValue) throws(PlanStop) {
    if value.isTape {
      let node = node(value)
      let length = node.end &- node.begin &- 2
      try bytes.reserve(length)
      let source = unsafe text(value.place) + node.begin + 1
      if node.hasEscapes {
        var cursor = unsafe PlanUnescape(source, length)
        while let byte = cursor.next() { try bytes.append(byte) }
      } else {
        unsafe copyBytes(bytes.start + bytes.count, source, length)
        bytes.count &+= length
      }
    } else {
      // Reserved first: the text may be in the same memory.
      try bytes.reserve(value.place == .key ? Int(unsafe keys[value.index].count) : value.count)
      let own = unsafe resolvedText(value)
      unsafe copyBytes(bytes.start + bytes.count, own.baseAddress!, own.count)
      bytes.count &+= own.count
    }
  }
}

// MARK: - Bytes

/// Copies bytes; short ones, which most are, by two words that overlap.
@inline(__always)
func copyBytes(_ target: UnsafeMutablePointer<UInt8>, _ source: UnsafePointer<UInt8>, _ count: Int) {
  let to = UnsafeMutableRawPointer(target)
  if count > 32 {
    unsafe to.copyMemory(from: source, byteCount: count)
  } else if count >= 16 {
    let first = unsafe word(source, 0, as: SIMD2<UInt64>.self)
    let last = unsafe word(source, count &- 16, as: SIMD2<UInt64>.self)
    unsafe to.storeBytes(of: first, as: SIMD2<UInt64>.self)
    unsafe to.storeBytes(of: last, toByteOffset: count &- 16, as: SIMD2<UInt64>.self)
  } else if count >= 8 {
    let first = unsafe word(source, 0, as: UInt64.self)
    let last = unsafe word(source, count &- 8, as: UInt64.self)
    unsafe to.storeBytes(of: first, as: UInt64.self)
    unsafe to.storeBytes(of: last, toByteOffset: count &- 8, as: UInt64.self)
  } else if count >= 4 {
    let first = unsafe word(source, 0, as: UInt32.self)
    let last = unsafe word(source, count &- 4, as: UInt32.self)
    unsafe to.storeBytes(of: first, as: UInt32.self)
    unsafe to.storeBytes(of: last, toByteOffset: count &- 4, as: UInt32.self)
  } else {
    var at = 0
    while at < count {
      unsafe target[at] = source[at]
      at &+= 1
    }
  }
}

@inline(__always)
private func word<T: BitwiseCopyable>(_ bytes: UnsafePointer<UInt8>, _ offset: Int, as: T.Type) -> T {
  unsafe UnsafeRawPointer(bytes + offset).loadUnaligned(as: T.self)
}

/// Whether `count` bytes are the same. Short ones, which keys are, by two words that overlap.
@inline(__always)
func sameBytes(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Bool {
  if count >= 8 {
    if unsafe word(a, 0, as: UInt64.self) != word(b, 0, as: UInt64.self) { return false }
    var at = 8
    while at < count &- 8 {
      if unsafe word(a, at, as: UInt64.self) != word(b, at, as: UInt64.self) { return false }
      at &+= 8
    }
    return unsafe word(a, count &- 8, as: UInt64.self) == word(b, count &- 8, as: UInt64.self)
  }
  if count >= 4 {
    return unsafe word(a, 0, as: UInt32.self) == word(b, 0, as: UInt32.self)
      && word(a, count &- 4, as: UInt32.self) == word(b, count &- 4, as: UInt32.self)
  }
  var at = 0
  while at < count {
    if unsafe a[at] != b[at] { return false }
    at &+= 1
  }
  return true
}

/// Less than 0, 0 or more than 0 as `a` comes before, with or after `b`, byte by byte: the order of code points.
func orderOfBytes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
  let common = min(a.count, b.count)
  for index in 0..<common where unsafe a[index] != b[index] {
    return unsafe a[index] < b[index] ? -1 : 1
  }
  return a.count - b.count
}

/// The bytes of a valid JSON string's text one after another, escapes resolved. Lone surrogates as ``PlanText`` has them.
@safe
struct PlanUnescape {
  private var at: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>
  /// Bytes of an escape that are to come, the next one lowest.
  private var pending: UInt32 = 0

  /// - The text is readable, and valid between its quotes.
  init(_ text: UnsafePointer<UInt8>, _ count: Int) {
    unsafe at = text
    unsafe end = text + count
  }

  /// Whether the text is `wanted`.
  static func matches(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ wanted: UnsafePointer<UInt8>, _ length: Int
  ) -> Bool {
    var cursor = unsafe PlanUnescape(text, count)
    var index = 0
    while let byte = cursor.next() {
      guard index < length, unsafe wanted[index] == byte else { return false }
      index &+= 1
    }
    return index == length
  }

  mutating func next() -> UInt8? {
    if pending != 0 {
      let byte = UInt8(truncatingIfNeeded: pending)
      pending >>= 8
      return byte
    }
    guard unsafe at < end else { return nil }
    let byte = unsafe at[0]
    guard byte == UInt8(ascii: "\\") else {
      unsafe at += 1
      return byte
    }
    let escape = unsafe at[1]
    unsafe at += 2
    switch escape {
    case UInt8(ascii: "b"): return 8
    case UInt8(ascii: "f"): return 12
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "u"): return unicode()
    default: return escape
    }
  }

  private mutating func unicode() -> UInt8 {
    var code = unsafe hex(at)
    unsafe at += 4
    if code & 0xFC00 == 0xD800, unsafe end - at >= 6, unsafe at[0] == UInt8(ascii: "\\"),
      unsafe at[1] == UInt8(ascii: "u")
    {
      let low = unsafe hex(at + 2)
      if low & 0xFC00 == 0xDC00 {
        code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
        unsafe at += 6
      }
    }
    // All the bytes but the first wait, and none of them is 0.
    switch code {
    case 0..<0x80: return UInt8(truncatingIfNeeded: code)
    case 0..<0x800:
      pending = 0x80 | code & 63
      return UInt8(truncatingIfNeeded: 0xC0 | code >> 6)
    case 0..<0x10000:
      pending = 0x80 | code >> 6 & 63 | (0x80 | code & 63) << 8
      return UInt8(truncatingIfNeeded: 0xE0 | code >> 12)
    default:
      pending = 0x80 | code >> 12 & 63 | (0x80 | code >> 6 & 63) << 8 | (0x80 | code & 63) << 16
      return UInt8(truncatingIfNeeded: 0xF0 | code >> 18)
    }
  }

  private func hex(_ digits: UnsafePointer<UInt8>) -> UInt32 {
    var value: UInt32 = 0
    for index in 0..<4 {
      let digit = unsafe UInt32(digits[index])
      value = value << 4 | (digit & 15 &+ (digit >> 6) &* 9)
    }
    return value
  }
}

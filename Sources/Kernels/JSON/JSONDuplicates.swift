/// Keys that an object has twice.
enum JSONDuplicates {
  /// Members up to which each is compared with each.
  private static var few: Int { 16 }

  /// The node of a key that its object has before, in the order of the tape's objects; nil where there is none.
  ///
  /// - Complexity: O(nodes). Allocates for objects of more than 16 members.
  @unsafe
  static func find(_ tape: JSONTape, _ nodeCount: Int) -> Int? {
    for object in 0..<nodeCount {
      let node = unsafe tape.node(object)
      guard node.kind == .object && node.saturatedCount > 1 else { continue }
      let found = unsafe node.saturatedCount <= few ? amongFew(tape, object) : amongMany(tape, object)
      if let found { return found }
    }
    return nil
  }

  private static func amongFew(_ tape: JSONTape, _ object: Int) -> Int? {
    let end = unsafe tape.next(object)
    var key = object &+ 1
    while key < end {
      var earlier = object &+ 1
      while earlier < key {
        if unsafe same(tape, earlier, key) { return key }
        earlier = unsafe tape.next(earlier &+ 1)
      }
      key = unsafe tape.next(key &+ 1)
    }
    return nil
  }

  /// By a table of hashes, with a seed of the process: who writes the keys cannot make them collide.
  private static func amongMany(_ tape: JSONTape, _ object: Int) -> Int? {
    var seen: [Int: [Int]] = [:]
    let end = unsafe tape.next(object)
    var key = object &+ 1
    while key < end {
      var hasher = Hasher()
      unsafe hash(tape, key, &hasher)
      let value = hasher.finalize()
      for earlier in seen[value, default: []] where unsafe same(tape, earlier, key) { return key }
      seen[value, default: []].append(key)
      key = unsafe tape.next(key &+ 1)
    }
    return nil
  }

  private static func hash(_ tape: JSONTape, _ key: Int, _ hasher: inout Hasher) {
    if unsafe tape.node(key).hasEscapes {
      unsafe JSONUnescape.bytes(tape.contents(key)).withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    } else {
      unsafe hasher.combine(bytes: tape.contents(key))
    }
  }

  private static func same(_ tape: JSONTape, _ a: Int, _ b: Int) -> Bool {
    guard unsafe tape.node(a).hasEscapes else { return unsafe tape.string(b, equals: tape.contents(a)) }
    return unsafe JSONUnescape.bytes(tape.contents(a)).withUnsafeBytes { unsafe tape.string(b, equals: $0) }
  }

  /// JSON Pointer to the object that has the key, and the key.
  @unsafe
  static func path(_ tape: JSONTape, to target: Int) -> String {
    var path = ""
    var container = 0
    while unsafe tape.kind(container) == .object || tape.kind(container) == .array {
      let isObject = unsafe tape.kind(container) == .object
      var (at, index, entered) = (container &+ 1, 0, false)
      let end = unsafe tape.next(container)
      while at < end {
        let value = isObject ? at &+ 1 : at
        let next = unsafe tape.next(value)
        if target < next {
          path += isObject ? unsafe "/" + JSONPointerText.escaped(JSONUnescape.string(tape.raw(at))) : "/\(index)"
          if target == at { return path }
          (container, entered) = (value, true)
          break
        }
        (at, index) = (next, index &+ 1)
      }
      if !entered { break }
    }
    return path
  }
}

/// Parts of JSON Pointers, RFC 6901.
enum JSONPointerText {
  /// `~` as `~0`, and `/` as `~1`.
  static func escaped(_ part: String) -> String {
    var text = ""
    for character in part.unicodeScalars {
      switch character {
      case "~": text += "~0"
      case "/": text += "~1"
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}

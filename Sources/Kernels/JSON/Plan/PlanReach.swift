/// What of a document a plan reads: a tree of keys from the root, so that the rest is validated and not kept.
///
/// Made when the plan is compiled, by running it over places instead of values. What is looked at whole (written, compared, given to
/// a function) is ``whole``; a step that says nothing of what it reads takes all that it is given.
struct PlanReach {
  /// A place in documents: the value of a key, or of every element, in another place.
  struct Place: BitwiseCopyable {
    /// Members that are read: so many of ``members`` from there on.
    var members: Int32 = 0
    var memberCount: Int32 = 0
    /// The place of all elements, or ``nothing``.
    var elements: Int32 = PlanReach.nothing
    /// All that is in it is kept.
    var isWhole = false
    /// A bit for each key, by its length and first byte: what has none of them is no key of ``members``.
    var filter: UInt64 = 0
  }

  struct Member: BitwiseCopyable {
    /// Of the plan's keys.
    var key: Int32
    var place: Int32
    /// Its bytes, no more than eight; the rest 0.
    var prefix: UInt64 = 0
    var length = 0
  }

  static var nothing: Int32 { -1 }
  static var root: Int32 { 0 }

  /// Parents before children; a place that is whole has none.
  private(set) var places: [Place] = []
  /// Those of a place are neighbours.
  private(set) var members: [Member] = []

  @inline(__always)
  static func bit(_ length: Int, _ first: UInt8) -> UInt64 {
    1 << UInt64(truncatingIfNeeded: (length &* 5 &+ Int(first)) & 63)
  }

  /// What the plan reads; nil where that is everything.
  init?(_ compiler: borrowing PlanCompiler, root: Int32) {
    var search = PlanReachSearch(compiler)
    let result = search.run(root, PlanPlaces(Self.root), compiler)
    search.keep(result)
    guard !search.hasOverflown, !search.places[0].isWhole else { return nil }
    places.reserveCapacity(search.places.count)
    _ = append(0, search, compiler)
  }

  /// A place and all below it; where it went.
  private mutating func append(_ index: Int, _ search: PlanReachSearch, _ compiler: borrowing PlanCompiler) -> Int32 {
    let found = search.places[index]
    let at = places.count
    places.append(Place(isWhole: found.isWhole))
    if found.isWhole { return Int32(at) }
    let start = members.count
    var child = found.firstMember
    while child >= 0 {
      members.append(Member(key: search.places[Int(child)].key, place: child))
      child = search.places[Int(child)].next
    }
    places[at].members = Int32(start)
    places[at].memberCount = Int32(members.count - start)
    for i in start..<start + Int(places[at].memberCount) {
      let key = compiler.keys[Int(members[i].key)]
      let first = key.count > 0 ? compiler.bytes[Int(key.start)] : UInt8(ascii: "\"")
      places[at].filter |= Self.bit(Int(key.count), first)
      members[i].length = Int(key.count)
      for byte in (0..<min(8, Int(key.count))).reversed() {
        members[i].prefix = members[i].prefix << 8 | UInt64(compiler.bytes[Int(key.start) + byte])
      }
      members[i].place = append(Int(members[i].place), search, compiler)
    }
    if found.elements >= 0 { places[at].elements = append(Int(found.elements), search, compiler) }
    return Int32(at)
  }
}

/// Places that a value may have come from; none for what was computed.
struct PlanPlaces {
  fileprivate var one: Int32 = PlanReach.nothing
  fileprivate var more: [Int32] = []

  init() {}
  init(_ place: Int32) { one = place }

  fileprivate var isEmpty: Bool { one < 0 }
  fileprivate var count: Int { one < 0 ? 0 : 1 + more.count }

  fileprivate mutating func insert(_ place: Int32) {
    if one < 0 {
      one = place
    } else if one != place && !more.contains(place) {
      more.append(place)
    }
  }

  fileprivate mutating func insert(_ others: PlanPlaces) {
    others.each { insert($0) }
  }

  fileprivate func each(_ body: (Int32) -> Void) {
    if one >= 0 { body(one) }
    for place in more { body(place) }
  }
}

/// The tree while it grows, siblings linked.
private struct PlanReachSearch {
  struct Node {
    var key: Int32 = -1
    var firstMember: Int32 = -1
    var next: Int32 = -1
    var elements: Int32 = -1
    var isWhole = false
  }

  var places: [Node] = [Node()]
  /// Too large to be worth it.
  var hasOverflown = false

  private static var maximumPlaces: Int { 512 }
  private static var maximumAlternatives: Int { 16 }

  init(_ compiler: borrowing PlanCompiler) { places.reserveCapacity(min(compiler.nodes.count + 1, Self.maximumPlaces)) }

  mutating func keep(_ found: PlanPlaces) {
    found.each { places[Int($0)].isWhole = true }
  }

  /// The member of a key in each of the places.
  private mutating func member(_ found: PlanPlaces, _ key: Int32, _ compiler: borrowing PlanCompiler) -> PlanPlaces {
    var result = PlanPlaces()
    found.each { result.insert(member($0, key, compiler)) }
    return result
  }

  private mutating func member(_ place: Int32, _ key: Int32, _ compiler: borrowing PlanCompiler) -> Int32 {
    if places[Int(place)].isWhole || hasOverflown { return place }
    var child = places[Int(place)].firstMember
    while child >= 0 {
      if Self.same(places[Int(child)].key, key, compiler) { return child }
      child = places[Int(child)].next
    }
    let new = add(Node(key: key, next: places[Int(place)].firstMember))
    guard !hasOverflown else { return place }
    places[Int(place)].firstMember = new
    return new
  }

  private static func same(_ a: Int32, _ b: Int32, _ compiler: borrowing PlanCompiler) -> Bool {
    let (x, y) = (compiler.keys[Int(a)], compiler.keys[Int(b)])
    guard a != b else { return true }
    guard x.count == y.count else { return false }
    for i in 0..<Int(x.count) where compiler.bytes[Int(x.start) + i] != compiler.bytes[Int(y.start) + i] {
      return false
    }
    return true
  }

  private mutating func elements(_ found: PlanPlaces) -> PlanPlaces {
    var result = PlanPlaces()
    found.each { place in
      if places[Int(place)].isWhole { return result.insert(place) }
      if places[Int(place)].elements < 0 { places[Int(place)].elements = add(Node()) }
      result.insert(places[Int(place)].elements)
    }
    return result
  }

  private mutating func add(_ node: Node) -> Int32 {
    guard places.count < Self.maximumPlaces else {
      // Whatever is said of it from here on, everything is kept.
      hasOverflown = true
      return 0
    }
    places.append(node)
    return Int32(places.count - 1)
  }

  // MARK: - Steps

  /// Where what a node gives for a value from `input` may come from. What it looks at is kept.
  mutating func run(_ index: Int32, _ input: PlanPlaces, _ compiler: borrowing PlanCompiler) -> PlanPlaces {
    guard !hasOverflown else { return PlanPlaces() }
    guard input.count <= Self.maximumAlternatives else {
      hasOverflown = true
      return PlanPlaces()
    }
    let node = compiler.nodes[Int(index)]
    switch node.op {
    case .current: return input
    case .literal, .expression: return PlanPlaces()
    case .field: return member(input, node.a, compiler)
    case .index: return elements(input)
    case .sequence:
      var result = input
      for step in 0..<node.count { result = run(compiler.lists[Int(node.a + step)], result, compiler) }
      return result
    case .project, .projectSlice, .projectFilter, .projectFlattened, .map:
      var items = elements(run(node.a, input, compiler))
      // An array's elements in its place, or what is no array itself.
      if node.op == .projectFlattened { items.insert(elements(items)) }
      if node.op == .projectFilter { use(node.c, items, compiler) }
      use(node.b, items, compiler)
      return PlanPlaces()
    case .projectValues:
      let base = run(node.a, input, compiler)
      keep(base)
      use(node.b, base, compiler)
      return PlanPlaces()
    case .makeArray:
      for step in 0..<node.count { use(compiler.lists[Int(node.a + step)], input, compiler) }
      return PlanPlaces()
    case .makeObject:
      for step in stride(from: 1, to: node.count, by: 2) { use(compiler.lists[Int(node.a + step)], input, compiler) }
      return PlanPlaces()
    case .or, .and:
      // Whether a container is empty is looked at, too.
      var result = PlanPlaces()
      for step in 0..<node.count {
        let operand = run(compiler.lists[Int(node.a + step)], input, compiler)
        keep(operand)
        result.insert(operand)
      }
      return result
    case .fallback:
      var result = run(node.a, input, compiler)
      result.insert(run(node.b, input, compiler))
      return result
    case .not, .coerce:
      use(node.a, input, compiler)
      return PlanPlaces()
    case .compare:
      use(node.a, input, compiler)
      use(node.b, input, compiler)
      return PlanPlaces()
    case .call:
      for step in 0..<node.count { use(compiler.lists[Int(node.a + step)], input, compiler) }
      return PlanPlaces()
    case .reshape: return reshape(node, input, compiler)
    case .pointer:
      var result = input
      for step in 0..<node.count {
        guard !hasOverflown else { return PlanPlaces() }
        let key = compiler.lists[Int(node.a + step)]
        var next = member(result, key, compiler)
        if Self.mayBeIndex(key, compiler) { next.insert(elements(result)) }
        result = next
      }
      return result
    case .patch, .mergePatch, .patchAdd, .patchRemove, .patchReplace, .patchMove, .patchCopy, .patchTest, .pathArray,
      .pathQuery, .pathSegment, .pathName, .pathWildcard, .pathIndex, .pathSlice, .pathFilter, .pathExists,
      .pathCompare, .pathAnd, .pathOr, .pathNot, .pathMatch, .pathSingular, .pathLength, .pathCount, .pathValue:
      // Patches copy what they do not change, and paths may begin at the root.
      hasOverflown = true
      return PlanPlaces()
    }
  }

  /// Runs a node whose value is looked at whole.
  private mutating func use(_ index: Int32, _ input: PlanPlaces, _ compiler: borrowing PlanCompiler) {
    let result = run(index, input, compiler)
    keep(result)
  }

  private mutating func reshape(
    _ node: PlanNode, _ input: PlanPlaces, _ compiler: borrowing PlanCompiler
  ) -> PlanPlaces {
    for step in stride(from: 0, to: node.count, by: 3) {
      let first = compiler.lists[Int(node.a + step + 1)]
      switch PlanBuilder.Part(rawValue: compiler.lists[Int(node.a + step)]) {
      case .keep: keep(member(input, first, compiler))
      case .set: use(compiler.lists[Int(node.a + step + 2)], input, compiler)
      case .lift: use(first, input, compiler)
      case .rest, nil: keep(input)
      }
    }
    return PlanPlaces()
  }

  private static func mayBeIndex(_ key: Int32, _ compiler: borrowing PlanCompiler) -> Bool {
    let key = compiler.keys[Int(key)]
    guard key.count > 0 else { return false }
    return compiler.bytes[Int(key.start)..<Int(key.start + key.count)].allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
  }
}

extension PlanLineShape {
  /// What is kept of a line: so many nodes, of which the first one is node `first` and offsets are from `origin` in the text.
  @unsafe
  struct Read {
    let nodes: UnsafePointer<JSONNode>
    let count: Int
    let first: Int
    let origin: Int

    func has(_ begin: Int) -> Bool {
      for i in unsafe 0..<count where unsafe nodes[i].begin &+ origin == begin { return true }
      return false
    }
  }

  /// Makes this the shape of a line that was walked through; false: it is none that is worth it, or not of an object.
  ///
  /// - `line` is where the line is in the text, with its line end; `whole` are the nodes of all that is in it, by offsets from the line's
  ///   begin.
  /// - `found` has room for ``maximumSteps``.
  mutating func make(
    _ text: PlanLineText, _ line: Range<Int>, _ token: UnsafePointer<UInt32>, whole: UnsafePointer<JSONNode>,
    _ read: Read, _ found: UnsafeMutablePointer<Found>
  ) -> Bool {
    unsafe (stepCount, wordCount, nodeCount, separators, levels) = (0, 0, 0, 0, 0)
    guard unsafe whole[0].kind == .object && read.count <= Self.maximumNodes else { return false }
    var run = unsafe Run(start: line.lowerBound, base: line.lowerBound, token: token)
    guard unsafe addRead(text, &run, 0, whole, read, found, 1),
      unsafe add(text, &run, upTo: line.upperBound &- line.lowerBound, found)
    else { return false }
    for i in unsafe 0..<read.count {
      guard unsafe add(read.nodes[i], read, found) else { return false }
    }
    return true
  }

  /// Adds what is in a container of which something is read.
  private mutating func addRead(
    _ text: PlanLineText, _ run: inout Run, _ container: Int, _ whole: UnsafePointer<JSONNode>, _ read: Read,
    _ found: UnsafeMutablePointer<Found>, _ depth: Int
  ) -> Bool {
    guard unsafe depth < Self.maximumDepth else { return false }
    unsafe levels = max(levels, depth)
    let isObject = unsafe whole[container].kind == .object
    let end = unsafe whole[container].next
    var value = container &+ 1
    while value < end {
      unsafe separators &+= (value == container &+ 1 ? 0 : 1) &+ (isObject ? 1 : 0)
      if isObject { value &+= 1 }
      let node = unsafe whole[value]
      let isRead = unsafe read.has(run.base &+ node.begin)
      if node.kind != .array && node.kind != .object {
        guard unsafe add(text, &run, value: node, found) else { return false }
        if !isRead { unsafe steps[stepCount &- 1].first = Step.isUnread }
      } else if isRead {
        guard unsafe addRead(text, &run, value, whole, read, found, depth &+ 1) else { return false }
      } else if unsafe node.next &- value > Self.maximumUnread {
        // Much that is not read is walked through each time.
        guard unsafe add(text, &run, value: node, found) else { return false }
        unsafe steps[stepCount &- 1].first = Step.isUnread
      } else {
        let (first, before) = unsafe (stepCount &+ 1, separators)
        guard unsafe add(text, &run, upTo: node.begin, found),
          unsafe addContainer(text, &run, value, whole, found, depth &+ 1),
          unsafe add(text, &run, upTo: node.end, found)
        else { return false }
        for i in unsafe first..<stepCount {
          unsafe steps[i].first = Int32(first)
          unsafe steps[i].after = Int32(stepCount)
        }
        unsafe steps[stepCount &- 1].separators = Int32(separators &- before)
      }
      value = node.next
    }
    return true
  }

  /// Nodes of a container that is not read and still part of the shape.
  private static var maximumUnread: Int { 32 }

  /// Levels of containers in a line.
  static var maximumDepth: Int { 32 }

  /// Where the present run begins, its first token, and where the line does.
  @safe
  private struct Run {
    var start: Int
    let base: Int
    var token: UnsafePointer<UInt32>
  }

  /// Adds what is between the values of a container, and counts its separators.
  private mutating func addContainer(
    _ text: PlanLineText, _ run: inout Run, _ container: Int, _ whole: UnsafePointer<JSONNode>,
    _ found: UnsafeMutablePointer<Found>, _ depth: Int
  ) -> Bool {
    guard unsafe depth < Self.maximumDepth else { return false }
    unsafe levels = max(levels, depth)
    let isObject = unsafe whole[container].kind == .object
    let end = unsafe whole[container].next
    var value = container &+ 1
    while value < end {
      unsafe separators &+= (value == container &+ 1 ? 0 : 1) &+ (isObject ? 1 : 0)
      if isObject { value &+= 1 }
      let node = unsafe whole[value]
      if node.kind == .array || node.kind == .object {
        guard unsafe addContainer(text, &run, value, whole, found, depth &+ 1) else { return false }
      } else {
        guard unsafe add(text, &run, value: node, found) else { return false }
      }
      value = node.next
    }
    return true
  }

  /// Adds the run before a value, which is no container, and the value.
  private mutating func add(
    _ text: PlanLineText, _ run: inout Run, value node: JSONNode, _ found: UnsafeMutablePointer<Found>
  ) -> Bool {
    guard unsafe add(text, &run, upTo: node.begin, found) else { return false }
    let step = unsafe stepCount &- 1
    let (begin, end) = (run.base &+ node.begin, run.base &+ node.end)
    while unsafe Int(run.token.pointee) < end { unsafe run.token += 1 }
    // The line's object closes behind every value.
    let following = unsafe Int(run.token.pointee)
    unsafe steps[step].next = Int32(following &- end)
    unsafe found[step].range = UInt64(begin) | UInt64(end) << 32
    run.start = end
    return true
  }

  /// Adds the run that ends at an offset of the line.
  private mutating func add(
    _ text: PlanLineText, _ run: inout Run, upTo offset: Int, _ found: UnsafeMutablePointer<Found>
  ) -> Bool {
    let end = run.base &+ offset
    let count = end &- run.start
    guard unsafe stepCount < Self.maximumSteps && wordCount &+ count / 8 &+ 1 <= Self.maximumWords else { return false }
    var step = unsafe Step(word: Int32(wordCount), byteCount: Int32(count))
    for i in 0...count / 8 { unsafe words[wordCount &+ i] = 0 }
    let bytes = unsafe UnsafeMutableRawPointer(words + wordCount)
    unsafe bytes.copyMemory(from: text.source + run.start, byteCount: count)
    // More than 64 bits are shifted out.
    unsafe step.low = words[wordCount]
    step.lowMask = ~(UInt64.max << UInt64(8 &* min(count, 8)))
    if count > 8 {
      unsafe step.high = words[wordCount &+ 1]
      step.highMask = ~(UInt64.max << UInt64(8 &* min(count &- 8, 8)))
    }
    unsafe wordCount &+= count / 8 &+ 1
    while unsafe run.token < text.end && Int(run.token.pointee) < end {
      unsafe run.token += 1
      step.tokens &+= 1
    }
    unsafe steps[stepCount] = step
    unsafe found[stepCount] = Found(range: .max, link: 0, run: run.start)
    unsafe stepCount &+= 1
    run.start = end
    return true
  }

  /// Adds a node that is kept.
  private mutating func add(_ node: JSONNode, _ read: Read, _ found: UnsafeMutablePointer<Found>) -> Bool {
    let (begin, end) = unsafe (read.origin &+ node.begin, read.origin &+ node.end)
    let link = unsafe node.link &- UInt64(read.first) << 32
    var new = Node(link: link, range: Node.value, begin: -1, end: -1)
    var (first, last) = (0, 0)
    for i in unsafe 0..<stepCount {
      let (run, length) = unsafe (found[i].run, Int(steps[i].byteCount))
      if unsafe found[i].range == UInt64(begin) | UInt64(end) << 32 {
        (new.begin, new.end) = (Int32(i), Int32(i))
        // Kind and flag are the value's.
        new.link = link & ~15
        break
      }
      if begin >= run && begin < run &+ length { (new.begin, first) = (Int32(i), begin &- run) }
      if new.begin >= 0 && end > run && end <= run &+ length {
        (new.end, last) = (Int32(i), end &- run)
        new.range = UInt64(first) | UInt64(last) << 32
        break
      }
    }
    guard new.end >= 0 else { return false }
    unsafe nodes[nodeCount] = new
    unsafe nodeCount &+= 1
    return true
  }
}

/// A line as one before it was, whose values are strings where they were before, and nothing else than numbers and words where they
/// were those: then its n-th token is what it was, and every place in the line is so far from a token.
///
/// What stands between two values begins where one ends, and is compared byte by byte, with the quote that opens a string behind it: as
/// far as the text is the same so are its tokens. A number or word begins at the token that is next, which has to be where the text
/// ended.
@unsafe
struct PlanLineFrame {
  /// A place, by a token.
  struct Place: BitwiseCopyable {
    var token: Int32 = 0
    var offset: Int32 = 0

    @inline(__always)
    func callAsFunction(_ tokens: UnsafePointer<UInt32>) -> Int {
      unsafe Int(tokens[Int(token)]) &+ Int(offset)
    }
  }

  /// Bytes of what is between two values, by the first token in it.
  struct Window: BitwiseCopyable {
    var bytes: SIMD2<UInt64>
    var mask: SIMD2<UInt64>
    var begin: Place
  }

  /// Of a number or word: its token, how far from its end the next one is, and where it begins, by a token before it.
  struct Scalar: BitwiseCopyable {
    var token: Int32
    var distance: Int32
    var begin: Place
  }

  /// A node of the tape. A value's kind and flag are its own.
  struct Node: BitwiseCopyable {
    var begin: Place
    var end: Place
    var link: UInt64
    var value: Value

    enum Value: UInt8 { case none, string, scalar }
  }

  static var maximumWindows: Int { 192 }
  static var byteCount: Int {
    unsafe maximumWindows &* MemoryLayout<Window>.stride &+ PlanLineShape.maximumNodes &* MemoryLayout<Node>.stride
      &+ PlanLineShape.maximumSteps &* (MemoryLayout<Int32>.stride &+ MemoryLayout<Scalar>.stride)
  }

  let windows: UnsafeMutablePointer<Window>
  let nodes: UnsafeMutablePointer<Node>
  let scalars: UnsafeMutablePointer<Scalar>
  /// The tokens of the values, and the line's last one.
  private let lasts: UnsafeMutablePointer<Int32>
  var windowCount = 0
  var nodeCount = 0
  var scalarCount = 0
  private var lastCount = 0
  /// Tokens of a line, or 0 where there is no such frame.
  var tokenCount = 0
  /// From the line's begin to its first token.
  private var lead = 0
  /// The line's end.
  private var end = Place()
  /// Bytes from the line's last token on that are looked at, at most.
  private var reach = 0

  /// - `memory` is writable for ``byteCount`` bytes and aligned to 16.
  init(_ memory: UnsafeMutableRawPointer) {
    unsafe windows = memory.assumingMemoryBound(to: Window.self)
    let nodes = unsafe memory + Self.maximumWindows &* MemoryLayout<Window>.stride
    unsafe self.nodes = nodes.assumingMemoryBound(to: Node.self)
    let scalars = unsafe nodes + PlanLineShape.maximumNodes &* MemoryLayout<Node>.stride
    unsafe self.scalars = scalars.assumingMemoryBound(to: Scalar.self)
    let lasts = unsafe scalars + PlanLineShape.maximumSteps &* MemoryLayout<Scalar>.stride
    unsafe self.lasts = lasts.assumingMemoryBound(to: Int32.self)
  }
}

// MARK: - Making

extension PlanLineFrame {
  /// Makes the frame of a shape that was just made of the line that begins at `start`, and whose first token is `tokens`.
  ///
  /// - `found` has the values of the line.
  mutating func make(
    _ shape: PlanLineShape, _ text: PlanLineText, _ start: Int, _ tokens: UnsafePointer<UInt32>,
    _ found: UnsafePointer<PlanLineShape.Found>
  ) {
    unsafe (windowCount, lastCount, scalarCount, nodeCount, tokenCount, reach) = (0, 0, 0, 0, 0, 0)
    unsafe lead = Int(tokens[0]) &- start
    // Tokens before the step, the first one of the run, and where that begins: steps without a value are of the next one's run.
    var (before, first, begin) = (0, 0, start)
    for i in unsafe 0..<shape.stepCount {
      let step = unsafe shape.steps[i]
      before &+= Int(step.tokens)
      let isLast = unsafe i &+ 1 == shape.stepCount
      if step.next < 0 && !isLast { continue }
      // The value's token, or the line's last one.
      let last = before &- (isLast ? 1 : 0)
      guard last >= first else { return }
      let at = unsafe Int(tokens[last])
      let opening = unsafe text.source[at]
      let isString = !isLast && opening == UInt8(ascii: "\"")
      // Containers are stepped over whole where they are large.
      guard isLast || opening | 0x20 != UInt8(ascii: "{") else { return }
      unsafe lasts[lastCount] = Int32(last)
      unsafe lastCount &+= 1
      let ending = unsafe found[i].run &+ Int(step.byteCount)
      guard unsafe add(text.source, begin, ending &+ (isString ? 1 : 0), first, tokens) else { return }
      if isLast {
        unsafe end = place(ending, Int32(first), tokens)
      } else if !isString {
        unsafe scalars[scalarCount] = Scalar(
          token: Int32(last), distance: step.next, begin: place(at, Int32(first), tokens))
        unsafe scalarCount &+= 1
      }
      unsafe begin = Int(truncatingIfNeeded: found[i].range >> 32)
      first = last &+ 1
      before = first &+ (isString ? 1 : 0)
    }
    unsafe addNodes(shape, text, tokens, found)
    unsafe tokenCount = before
  }

  /// Adds the bytes from `begin` to `end`, by a token.
  private mutating func add(
    _ source: UnsafePointer<UInt8>, _ begin: Int, _ end: Int, _ token: Int, _ tokens: UnsafePointer<UInt32>
  ) -> Bool {
    var at = begin
    while at < end {
      guard unsafe windowCount < Self.maximumWindows else { return false }
      var (bytes, mask) = (SIMD16<UInt8>(repeating: 0), SIMD16<UInt8>(repeating: 0))
      for i in 0..<min(16, end &- at) {
        bytes[i] = unsafe source[at &+ i]
        mask[i] = 0xff
      }
      let place = unsafe place(at, Int32(token), tokens)
      unsafe windows[windowCount] = unsafe Window(
        bytes: unsafeBitCast(bytes, to: SIMD2<UInt64>.self), mask: unsafeBitCast(mask, to: SIMD2<UInt64>.self),
        begin: place)
      unsafe windowCount &+= 1
      unsafe reach = max(reach, Int(place.offset) &+ 16)
      at &+= 16
    }
    return true
  }

  private mutating func addNodes(
    _ shape: PlanLineShape, _ text: PlanLineText, _ tokens: UnsafePointer<UInt32>,
    _ found: UnsafePointer<PlanLineShape.Found>
  ) {
    for i in unsafe 0..<shape.nodeCount {
      let node = unsafe shape.nodes[i]
      guard node.range == PlanLineShape.Node.value else {
        let begin = unsafe found[Int(node.begin)].run &+ Int(truncatingIfNeeded: node.range & 0xffff_ffff)
        let end = unsafe found[Int(node.end)].run &+ Int(truncatingIfNeeded: node.range >> 32)
        unsafe nodes[i] = unsafe Node(
          begin: place(begin, token(begin, tokens), tokens), end: place(end, token(end, tokens), tokens),
          link: node.link, value: .none)
        continue
      }
      let range = unsafe found[Int(node.begin)].range
      let (begin, end) = (Int(truncatingIfNeeded: range & 0xffff_ffff), Int(truncatingIfNeeded: range >> 32))
      let opening = unsafe token(begin, tokens)
      unsafe nodes[i] = unsafe Node(
        begin: Place(token: opening), end: place(end, opening &+ 1, tokens), link: node.link,
        value: text.source[begin] == UInt8(ascii: "\"") ? .string : .scalar)
    }
    unsafe nodeCount = shape.nodeCount
  }

  private func place(_ at: Int, _ token: Int32, _ tokens: UnsafePointer<UInt32>) -> Place {
    unsafe Place(token: token, offset: Int32(at &- Int(tokens[Int(token)])))
  }

  /// The first value's token that is not before a place, or the line's last one.
  private func token(_ at: Int, _ tokens: UnsafePointer<UInt32>) -> Int32 {
    for i in unsafe 0..<lastCount where unsafe Int(tokens[Int(lasts[i])]) >= at { return unsafe lasts[i] }
    return unsafe lasts[lastCount &- 1]
  }
}

// MARK: - Using

extension PlanLineFrame {
  /// Where the line that begins at `start` ends, behind its line end, or -1 where it has not this frame.
  ///
  /// - `tokens` are the line's and those after it.
  /// - The strings of the text are valid.
  @inline(__always)
  func match(_ text: PlanLineText, _ start: Int, _ tokens: UnsafePointer<UInt32>) -> Int {
    let count = unsafe tokenCount
    guard unsafe count > 0 && text.end - tokens >= count else { return -1 }
    let source = unsafe text.source
    guard unsafe Int(tokens[0]) == start &+ lead && Int(tokens[count &- 1]) &+ reach &+ 8 <= text.readable
    else { return -1 }
    var scalar = unsafe UnsafePointer(scalars)
    let lastScalar = unsafe scalar + scalarCount
    while unsafe scalar < lastScalar {
      let token = unsafe tokens + Int(scalar.pointee.token)
      let begin = unsafe Int(token[0])
      let length = unsafe Int(token[1]) &- Int(scalar.pointee.distance) &- begin
      guard unsafe begin == scalar.pointee.begin(tokens) && PlanScalar.link(source, begin, length) != PlanScalar.none
      else { return -1 }
      unsafe scalar += 1
    }
    // No window begins before the line: none of the numbers and words is empty.
    var different = SIMD2<UInt64>(repeating: 0)
    var window = unsafe UnsafePointer(windows)
    let lastWindow = unsafe window + windowCount
    while unsafe window < lastWindow {
      let at = unsafe UnsafeRawPointer(source + window.pointee.begin(tokens))
      unsafe different |= (at.loadUnaligned(as: SIMD2<UInt64>.self) ^ window.pointee.bytes) & window.pointee.mask
      unsafe window += 1
    }
    return unsafe different[0] | different[1] == 0 ? end(tokens) : -1
  }

  /// The nodes of a line that has this frame, into room for ``nodeCount``.
  ///
  /// - In the nodes, offsets are counted from `start`, and `next` is the index of the first of them.
  @inline(__always)
  func write(
    _ text: PlanLineText, _ tokens: UnsafePointer<UInt32>, from start: Int, next: Int,
    _ out: UnsafeMutablePointer<JSONNode>
  ) {
    let next = UInt64(truncatingIfNeeded: next) &<< 32
    for i in unsafe 0..<nodeCount {
      let node = unsafe nodes + i
      let (begin, end) = unsafe (node.pointee.begin(tokens), node.pointee.end(tokens))
      var link = unsafe node.pointee.link
      switch unsafe node.pointee.value {
      case .none: break
      case .string: link |= unsafe UInt64(JSONKind.string.rawValue) | (text.closesEscaped(end &- 1) ? 8 : 0)
      case .scalar: link |= unsafe PlanScalar.link(text.source, begin, end &- begin)
      }
      unsafe out[i].range =
        UInt64(truncatingIfNeeded: begin &- start) | UInt64(truncatingIfNeeded: end &- start) &<< 32
      unsafe out[i].link = link &+ next
    }
  }
}

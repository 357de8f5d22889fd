/// One connection that messages of HTTP/1.1 come and go on, one after the other.
///
/// What is held is a buffer of 16 KiB and what the caller passes in; no message makes it grow.
public struct HTTPConnection: ~Copyable, Sendable {
  public let socket: Socket
  private var buffer = [UInt8](repeating: 0, count: Self.headLimit)
  /// What has come and was not yet read.
  private var start = 0
  private var end = 0

  /// Bytes of the longest head.
  public static let headLimit = 16 << 10

  public init(_ socket: consuming Socket) { self.socket = socket }

  // MARK: - Writing

  public func send(_ head: RawSpan, _ body: RawSpan) throws(WireError) { try socket.send(head, body) }

  // MARK: - Reading

  /// Reads the head of the next message; false where the other side has hung up instead.
  public mutating func readHead(into head: inout HTTPHead) throws(WireError) -> Bool {
    var scanned = start
    while true {
      if let past = endOfHead(from: scanned) {
        try head.parse(buffer[start..<past])
        start = past
        return true
      }
      scanned = max(start, end - 3)
      let moved = start
      if try !fill() {
        if start == end { return false }
        throw .closed
      }
      if start != moved { scanned -= moved }
    }
  }

  /// Reads the body that comes behind `head` and appends it to `body`.
  ///
  /// - Throws: ``WireError/bodyTooLong(limit:)`` before a byte beyond `limit` is kept. The connection is of no more use after an error.
  public mutating func readBody(_ head: borrowing HTTPHead, into body: inout ByteBuffer, limit: Int) throws(WireError) {
    if head.isChunked { return try readChunks(into: &body, limit: limit) }
    guard let length = head.contentLength else {
      // Nothing follows a request without a length, nor these responses.
      if head.status == 0 || head.status == 204 || head.status == 304 { return }
      throw .malformed(.noLength)
    }
    guard length <= limit else { throw .bodyTooLong(limit: limit) }
    try read(length, into: &body)
  }

  private mutating func readChunks(into body: inout ByteBuffer, limit: Int) throws(WireError) {
    let former = body.count
    while true {
      let size = try readChunkSize()
      if size == 0 { break }
      guard body.count - former + size <= limit else { throw .bodyTooLong(limit: limit) }
      try read(size, into: &body)
      guard try readLine().isEmpty else { throw .malformed(.chunk) }
    }
    // The trailer: lines up to an empty one.
    var left = Self.headLimit
    while true {
      let line = try readLine()
      if line.isEmpty { return }
      left -= line.count
      if left < 0 { throw .malformed(.headTooLong) }
    }
  }

  /// Up to seven hexadecimal digits, and perhaps an extension, which is passed over.
  private mutating func readChunkSize() throws(WireError) -> Int {
    let line = try readLine()
    let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
    guard (1...7).contains(digits.count) else { throw .malformed(.chunk) }
    var size = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): size = size << 4 | Int(digit & 15)
      case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
        size = size << 4 | Int(digit & 15) + 9
      default: throw .malformed(.chunk)
      }
    }
    return size
  }

  /// A line without what ends it.
  private mutating func readLine() throws(WireError) -> ArraySlice<UInt8> {
    while true {
      if let newline = buffer[start..<end].firstIndex(of: UInt8(ascii: "\n")) {
        let isCarried = newline > start && buffer[newline - 1] == UInt8(ascii: "\r")
        let line = buffer[start..<(isCarried ? newline - 1 : newline)]
        start = newline + 1
        return line
      }
      if try !fill() { throw .closed }
    }
  }

  /// `count` bytes: those that have come, and then straight into `body`.
  private mutating func read(_ count: Int, into body: inout ByteBuffer) throws(WireError) {
    let here = min(count, end - start)
    unsafe body.append(buffer.span.bytes.extracting(start..<(start + here)))
    start += here
    var left = count - here
    while left > 0 {
      // In pieces, so that a length that is only announced takes no memory.
      var came = 0
      try body.append(room: min(left, 256 << 10)) { (room) throws(WireError) in
        came = try socket.receive(into: &room)
        return came
      }
      if came == 0 { throw .closed }
      left -= came
    }
  }

  /// Waits for more; false at the end. What was not read moves to the front of the buffer first.
  private mutating func fill() throws(WireError) -> Bool {
    if start > 0 {
      for i in start..<end { buffer[i - start] = buffer[i] }
      (start, end) = (0, end - start)
    }
    guard end < buffer.count else { throw .malformed(.headTooLong) }
    let (former, descriptor) = (end, socket.descriptor)
    var span = buffer.mutableSpan
    var bytes = unsafe span.mutableBytes
    var room = bytes._mutatingExtracting(former..<bytes.byteCount)
    let count = try Socket.receive(descriptor, into: &room)
    end = former + count
    return count > 0
  }

  /// Where the head that starts at `start` ends: behind an empty line.
  private func endOfHead(from scanned: Int) -> Int? {
    var at = scanned
    while let newline = buffer[at..<end].firstIndex(of: UInt8(ascii: "\n")) {
      at = newline + 1
      if at < end && buffer[at] == UInt8(ascii: "\n") { return at + 1 }
      if at + 1 < end && buffer[at] == UInt8(ascii: "\r") && buffer[at + 1] == UInt8(ascii: "\n") { return at + 2 }
    }
    return nil
  }
}

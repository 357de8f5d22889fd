public import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A runtime API on the loopback interface for one function at a time: for tests and measurements.
///
/// It has no thread and no clock of its own. ``invoke(_:id:delivery:reply:)`` hands an event out and comes back with the answer, so that
/// what is measured around it is the function and the way there and back.
public struct RuntimeAPI: ~Copyable {
  /// How an event is delivered.
  public enum Delivery: Sendable {
    /// With a Content-Length.
    case whole
    /// In chunks of so many bytes.
    case chunked(Int)
    /// A piece of so many bytes, and then a pause.
    case slow(piece: Int, milliseconds: UInt32)
    /// The connection ends instead, once; the event is delivered to who comes again.
    case afterHangUp(reset: Bool)
    /// The connection ends behind so many bytes of the event.
    case cut(after: Int, reset: Bool)
    /// A length is announced, and nothing follows.
    case announced(Int)
    /// Bytes in the place of the head's end, the length and the body.
    case raw([UInt8])
  }

  /// How an answer is taken.
  public enum Reply: Sendable {
    case accepted
    /// The connection ends instead, so many times; then it is accepted.
    case hangUp(times: Int, reset: Bool)
    case status(Int)
    /// With words in chunks, and the end of the connection.
    case acceptedInChunks
  }

  public enum Answer: Sendable, Hashable {
    case response([UInt8])
    /// What the header says of the type, and the body.
    case error(type: String, [UInt8])
  }

  public enum Failure: Error, Sendable {
    /// Nobody came, or went on, within ``patience``.
    case timeOut
    case wire(WireError)
    /// A request that no runtime sends at this point.
    case unexpected(String)
  }

  /// Milliseconds.
  public var patience: Int32 = 20_000
  /// Connections so far.
  public private(set) var connectionCount = 0
  /// How often the last answer was sent.
  public private(set) var answerCount = 0

  private let listener: Socket
  private var connection: HTTPConnection?
  private var head = HTTPHead()
  private var body = ByteBuffer()
  /// A request for the next event has come, and was not answered yet.
  private var isAwaited = false

  public init() throws(WireError) { listener = try Socket.listening() }

  /// What a function gets as AWS_LAMBDA_RUNTIME_API.
  public var address: String { Address(port: listener.port).description }

  // MARK: - What tests call

  /// Waits until the function asks for an event.
  public mutating func awaitNext() throws(Failure) {
    if isAwaited { return }
    let request = try readRequest()
    guard request == "GET /2018-06-01/runtime/invocation/next" else { throw .unexpected(request) }
    isAwaited = true
  }

  /// Delivers an event to the function and waits for what it makes of it.
  public mutating func invoke(
    _ event: RawSpan, id: String = "8476a536-e9f4-11e8-9739-2dfe598c3fcd", delivery: Delivery = .whole,
    reply: Reply = .accepted
  ) throws(Failure) -> Answer {
    try awaitNext()
    if case .afterHangUp(let reset) = delivery {
      hangUp(reset: reset)
      try awaitNext()
    }
    isAwaited = false
    try deliver(event, id, delivery)
    var answer = try readAnswer(id)
    answerCount = 1
    if case .hangUp(let times, let reset) = reply {
      for _ in 0..<times {
        hangUp(reset: reset)
        let again = try readAnswer(id)
        guard again == answer else { throw .unexpected("another answer than before") }
        answer = again
        answerCount += 1
      }
    }
    try send(reply)
    return answer
  }

  /// The error that a function starts with instead of asking for an event.
  public mutating func awaitInitError() throws(Failure) -> Answer {
    let request = try readRequest()
    guard request == "POST /2018-06-01/runtime/init/error" else { throw .unexpected(request) }
    let answer = errorAnswer()
    try send(.accepted)
    return answer
  }

  // MARK: - Delivering

  private mutating func deliver(_ event: RawSpan, _ id: String, _ delivery: Delivery) throws(Failure) {
    var head = """
      HTTP/1.1 200 OK\r
      Lambda-Runtime-Aws-Request-Id: \(id)\r
      Lambda-Runtime-Deadline-Ms: 4102444800000\r
      Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:kernels\r
      Content-Type: application/json\r

      """
    switch delivery {
    case .whole, .afterHangUp:
      head += "Content-Length: \(event.byteCount)\r\n\r\n"
      try send(head, event)
    case .chunked(let size):
      try send(head + "Transfer-Encoding: chunked\r\n\r\n", RawSpan())
      for start in stride(from: 0, to: event.byteCount, by: size) {
        let piece = event.extracting(start..<min(start + size, event.byteCount))
        try send(String(piece.byteCount, radix: 16) + "\r\n", piece)
        try send("\r\n", RawSpan())
      }
      try send("0\r\n\r\n", RawSpan())
    case .slow(let size, let milliseconds):
      try send(head + "Content-Length: \(event.byteCount)\r\n\r\n", RawSpan())
      for start in stride(from: 0, to: event.byteCount, by: size) {
        usleep(milliseconds * 1000)
        try send("", event.extracting(start..<min(start + size, event.byteCount)))
      }
    case .cut(let count, let reset):
      try send(head + "Content-Length: \(event.byteCount)\r\n\r\n", event.extracting(..<min(count, event.byteCount)))
      hangUp(reset: reset)
    case .announced(let length): try send(head + "Content-Length: \(length)\r\n\r\n", RawSpan())
    case .raw(let bytes): unsafe try send(head, bytes.span.bytes)
    }
  }

  private mutating func send(_ reply: Reply) throws(Failure) {
    let words = "{\"status\":\"OK\"}\n"
    switch reply {
    case .accepted, .hangUp:
      try send("HTTP/1.1 202 Accepted\r\nContent-Length: \(words.utf8.count)\r\n\r\n\(words)", RawSpan())
    case .status(let status):
      try send("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n", RawSpan())
    case .acceptedInChunks:
      let chunk = String(words.utf8.count, radix: 16)
      try send(
        "HTTP/1.1 202 Accepted\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\r\n\(words)\r\n0\r\n\r\n",
        RawSpan())
      hangUp(reset: false)
    }
  }

  private mutating func send(_ text: String, _ bytes: RawSpan) throws(Failure) {
    let text = Array(text.utf8)
    guard connection != nil else { throw .unexpected("no connection to send on") }
    do throws(WireError) {
      unsafe try connection?.send(text.span.bytes, bytes)
    } catch {
      // Who is sent too much may hang up before all of it has come.
      connection = nil
    }
  }

  private mutating func hangUp(reset: Bool) {
    if reset { connection?.socket.abort() }
    connection = nil
    isAwaited = false
  }

  // MARK: - Reading

  private mutating func readAnswer(_ id: String) throws(Failure) -> Answer {
    let request = try readRequest()
    switch request {
    case "POST /2018-06-01/runtime/invocation/\(id)/response": return .response(bodyBytes())
    case "POST /2018-06-01/runtime/invocation/\(id)/error": return errorAnswer()
    default: throw .unexpected(request)
    }
  }

  private func errorAnswer() -> Answer {
    let type = head.value("lambda-runtime-function-error-type").map { String(decoding: $0, as: UTF8.self) }
    return .error(type: type ?? "", bodyBytes())
  }

  private func bodyBytes() -> [UInt8] {
    let bytes = body.bytes
    return unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
  }

  /// Method and path of the next request, whose body is then in ``body``.
  private mutating func readRequest() throws(Failure) -> String {
    do throws(WireError) {
      while true {
        if var open = connection.take() {
          body.removeAll()
          if try Self.readHead(&open, &head) {
            try open.readBody(head, into: &body, limit: 64 << 20)
            connection = consume open
            let words = head.words
            return words.prefix(2).joined(separator: " ")
          }
        }
        guard try listener.waits(milliseconds: patience) else { throw WireError.closed }
        let accepted = try listener.accepted()
        accepted.giveUp(afterMilliseconds: patience)
        connection = HTTPConnection(accepted)
        connectionCount += 1
      }
    } catch {
      if case .system(.receive, EAGAIN) = error { throw .timeOut }
      if connectionCount == 0 || error == .closed { throw .timeOut }
      throw .wire(error)
    }
  }

  /// False where the function has hung up, in whatever way.
  private static func readHead(_ connection: inout HTTPConnection, _ head: inout HTTPHead) throws(WireError) -> Bool {
    do throws(WireError) {
      return try connection.readHead(into: &head)
    } catch {
      if error == .closed { return false }
      throw error
    }
  }
}

public import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What came of waiting for an event.
public enum Delivery {
  case event
  /// The event did not come whole, or is too long; it is to be answered with this error.
  case refused(HandlerError)
}

/// Why an exchange with the runtime API came to nothing.
public enum RuntimeFailure: Error {
  case wire(WireError)
  /// A status that says no: the invocation is over, or the request was wrong.
  case refused(status: Int)
  /// The API cannot go on, and wants the process to end.
  case broken
  case noRequestID
}

/// The client of the runtime API for custom runtimes, version 2018-06-01: one connection on loopback, kept, and made anew when it
/// breaks.
///
/// Source: AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
public struct RuntimeClient: ~Copyable {
  /// Bytes of the longest event, and of the longest response: what a synchronous invocation may have.
  public static let payloadLimit = 6 << 20
  /// How often a request is tried.
  static let attempts = 8

  private let address: Address
  private var connection: HTTPConnection?
  private var head = HTTPHead()
  private var request: [UInt8] = []
  /// The id of the present invocation, as it stands in a path.
  private var id: [UInt8] = []

  public init(_ address: Address) { self.address = address }

  /// Waits for the next event and reads it into `event`.
  ///
  /// - Throws: where there is no invocation that could be answered.
  public mutating func next(into event: inout ByteBuffer) throws(RuntimeFailure) -> Delivery {
    event.removeAll()
    id.removeAll(keepingCapacity: true)
    begin("GET", "invocation/next")
    endHead()
    try exchangeHeads(RawSpan())
    if let id = head.value("lambda-runtime-aws-request-id"), Self.isPlain(id) { self.id.append(contentsOf: id) }
    do throws(WireError) {
      try finishReading(into: &event, limit: Self.payloadLimit)
    } catch {
      if id.isEmpty || head.status != 200 { throw .wire(error) }
      event.removeAll()
      return .refused(Self.refusal(of: error))
    }
    if head.status == 500 { throw .broken }
    guard head.status == 200 else { throw .refused(status: head.status) }
    guard !id.isEmpty else { throw .noRequestID }
    return .event
  }

  /// Answers the present invocation.
  public mutating func respond(_ body: RawSpan) throws(RuntimeFailure) {
    begin("POST", "invocation/", withID: "/response")
    try post(body)
  }

  /// Answers the present invocation with an error.
  public mutating func respond(_ error: HandlerError) throws(RuntimeFailure) {
    begin("POST", "invocation/", withID: "/error")
    try post(error)
  }

  /// Says that the function cannot start.
  public mutating func failToStart(_ error: HandlerError) throws(RuntimeFailure) {
    begin("POST", "init/error")
    try post(error)
  }

  // MARK: - Requests

  private mutating func begin(_ method: String, _ path: String, withID rest: String? = nil) {
    request.removeAll(keepingCapacity: true)
    request.append(contentsOf: method.utf8)
    request.append(contentsOf: " /2018-06-01/runtime/".utf8)
    request.append(contentsOf: path.utf8)
    if let rest {
      request.append(contentsOf: id)
      request.append(contentsOf: rest.utf8)
    }
    request.append(contentsOf: " HTTP/1.1\r\nHost: \(address)\r\n".utf8)
  }

  private mutating func endHead() { request.append(contentsOf: "\r\n".utf8) }

  private mutating func post(_ error: HandlerError) throws(RuntimeFailure) {
    request.append(contentsOf: "Lambda-Runtime-Function-Error-Type: \(error.type)\r\n".utf8)
    let json = error.json
    unsafe try post(json.span.bytes)
  }

  private mutating func post(_ body: RawSpan) throws(RuntimeFailure) {
    request.append(contentsOf: "Content-Type: application/json\r\nContent-Length: \(body.byteCount)\r\n".utf8)
    endHead()
    try exchangeHeads(body)
    var reply = ByteBuffer()
    // The status has come: words that do not come behind it are missed by nobody.
    try? finishReading(into: &reply, limit: HTTPConnection.headLimit)
    if head.status == 500 { throw .broken }
    guard head.status == 202 || head.status == 200 else { throw .refused(status: head.status) }
  }

  // MARK: - The connection

  /// Sends the request and reads the head of what comes back, over a new connection where the present one fails.
  ///
  /// An answer may thus be given twice, where the API had taken it and hung up before it said so. It refuses the second one.
  private mutating func exchangeHeads(_ body: RawSpan) throws(RuntimeFailure) {
    var attempt = 1
    while true {
      do throws(WireError) {
        return try exchangeHeadsOnce(body)
      } catch {
        connection = nil
        if attempt == Self.attempts { throw .wire(error) }
        // At once, and then after 1, 2, 4 ... milliseconds.
        if attempt > 1 { usleep(1000 << UInt32(attempt - 2)) }
        attempt += 1
      }
    }
  }

  private mutating func exchangeHeadsOnce(_ body: RawSpan) throws(WireError) {
    var connection = try takeConnection()
    unsafe try connection.send(request.span.bytes, body)
    repeat {
      guard try connection.readHead(into: &head) else { throw .closed }
    } while head.status < 200  // 1xx: the answer is yet to come
    self.connection = consume connection
  }

  private mutating func takeConnection() throws(WireError) -> HTTPConnection {
    if let connection = connection.take() { return connection }
    return HTTPConnection(try Socket(connectingTo: address))
  }

  /// Reads the body behind ``head``. The connection goes where it ends there, or cannot be read on.
  private mutating func finishReading(into body: inout ByteBuffer, limit: Int) throws(WireError) {
    guard var connection = connection.take() else { throw .closed }
    try connection.readBody(head, into: &body, limit: limit)
    if !head.closes { self.connection = consume connection }
  }

  // MARK: - What came

  /// Ids go into paths as they are: letters, digits and hyphens, not too many of them.
  private static func isPlain(_ id: ArraySlice<UInt8>) -> Bool {
    id.count <= 128
      && id.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
          || $0 == UInt8(ascii: "-")
      }
  }

  private static func refusal(of error: WireError) -> HandlerError {
    switch error {
    case .bodyTooLong: HandlerError("Runtime.EventTooLarge", "the event is longer than \(payloadLimit) bytes")
    case .malformed: HandlerError("Runtime.EventMalformed", "the event cannot be read: \(error)")
    case .closed, .system: HandlerError("Runtime.EventTruncated", "the event did not come whole: \(error)")
    }
  }
}

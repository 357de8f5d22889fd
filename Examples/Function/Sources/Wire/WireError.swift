/// Why an exchange over HTTP failed.
public enum WireError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A system call, and the system's number of the error.
  case system(StaticCall, code: Int32)
  /// The other side hung up in the middle of something.
  case closed
  /// What came is not HTTP/1.1 as this side reads it.
  case malformed(Fault)
  /// A body of more than the bytes allowed. None of them beyond the limit was kept.
  case bodyTooLong(limit: Int)

  public enum StaticCall: String, Sendable { case socket, connect, bind, listen, accept, send, receive, poll }

  public enum Fault: String, Sendable {
    case startLine = "the first line is not HTTP/1.1's"
    case headTooLong = "the head is too long"
    case header = "a header line without a name"
    case contentLength = "a Content-Length that is no number, or two that differ"
    case transferEncoding = "a transfer encoding other than chunked, or chunked and a length"
    case noLength = "a body without its length"
    case chunk = "a chunk's length or end is wrong"
  }

  public var description: String {
    switch self {
    case .system(let call, let code): "\(call.rawValue) failed with error \(code)"
    case .closed: "the connection was closed half-way"
    case .malformed(let fault): fault.rawValue
    case .bodyTooLong(let limit): "the body is longer than \(limit) bytes"
    }
  }
}

import FunctionRuntime
import Kernels
import Wire

/// The events and answers of HTTP front ends: API Gateway's payload format 2.0, which function URLs have too.
struct ProxyEvent: ~Copyable {
  private var document = JSONDocument()
  private var text = ByteBuffer()
  private var body = ByteBuffer()

  /// Bytes of the body of the event last read.
  var bytes: RawSpan {
    @_lifetime(borrow self)
    get { body.bytes }
  }

  /// Reads an event and its body: text, or bytes in base64.
  mutating func read(_ event: RawSpan) throws(HandlerError) {
    body.removeAll()
    try document.parse(event: event)
    try Self.readBody(of: document, &text, &body)
  }

  private static func readBody(
    of document: borrowing JSONDocument, _ text: inout ByteBuffer, _ body: inout ByteBuffer
  ) throws(HandlerError) {
    let root = document.root
    guard let value = root["body"], value.kind == .string else {
      throw HandlerError("Event.NoBody", "the event has no body")
    }
    if root["isBase64Encoded"]?.bool == true {
      try decodeBase64(value, text: &text, into: &body, field: "body")
    } else {
      value.unescape(appendingTo: &body)
    }
  }

  /// A number of the query string; nil where it has none of this name.
  ///
  /// - Throws: where it is there, and no number of the range.
  func query(_ name: String, in range: ClosedRange<Int>) throws(HandlerError) -> Int? {
    guard let text = document.root["queryStringParameters"]?[name]?.string else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw HandlerError(
        "Event.InvalidParameter", "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A text of the query string; nil where it has none of this name.
  func query(_ name: String) -> String? { document.root["queryStringParameters"]?[name]?.string }
}

extension JSONWriter {
  /// The answer to an HTTP request.
  mutating func proxyResponse(type: String, isBase64: Bool, body: String) {
    beginObject()
    key("statusCode")
    number(Int64(200))
    key("headers")
    beginObject()
    key("content-type")
    string(type)
    endObject()
    key("isBase64Encoded")
    bool(isBase64)
    key("body")
    string(body)
    endObject()
  }
}

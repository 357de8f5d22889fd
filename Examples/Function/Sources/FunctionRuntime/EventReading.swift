public import Kernels
public import Wire

extension JSONDocument {
  /// Reads an event.
  public mutating func parse(event: RawSpan) throws(HandlerError) {
    do throws(JSONError) {
      try parse(event)
    } catch {
      throw HandlerError(error.isLimit ? "Event.LimitExceeded" : "Event.InvalidJSON", "the event is not JSON: \(error)")
    }
  }
}

extension JSONValue {
  /// Appends what a string stands for; nothing where this is none.
  public func unescape(appendingTo text: inout ByteBuffer) {
    guard kind == .string else { return }
    let room = raw.byteCount
    text.append(room: room) { memory in
      unsafe memory.withUnsafeMutableBytes { memory in
        unsafe memory.withMemoryRebound(to: UInt8.self) { memory in
          var out = unsafe OutputSpan(buffer: memory, initializedCount: 0)
          _ = unescape(into: &out)
          return unsafe out.finalize(for: memory)
        }
      }
    }
  }
}

/// Appends the bytes that a string of base64 stands for to `bytes`. `text` is memory for the string.
public func decodeBase64(
  _ value: borrowing JSONValue, text: inout ByteBuffer, into bytes: inout ByteBuffer, field: @autoclosure () -> String
) throws(HandlerError) {
  text.removeAll()
  value.unescape(appendingTo: &text)
  do throws(Base64Error) {
    let text = text.bytes
    try bytes.append(room: Base64.mostDecoded(of: text.byteCount)) { (room) throws(Base64Error) in
      try Base64.decode(text, into: &room)
    }
  } catch {
    throw HandlerError("Event.InvalidBase64", "\(field()): \(error)")
  }
}

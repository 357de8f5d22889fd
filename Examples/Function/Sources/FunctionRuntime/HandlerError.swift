import Kernels

/// What an invocation ends with where it has no answer.
public struct HandlerError: Error {
  /// "Category.Reason", which is what is counted and alarmed on. Letters and full stops: it goes into a header.
  public let type: String
  /// One sentence.
  public let message: String

  public init(_ type: String, _ message: String) { (self.type, self.message) = (type, message) }

  /// As the runtime API takes it.
  var json: [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("errorType")
    writer.string(type)
    writer.key("errorMessage")
    writer.string(message)
    writer.key("stackTrace")
    writer.beginArray()
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }
}

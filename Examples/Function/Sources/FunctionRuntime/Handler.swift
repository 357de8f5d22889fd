public import Kernels

/// A function: made once when the process starts, called for one event after the other.
///
/// A handler keeps memory, plans and weights between calls, and nothing of an event.
public protocol Handler: ~Copyable {
  init() throws(HandlerError)

  /// Writes one JSON value, the answer to `event`.
  mutating func handle(_ event: RawSpan, response: inout JSONWriter) throws(HandlerError)
}

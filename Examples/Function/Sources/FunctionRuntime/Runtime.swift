import Kernels
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The loop of a custom runtime: wait for an event, have it handled, answer.
public enum Runtime {
  /// How often in a row there may be nothing to answer, before the process gives up.
  private static let patience = 5

  /// Serves until the runtime API is gone.
  public static func serve<H: Handler & ~Copyable>(
    _: H.Type, by client: consuming RuntimeClient = Runtime.start()
  ) -> Never {
    do throws(HandlerError) {
      var handler = try H()
      var event = ByteBuffer()
      var response = JSONWriter()
      var failures = 0
      while failures < patience {
        do throws(RuntimeFailure) {
          let delivery = try client.next(into: &event)
          failures = 0
          if let error = failure(of: delivery, event, &handler, &response) {
            try client.respond(error)
          } else {
            try unsafe client.respond(response.bytes.span.bytes)
          }
        } catch {
          report("runtime API: \(error)")
          // A refused answer is lost, and the next event is not. Where the API itself fails there is nobody to work for.
          if case .broken = error { break }
          failures += 1
        }
      }
      exit(1)
    } catch {
      failToStart(error, client)
    }
  }

  /// Says that the function cannot start, and ends the process.
  public static func failToStart(
    _ error: HandlerError, _ client: consuming RuntimeClient = Runtime.start()
  ) -> Never {
    report("cannot start: \(error.message)")
    try? client.failToStart(error)
    exit(1)
  }

  /// Has an event handled; nil where `response` is then the answer.
  private static func failure<H: Handler & ~Copyable>(
    of delivery: Delivery, _ event: borrowing ByteBuffer, _ handler: inout H, _ response: inout JSONWriter
  ) -> HandlerError? {
    if case .refused(let error) = delivery { return error }
    response.removeAll()
    do throws(HandlerError) {
      try handler.handle(event.bytes, response: &response)
    } catch {
      return error
    }
    let limit = RuntimeClient.payloadLimit
    if response.bytes.count <= limit { return nil }
    return HandlerError("Function.ResponseTooLarge", "the answer is longer than \(limit) bytes")
  }
}

/// A line for who reads the logs.
public func report(_ line: String) {
  let text = Array("bootstrap: \(line)\n".utf8)
  _ = unsafe text.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

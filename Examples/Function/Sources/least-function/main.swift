// The least that a function can do: it answers every event with an empty object, and calls no kernel. What it takes to start and to answer
// is the loop's; what `bootstrap` takes beyond is the kernels'.
import FunctionRuntime
import Kernels

struct LeastHandler: Handler, ~Copyable {
  init() throws(HandlerError) {}

  mutating func handle(_ event: RawSpan, response: inout JSONWriter) throws(HandlerError) {
    response.beginObject()
    response.endObject()
  }
}

Runtime.serve(LeastHandler.self)

import FunctionRuntime
import Kernels

/// Thumbnails: a PNG file comes in, and a smaller one goes out. `width` and `height` of the query string are the box it fits into.
struct ImageHandler: Handler, ~Copyable {
  private var resizer = PNGResizer()
  private var event = ProxyEvent()
  private var limits = PNGLimits()

  init() throws(HandlerError) {
    // By what the file's header says, before anything is allocated for it.
    limits.pixels = 50_000_000
    limits.memory = 64 << 20
    limits.chunkByteCount = 1 << 20
    limits.chunkCount = 1000
  }

  mutating func handle(_ bytes: RawSpan, response: inout JSONWriter) throws(HandlerError) {
    try event.read(bytes)
    let width = try event.query("width", in: 0...4096) ?? 0
    let height = try event.query("height", in: 0...4096) ?? 0
    guard width > 0 || height > 0 else { throw HandlerError("Event.InvalidParameter", "neither width nor height") }
    var target = PNGResizeTarget(width: width, height: height)
    target.compression = 3  // a client waits
    do throws(PNGError) {
      try Self.resize(event, to: target, limits, &resizer)
    } catch {
      throw HandlerError(error.isLimit ? "Image.LimitExceeded" : "Image.InvalidPNG", "the image: \(error)")
    }
    let text = resizer.withOutput(0) { Base64.encode($0) }
    response.proxyResponse(type: "image/png", isBase64: true, body: text)
  }

  private static func resize(
    _ event: borrowing ProxyEvent, to target: PNGResizeTarget, _ limits: PNGLimits, _ resizer: inout PNGResizer
  ) throws(PNGError) {
    try resizer.resize(event.bytes, to: [target], limits: limits)
  }
}

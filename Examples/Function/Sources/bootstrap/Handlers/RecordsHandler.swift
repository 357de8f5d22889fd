import FunctionRuntime
import Kernels
import Wire

/// Records of a stream, folded into windows: as Kinesis delivers them to a function with a tumbling window.
///
/// Each record is a line of JSON, or several, as `{"device": "a", "ts": 1700000000000, "v": 1.5}`, in base64. The state between the
/// invocations of a window is the service's to keep: it comes in with the event, and goes out with the answer. At the final
/// invocation the windows go out, and the state is done with.
struct RecordsHandler: Handler, ~Copyable {
  private let plan: Aggregation
  private var document = JSONDocument()
  private var text = ByteBuffer()
  private var rows = ByteBuffer()
  private var state = ByteBuffer()

  init() throws(HandlerError) {
    plan = Aggregation {
      key("device")
      count(as: "n")
      sum("v", as: "sum")
      mean("v", as: "mean")
      min("v", as: "min")
      max("v", as: "max")
    }.tumbling(.seconds(60), on: "ts").memoryLimit(8 << 20)
  }

  mutating func handle(_ bytes: RawSpan, response: inout JSONWriter) throws(HandlerError) {
    rows.removeAll()
    state.removeAll()
    try document.parse(event: bytes)
    let isFinal = try Self.read(document, &text, rows: &rows, state: &state)
    do throws(AggregationError) {
      var aggregator = try Aggregator(plan)
      if state.count > 0 { try aggregator.merge(state.bytes) }
      try aggregator.update(ndjson: rows.bytes)
      Self.write(isFinal ? nil : aggregator.snapshot(), isFinal ? try aggregator.finish() : nil, &response)
    } catch {
      let type = error.code == .limitExceeded ? "Records.LimitExceeded" : "Records.InvalidData"
      throw HandlerError(type, "byte or row \(error.offset): \(error)")
    }
  }

  /// Decodes the records into lines, and the state; whether the window ends.
  private static func read(
    _ document: borrowing JSONDocument, _ text: inout ByteBuffer, rows: inout ByteBuffer, state: inout ByteBuffer
  ) throws(HandlerError) -> Bool {
    let event = document.root
    guard let records = event["Records"], records.kind == .array else {
      throw HandlerError("Event.NoRecords", "the event has no records")
    }
    var elements = records.elements
    var number = 0
    while let record = elements.next() {
      guard let data = record["kinesis"]?["data"], data.kind == .string else {
        throw HandlerError("Event.InvalidRecord", "record \(number) has no data")
      }
      try decodeBase64(data, text: &text, into: &rows, field: "record \(number)")
      unsafe rows.append([UInt8(ascii: "\n")].span.bytes)
      number += 1
    }
    if let snapshot = event["state"]?["snapshot"] {
      try decodeBase64(snapshot, text: &text, into: &state, field: "state")
    }
    return event["isFinalInvokeForWindow"]?.bool == true
  }

  private static func write(_ snapshot: [UInt8]?, _ windows: AggregationResult?, _ response: inout JSONWriter) {
    response.beginObject()
    response.key("state")
    response.beginObject()
    if let snapshot { response.member("snapshot", unsafe Base64.encode(snapshot.span.bytes)) }
    response.endObject()
    if let windows {
      response.key("windows")
      response.rows(of: windows)
    }
    response.key("batchItemFailures")
    response.beginArray()
    response.endArray()
    response.endObject()
  }
}

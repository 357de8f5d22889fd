import Kernels

/// A function and the event that it is measured with.
struct Workload {
  /// Which executable of this package serves it.
  enum Function { case bootstrap, database, least }

  let name: String
  var function = Function.bootstrap
  let handler: String
  let description: String
  let event: [UInt8]
  /// Whether the answer to the event has a state that the measured event brings along.
  var hasState = false

  static var all: [Workload] {
    [
      Workload(
        name: "loop", function: .least, handler: "least",
        description: "the loop alone, which answers a small event with an empty object", event: versioned { _ in }),
      Workload(
        name: "gateway", handler: "gateway", description: "an order of 200 lines reshaped, 20 KB of JSON",
        event: proxy(body: order(lines: 200))),
      Workload(
        name: "image", handler: "image", description: "PNG of 640 x 480 to 160 x 120",
        event: proxy(bytes: image(width: 640, height: 480), query: ["width": "160", "height": "120"])),
      Workload(
        name: "records", handler: "records", description: "500 records, 40 groups, state in and out",
        event: recordsEvent(count: 500, isFinal: false), hasState: true),
      Workload(
        name: "upload", handler: "upload", description: "1 MB: type, SHA-256 twice, CRC-64/NVME",
        event: proxy(bytes: upload(count: 1 << 20), query: ["partSize": "262144"])),
      Workload(
        name: "compute", handler: "compute", description: "64 rows through 256 x 256 f32 and 256 x 64 int8",
        event: features(rows: 64)),
      Workload(
        name: "database", function: .database, handler: "database",
        description: "5,000 rows of PostgreSQL folded into 100 groups, over a connection that is kept",
        event: versioned { writer in
          writer.key("from")
          writer.number(Int64(600_000))
          writer.key("to")
          writer.number(Int64(900_000))
        }),
    ]
  }

  /// The event with the state that a first answer has, and whether this is the window's last.
  static func records(following answer: [UInt8], isFinal: Bool) throws -> [UInt8] {
    var document = JSONDocument()
    try unsafe document.parse(answer.span.bytes)
    return recordsEvent(count: 500, isFinal: isFinal) { writer in
      if let state = document.root["state"] { writer.value(state) } else { writer.null() }
    }
  }
}

// MARK: - Events

private func proxy(body: [UInt8]) -> [UInt8] {
  versioned { writer in
    writer.key("isBase64Encoded")
    writer.bool(false)
    writer.key("body")
    writer.string(String(decoding: body, as: UTF8.self))
  }
}

private func proxy(bytes: [UInt8], query: [String: String]) -> [UInt8] {
  versioned { writer in
    writer.key("queryStringParameters")
    writer.beginObject()
    for (name, value) in query {
      writer.key(name)
      writer.string(value)
    }
    writer.endObject()
    writer.key("isBase64Encoded")
    writer.bool(true)
    writer.key("body")
    unsafe writer.string(Base64.encode(bytes.span.bytes))
  }
}

private func versioned(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
  var writer = JSONWriter()
  writer.beginObject()
  writer.key("version")
  writer.string("2.0")
  body(&writer)
  writer.endObject()
  return writer.bytes
}

private func order(lines: Int) -> [UInt8] {
  let texts = (0..<lines).map { i in
    #"{"sku":"SKU-\#(1000 + i)","name":"Thing number \#(i) \u00e9\"","quantity":\#(i % 5),"cents":\#(99 + 37 * i),"tags":["a","b"]}"#
  }
  return Array(
    #"{"id":"o-17","customer":{"name":"Ada Lovelace","address":{"street":"1 Main","country":"PT"}},"lines":[\#(texts.joined(separator: ","))]}"#
      .utf8)
}

/// Slopes with noise of a few steps, which compress about as photographs do.
private func image(width: Int, height: Int) -> [UInt8] {
  var noise = Noise()
  var pixels: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      for (base, slope) in [(x, 3), (y, 2), (x + y, 5)] {
        pixels.append(UInt8(truncatingIfNeeded: base / slope + Int(noise.next() % 7)))
      }
    }
  }
  return try! unsafe PNG.encode(
    pixels.span.bytes, size: ImageSize(width: width, height: height), layout: PixelLayout(channels: 3))
}

private func recordsEvent(
  count: Int, isFinal: Bool,
  state: (inout JSONWriter) -> Void = {
    $0.beginObject()
    $0.endObject()
  }
) -> [UInt8] {
  versioned { writer in
    writer.key("Records")
    writer.beginArray()
    for i in 0..<count {
      // Quarters, whose sums no double rounds.
      let line = #"{"device":"device-\#(i % 20)","ts":\#(60_000_000 + 240 * i),"v":\#(Double(i % 97) / 4)}"#
      writer.beginObject()
      writer.key("kinesis")
      writer.beginObject()
      writer.key("sequenceNumber")
      writer.string("49590338271490256608559692538361571095921575989136\(588_898 + i)")
      writer.key("data")
      unsafe writer.string(Base64.encode(Array(line.utf8).span.bytes))
      writer.endObject()
      writer.endObject()
    }
    writer.endArray()
    writer.key("state")
    state(&writer)
    writer.key("isFinalInvokeForWindow")
    writer.bool(isFinal)
  }
}

private func upload(count: Int) -> [UInt8] {
  var noise = Noise()
  var bytes = Array("%PDF-1.7\n".utf8)
  for _ in 0..<count { bytes.append(UInt8(truncatingIfNeeded: noise.next())) }
  return bytes
}

private func features(rows: Int) -> [UInt8] {
  // Small whole numbers, whose products with the weights no sum rounds: languages may add them in any order.
  var values: [Float] = []
  for i in 0..<rows * 256 { values.append(Float((i * 7 + i / 256) % 23 - 11)) }
  return versioned { writer in
    writer.key("features")
    unsafe writer.string(Base64.encode(values.span.bytes))
  }
}

/// The upper bits of a linear congruential generator (Numerical Recipes, third edition, section 7.1).
private struct Noise {
  private var state: UInt32 = 7

  mutating func next() -> UInt32 {
    state = state &* 1_664_525 &+ 1_013_904_223
    return state >> 16
  }
}

import Foundation
import RuntimeAPIDouble
import Testing

/// What each handler is for, from the event to the answer.
@Suite struct HandlerTests {
  @Test func gatewayReshapesTheBody() throws {
    let function = try Function("gateway")
    let answer = try function.call(Events.proxy(body: Events.order))
    #expect(answer["statusCode"] as? Int == 200)
    #expect(answer["headers"] as? [String: String] == ["content-type": "application/json"])
    #expect(answer["isBase64Encoded"] as? Bool == false)
    #expect(
      answer["body"] as? String == """
        {"order":"o-1","customer":"Ada \\u00e9\\"","country":"PT","units":3,"cents":2349.0,\
        "lines":[{"sku":"a","quantity":2,"cents":1050},{"sku":"c","quantity":1,"cents":12e2}]}
        """)
    // The same body as bytes in base64.
    let again = try function.call(Events.proxy(bytes: Array(Events.order.utf8)))
    #expect(again["body"] as? String == answer["body"] as? String)
  }

  @Test func imageIsMadeSmaller() throws {
    let function = try Function("bootstrap.image")
    let image = PNGFile.halves(width: 64, height: 40, [200, 10, 30], [0, 90, 255])
    let answer = try function.call(Events.proxy(bytes: image, query: #"{"width":"16"}"#))
    #expect(answer["headers"] as? [String: String] == ["content-type": "image/png"])
    let bytes = try Events.base64(answer["body"])
    let small = try #require(PNGFile.image([UInt8](bytes)))
    #expect((small.width, small.height, small.channels) == (16, 10, 3))
    // Away from the border between the halves, and its three lobes to both sides, each pixel has its half's colour.
    for y in 0..<10 {
      for x in [0, 1, 2, 3, 4, 11, 12, 13, 14, 15] {
        #expect(small.pixel(x, y) == (x < 8 ? [200, 10, 30] : [0, 90, 255]), "\(x), \(y)")
      }
    }
  }

  @Test func recordsAreFoldedOverInvocations() throws {
    let function = try Function("records")
    let lines = [
      #"{"device":"a","ts":60000,"v":1.5}"#, #"{"device":"b","ts":61000,"v":-2}"#,
      "{\"device\":\"a\",\"ts\":119999,\"v\":0.25}\n{\"device\":\"a\",\"ts\":120000,\"v\":7}\n",
    ]
    let first = try function.call(Events.records(Array(lines[..<2])))
    let state = try #require((first["state"] as? [String: String])?["snapshot"])
    #expect(first["windows"] == nil)
    let last = try function.call(Events.records(Array(lines[2...]), state: state, isFinal: true))
    #expect((last["state"] as? [String: String]) == [:])
    let windows = try #require(last["windows"] as? [[String: Any]])
    let rows = windows.map { row in
      ["device", "window_start", "window_end", "n", "sum", "mean", "min", "max"].map { "\(row[$0] ?? "none")" }
        .joined(separator: " ")
    }
    #expect(
      rows == [
        "a 60000 120000 2 1.75 0.875 0.25 1.5", "b 60000 120000 1 -2 -2 -2 -2", "a 120000 180000 1 7 7 7 7",
      ])
    // The order of the invocations changes nothing.
    let other = try function.call(Events.records(Array(lines[2...])))
    let otherState = try #require((other["state"] as? [String: String])?["snapshot"])
    let same = try function.call(Events.records(Array(lines[..<2]), state: otherState, isFinal: true))
    #expect(NSDictionary(dictionary: same) == NSDictionary(dictionary: last))
    // Without state there is nothing of the former windows.
    let empty = try function.call(Events.records([], isFinal: true))
    #expect((empty["windows"] as? [Any])?.isEmpty == true)
  }

  /// Digests of Python's hashlib, and a CRC-64/NVME computed bit by bit, whose check value is AE8B14860A799888.
  @Test func uploadIsCheckedAndSummed() throws {
    let function = try Function("upload")
    let file = Events.file("GIF89a", 10000)
    let answer = try function.call(Events.proxy(bytes: file, query: #"{"partSize":"4096"}"#))
    #expect(answer["contentType"] as? String == "image/gif")
    #expect(answer["byteCount"] as? Int == 10006)
    #expect(answer["sha256"] as? String == "fc10d0a9c7f52e68840aca04f6ab097405f1c2155a01310810c3e0988c2bd1cd")
    #expect(answer["crc64nvme"] as? String == "e1bYzOWpCvQ=")
    #expect(answer["objectCRC64NVME"] as? String == "e1bYzOWpCvQ=")
    #expect(answer["compositeSHA256"] as? String == "LPYPadpUIiyg/T+N60Xen+JyGTOM1OfBF8jVuJ/K6KU=-3")
  }

  /// Against plain loops: with small whole numbers no product rounds, in whatever order it is summed.
  @Test(arguments: [1, 2, 31]) func computeMultipliesItsLayers(rows: Int) throws {
    let function = try Function("compute")
    var features: [Float] = []
    for i in 0..<rows * 256 { features.append(Float((i * 7 + i / 256) % 23 - 11)) }
    let answer = try function.call(Events.features(features))
    let (scores, classes) = Self.network(features, rows: rows)
    let bytes = try Events.base64(answer["scores"])
    #expect(bytes == Events.data(scores))
    #expect(answer["classes"] as? [Int] == classes)
    #expect(Set(scores).count > 30, "the scores differ")
  }

  static func network(_ features: [Float], rows: Int) -> (scores: [Float], classes: [Int]) {
    var weights = Weights()
    var first: [Float] = []
    for _ in 0..<256 * 256 { first.append(Float(weights.next()) / 64) }
    var second: [Int] = []
    for _ in 0..<256 * 64 { second.append(weights.next()) }
    var scores: [Float] = []
    var classes: [Int] = []
    for row in 0..<rows {
      var bytes: [Int] = []
      for j in 0..<256 {
        var sum: Float = 0
        for i in 0..<256 { sum += features[row * 256 + i] * first[i * 256 + j] }
        let value: Float = Swift.min(Swift.max(sum / 16, 0), 255)
        bytes.append(Int(value.rounded(.toNearestOrEven)))
      }
      var sums: [Float] = []
      for j in 0..<64 {
        var sum = 0
        for i in 0..<256 { sum += bytes[i] * second[i * 64 + j] }
        sums.append(Float(sum) * 0.25)
      }
      classes.append(sums.firstIndex(of: sums.max() ?? 0) ?? -1)
      scores += sums
    }
    return (scores, classes)
  }

  /// The handler's, which are not a model of anything.
  private struct Weights {
    private var state: UInt32 = 1

    mutating func next() -> Int {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int(state >> 25) - 64
    }
  }

  /// Masked to what older CPUs have, each function gives the same answer byte for byte.
  @Test(arguments: ["gateway", "image", "records", "upload", "compute"])
  func everyCPUAnswersTheSame(handler: String) throws {
    let event = Self.event(of: handler)
    var answers: [RuntimeAPI.Answer] = []
    for disabled in ["", "avx512f", "avx2,pclmulqdq,sha", "ssse3,avx,pclmulqdq,bmi2,sha,aes"] {
      let function = try Function(handler, environment: ["KERNELS_DISABLE": disabled])
      let answer = try function.answer(event)
      _ = try Function.response(answer)
      answers.append(answer)
    }
    #expect(Set(answers).count == 1)
  }

  /// One that exercises the handler, and is answered.
  static func event(of handler: String) -> String {
    switch handler {
    case "gateway": Events.proxy(body: Events.order)
    case "image":
      Events.proxy(
        bytes: PNGFile.halves(width: 301, height: 203, [9, 200, 77, 128], [90, 0, 3, 255]), query: #"{"height":"50"}"#)
    case "records":
      Events.records(
        (0..<100).map { (i: Int) -> String in #"{"device":"d\#(i % 7)","ts":\#(1000 * i),"v":\#(Double(i) / 3)}"# })
    case "upload": Events.proxy(bytes: Events.file("%PDF-1.7", 3000))
    default: Events.features((0..<512).map { (i: Int) -> Float in Float(i % 19) / 7 })
    }
  }
}

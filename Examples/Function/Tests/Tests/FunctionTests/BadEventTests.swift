import Foundation
import RuntimeAPIDouble
import Testing

/// Events that no service should send: an error with a type for each, and the process lives on and gives nothing away.
@Suite struct BadEventTests {
  struct Bad: CustomStringConvertible {
    let event: String
    let type: String
    init(_ event: String, _ type: String) { (self.event, self.type) = (event, type) }
    var description: String { "\(type): \(event.prefix(60))" }
  }

  /// Good event, all the bad ones, and after each of them the good one again, with the same answer.
  static func check(_ handler: String, _ bad: [Bad]) throws {
    let function = try Function(handler)
    let good = HandlerTests.event(of: handler)
    let answer = try function.answer(good)
    _ = try Function.response(answer)
    for one in bad {
      #expect(try function.error(one.event) == one.type, "\(one)")
      #expect(try function.answer(good) == answer, "after \(one)")
    }
    #expect(function.connectionCount == 1)
    #expect(function.isRunning)
  }

  static let malformed = [
    Bad("", "Event.InvalidJSON"), Bad("{", "Event.InvalidJSON"), Bad("{}{}", "Event.InvalidJSON"),
    Bad("{\"body\":\"a\u{1}\"}", "Event.InvalidJSON"), Bad(#"{"body":"\ud8"}"#, "Event.InvalidJSON"),
    Bad(String(repeating: "[", count: 1 << 20), "Event.LimitExceeded"),
    Bad(String(repeating: #"{"body":"#, count: 5000), "Event.LimitExceeded"),
  ]

  static let bodiless = [
    Bad("{}", "Event.NoBody"), Bad("[]", "Event.NoBody"), Bad("null", "Event.NoBody"), Bad("7", "Event.NoBody"),
    Bad(#"{"body":7}"#, "Event.NoBody"), Bad(#"{"body":null}"#, "Event.NoBody"),
    Bad(#"{"body":"a","isBase64Encoded":true}"#, "Event.InvalidBase64"),
    Bad(#"{"body":"aGk","isBase64Encoded":true}"#, "Event.InvalidBase64"),
    Bad(#"{"body":"aGk=aGk=","isBase64Encoded":true}"#, "Event.InvalidBase64"),
    Bad(#"{"body":"aG\u0000k=","isBase64Encoded":true}"#, "Event.InvalidBase64"),
    Bad(#"{"body":"aGl=","isBase64Encoded":true}"#, "Event.InvalidBase64"),
  ]

  @Test func gateway() throws {
    try Self.check(
      "gateway",
      Self.malformed + Self.bodiless + [
        Bad(Events.proxy(body: ""), "Body.InvalidJSON"), Bad(Events.proxy(body: "{\"id\":01}"), "Body.InvalidJSON"),
        Bad(Events.proxy(bytes: [0x22, 0xFF, 0x22]), "Body.InvalidJSON"),
        Bad(Events.proxy(bytes: [0x22, 0xED, 0xA0, 0x80, 0x22]), "Body.InvalidJSON"),
        Bad(Events.proxy(body: String(repeating: "[", count: 2000)), "Body.LimitExceeded"),
        Bad(Events.proxy(body: #"{"lines":[{"quantity":"many"}]}"#), "Body.InvalidOrder"),
        Bad(Events.proxy(body: #"{"id":"SECRET","lines":7}"#), "Body.InvalidOrder"),
      ])
  }

  @Test func image() throws {
    let good = PNGFile.halves(width: 64, height: 64, [1, 2, 3], [4, 5, 6])
    var flipped = good
    flipped[flipped.count / 2] ^= 0x10
    let (header, end) = (PNGFile.header, PNGFile.Chunk("IEND", []))
    let zeros = PNGFile.data([UInt8](repeating: 0, count: 1 << 20))
    func png(_ chunks: PNGFile.Chunk...) -> String { event(PNGFile.file(chunks)) }
    func event(_ file: [UInt8], _ query: String = #"{"width":"8"}"#) -> String {
      Events.proxy(bytes: file, query: query)
    }
    try Self.check(
      "image",
      Self.malformed + Self.bodiless + [
        Bad(event(good, "{}"), "Event.InvalidParameter"), Bad(event(good, "null"), "Event.InvalidParameter"),
        Bad(event(good, #"{"width":"-8"}"#), "Event.InvalidParameter"),
        Bad(event(good, #"{"width":"8x"}"#), "Event.InvalidParameter"),
        Bad(event(good, #"{"width":"99999999999999999999"}"#), "Event.InvalidParameter"),
        Bad(event([]), "Image.InvalidPNG"), Bad(event(Array("GIF89a".utf8)), "Image.InvalidPNG"),
        Bad(event(Array(good[..<(good.count - 20)])), "Image.InvalidPNG"), Bad(event(flipped), "Image.InvalidPNG"),
        Bad(png(header(0, 5, 8, 2)), "Image.InvalidPNG"),
        Bad(png(header(5, 5, 8, 2), end), "Image.InvalidPNG"),
        // What it claims would take 10 GB, and what it has is 32 bytes.
        Bad(png(header(60000, 60000, 8, 2), ("IDAT", [0x78, 0x9C]), end), "Image.LimitExceeded"),
        Bad(png(header(0x7FFF_FFFF, 0x7FFF_FFFF, 8, 2)), "Image.LimitExceeded"),
        // A kilobyte that becomes a megabyte of zeros, far more than the image has, is passed over; too little is not.
        Bad(png(header(2000, 2000, 8, 2), zeros, end), "Image.InvalidPNG"),
      ])
  }

  @Test func records() throws {
    let good = #"{"device":"a","ts":60000,"v":1.5}"#
    try Self.check(
      "records",
      Self.malformed + [
        Bad("{}", "Event.NoRecords"), Bad(#"{"Records":{}}"#, "Event.NoRecords"),
        Bad(#"{"Records":[7]}"#, "Event.InvalidRecord"), Bad(#"{"Records":[{"kinesis":{}}]}"#, "Event.InvalidRecord"),
        Bad(#"{"Records":[{"kinesis":{"data":"***"}}]}"#, "Event.InvalidBase64"),
        Bad(Events.records([good, "{"]), "Records.InvalidData"),
        Bad(Events.records([good, "7"]), "Records.InvalidData"),
        Bad(Events.records([good, #"{"device":"a","ts":null,"v":1}"#]), "Records.InvalidData"),
        Bad(Events.records([good, #"{"device":"a","ts":1,"v":"SECRET"}"#]), "Records.InvalidData"),
        Bad(Events.records([good, #"{"device":"a","ts":1e300,"v":1}"#]), "Records.InvalidData"),
        Bad(Events.records([good], state: "***"), "Event.InvalidBase64"),
        Bad(Events.records([good], state: "AAAA"), "Records.InvalidData"),
      ])
  }

  @Test func upload() throws {
    let good = Array("GIF89a".utf8)
    try Self.check(
      "upload",
      Self.malformed + Self.bodiless + [
        Bad(Events.proxy(bytes: []), "Upload.TooShort"), Bad(Events.proxy(bytes: [0x89, 0x50]), "Upload.TooShort"),
        Bad(Events.proxy(body: "#!/bin/sh"), "Upload.InvalidType"),
        Bad(Events.proxy(bytes: [0x1F, 0x8B, 8, 0]), "Upload.InvalidType"),
        Bad(Events.proxy(bytes: good + [UInt8](repeating: 7, count: 4 << 20)), "Upload.TooLarge"),
        Bad(Events.proxy(bytes: good, query: #"{"partSize":"0"}"#), "Event.InvalidParameter"),
        Bad(Events.proxy(bytes: good, query: #"{"partSize":"many"}"#), "Event.InvalidParameter"),
      ])
  }

  @Test func compute() throws {
    try Self.check(
      "compute",
      Self.malformed + [
        Bad("{}", "Event.NoFeatures"), Bad(#"{"features":[1,2]}"#, "Event.NoFeatures"),
        Bad(#"{"features":"?"}"#, "Event.InvalidBase64"), Bad(#"{"features":""}"#, "Compute.InvalidShape"),
        Bad(Events.features([Float](repeating: 1, count: 255)), "Compute.InvalidShape"),
        Bad(Events.features([Float](repeating: 1, count: 257)), "Compute.InvalidShape"),
        Bad(Events.features([Float](repeating: 1, count: 1025 * 256)), "Compute.TooManyRows"),
      ])
  }

  /// Neither an error nor a later answer says anything of an event before.
  @Test func nothingOfAnotherEventIsSeen() throws {
    let secret = "SECRET-17"
    let function = try Function("gateway")
    let order = Events.order.replacing("Ada", with: secret)
    for long in [order, order + String(repeating: " ", count: 100_000)] {
      #expect(Function.text(try function.answer(Events.proxy(body: long))).contains(secret))
      for bad in Self.malformed + Self.bodiless + [Bad(Events.proxy(body: "{"), "Body.InvalidJSON")] {
        #expect(!Function.whole(try function.answer(bad.event)).contains(secret), "\(bad)")
      }
      #expect(
        !Function.whole(try function.answer(long, delivery: .cut(after: order.utf8.count, reset: false))).contains(
          secret))
      let small = Events.proxy(body: #"{"id":1,"lines":[]}"#)
      #expect(!Function.whole(try function.answer(small)).contains(secret))
    }
  }

  /// Numbers that are none are no reason to trap.
  @Test func computeTakesAnyBits() throws {
    let function = try Function("compute")
    var features = [Float](repeating: .nan, count: 512)
    for i in 256..<512 {
      features[i] = i % 3 == 0 ? .infinity : i % 3 == 1 ? -.greatestFiniteMagnitude : .greatestFiniteMagnitude
    }
    let answer = try function.call(Events.features(features))
    #expect((answer["classes"] as? [Int])?.count == 2)
    let bytes = try Events.base64(answer["scores"])
    #expect(bytes.prefix(256).allSatisfy { $0 == 0 }, "what is no number was quantised to 0")
  }
}

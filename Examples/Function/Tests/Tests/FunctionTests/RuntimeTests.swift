import Foundation
import RuntimeAPIDouble
import Testing
import Wire

/// The loop and its client: long, slow and broken exchanges.
@Suite struct RuntimeTests {
  static let event = HandlerTests.event(of: "gateway")

  @Test(arguments: [1, 7, 4096, 1 << 20]) func chunkedEvents(size: Int) throws {
    let function = try Function("gateway")
    let answer = try function.answer(Self.event)
    _ = try Function.response(answer)
    #expect(try function.answer(Self.event, delivery: .chunked(size)) == answer)
    #expect(function.connectionCount == 1, "the connection is kept")
  }

  @Test func slowEvents() throws {
    let function = try Function("gateway")
    let answer = try function.answer(Self.event)
    #expect(try function.answer(Self.event, delivery: .slow(piece: 100, milliseconds: 3)) == answer)
  }

  @Test(arguments: [false, true]) func connectionIsMadeAnew(reset: Bool) throws {
    let function = try Function("gateway")
    let answer = try function.answer(Self.event)
    for count in 2...6 {
      #expect(try function.answer(Self.event, delivery: .afterHangUp(reset: reset)) == answer)
      #expect(function.connectionCount == count)
    }
    #expect(function.isRunning)
  }

  @Test(arguments: [false, true]) func eventCutShort(reset: Bool) throws {
    let function = try Function("gateway")
    let answer = try function.answer(Self.event)
    for count in [0, 1, 100] {
      #expect(
        try function.error(Self.event, delivery: .cut(after: count, reset: reset)) == "Runtime.EventTruncated")
      #expect(try function.answer(Self.event) == answer)
    }
  }

  @Test(arguments: [1, 3]) func answerIsSentAgain(times: Int) throws {
    for reset in [false, true] {
      let function = try Function("gateway")
      let answer = try function.answer(Self.event)
      #expect(try function.answer(Self.event, reply: .hangUp(times: times, reset: reset)) == answer)
      #expect(function.answerCount == times + 1)
      #expect(try function.answer(Self.event) == answer)
    }
  }

  @Test func refusedAnswersAreLostAndNoMore() throws {
    let function = try Function("gateway")
    let answer = try function.answer(Self.event)
    for status in [400, 403, 413] {
      #expect(try function.answer(Self.event, reply: .status(status)) == answer)
      #expect(try function.answer(Self.event) == answer)
    }
    #expect(try function.answer(Self.event, reply: .acceptedInChunks) == answer)
    #expect(try function.answer(Self.event) == answer)
    // The API's word for an end.
    #expect(try function.answer(Self.event, reply: .status(500)) == answer)
    #expect(function.exitCode() == 1)
  }

  /// The longest event there may be, and one byte more.
  @Test func longEvents() throws {
    let function = try Function("gateway")
    let frame = Events.proxy(body: "")
    let most = 6 << 20
    func event(_ count: Int) -> String { String(repeating: " ", count: count - frame.utf8.count) + frame }
    #expect(try function.error(event(most)) == "Body.InvalidJSON")
    #expect(try function.error(event(most), delivery: .chunked(65536)) == "Body.InvalidJSON")
    #expect(function.connectionCount == 1)
    #expect(try function.error(event(most + 1)) == "Runtime.EventTooLarge")
    #expect(try function.error(event(most + 1), delivery: .chunked(65536)) == "Runtime.EventTooLarge")
    _ = try function.call(Self.event)
    #expect(function.isRunning)
  }

  /// No memory is taken for what is only announced.
  @Test func announcedLengths() throws {
    let function = try Function("gateway")
    _ = try function.call(Self.event)
    let before = try function.memory("VmHWM")
    for length in [6 << 20 + 1, 1 << 40, 999_999_999_999_999] {
      #expect(try function.error(Self.event, delivery: .announced(length)) == "Runtime.EventTooLarge")
    }
    let after = try function.memory("VmHWM")
    #expect(after - before < 512, "\(before) KiB, then \(after) KiB")
  }

  static let faults: [(String, String)] = [
    ("Transfer-Encoding: chunked\r\n\r\nx\r\n", "Runtime.EventMalformed"),
    ("Transfer-Encoding: chunked\r\n\r\n-1\r\n", "Runtime.EventMalformed"),
    ("Transfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n", "Runtime.EventMalformed"),
    ("Transfer-Encoding: chunked\r\n\r\nfffffff\r\n", "Runtime.EventTooLarge"),
    ("Transfer-Encoding: chunked\r\n\r\n100000000\r\n", "Runtime.EventMalformed"),
    ("\r\n", "Runtime.EventMalformed"),
  ]

  @Test(arguments: faults) func malformedBodies(rest: String, type: String) throws {
    let function = try Function("gateway")
    #expect(try function.error("", delivery: .raw(Array(rest.utf8))) == type)
    _ = try function.call(Self.event)
  }

  @Test func unknownFunction() throws {
    let function = try Function("bootstrap.nothing")
    #expect(try function.initError() == "Runtime.NoSuchHandler")
    #expect(function.exitCode() == 1)
  }

  @Test func unknownFeature() throws {
    let function = try Function("gateway", environment: ["KERNELS_DISABLE": "avx3"])
    #expect(try function.initError() == "Runtime.UnknownCPUFeature")
    #expect(function.exitCode() == 1)
  }

  @Test(arguments: ["", "127.0.0.1", "127.0.0.1:70000", "300.0.0.1:80", "example.com:80"])
  func unusableAddress(text: String) throws {
    var process = try FunctionProcess(
      [try Function.executable], environment: ["AWS_LAMBDA_RUNTIME_API": text, "_HANDLER": "gateway"])
    let code = process.end(within: 10_000)
    #expect(code == 1)
  }

  /// Nobody there, or nobody any more: the process ends, and does not wait for ever.
  @Test func deadAPI() throws {
    var process: FunctionProcess
    do {
      let listener = try Socket.listening()
      let address = Address(port: listener.port).description
      process = try FunctionProcess(
        [try Function.executable], environment: ["AWS_LAMBDA_RUNTIME_API": address, "_HANDLER": "gateway"])
    }
    let code = process.end(within: 20_000)
    #expect(code == 1)
  }

  /// Thousands of good and bad events through one process, which grows by nothing.
  @Test func manyInvocations() throws {
    let function = try Function("gateway")
    let answer = try function.answer(Self.event)
    let bad = BadEventTests.malformed + BadEventTests.bodiless
    func round() throws {
      for i in 0..<400 {
        #expect(try function.answer(Self.event) == answer)
        #expect(try function.error(bad[i % bad.count].event) == bad[i % bad.count].type)
      }
    }
    try round()
    let before = try function.memory("VmRSS")
    try round()
    let after = try function.memory("VmRSS")
    #expect(after - before <= 1024, "\(before) KiB, then \(after) KiB")
    #expect(function.connectionCount == 1)
  }
}

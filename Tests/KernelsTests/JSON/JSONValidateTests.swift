import Testing

@testable import Kernels

@Suite struct JSONValidateTests {
  static let samples = [
    #"{"a":[1,-2.5e+3,0,true,false,null,"x\n\"\\\u00e9\ud83d\ude00"],"b":{},"c":[[],[{}]], "d" : "" }"#,
    " [ 0.1 , 1E5 , -0 ,\t\"é€😀\"\r\n] ", "\"\\\\\"", "-0.0e-0", "nul", "[1,]", "{\"a\":1,}", "[\"\\x\"]", "01", "1.",
    "\"\\ud800\"",
    "\u{feff}1", "", " ", "{1:2}", "[1 2]", "{\"a\" 1}", "\"a\"b", "1\"a\"", "[true1]", "][", "{\"a\":}", "[,]",
  ]

  @Test(arguments: JSONTestData.kernels.indices)
  func `every prefix and every mutation of small texts, at every place of a block`(row: Int) {
    let kernel = JSONTestData.kernels[row]
    for (number, sample) in Self.samples.enumerated() {
      let bytes = Array(sample.utf8)
      for count in 0...bytes.count { check(Array(bytes[..<count]), kernel) }
      // Every byte value at every place is long for debug builds: those that the grammar knows, and some that it does not.
      let values: [UInt8] =
        Array("{}[]:,\"\\/0e.-u+ tnax".utf8) + [0, 10, 31, 0x7f, 0x80, 0xc0, 0xe2, 0xed, 0xf0, 0xf4, 0xff]
      for place in bytes.indices {
        for value in values {
          var changed = bytes
          changed[place] = value
          check(changed, kernel)
        }
        var shorter = bytes
        shorter.remove(at: place)
        check(shorter, kernel)
      }
      // So that each border of blocks falls everywhere in the text.
      for blanks in stride(from: 64 - min(bytes.count, 63), to: 66, by: number == 0 ? 1 : 7) {
        let padded = [UInt8](repeating: 32, count: blanks) + bytes
        check(padded, kernel, piece: 64)
        check(Array(padded.dropLast()), kernel, piece: 64)
      }
    }
  }

  private func check(_ bytes: [UInt8], _ kernel: JSONIndexKernel, piece: Int = 16 << 10) {
    let fault = jsonFault(bytes, kernel, piece: piece)
    #expect(fault?.offset == JSONReference.fault(bytes), "\(kernel.name) \(String(decoding: bytes, as: UTF8.self))")
  }

  @Test(arguments: JSONTestData.kernels.indices)
  func `JSONTestSuite`(row: Int) throws {
    guard let folder = JSONTestData.folder else {
      print("JSONTestSuite is not there: set KERNELS_DATA")
      return
    }
    var seen = 0
    for name in JSONTestData.files(folder + "/jsontestsuite") {
      let bytes = try #require(JSONTestData.read(folder + "/jsontestsuite/" + name))
      let fault = jsonFault(bytes, JSONTestData.kernels[row])
      if name.hasPrefix("y_") { #expect(fault == nil, "\(name)") }
      if name.hasPrefix("n_") { #expect(fault != nil, "\(name)") }
      if fault?.isLimit != true { #expect(fault?.offset == JSONReference.fault(bytes), "\(name)") }
      seen += 1
    }
    #expect(seen > 300)
  }

  @Test(arguments: JSONTestData.kernels.indices)
  func `a million brackets are a limit`(row: Int) {
    for bracket in ["[", "{\"a\":"] {
      let bytes = Array(String(repeating: bracket, count: 1_000_000).utf8)
      let fault = jsonFault(bytes, JSONTestData.kernels[row])
      #expect(fault?.kind == .depthLimit)
      #expect(fault?.offset == 1024 * bracket.utf8.count)
    }
    let deep = Array((String(repeating: "[", count: 1024) + String(repeating: "]", count: 1024)).utf8)
    #expect(jsonFault(deep, JSONTestData.kernels[row]) == nil)
  }

  @Test(arguments: JSONTestData.kernels.indices)
  func `UTF-8 of one to four bytes, good and bad, across blocks`(row: Int) {
    let kernel = JSONTestData.kernels[row]
    let edges: [UInt8] = [
      0x20, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0,
      0xf1, 0xf3, 0xf4, 0xf5, 0xff,
    ]
    var scratch = Scratch()
    var bytes = [UInt8](repeating: 0x61, count: 70)
    bytes[0] = 0x22
    bytes[69] = 0x22
    for a in edges where a >= 0x80 {
      for b in edges {
        for c in edges {
          // Three places: inside a block, over the border of its halves, over the border of blocks.
          for (d, places) in [(0x61, [3, 30, 62]), (0x80, [29, 61]), (0xbf, [60])] as [(UInt8, [Int])] {
            let isRight = JSONReference.fault([0x22, a, b, c, d, 0x22]) == nil
            for place in places {
              var text = bytes
              text.replaceSubrange(place..<place + 4, with: [a, b, c, d])
              let isGood = jsonIsValid(text, kernel, &scratch)
              #expect(isGood == isRight)
            }
          }
        }
      }
    }
  }

  /// Form feed and substitute differ from comma and colon in one bit.
  @Test(arguments: JSONTestData.kernels.indices)
  func `every byte alone and between tokens`(row: Int) {
    for byte in UInt8.min...UInt8.max {
      for (before, after) in [("", ""), ("[1", "2]"), ("{\"a\"", "1}"), ("[", "]"), ("", "1"), ("1", "")] {
        check(Array(before.utf8) + [byte] + Array(after.utf8), JSONTestData.kernels[row])
      }
    }
  }
}

import Foundation
import Kernels
import Testing

@Suite struct JSONDecoderTests {
  private let decoder = JSON.Decoder()

  @Test func `what Foundation encodes`() throws {
    for seed in 0..<60 {
      let order = CodableSamples.order(seed)
      let data = try JSONEncoder().encode(order)
      #expect(try decoder.decode(CodableSamples.Order.self, from: [UInt8](data)) == order)
    }
  }

  @Test func `a superclass, and containers by hand`() throws {
    let text = #"{"super":{"legs":4},"name":"Rex","kennel":{"rooms":["a",null,"b"]}}"#
    let dog = try decoder.decode(CodableSamples.Dog.self, from: text)
    #expect(dog.legs == 4 && dog.name == "Rex" && dog.places == ["a", "b"])
  }

  @Test func `values at the top`() throws {
    #expect(try decoder.decode(Int.self, from: " 7 ") == 7)
    #expect(try decoder.decode(String?.self, from: "null") == nil)
    #expect(try decoder.decode(String.self, from: #""\u00e9\ud83d\ude00\n""#) == "é😀\n")
    #expect(try decoder.decode([Bool].self, from: "[true,false]") == [true, false])
    var document = JSONDocument()
    try document.parse(#"{"a":[1,2,{"b":[3]}]}"#)
    #expect(try decoder.decode([String: [Int]].self, from: document.root["a"]![2]!) == ["b": [3]])
  }

  /// An integer is read from any text that is one, and from none that is not; Foundation rounds some of these.
  @Test func `exact integers`() throws {
    for (text, value) in [
      ("1.0", 1), ("1e3", 1000), ("-1.50e1", -15), ("0.0", 0), ("-0", 0), ("0e999999999999999999", 0), ("120E-1", 12),
      ("9223372036854775807.000", Int64.max), ("-9223372036854775808", .min), ("922337203685477580.7e1", .max),
    ] {
      #expect(try decoder.decode(Int64.self, from: text) == value, "\(text)")
    }
    for text in [
      "1.5", "1e-1", "9223372036854775808", "9007199254740993.5", "1e19", "-9223372036854775809",
      "1e999999999999999999",
    ] {
      let error = #expect(throws: DecodingError.self) { try decoder.decode(Int64.self, from: text) }
      guard case .dataCorrupted? = error else {
        Issue.record("\(text)")
        continue
      }
    }
    #expect(try decoder.decode(Int64.self, from: "9007199254740993.0") == 9_007_199_254_740_993)
    #expect(try decoder.decode(UInt64.self, from: "18446744073709551615") == .max)
    #expect(try decoder.decode(UInt8.self, from: "-0.0") == 0)
    #expect(throws: DecodingError.self) { try decoder.decode(UInt8.self, from: "256") }
    #expect(throws: DecodingError.self) { try decoder.decode(UInt.self, from: "-1") }
    #expect(throws: DecodingError.self) { try decoder.decode(Int.self, from: "\"1\"") }
  }

  /// The nearest of the type, and not the nearest to the nearest double.
  @Test func `doubles and floats`() throws {
    #expect(try decoder.decode(Double.self, from: "0.1") == 0.1)
    #expect(try decoder.decode(Float.self, from: "0.1") == 0.1)
    // Just above the middle between two floats: as a double it is the middle.
    #expect(try decoder.decode(Float.self, from: "1.00000005960464477539062501") == 1.0000001)
    #expect(try decoder.decode(Float.self, from: "7.0064923216240853546186479164495806e-46") == 0)
    #expect(try decoder.decode(Float.self, from: "7.0064923216240853546186479164495807e-46") == .leastNonzeroMagnitude)
    var random = SplitMix(state: 5)
    for _ in 0..<3000 {
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      guard float.isFinite else { continue }
      #expect(try decoder.decode(Float.self, from: "\(float)") == float)
    }
    for text in ["1e309", "-1e400"] {
      #expect(throws: DecodingError.self) { try decoder.decode(Double.self, from: text) }
    }
    #expect(throws: DecodingError.self) { try decoder.decode(Float.self, from: "1e39") }
    #expect(throws: DecodingError.self) { try decoder.decode(Double.self, from: "\"nan\"") }
    var lenient = JSON.Decoder()
    lenient.nonConformingFloats = .strings(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    #expect(try lenient.decode([Double].self, from: #"["inf","-inf",1]"#) == [.infinity, -.infinity, 1])
    #expect(try lenient.decode(Float.self, from: "\"nan\"").isNaN)
    #expect(throws: DecodingError.self) { try lenient.decode(Double.self, from: "\"Infinity\"") }
  }

  private struct SplitMix {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
  }

  @Test func `the path to a number that does not fit`() {
    let error = #expect(throws: DecodingError.self) {
      try decoder.decode([String: [Int8]].self, from: #"{"a":[1,1000]}"#)
    }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.codingPath.map(\.stringValue) == ["a", "Index 1"] && context.codingPath[1].intValue == 1)
  }

  /// The same case of error and the same path as Foundation's.
  @Test(arguments: [
    #"{"id":"x"}"#, #"{"id":null}"#, "{}", "[]", "null", "3", #"{"id":1,"customer":{}}"#, #"{"id":1,"customer":[]}"#,
    #"{"id":1,"customer":{"name":7}}"#,
    #"{"id":1,"customer":{"name":"n"},"lines":[{"sku":"a","count":1,"price":1},{"sku":"b","count":-1}]}"#,
    #"{"id":1,"customer":{"name":"n"},"lines":[null]}"#, #"{"id":1,"customer":{"name":"n"},"lines":[[]]}"#,
    #"{"id":1.5}"#, #"{"id":1e40}"#, "",
  ])
  func `errors as Foundation's`(_ text: String) {
    func described(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "none"
      } catch let error as DecodingError {
        func path(_ context: DecodingError.Context) -> String {
          context.codingPath.map(\.stringValue).joined(separator: "/")
        }
        switch error {
        case .typeMismatch(_, let context): return "typeMismatch \(path(context))"
        case .valueNotFound(_, let context): return "valueNotFound \(path(context))"
        case .keyNotFound(let key, let context): return "keyNotFound \(key.stringValue) \(path(context))"
        // Foundation leaves the path out where a number does not fit.
        case .dataCorrupted: return "dataCorrupted"
        @unknown default: return "unknown"
        }
      } catch {
        return "another \(error)"
      }
    }
    let ours = described { _ = try decoder.decode(CodableSamples.Order.self, from: text) }
    let theirs = described { _ = try JSONDecoder().decode(CodableSamples.Order.self, from: Data(text.utf8)) }
    #expect(ours == theirs)
  }

  @Test func `a text that is not JSON`() {
    let error = #expect(throws: DecodingError.self) { try decoder.decode([Int].self, from: "[1,2,x]") }
    guard case .dataCorrupted(let context)? = error, let cause = context.underlyingError as? JSONError else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cause.offset == 5 && cause.path == "/2")
  }

  @Test func `keys that come twice`() throws {
    let text = #"{"a":1,"b":2,"\u0061":3}"#
    #expect(try decoder.decode([String: Int].self, from: text) == ["a": 3, "b": 2])
    var first = JSON.Decoder()
    first.options.duplicateKeys = .first
    #expect(try first.decode([String: Int].self, from: text) == ["a": 1, "b": 2])
    var strict = JSON.Decoder()
    strict.options.duplicateKeys = .reject
    #expect(throws: DecodingError.self) { try strict.decode([String: Int].self, from: text) }
    let many = "{" + (0..<100).map { "\"k\($0 % 50)\":\($0)" }.joined(separator: ",") + "}"
    #expect(try decoder.decode([String: Int].self, from: many)["k7"] == 57)
    #expect(try first.decode([String: Int].self, from: many)["k7"] == 7)
  }

  private struct Snake: Codable, Equatable {
    var fullName: String
    var myURLLoader: Int?
    var _private: Int?
    var inner: [String: Inner]
    struct Inner: Codable, Equatable { var oneTwoThree: Int }
  }

  @Test func `snake case`() throws {
    var decoder = JSON.Decoder()
    decoder.keys = .snakeCase
    let text = #"{"full_name":"x","_private":2,"inner":{"some_key":{"one_two_three":3}}}"#
    let expected = Snake(fullName: "x", _private: 2, inner: ["some_key": .init(oneTwoThree: 3)])
    #expect(try decoder.decode(Snake.self, from: text) == expected)
    let foundation = JSONDecoder()
    foundation.keyDecodingStrategy = .convertFromSnakeCase
    #expect(try foundation.decode(Snake.self, from: Data(text.utf8)) == expected)
    var encoder = JSON.Encoder()
    encoder.keys = .snakeCase
    encoder.formatting = .sortedKeys
    let theirs = JSONEncoder()
    theirs.keyEncodingStrategy = .convertToSnakeCase
    theirs.outputFormatting = .sortedKeys
    let value = Snake(fullName: "x", myURLLoader: 1, _private: 2, inner: ["someKey": .init(oneTwoThree: 3)])
    #expect(try utf8(encoder.encode(value)) == String(decoding: theirs.encode(value), as: UTF8.self))
  }

  @Test func `what the caller hands in`() throws {
    struct Reader: Decodable {
      let found: Int
      init(from decoder: any Decoder) throws {
        found = decoder.userInfo[CodingUserInfoKey(rawValue: "n")!] as? Int ?? 0
      }
    }
    var decoder = JSON.Decoder()
    decoder.userInfo[CodingUserInfoKey(rawValue: "n")!] = 5
    #expect(try decoder.decode(Reader.self, from: "0").found == 5)
    decoder.options.maximumDepth = 2
    #expect(throws: DecodingError.self) { try decoder.decode([[[Int]]].self, from: "[[[1]]]") }
  }

  /// A container that outlives the call reads what it read: it holds the text.
  @Test func `a container that is kept`() throws {
    struct Keeper: Decodable {
      let container: any UnkeyedDecodingContainer
      init(from decoder: any Decoder) throws { container = try decoder.unkeyedContainer() }
    }
    var kept = try decoder.decode(Keeper.self, from: "[1,\"two\"]").container
    #expect(try kept.decode(Int.self) == 1)
    #expect(kept.count == 2 && kept.currentIndex == 1)
    #expect(throws: DecodingError.self) { try kept.decode(Int.self) }
    #expect(try kept.decode(String.self) == "two" && kept.isAtEnd)
    #expect(throws: DecodingError.self) { try kept.decode(Int.self) }
  }

  @Test func `wide integers`() throws {
    guard #available(macOS 15, iOS 18, *) else { return }
    let text = "170141183460469231731687303715884105727"
    #expect(try decoder.decode(Int128.self, from: text) == .max)
    #expect(try decoder.decode([UInt128].self, from: "[1e38]") == [100_000_000_000_000_000_000_000_000_000_000_000_000])
    #expect(try utf8(JSON.Encoder().encode([Int128.max])) == "[\(text)]")
  }
}

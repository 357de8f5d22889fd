import Foundation
import Kernels
import Testing

@Suite struct JSONEncoderTests {
  private let encoder = JSON.Encoder()

  @Test func `there and back, and as Foundation reads it`() throws {
    var sorted = JSON.Encoder()
    sorted.formatting = .sortedKeys
    var pretty = JSON.Encoder()
    pretty.formatting = [.prettyPrinted, .sortedKeys]
    for seed in 0..<60 {
      let order = CodableSamples.order(seed)
      for encoder in [encoder, sorted, pretty] {
        let text = try encoder.encode(order)
        #expect(try JSON.Decoder().decode(CodableSamples.Order.self, from: text) == order)
        #expect(try JSONDecoder().decode(CodableSamples.Order.self, from: Data(text)) == order)
      }
      let spread = try pretty.encode(order)
      let compact = try unsafe JSON.minified(spread.span.bytes)
      #expect(try compact == sorted.encode(order))
    }
  }

  @Test func `the text`() throws {
    struct Value: Encodable {
      var b = 1.5
      var a: [Int?] = [1, nil]
      var f: Float = 0.1
      var none: Int?
      var text = "/\"\u{1}é"
      var nothing = Nothing()
      struct Nothing: Encodable {}
    }
    #expect(try utf8(encoder.encode(Value())) == #"{"b":1.5,"a":[1,null],"f":0.1,"text":"/\"\u0001é","nothing":{}}"#)
    var formatted = JSON.Encoder()
    formatted.formatting = [.prettyPrinted, .sortedKeys]
    #expect(
      try utf8(formatted.encode(Value()))
        == """
        {
          "a": [
            1,
            null
          ],
          "b": 1.5,
          "f": 0.1,
          "nothing": {},
          "text": "/\\"\\u0001é"
        }
        """)
    for (value, text) in [
      (0.0, "0"), (-0.0, "-0"), (1e21, "1e+21"), (.leastNonzeroMagnitude, "5e-324"), (123456789.25, "123456789.25"),
    ] {
      #expect(try utf8(encoder.encode(value)) == text)
    }
    #expect(try utf8(encoder.encode(UInt64.max)) == "18446744073709551615")
    #expect(try utf8(encoder.encode([Int8.min])) == "[-128]")
    #expect(try utf8(encoder.encode(String?.none)) == "null")
  }

  @Test func `a superclass, and containers by hand`() throws {
    let dog = CodableSamples.Dog(legs: 3, name: "Rex", places: ["a", "b"])
    let text = try encoder.encode(dog)
    #expect(utf8(text) == #"{"super":{"legs":3},"kennel":{"rooms":["a",null,"b",null]},"name":"Rex"}"#)
    let back = try JSONDecoder().decode(CodableSamples.Dog.self, from: Data(text))
    #expect(back.legs == 3 && back.places == ["a", "b"])
  }

  @Test func `the last value of a key, in the first one's place`() throws {
    struct Twice: Encodable {
      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: JSONAnyKey.self)
        for i in 0..<60 { try container.encode(i, forKey: JSONAnyKey(stringValue: "k\(i % 30)")) }
      }
    }
    let expected = "{" + (0..<30).map { "\"k\($0)\":\($0 + 30)" }.joined(separator: ",") + "}"
    #expect(try utf8(encoder.encode(Twice())) == expected)
  }

  private struct JSONAnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  @Test func `what JSON has no number for`() throws {
    struct Value: Encodable { var a: [Double] }
    let error = #expect(throws: EncodingError.self) { try encoder.encode(["x": Value(a: [1, .nan])]) }
    guard case .invalidValue(_, let context)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.codingPath.map(\.stringValue) == ["x", "a", "Index 1"])
    #expect(throws: EncodingError.self) { try encoder.encode(Float.infinity) }
    var lenient = JSON.Encoder()
    lenient.nonConformingFloats = .strings(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    #expect(try utf8(lenient.encode([Double.infinity, -.infinity, .nan])) == #"["inf","-inf","nan"]"#)
    #expect(try utf8(lenient.encode(-Float.infinity)) == #""-inf""#)
  }

  @Test func `a type that encodes nothing at the top`() {
    struct Mute: Encodable { func encode(to encoder: any Encoder) throws {} }
    #expect(throws: EncodingError.self) { try encoder.encode(Mute()) }
  }

  /// Deep ones too, pretty or not.
  @Test func deep() throws {
    var nest = Nest(inner: nil)
    for _ in 0..<1500 { nest = Nest(inner: nest) }
    let text = try encoder.encode(nest)
    #expect(text.count == 3002)
    var pretty = JSON.Encoder()
    pretty.formatting = .prettyPrinted
    let spread = try pretty.encode(nest)
    #expect(spread.count > text.count)
  }

  private final class Nest: Encodable {
    let inner: Nest?
    init(inner: Nest?) { self.inner = inner }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.unkeyedContainer()
      if let inner { try container.encode(inner) }
    }
  }
}

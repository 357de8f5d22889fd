import BenchHarness
import Foundation

/// What comes with Swift: the only file that imports Foundation, which kernel-bench alone links.
///
/// Texts are `Data` that are made before the clock runs: with Foundation that is how a body comes in.
@safe
enum FoundationJSON {
  static let version = "Swift \(compiler)"
  static let serialization = Peer(name: "Foundation JSONSerialization", version: version, library: "linked")
  static let coders = Peer(name: "Foundation JSONDecoder and JSONEncoder", version: version, library: "linked")

  private static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  /// A text, as Foundation takes it.
  struct Text {
    fileprivate let data: Data

    init(_ bytes: some Sequence<UInt8>) { data = Data(bytes) }

    var byteCount: Int { data.count }
  }

  /// A value in memory, as `JSONSerialization` makes it.
  struct Object {
    fileprivate let value: Any
  }
}

// MARK: - JSONSerialization

extension FoundationJSON {
  static func parse(_ text: Text) throws -> Object {
    Object(value: try JSONSerialization.jsonObject(with: text.data, options: .fragmentsAllowed))
  }

  static func serialize(_ object: Object) throws -> [UInt8] {
    Array(
      try JSONSerialization.data(withJSONObject: object.value, options: [.fragmentsAllowed, .withoutEscapingSlashes]))
  }

  /// How many bytes come out: what is timed need not copy them.
  static func serializedByteCount(_ object: Object) throws -> Int {
    try JSONSerialization.data(withJSONObject: object.value, options: [.fragmentsAllowed, .withoutEscapingSlashes])
      .count
  }
}

// MARK: - JSONDecoder and JSONEncoder

extension FoundationJSON {
  /// Both coders, made once: what a server keeps.
  struct Coders {
    private let decoder = JSONDecoder()
    private let encoder: JSONEncoder

    init() {
      encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
    }

    func decode<Value: Decodable>(_ type: Value.Type, from text: Text) throws -> Value {
      try decoder.decode(type, from: text.data)
    }

    func encode(_ value: some Encodable) throws -> [UInt8] { Array(try encoder.encode(value)) }

    /// How many bytes come out: what is timed need not copy them.
    func encodedByteCount(_ value: some Encodable) throws -> Int { try encoder.encode(value).count }
  }
}

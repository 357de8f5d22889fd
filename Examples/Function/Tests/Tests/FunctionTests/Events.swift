import Foundation
import Testing

/// Events as the services send them, as small as they may be.
enum Events {
  /// A text as a JSON string, quotes and all.
  static func quoted(_ text: String) -> String {
    String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
  }

  static func proxy(body: String, query: String = "{}") -> String {
    #"{"version":"2.0","queryStringParameters":\#(query),"body":\#(quoted(body)),"isBase64Encoded":false}"#
  }

  static func proxy(bytes: [UInt8], query: String = "{}") -> String {
    let text = Data(bytes).base64EncodedString()
    return #"{"version":"2.0","queryStringParameters":\#(query),"body":"\#(text)","isBase64Encoded":true}"#
  }

  static func records(_ lines: [String], state: String? = nil, isFinal: Bool = false) -> String {
    let records = lines.map { line in
      #"{"eventSource":"aws:kinesis","kinesis":{"partitionKey":"p","sequenceNumber":"49590338271490256608559692538361571095921575989136588898","data":"\#(Data(line.utf8).base64EncodedString())"}}"#
    }
    let state = state.map { #"{"snapshot":"\#($0)"}"# } ?? "{}"
    return
      #"{"Records":[\#(records.joined(separator: ","))],"state":\#(state),"isFinalInvokeForWindow":\#(isFinal)}"#
  }

  /// What a member of an answer stands for.
  static func base64(_ member: Any?) throws -> Data {
    let text = try #require(member as? String)
    return try #require(Data(base64Encoded: text))
  }

  /// As they lie in memory.
  static func data(_ values: [Float]) -> Data { values.withUnsafeBytes { bytes in Data(bytes) } }

  /// So many bytes, no two blocks alike, behind what a type of file begins with.
  static func file(_ signature: String, _ count: Int) -> [UInt8] {
    Array(signature.utf8) + (0..<count).map { (i: Int) -> UInt8 in UInt8(i % 251) }
  }

  static func features(_ values: [Float]) -> String {
    #"{"features":"\#(data(values).base64EncodedString())"}"#
  }

  static let order = """
    {"id": "o-1", "customer": {"name": "Ada \\u00e9\\"", "address": {"country": "PT"}, "secret": 7},
     "lines": [{"sku": "a", "quantity": 2, "cents": 1050, "note": "x"}, {"sku": "b", "quantity": 0, "cents": 99},
               {"sku": "c", "quantity": 1, "cents": 12e2}]}
    """
}

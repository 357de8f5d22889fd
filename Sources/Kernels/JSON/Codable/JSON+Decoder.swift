extension JSON {
  /// Makes values of `Decodable` types from JSON texts: the shape of Foundation's `JSONDecoder`, without Foundation.
  ///
  /// ```swift
  /// struct Order: Decodable { var id: Int; var total: Double; var note: String? }
  /// let orders = try JSON.Decoder().decode([Order].self, from: body.span.bytes)
  /// ```
  ///
  /// Numbers are exact: an integer is read from any text that is one (`1`, `1.0`, `1e3`) and fits, at its full width, and a double or
  /// float is the nearest. What does not fit, or is past the range, is an error and never a rounded value.
  ///
  /// Errors are `DecodingError`s with the `codingPath`; of a text that is not JSON, `dataCorrupted` with the ``JSONError`` underneath.
  public struct Decoder: Sendable {
    public var keys = KeyStrategy.unchanged
    public var nonConformingFloats = NonConformingFloats.reject
    /// How texts are parsed: nesting, bytes, lone surrogates, and keys that come twice, of which the last counts.
    public var options = JSONOptions()
    /// What `Decodable` types find in their decoder.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    public init() {}

    /// The value of a text, which is any JSON value.
    ///
    /// - Complexity: O(n), and O(members) for each member that is asked for in an object of no more than 16. Allocates a copy of the
    ///   text, its tape, and what the values take.
    public func decode<Value: Decodable>(_ type: Value.Type, from text: RawSpan) throws -> Value {
      let source: JSONDecodingSource
      do throws(JSONError) {
        source = JSONDecodingSource(try JSONDocument(parsing: text, options: options), self)
      } catch {
        throw DecodingError.dataCorrupted(
          .init(codingPath: [], debugDescription: error.description, underlyingError: error))
      }
      return try unsafe JSONDecoding(source, JSONTape.root, .root, .none).value(type)
    }

    /// The value of a text, which is any JSON value.
    public func decode<Value: Decodable>(_ type: Value.Type, from text: [UInt8]) throws -> Value {
      try unsafe decode(type, from: text.span.bytes)
    }

    /// The value of a text, which is any JSON value.
    public func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
      try unsafe decode(type, from: text.utf8.span.bytes)
    }

    /// What a value of a document is made into. Its text is parsed once more, so that nothing hangs on the document.
    public func decode<Value: Decodable>(_ type: Value.Type, from value: borrowing JSONValue) throws -> Value {
      try decode(type, from: value.raw)
    }
  }
}

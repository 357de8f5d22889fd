extension JSON {
  /// Makes JSON texts of `Encodable` values: the shape of Foundation's `JSONEncoder`, without Foundation.
  ///
  /// ```swift
  /// var encoder = JSON.Encoder()
  /// encoder.formatting = .sortedKeys
  /// let body = try encoder.encode(order)
  /// ```
  ///
  /// Members come in the order in which they are encoded, numbers in the shortest text that reads back the same, strings with no
  /// more escapes than there must be. Errors are `EncodingError`s with the `codingPath`.
  public struct Encoder: Sendable {
    /// How the text looks.
    public struct Formatting: OptionSet, Hashable, Sendable {
      public let rawValue: UInt8

      public init(rawValue: UInt8) { self.rawValue = rawValue }

      /// A line for each element and member, with two spaces a level.
      public static var prettyPrinted: Formatting { Formatting(rawValue: 1) }
      /// Members by the order of their keys' code points.
      public static var sortedKeys: Formatting { Formatting(rawValue: 2) }
    }

    public var formatting: Formatting = []
    public var keys = KeyStrategy.unchanged
    public var nonConformingFloats = NonConformingFloats.reject
    /// What `Encodable` types find in their encoder.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    public init() {}

    /// The text of a value.
    ///
    /// - Complexity: O(values), and O(n log n) for the members of an object that are sorted. Allocates a node for each container.
    public func encode(_ value: some Encodable) throws -> [UInt8] {
      guard let encoded = try encodedOrNothing(value, .root, .none) else {
        throw EncodingError.invalidValue(
          value, .init(codingPath: [], debugDescription: "a value of type \(type(of: value)) that encodes nothing"))
      }
      var writer = JSONWriter()
      try encoded.write(to: &writer, sorted: formatting.contains(.sortedKeys))
      guard formatting.contains(.prettyPrinted) else { return writer.bytes }
      var options = JSONOptions()
      options.maximumDepth = .max
      var document = JSONDocument()
      try unsafe document.parse(writer.bytes.span.bytes, options: options)
      return document.root.prettyPrinted()
    }
  }
}

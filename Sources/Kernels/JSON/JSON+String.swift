// Texts that are strings already: a line on top of the spans.

extension JSON {
  /// Checks that `text` is one valid JSON value. Allocates working memory.
  public static func validate(_ text: String, options: JSONOptions = JSONOptions()) throws(JSONError) {
    try unsafe validate(text.utf8.span.bytes, options: options)
  }
}

extension JSONDocument {
  /// Parses `text`, of which the document keeps a copy.
  public mutating func parse(_ text: String, options: JSONOptions = JSONOptions()) throws(JSONError) {
    try unsafe parse(text.utf8.span.bytes, options: options)
  }
}

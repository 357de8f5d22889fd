extension JSON {
  /// How the names of a type's members and the keys of objects go together.
  public enum KeyStrategy: Hashable, Sendable {
    /// They are the same.
    case unchanged
    /// `fullName` in the type is `full_name` in the text. Keys of dictionaries are data, and stay as they are.
    case snakeCase
  }

  /// What stands for infinities and NaN, which JSON has no numbers for.
  public enum NonConformingFloats: Hashable, Sendable {
    /// An error.
    case reject
    /// These strings, both ways.
    case strings(positiveInfinity: String, negativeInfinity: String, nan: String)
  }
}

/// Names from one convention to the other.
enum JSONKeyCase {
  /// `full_name` to `fullName`. Underscores in front and behind stay; a name without others stays as it is.
  static func camel(_ name: String) -> String {
    guard let first = name.firstIndex(where: { $0 != "_" }),
      let last = name.lastIndex(where: { $0 != "_" })
    else { return name }
    let words = name[first...last].split(separator: "_")
    guard words.count > 1 else { return name }
    var result = String(name[..<first])
    result += words[0].lowercased()
    for word in words.dropFirst() { result += word.prefix(1).uppercased() + word.dropFirst().lowercased() }
    result += name[name.index(after: last)...]
    return result
  }

  /// `fullName` to `full_name`, `myURLLoader` to `my_url_loader`: a word begins at a capital after what is none, and at the last
  /// one of several before a small letter.
  static func snake(_ name: String) -> String {
    var result = ""
    var previous: Character?
    var at = name.startIndex
    while at < name.endIndex {
      let character = name[at]
      let after = name.index(after: at)
      if character.isUppercase, let previous, previous != "_" {
        let beginsWord = !previous.isUppercase || (after < name.endIndex && name[after].isLowercase)
        if beginsWord { result += "_" }
      }
      result += character.lowercased()
      previous = character
      at = after
    }
    return result
  }
}

/// Dictionaries whose keys are strings: data, which no strategy changes.
protocol JSONStringKeyed {}

extension Dictionary: JSONStringKeyed where Key == String {}

/// What to do where RFC 8259 leaves the choice, and how much to take.
public struct JSONOptions: Hashable, Sendable {
  /// Two members of an object with the same key, compared after unescaping.
  public enum DuplicateKeys: Hashable, Sendable, BitwiseCopyable {
    /// The last one counts.
    case last
    /// The first one counts.
    case first
    /// ``JSONError/Kind/duplicateKey``.
    case reject
  }

  /// `\ud800` to `\udfff` without its other half: no Unicode text has it.
  public enum LoneSurrogates: Hashable, Sendable, BitwiseCopyable {
    /// ``JSONError/Kind/loneSurrogate``.
    case reject
    /// U+FFFD in its place when the string is unescaped.
    case replace
    /// Valid, as the grammar has it; unescaped like `replace`, since UTF-8 has no surrogates, and copied as it stands.
    case pass
  }

  public var duplicateKeys: DuplicateKeys = .last
  public var loneSurrogates: LoneSurrogates = .pass
  /// Brackets open at once.
  public var maximumDepth = 1024
  public var maximumByteCount = Int.max

  public init() {}
}

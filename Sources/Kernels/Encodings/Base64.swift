/// Bytes as base64, four characters for three (RFC 4648, sections 4 and 5), and back, strictly.
///
/// ```swift
/// let text = Base64.encode(digest.rawSpan)
/// let bytes: [UInt8] = try Base64.decode(text, alphabet: .url, padding: .optional)
/// ```
///
/// Exactly one text stands for some bytes: white space, bits that no byte has and misplaced padding are refused. The calls
/// that write into the caller's memory allocate nothing. All are O(n).
public enum Base64 {
  public enum Alphabet: Sendable {
    /// The last two are `+` and `/`.
    case standard
    /// The last two are `-` and `_`, which stand for themselves in file names and addresses.
    case url
  }

  /// Whether `=` fills the last four characters up.
  public enum Padding: Sendable {
    /// Written, and asked for.
    case required
    /// Not written, and refused.
    case forbidden
    /// Written; read with or without, but not with less than is missing.
    case optional
  }

  /// Characters of `byteCount` bytes.
  public static func encodedCount(of byteCount: Int, padding: Padding = .required) -> Int {
    precondition(byteCount >= 0, "Base64: byteCount must not be negative")
    let (groups, rest) = byteCount.quotientAndRemainder(dividingBy: 3)
    return 4 * groups + (rest == 0 ? 0 : padding == .forbidden ? rest + 1 : 4)
  }

  /// The most bytes that `characterCount` characters stand for; padding makes them up to two fewer.
  public static func mostDecoded(of characterCount: Int) -> Int {
    precondition(characterCount >= 0, "Base64: characterCount must not be negative")
    return characterCount / 4 * 3 + characterCount % 4 * 3 / 4
  }
}

/// Why a text is not the base64 of some bytes.
public enum Base64Error: Error, Hashable, Sendable, CustomStringConvertible {
  /// The byte at this offset is not of the alphabet.
  case notInAlphabet(offset: Int)
  /// The `=` at this offset is not where padding may be.
  case unexpectedPadding(offset: Int)
  /// The text ends at this offset, where padding must be.
  case missingPadding(offset: Int)
  /// The last character, at this offset, stands alone and makes no byte.
  case incomplete(offset: Int)
  /// The last character, at this offset, has bits that are of no byte and not zero.
  case trailingBits(offset: Int)

  public var description: String {
    switch self {
    case .notInAlphabet(let offset): "the byte at offset \(offset) is not of the base64 alphabet"
    case .unexpectedPadding(let offset): "the padding at offset \(offset) must not be there"
    case .missingPadding(let offset): "the text ends at offset \(offset) without its padding"
    case .incomplete(let offset): "the character at offset \(offset) stands alone, which makes no byte"
    case .trailingBits(let offset): "the character at offset \(offset) has bits that are of no byte"
    }
  }
}

// MARK: - Encoding

extension Base64 {
  /// Writes `bytes` as characters to the start of `text`.
  ///
  /// - Parameters:
  ///   - bytes: any number.
  ///   - alphabet: which characters stand for 62 and 63.
  ///   - padding: whether `=` fills the last group.
  ///   - text: of at least ``encodedCount(of:padding:)`` bytes.
  /// - Returns: the characters written, padding among them.
  @discardableResult
  public static func encode(
    _ bytes: RawSpan, alphabet: Alphabet = .standard, padding: Padding = .required, into text: inout MutableRawSpan
  ) -> Int {
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe text.withUnsafeMutableBytes { text in
        unsafe encode(bytes, alphabet: alphabet, padding: padding, into: text)
      }
    }
  }

  /// The same.
  ///
  /// - `bytes` is readable and `text` writable for its whole count; they do not overlap; no alignment is required.
  @unsafe @discardableResult
  public static func encode(
    _ bytes: UnsafeRawBufferPointer, alphabet: Alphabet = .standard, padding: Padding = .required,
    into text: UnsafeMutableRawBufferPointer
  ) -> Int {
    unsafe encode(bytes, alphabet: alphabet, padding: padding, into: text, kernel: .kernel(.current))
  }

  /// The characters of `bytes`. Allocates the result.
  public static func encode(
    _ bytes: RawSpan, alphabet: Alphabet = .standard, padding: Padding = .required
  ) -> String {
    let count = encodedCount(of: bytes.byteCount, padding: padding)
    return unsafe bytes.withUnsafeBytes { bytes in
      unsafe String(unsafeUninitializedCapacity: count) { text in
        unsafe encode(bytes, alphabet: alphabet, padding: padding, into: UnsafeMutableRawBufferPointer(text))
      }
    }
  }
}

// MARK: - Decoding

extension Base64 {
  /// Writes the bytes that `text` stands for to the start of `bytes`.
  ///
  /// - Parameters:
  ///   - text: characters alone, without white space.
  ///   - alphabet: which characters stand for 62 and 63.
  ///   - padding: whether `=` must fill the last group.
  ///   - bytes: of at least ``mostDecoded(of:)`` bytes of the text without its padding. After an error, and after
  ///     what was written, its contents mean nothing.
  /// - Returns: the bytes written.
  /// - Throws: ``Base64Error`` for the first offset at which something is wrong.
  @discardableResult
  public static func decode(
    _ text: RawSpan, alphabet: Alphabet = .standard, padding: Padding = .required, into bytes: inout MutableRawSpan
  ) throws(Base64Error) -> Int {
    let result = unsafe text.withUnsafeBytes { text in
      unsafe bytes.withUnsafeMutableBytes { bytes in
        unsafe decoded(text, alphabet: alphabet, padding: padding, into: bytes, kernel: .kernel(.current))
      }
    }
    return try result.get()
  }

  /// The same.
  ///
  /// - `text` is readable and `bytes` writable for its whole count; they do not overlap; no alignment is required.
  @unsafe @discardableResult
  public static func decode(
    _ text: UnsafeRawBufferPointer, alphabet: Alphabet = .standard, padding: Padding = .required,
    into bytes: UnsafeMutableRawBufferPointer
  ) throws(Base64Error) -> Int {
    try unsafe decoded(text, alphabet: alphabet, padding: padding, into: bytes, kernel: .kernel(.current)).get()
  }

  /// The bytes that `text` stands for. Allocates the result.
  ///
  /// - Throws: as the others.
  public static func decode(
    _ text: String, alphabet: Alphabet = .standard, padding: Padding = .required
  ) throws(Base64Error) -> [UInt8] {
    var text = text
    var result = Result<Int, Base64Error>.success(0)
    let bytes = text.withUTF8 { text in
      unsafe [UInt8](unsafeUninitializedCapacity: mostDecoded(of: text.count)) { bytes, count in
        unsafe result = decoded(
          UnsafeRawBufferPointer(text), alphabet: alphabet, padding: padding,
          into: UnsafeMutableRawBufferPointer(bytes), kernel: .kernel(.current))
        if case .success(let written) = result { count = written }
      }
    }
    _ = try result.get()
    return bytes
  }
}

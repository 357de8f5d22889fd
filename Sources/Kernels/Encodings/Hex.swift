/// Bytes as hexadecimal digits, two each, the higher half first (RFC 4648, section 8), and back.
///
/// ```swift
/// let text = Hex.encode(digest.rawSpan)
/// let bytes: [UInt8] = try Hex.decode(text)
/// ```
///
/// The calls that write into the caller's memory allocate nothing. All are O(n).
public enum Hex {
  /// Which letters are written. Both are read.
  public enum Letters: Sendable {
    case lower, upper
  }

  /// Digits of `byteCount` bytes: twice as many.
  public static func encodedCount(of byteCount: Int) -> Int {
    precondition(byteCount >= 0, "Hex: byteCount must not be negative")
    return 2 * byteCount
  }

  /// Bytes of `digitCount` digits: half as many; an odd digit makes none.
  public static func decodedCount(of digitCount: Int) -> Int {
    precondition(digitCount >= 0, "Hex: digitCount must not be negative")
    return digitCount / 2
  }
}

/// Why a text is not of hexadecimal digits.
public enum HexError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The byte at this offset is no digit.
  case notADigit(offset: Int)
  /// The last digit, at this offset, has no other.
  case oddDigit(offset: Int)

  public var description: String {
    switch self {
    case .notADigit(let offset): "the byte at offset \(offset) is not a hexadecimal digit"
    case .oddDigit(let offset): "the digit at offset \(offset) is the last of an odd number"
    }
  }
}

// MARK: - Encoding

extension Hex {
  /// Writes the digits of `bytes` to the start of `text`.
  ///
  /// - Parameters:
  ///   - bytes: any number.
  ///   - letters: lower or upper case.
  ///   - text: of at least ``encodedCount(of:)`` bytes.
  /// - Returns: the digits written.
  @discardableResult
  public static func encode(_ bytes: RawSpan, letters: Letters = .lower, into text: inout MutableRawSpan) -> Int {
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe text.withUnsafeMutableBytes { text in unsafe encode(bytes, letters: letters, into: text) }
    }
  }

  /// The same.
  ///
  /// - `bytes` is readable and `text` writable for its whole count; they do not overlap; no alignment is required.
  @unsafe @discardableResult
  public static func encode(
    _ bytes: UnsafeRawBufferPointer, letters: Letters = .lower, into text: UnsafeMutableRawBufferPointer
  ) -> Int {
    unsafe encode(bytes, letters: letters, into: text, kernel: .kernel(.current))
  }

  /// The digits of `bytes`. Allocates the result.
  public static func encode(_ bytes: RawSpan, letters: Letters = .lower) -> String {
    let count = encodedCount(of: bytes.byteCount)
    return unsafe bytes.withUnsafeBytes { bytes in
      unsafe String(unsafeUninitializedCapacity: count) { text in
        unsafe encode(bytes, letters: letters, into: UnsafeMutableRawBufferPointer(text))
      }
    }
  }
}

// MARK: - Decoding

extension Hex {
  /// Writes the bytes that `text` stands for to the start of `bytes`.
  ///
  /// - Parameters:
  ///   - text: digits alone, of either case.
  ///   - bytes: of at least ``decodedCount(of:)`` bytes. After an error its contents mean nothing.
  /// - Returns: the bytes written.
  /// - Throws: ``HexError`` for the first byte that is no digit, else for a last digit without another.
  @discardableResult
  public static func decode(_ text: RawSpan, into bytes: inout MutableRawSpan) throws(HexError) -> Int {
    let result = unsafe text.withUnsafeBytes { text in
      unsafe bytes.withUnsafeMutableBytes { bytes in
        unsafe decoded(text, into: bytes, kernel: .kernel(.current))
      }
    }
    return try result.get()
  }

  /// The same.
  ///
  /// - `text` is readable and `bytes` writable for its whole count; they do not overlap; no alignment is required.
  @unsafe @discardableResult
  public static func decode(
    _ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer
  ) throws(HexError) -> Int {
    try unsafe decoded(text, into: bytes, kernel: .kernel(.current)).get()
  }

  /// The bytes that `text` stands for. Allocates the result.
  ///
  /// - Throws: as the others.
  public static func decode(_ text: String) throws(HexError) -> [UInt8] {
    var text = text
    var result = Result<Int, HexError>.success(0)
    let bytes = text.withUTF8 { text in
      unsafe [UInt8](unsafeUninitializedCapacity: decodedCount(of: text.count)) { bytes, count in
        unsafe result = decoded(
          UnsafeRawBufferPointer(text), into: UnsafeMutableRawBufferPointer(bytes), kernel: .kernel(.current))
        if case .success(let written) = result { count = written }
      }
    }
    _ = try result.get()
    return bytes
  }
}

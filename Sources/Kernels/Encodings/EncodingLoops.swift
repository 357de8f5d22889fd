// What rows leave: the last groups, padding, and where a text is wrong.

extension Hex {
  /// Writes the digits of `bytes` by the given row.
  ///
  /// - `bytes` is readable and `text` writable for its whole count; the CPU has what the row requires.
  @unsafe
  package static func encode(
    _ bytes: UnsafeRawBufferPointer, letters: Letters, into text: UnsafeMutableRawBufferPointer, kernel: EncodingKernel
  ) -> Int {
    let count = encodedCount(of: bytes.count)
    precondition(text.count >= count, "Hex: text must have room for two digits a byte")
    guard count > 0 else { return 0 }
    let input = unsafe bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    let output = unsafe text.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    let digits: StaticString = letters == .lower ? "0123456789abcdef" : "0123456789ABCDEF"
    let taken = unsafe kernel.hexEncode(input, bytes.count, output, digits.utf8Start)
    _ = unsafe EncodingPortable.hexEncode(
      input + taken, bytes.count - taken, output + 2 * taken, digits.utf8Start)
    return count
  }

  /// Writes the bytes that `text` stands for by the given row, and says how many, or what is wrong.
  ///
  /// - `text` is readable and `bytes` writable for its whole count; the CPU has what the row requires.
  @unsafe
  package static func decoded(
    _ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer, kernel: EncodingKernel
  ) -> Result<Int, HexError> {
    let count = decodedCount(of: text.count)
    precondition(bytes.count >= count, "Hex: bytes must have room for one byte each two digits")
    if count > 0 {
      let input = unsafe text.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
      let output = unsafe bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
      var taken = unsafe kernel.hexDecode(input, 2 * count, output)
      taken += unsafe EncodingPortable.hexDecode(input + taken, 2 * count - taken, output + taken / 2)
      if taken < 2 * count {
        let isHigh = unsafe EncodingPortable.hexValue(input[taken]) > 15
        return .failure(.notADigit(offset: isHigh ? taken : taken + 1))
      }
    }
    guard text.count > 2 * count else { return .success(count) }
    let isDigit = unsafe EncodingPortable.hexValue(text[2 * count]) < 16
    return .failure(isDigit ? .oddDigit(offset: 2 * count) : .notADigit(offset: 2 * count))
  }
}

extension Base64 {
  /// Writes `bytes` as characters by the given row.
  ///
  /// - `bytes` is readable and `text` writable for its whole count; the CPU has what the row requires.
  @unsafe
  package static func encode(
    _ bytes: UnsafeRawBufferPointer, alphabet: Alphabet, padding: Padding, into text: UnsafeMutableRawBufferPointer,
    kernel: EncodingKernel
  ) -> Int {
    let count = encodedCount(of: bytes.count, padding: padding)
    precondition(text.count >= count, "Base64: text must have room for all characters")
    guard count > 0 else { return 0 }
    let tables = unsafe alphabet.tables
    let characters = unsafe tables.alphabet
    var input = unsafe bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    var output = unsafe text.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    var left = bytes.count
    var taken = unsafe kernel.base64Encode(input, left, output, tables)
    taken += unsafe EncodingPortable.base64Encode(input + taken, left - taken, output + taken / 3 * 4, tables)
    left -= taken
    unsafe input += taken
    unsafe output += taken / 3 * 4
    guard left > 0 else { return count }
    let group = unsafe UInt32(input[0]) << 16 | (left == 2 ? UInt32(input[1]) << 8 : 0)
    unsafe output[0] = characters[Int(group >> 18)]
    unsafe output[1] = characters[Int(group >> 12 & 63)]
    if left == 2 { unsafe output[2] = characters[Int(group >> 6 & 63)] }
    if padding != .forbidden {
      if left == 1 { unsafe output[2] = padCharacter }
      unsafe output[3] = padCharacter
    }
    return count
  }

  private static var padCharacter: UInt8 { UInt8(ascii: "=") }

  /// Writes the bytes that `text` stands for by the given row, and says how many, or what is wrong.
  ///
  /// - `text` is readable and `bytes` writable for its whole count; the CPU has what the row requires.
  @unsafe
  package static func decoded(
    _ text: UnsafeRawBufferPointer, alphabet: Alphabet, padding: Padding, into bytes: UnsafeMutableRawBufferPointer,
    kernel: EncodingKernel
  ) -> Result<Int, Base64Error> {
    var pads = 0
    while unsafe pads < 2 && pads < text.count && text[text.count - 1 - pads] == padCharacter { pads += 1 }
    let body = text.count - pads
    let count = mostDecoded(of: body)
    precondition(bytes.count >= count, "Base64: bytes must have room for all that text stands for")
    let rest = body % 4
    if body > 0 {
      let tables = unsafe alphabet.tables
      let values = unsafe tables.values
      let input = unsafe text.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
      var taken = 0
      if let start = bytes.baseAddress {
        let output = unsafe start.assumingMemoryBound(to: UInt8.self)
        taken = unsafe kernel.base64Decode(input, body - rest, output, tables)
        taken += unsafe EncodingPortable.base64Decode(
          input + taken, body - rest - taken, output + taken / 4 * 3, tables)
      }
      // Of the group where it ended, the first character that is wrong, if one is.
      for i in taken..<min(taken + 4, body) {
        let character = unsafe input[i]
        if unsafe character > 127 || values[Int(character)] > 63 {
          return .failure(
            character == padCharacter ? .unexpectedPadding(offset: i) : .notInAlphabet(offset: i))
        }
      }
      if rest == 1 { return .failure(.incomplete(offset: body - 1)) }
      if rest > 1 {
        let last = unsafe values[Int(input[body - 1])]
        if last & (rest == 2 ? 15 : 3) != 0 { return .failure(.trailingBits(offset: body - 1)) }
        let (first, second) = unsafe (values[Int(input[taken])], values[Int(input[taken + 1])])
        unsafe bytes[taken / 4 * 3] = first << 2 | second >> 4
        if rest == 3 { unsafe bytes[taken / 4 * 3 + 1] = second << 4 | last >> 2 }
      }
    }
    let missing = rest == 0 ? 0 : 4 - rest
    if padding == .forbidden && pads > 0 { return .failure(.unexpectedPadding(offset: body)) }
    if pads > missing { return .failure(.unexpectedPadding(offset: body + missing)) }
    if pads < missing && (padding == .required || (padding == .optional && pads > 0)) {
      return .failure(.missingPadding(offset: text.count))
    }
    return .success(count)
  }
}

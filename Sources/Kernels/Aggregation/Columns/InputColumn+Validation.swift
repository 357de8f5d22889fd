extension InputColumn {
  /// Throws what the values themselves show to be wrong: offsets that fall, codes outside the dictionary, bytes that are not UTF-8.
  ///
  /// - Complexity: O(n) for strings and dictionaries, O(1) else; no allocations.
  package func validate(_ name: String, count: Int) throws(AggregationError) {
    switch type {
    case .utf8, .largeUTF8:
      try validate(strings, name, first: offset, count: count)
    case .dictionary:
      try validate(strings, name, first: dictionaryOffset, count: dictionaryCount)
      try validateCodes(name, count: count)
    default: break
    }
  }

  private func validate(_ view: StringView, _ name: String, first: Int, count: Int) throws(AggregationError) {
    guard count > 0 else { return }
    let start = view.bounds(first).start
    var falls = start < 0
    for i in 0..<count { falls = falls || view.falls(first &+ i) }
    guard !falls else { throw AggregationError(.invalidData, name, "offsets of strings must not fall") }
    let (lastStart, lastCount) = view.bounds(first + count - 1)
    let end = lastStart + lastCount
    guard end > start else { return }
    guard let bytes = unsafe view.bytes else { throw AggregationError(.invalidData, name, "strings without bytes") }
    if unsafe isASCII(bytes + start, end - start) { return }
    for row in 0..<count {
      let (from, length) = view.bounds(first + row)
      guard unsafe isUTF8(UnsafeBufferPointer(start: bytes + from, count: length)) else {
        throw AggregationError(.invalidData, name, "a string is not UTF-8", offset: row)
      }
    }
  }

  private func validateCodes(_ name: String, count: Int) throws(AggregationError) {
    guard count > 0, case .dictionary(let codes, _) = type, let values = unsafe values else { return }
    let isWrong =
      switch codes {
      case .int8: unsafe isOutside(Int8.self, values, count)
      case .int16: unsafe isOutside(Int16.self, values, count)
      case .int32: unsafe isOutside(Int32.self, values, count)
      case .int64: unsafe isOutside(Int64.self, values, count)
      case .uint8: unsafe isOutside(UInt8.self, values, count)
      case .uint16: unsafe isOutside(UInt16.self, values, count)
      case .uint32: unsafe isOutside(UInt32.self, values, count)
      case .uint64: unsafe isOutside(UInt64.self, values, count)
      }
    guard isWrong else { return }
    // Under a null any code may stand.
    var code: Int64 = 0
    for row in 0..<count where isValid(row) {
      let wide = unsafe withUnsafeMutableBytes(of: &code) { scratch in
        unsafe self.wide(row, 1, scratch.baseAddress.unsafelyUnwrapped).load(as: UInt64.self)
      }
      if wide >= UInt64(dictionaryCount) {
        throw AggregationError(.invalidData, name, "a code outside its dictionary", offset: row)
      }
    }
  }

  /// Whether one of the codes, those under nulls among them, is outside the dictionary.
  ///
  /// - `values` is readable for `offset + count` of them.
  @inline(__always)
  @unsafe
  private func isOutside<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type, _ values: UnsafeRawPointer, _ count: Int
  ) -> Bool {
    let size = MemoryLayout<T>.size
    let values = unsafe values + offset &* size
    var (least, greatest) = (T.max, T.min)
    for row in 0..<count {
      let code = unsafe values.loadUnaligned(fromByteOffset: row &* size, as: T.self)
      least = Swift.min(least, code)
      greatest = Swift.max(greatest, code)
    }
    return least < 0 || UInt64(truncatingIfNeeded: greatest) >= UInt64(dictionaryCount)
  }
}

/// - `bytes` is readable for `count`.
@unsafe
func isASCII(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
  let raw = unsafe UnsafeRawPointer(bytes)
  var any: UInt64 = 0
  var i = 0
  while i &+ 8 <= count {
    unsafe any |= raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)
    i &+= 8
  }
  while i < count {
    unsafe any |= UInt64(bytes[i])
    i &+= 1
  }
  return any & 0x8080_8080_8080_8080 == 0
}

/// Whether the bytes are well-formed UTF-8: table 3-7 of the Unicode Standard.
///
/// - `bytes` is readable for its count.
@unsafe
func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  var i = 0
  let count = bytes.count
  while i < count {
    let lead = unsafe bytes[i]
    if lead < 0x80 {
      i &+= 1
      continue
    }
    let length: Int
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, low) = (3, 0xA0)
    case 0xED: (length, high) = (3, 0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, low) = (4, 0x90)
    case 0xF4: (length, high) = (4, 0x8F)
    case 0xF1...0xF3: length = 4
    default: return false
    }
    guard i &+ length <= count, unsafe bytes[i &+ 1] >= low, unsafe bytes[i &+ 1] <= high else { return false }
    for j in 2..<Swift.max(2, length) where unsafe bytes[i &+ j] & 0xC0 != 0x80 { return false }
    i &+= length
  }
  return true
}

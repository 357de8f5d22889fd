/// The head of a message in HTTP/1.1 (RFC 9112): its first line, and the headers that a reader of its body needs.
public struct HTTPHead: Sendable {
  /// All lines, each with what ends it.
  public private(set) var bytes: [UInt8] = []
  /// Of a response; 0 of a request.
  public private(set) var status = 0
  /// nil where the head does not say.
  public private(set) var contentLength: Int?
  public private(set) var isChunked = false
  /// Whether the connection ends behind this message.
  public private(set) var closes = false

  public init() {}

  /// Reads the head that `lines` are.
  public mutating func parse(_ lines: some Sequence<UInt8>) throws(WireError) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: lines)
    (status, contentLength, isChunked, closes) = (0, nil, false, false)
    let start = line(at: 0)
    try parseStart(start.line)
    var at = start.next
    while at < bytes.count {
      let (line, next) = line(at: at)
      at = next
      if line.isEmpty { break }
      guard let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")), colon > line.lowerBound else {
        throw .malformed(.header)
      }
      try parseHeader(bytes[line.lowerBound..<colon], trimmed(colon + 1..<line.upperBound))
    }
    if isChunked && contentLength != nil { throw .malformed(.transferEncoding) }
  }

  /// The header of this name, which is given in lower case; of several the first. nil where there is none.
  public func value(_ name: StaticString) -> ArraySlice<UInt8>? {
    var at = line(at: 0).next
    while at < bytes.count {
      let (line, next) = line(at: at)
      at = next
      if let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")), bytes[line.lowerBound..<colon].isName(name) {
        return bytes[trimmed(colon + 1..<line.upperBound)]
      }
    }
    return nil
  }

  /// The first line's words: method and path of a request.
  public var words: [String] {
    bytes[line(at: 0).line].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// "HTTP/1.1 200 OK" or "GET /path HTTP/1.1".
  private mutating func parseStart(_ line: Range<Int>) throws(WireError) {
    let text = bytes[line]
    let isResponse = text.starts(with: "HTTP/1.".utf8)
    let version = isResponse ? text.prefix(8) : text.suffix(8)
    guard version.starts(with: "HTTP/1.".utf8), let minor = version.last, version.count == 8 else {
      throw .malformed(.startLine)
    }
    closes = minor == UInt8(ascii: "0")
    if isResponse {
      guard text.count >= 12, let status = decimal(text.dropFirst(9).prefix(3)), (100...599).contains(status) else {
        throw .malformed(.startLine)
      }
      self.status = status
    }
  }

  private mutating func parseHeader(_ name: ArraySlice<UInt8>, _ value: Range<Int>) throws(WireError) {
    let value = bytes[value]
    if name.isName("content-length") {
      guard let length = decimal(value), contentLength == nil || contentLength == length else {
        throw .malformed(.contentLength)
      }
      contentLength = length
    } else if name.isName("transfer-encoding") {
      guard value.isName("chunked") else { throw .malformed(.transferEncoding) }
      isChunked = true
    } else if name.isName("connection") {
      if value.isName("close") { closes = true }
    }
  }

  /// The line that starts at `start`, without what ends it, and where the next one starts.
  private func line(at start: Int) -> (line: Range<Int>, next: Int) {
    let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    let isCarried = end > start && bytes[end - 1] == UInt8(ascii: "\r")
    return (start..<(isCarried ? end - 1 : end), min(end + 1, bytes.count))
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") { start += 1 }
    while start < end, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t") { end -= 1 }
    return start..<end
  }
}

/// At most 15 digits, so that nothing overflows.
private func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
  guard (1...15).contains(digits.count) else { return nil }
  var value = 0
  for digit in digits {
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
    value = value * 10 + Int(digit - UInt8(ascii: "0"))
  }
  return value
}

extension ArraySlice<UInt8> {
  /// Whether these are the letters of `name`, which is in lower case; their own case does not matter.
  fileprivate func isName(_ name: StaticString) -> Bool {
    guard count == name.utf8CodeUnitCount else { return false }
    return name.withUTF8Buffer { name in
      var at = startIndex
      for i in 0..<name.count {
        let byte = self[at]
        let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        if unsafe name[i] != lower { return false }
        at += 1
      }
      return true
    }
  }
}

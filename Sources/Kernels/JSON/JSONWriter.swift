/// Writes JSON text into an array, token by token: commas and colons come by themselves.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.beginObject()
/// writer.key("name"); writer.string("Ada")
/// writer.key("born"); writer.number(1815)
/// writer.endObject()
/// print(String(decoding: writer.bytes, as: UTF8.self))       // {"name":"Ada","born":1815}
/// ```
///
/// What is written is what is asked for: brackets that do not match give text that is not JSON.
@safe
public struct JSONWriter: Sendable {
  /// The text so far.
  public private(set) var bytes: [UInt8] = []
  /// A value was written and another one needs a comma.
  private var needsComma = false
  private let writeDouble: JSONNumberKernel.Write?
  private let writeDoubles: JSONNumberKernel.WriteAll?

  public init() {
    let row = JSONNumberKernel.current
    unsafe writeDouble = row.write
    unsafe writeDoubles = row.writeAll
  }

  /// Forgets the text and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  public mutating func beginObject() { begin(UInt8(ascii: "{")) }
  public mutating func beginArray() { begin(UInt8(ascii: "[")) }
  public mutating func endObject() { end(UInt8(ascii: "}")) }
  public mutating func endArray() { end(UInt8(ascii: "]")) }

  private mutating func begin(_ bracket: UInt8) {
    unsafe append(1) { out in
      unsafe out[0] = bracket
      return 1
    }
    needsComma = false
  }

  private mutating func end(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  /// The key of the value that comes next.
  public mutating func key(_ key: String) {
    string(key, isKey: true)
    needsComma = false
  }

  /// A string, escaped where it must be.
  public mutating func string(_ text: String) { string(text, isKey: false) }

  @inline(__always)
  private mutating func string(_ text: String, isKey: Bool) {
    var text = text
    text.withUTF8 { text in
      let escape = unsafe JSONEscapeKernel.current.body
      unsafe append(JSONEscape.room(text.count) &+ 3) { out in
        let count = unsafe text.baseAddress.map { unsafe escape($0, text.count, out + 1) } ?? 0
        unsafe out[0] = UInt8(ascii: "\"")
        unsafe out[count &+ 1] = UInt8(ascii: "\"")
        unsafe out[count &+ 2] = UInt8(ascii: ":")
        return count &+ (isKey ? 3 : 2)
      }
    }
  }

  public mutating func number(_ value: Int64) {
    unsafe append(JSONNumberText.room) { unsafe JSONNumberText.write(value, $0) }
  }

  public mutating func number(_ value: UInt64) {
    unsafe append(JSONNumberText.room) { unsafe JSONNumberText.write(value, $0) }
  }

  /// The shortest text that reads back as `value`; `null` where JSON has none.
  public mutating func number(_ value: Double) {
    let row = unsafe writeDouble
    unsafe append(JSONNumberText.room) { unsafe JSONNumberText.write(value, $0, row: row) }
  }

  /// An array of numbers, each as ``number(_:)-(Double)`` writes it, in one call: faster than one by one, for two of them, too.
  ///
  /// - Complexity: O(n). It allocates where the text outgrows its memory.
  public mutating func numbers(_ values: Span<Double>) {
    unsafe values.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress, values.count > 0 else {
        beginArray()
        return endArray()
      }
      if values.count <= Self.numbersAtOnce {
        unsafe append(start, values.count, UInt8(ascii: "["), UInt8(ascii: "]"))
      } else {
        unsafe appendMany(start, values.count)
      }
    }
  }

  /// Numbers that room is made for at once.
  private static var numbersAtOnce: Int { 64 }

  @inline(never)
  private mutating func appendMany(_ values: UnsafePointer<Double>, _ count: Int) {
    beginArray()
    var taken = 0
    while count &- taken > Self.numbersAtOnce {
      unsafe append(values + taken, Self.numbersAtOnce, nil, UInt8(ascii: ","))
      needsComma = false
      taken &+= Self.numbersAtOnce
    }
    unsafe append(values + taken, count &- taken, nil, UInt8(ascii: "]"))
  }

  /// Some numbers, no more than ``numbersAtOnce``, between two bytes.
  @inline(__always)
  private mutating func append(_ values: UnsafePointer<Double>, _ count: Int, _ before: UInt8?, _ behind: UInt8) {
    let row = unsafe writeDoubles
    unsafe append(26 &* count &+ JSONNumberText.room &+ 1) { out in
      let bracket = before == nil ? 0 : 1
      if let before { unsafe out[0] = before }
      let written = unsafe bracket &+ JSONNumberText.write(values, count, out + bracket, row: row)
      // Over the last comma.
      unsafe out[written &- 1] = behind
      return written
    }
  }

  public mutating func bool(_ value: Bool) { word(value ? "true" : "false") }
  public mutating func null() { word("null") }

  private mutating func word(_ word: StaticString) {
    unsafe append(word.utf8CodeUnitCount) { out in
      unsafe out.update(from: word.utf8Start, count: word.utf8CodeUnitCount)
      return word.utf8CodeUnitCount
    }
  }

  /// A value of a document, without white space outside its strings.
  public mutating func value(_ value: borrowing JSONValue) {
    let (tape, index) = unsafe (value.tape, value.index)
    unsafe append(tape.raw(index).count) { unsafe tape.serialize(index, $0) }
  }

  /// Appends a comma, where there must be one, and what `body` writes into `room` bytes.
  @inline(__always)
  private mutating func append(_ room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    let comma = needsComma ? 1 : 0
    needsComma = true
    bytes.append(addingCapacity: room &+ 1) { out in
      unsafe out.withUnsafeMutableBufferPointer { memory, count in
        let start = unsafe memory.baseAddress.unsafelyUnwrapped
        unsafe start[0] = UInt8(ascii: ",")
        count = unsafe comma &+ body(start + comma)
      }
    }
  }
}

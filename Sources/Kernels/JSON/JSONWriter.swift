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
public struct JSONWriter: Sendable {
  /// The text so far.
  public private(set) var bytes: [UInt8] = []
  /// A value was written and another one needs a comma.
  private var needsComma = false

  public init() {}

  /// Forgets the text and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  public mutating func beginObject() { begin(UInt8(ascii: "{")) }
  public mutating func beginArray() { begin(UInt8(ascii: "[")) }
  public mutating func endObject() { end(UInt8(ascii: "}")) }
  public mutating func endArray() { end(UInt8(ascii: "]")) }

  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func end(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  /// The key of the value that comes next.
  public mutating func key(_ key: String) {
    string(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A string, escaped where it must be.
  public mutating func string(_ text: String) {
    separate()
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { text in
      guard let start = text.baseAddress else { return }
      let escape = unsafe JSONEscapeKernel.current.body
      unsafe append(JSONEscape.room(text.count)) { unsafe escape(start, text.count, $0) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  public mutating func number(_ value: Int64) {
    separate()
    unsafe append(JSONNumberText.room) { unsafe JSONNumberText.write(value, $0) }
  }

  public mutating func number(_ value: UInt64) {
    separate()
    unsafe append(JSONNumberText.room) { unsafe JSONNumberText.write(value, $0) }
  }

  /// The shortest text that reads back as `value`; `null` where JSON has none.
  public mutating func number(_ value: Double) {
    separate()
    unsafe append(JSONNumberText.room) { unsafe JSONNumberText.write(value, $0) }
  }

  public mutating func bool(_ value: Bool) { word(value ? "true" : "false") }
  public mutating func null() { word("null") }

  private mutating func word(_ word: StaticString) {
    separate()
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  /// A value of a document, without white space outside its strings.
  public mutating func value(_ value: borrowing JSONValue) {
    separate()
    let (tape, index) = unsafe (value.tape, value.index)
    unsafe append(tape.raw(index).count) { unsafe tape.serialize(index, $0) }
  }

  /// Appends what `body` writes into `room` bytes.
  @inline(__always)
  private mutating func append(_ room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    let start = bytes.count
    // Doubling by the array's own rule.
    if bytes.capacity &- start < room { bytes.reserveCapacity(max(2 &* bytes.capacity, start &+ room)) }
    bytes.append(addingCapacity: room) { out in
      unsafe out.withUnsafeMutableBufferPointer { memory, count in
        if let start = memory.baseAddress { count = unsafe body(start) }
      }
    }
  }
}

import FuzzHarness
import Kernels

// The ways to read a text agree on its verdict, and minified it means the same. The first byte picks the options.

func verdict(_ run: () throws(JSONError) -> Void) -> JSONError? {
  do throws(JSONError) { try run() } catch { return error }
  return nil
}

/// Every value is asked for: what a parsed document gives must not trap, whatever is in it.
func walk(_ value: borrowing JSONValue) -> Int {
  var sum = value.count + value.raw.byteCount
  sum += value.int64 == nil ? 0 : 1
  sum += value.uint64 == nil ? 0 : 1
  if let number = value.double {
    let text = unsafe value.raw.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    require(number == Double(text), "\(text) is read as \(number)")
    sum += 1
  }
  sum += value.string?.utf8.count ?? 0
  var elements = value.elements
  while let element = elements.next() { sum += walk(element) }
  var members = value.members
  while let member = members.next() { sum += walk(member.value) }
  return sum
}

/// Arrays of numbers are read by one call as one by one, and what is written of them reads back.
func checkNumbers(_ value: borrowing JSONValue) {
  var expected: [Double] = []
  var elements = value.elements
  while let element = elements.next() {
    checkNumbers(element)
    if let number = element.double { expected.append(number) }
  }
  var members = value.members
  while let member = members.next() { checkNumbers(member.value) }
  guard value.kind == .array else { return }
  var isRead = false
  let numbers = [Double](capacity: value.count) { out in isRead = value.doubles(into: &out) }
  require(isRead == (expected.count == value.count), "an array is taken for one of numbers, or is not")
  guard isRead else { return require(numbers.isEmpty, "numbers of an array that is refused") }
  require(numbers.map(\.bitPattern) == expected.map(\.bitPattern), "numbers by one call are others")
  var writer = JSONWriter()
  writer.numbers(numbers.span)
  var document = JSONDocument()
  let failure = verdict { () throws(JSONError) in try document.parse(writer.bytes.span.bytes) }
  require(failure == nil && document.root.count == numbers.count, "numbers are written as no array of them")
  var written = document.root.elements
  for number in numbers {
    // No text is infinity, which is written as null.
    let back = written.next()?.double
    require(back?.bitPattern == (number.isFinite ? number.bitPattern : nil), "\(number) is written as another")
  }
}

func options(_ byte: UInt8) -> JSONOptions {
  var options = JSONOptions()
  options.duplicateKeys = [.last, .first, .reject, .last][Int(byte & 3)]
  options.loneSurrogates = [.reject, .replace, .pass, .pass][Int(byte >> 2 & 3)]
  // A depth that a walk by recursion bears, and one that inputs reach.
  options.maximumDepth = byte & 16 == 0 ? 200 : 3
  return options
}

func same(_ a: JSONColumn, _ b: JSONColumn) -> Bool {
  a.int64s == b.int64s && a.doubles == b.doubles && a.offsets == b.offsets && a.bytes == b.bytes
    && a.validity == b.validity && a.nullCount == b.nullCount
}

let seeds = [
  "{\"a\":1,\"s\":\"x\"}\n{\"d\":1.5,\"x\":[{}]}\n\n{\"\\u0061\":2}\r\n{\"s\":null}",
  "null", "[1,-0,1e300,1.7976931348623159e308,123456789012345678901234567890,0.1,5e-324]",
  " { \"a\" : [ true , false ] } ",
  "{\"a\":1,\"a\":2,\"\\u0061\":3}", "\"\\ud83d\\ude00\\ud83d\\n\\\"\\/\"", "[[[[[]]]],{\"\":{}}]",
  "\"\u{e9}\u{20ac}\u{1f600}\"",
  "{\"id\":42,\"tags\":[\"x\",\"y\"],\"text\":\"" + String(repeating: "long ", count: 30) + "\",\"n\":-12.5e-3}",
]

fuzz(seeds: seeds.map { [0] + Array($0.utf8) }) { input in
  guard let first = input.first else { return }
  let (options, text) = (options(first), Array(input.dropFirst()))
  let columns = [(name: "a", kind: JSONColumn.Kind.int64), (name: "s", kind: .string), (name: "d", kind: .double)]
  var together = JSONColumnReader(columns, badLines: .skip, options: options)
  try? together.read(text.span.bytes)
  // Where a line may not be as long as what is indexed at once, each is on its own.
  var single = options
  single.maximumByteCount = 1 << 13
  var apart = JSONColumnReader(columns, badLines: .skip, options: single)
  try? apart.read(text.span.bytes)
  require(
    together.badLineCount == apart.badLineCount && zip(together.columns, apart.columns).allSatisfy(same),
    "columns of lines one by one are others")
  let valid = verdict { () throws(JSONError) in try JSON.validate(text.span.bytes, options: options) }
  var document = JSONDocument()
  let parsed = verdict { () throws(JSONError) in try document.parse(text.span.bytes, options: options) }
  // Only a document looks for keys that come twice.
  if parsed?.kind == .duplicateKey { return }
  require(valid == parsed, "validate: \(String(describing: valid)), parse: \(String(describing: parsed))")
  var small: [UInt8] = []
  let minified = verdict { () throws(JSONError) in small = try JSON.minified(text.span.bytes, options: options) }
  require(valid == minified, "validate: \(String(describing: valid)), minify: \(String(describing: minified))")
  guard valid == nil else { return }
  require(small.count <= text.count, "minified is longer")
  let again = try? JSON.minified(small.span.bytes, options: options)
  require(again == small, "minified twice is not minified once")
  _ = walk(document.root)
  checkNumbers(document.root)
  var writer = JSONWriter()
  writer.value(document.root)
  var other = JSONDocument()
  let back = verdict { () throws(JSONError) in try other.parse(small.span.bytes, options: options) }
  require(back == nil, "minified does not parse")
  var otherWriter = JSONWriter()
  otherWriter.value(other.root)
  require(writer.bytes == otherWriter.bytes, "minified is another document")
}

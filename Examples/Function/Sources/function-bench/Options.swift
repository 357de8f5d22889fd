#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the command line asks for.
struct Options {
  var bootstrap = ""
  var python: String?
  var node: String?
  var comparators = "Comparators"
  var count = 10_000
  var cold = 50
  var workload: String?
  var soak: Int?
  /// Where each runtime's last answer to each workload goes, for who compares them.
  var answers: String?
  var report: String?

  init(_ words: some Sequence<String>) throws(Mistake) {
    var words = words.makeIterator()
    while let word = words.next() {
      guard let value = words.next() else { throw Mistake("\(word) needs a value") }
      switch word {
      case "--bootstrap": bootstrap = value
      case "--python": python = value
      case "--node": node = value
      case "--comparators": comparators = value
      case "--count": count = try Self.number(word, value)
      case "--cold": cold = try Self.number(word, value)
      case "--workload": workload = value
      case "--soak": soak = try Self.number(word, value)
      case "--answers": answers = value
      case "--report": report = value
      default: throw Mistake("unknown option \(word)")
      }
    }
    if bootstrap.isEmpty { throw Mistake("--bootstrap must name the built function") }
  }

  private static func number(_ name: String, _ value: String) throws(Mistake) -> Int {
    guard let number = Int(value), number > 0 else { throw Mistake("\(name) must be a positive number") }
    return number
  }
}

/// What ends the program, in words.
struct Mistake: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A line for who waits.
func progress(_ line: String) {
  let bytes = Array("\(line)\n".utf8)
  _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

func writeFile(_ path: String, _ bytes: [UInt8]) throws(Mistake) {
  guard let file = unsafe fopen(path, "w") else { throw Mistake("cannot write \(path)") }
  let count = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
  guard unsafe fclose(file) == 0 && count == bytes.count else { throw Mistake("cannot write \(path)") }
}

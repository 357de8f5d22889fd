#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the command line asks for.
struct Options {
  var bootstrap = ""
  var least: String?
  var database: String?
  /// Where the database is, in libpq's words.
  var databaseURL = ""
  var python: String?
  var node: String?
  var comparators = "Comparators"
  var count = 10_000
  var cold = 50
  /// Invocations at each size of the sweep over shares of a CPU; 0 for none.
  var sweep = 100
  var workload: String?
  var soak: Int?
  /// Where the samples go.
  var samples: String?

  init(_ words: some Sequence<String>) throws(Mistake) {
    var words = words.makeIterator()
    while let word = words.next() {
      guard let value = words.next() else { throw Mistake("\(word) needs a value") }
      switch word {
      case "--bootstrap": bootstrap = value
      case "--least": least = value
      case "--database": database = value
      case "--database-url": databaseURL = value
      case "--python": python = value
      case "--node": node = value
      case "--comparators": comparators = value
      case "--count": count = try Self.number(word, value)
      case "--cold": cold = try Self.number(word, value)
      case "--sweep": sweep = value == "0" ? 0 : try Self.number(word, value)
      case "--workload": workload = value
      case "--soak", "--seconds": soak = try Self.number(word, value)
      case "--samples": samples = value
      default: throw Mistake("unknown option \(word)")
      }
    }
    if bootstrap.isEmpty { throw Mistake("--bootstrap must name the built function") }
  }

  /// The workloads that were asked for, and that there is an executable for.
  var workloads: [Workload] {
    get throws(Mistake) {
      let all = Workload.all.filter { own(of: $0.function) != nil }
      let named = all.filter { workload == nil || workload == $0.name }
      if named.isEmpty {
        throw Mistake("no workload \(workload ?? ""); there are \(all.map(\.name).joined(separator: ", "))")
      }
      return named
    }
  }

  /// The executable of this package that serves a function.
  func own(of function: Workload.Function) -> String? {
    switch function {
    case .bootstrap: bootstrap
    case .database: database
    case .least: least
    }
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

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs that are kept under a name to compare later ones with: files as `run --json` writes them, in one directory.
package struct BaselineStore: Sendable {
  package static let defaultDirectory = ".kernel-bench/baselines"

  package let directory: String

  package init(directory: String) { self.directory = directory }

  /// Where a baseline's file is.
  ///
  /// - Throws: ``BenchError`` when the name is no plain file name.
  package func path(_ name: String) throws(BenchError) -> String {
    let isPlain = name.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard isPlain, !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= 200 else {
      throw BenchError("\"\(name)\" is no name for a baseline; take letters, digits, points, - and _")
    }
    return "\(directory)/\(name).json"
  }

  /// The file of a baseline, ready to be written; makes the directory.
  package func file(_ name: String) throws(BenchError) -> AtomicFile {
    let path = try path(name)
    var parent = ""
    for part in directory.split(separator: "/", omittingEmptySubsequences: false) {
      parent += part + "/"
      if unsafe parent != "/" && mkdir(parent, 0o755) != 0 && errno != EEXIST {
        throw BenchError("cannot make the directory \(parent): \(Errno(code: errno)); name another with --directory")
      }
    }
    return try AtomicFile(path: path)
  }

  /// Names of all baselines, sorted.
  package var names: [String] {
    SystemFile.names(in: directory).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
  }

  /// - Parameter reference: the name of a baseline, or the path of a file.
  package func read(_ reference: String) throws(BenchError) -> Report {
    if let path = try? path(reference), names.contains(reference) { return try Report.read(path) }
    if unsafe access(reference, F_OK) == 0 { return try Report.read(reference) }
    let known = names.isEmpty ? "there is none in \(directory)" : "there are \(names.joined(separator: ", "))"
    throw BenchError("no baseline and no file is called \(reference); \(known)")
  }
}

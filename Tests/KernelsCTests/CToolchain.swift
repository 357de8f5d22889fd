import Foundation

/// A compiler and a folder of its own to compile C programs against the library that this test run has built.
struct CToolchain {
  enum Language: String, CaseIterable {
    case c
    case cxx = "c++"

    var arguments: [String] {
      switch self {
      case .c: ["-x", "c", "-std=c11"]
      case .cxx: ["-x", "c++", "-std=c++17"]
      }
    }
  }

  struct Outcome {
    let status: Int32
    let output: String
  }

  static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "c")
  static let header = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources/KernelsC/include")

  /// SwiftPM puts the tests and the library side by side.
  static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  static let library = products.appending(path: "libKernelsC.so")

  /// What this test run was built with; `make sanitize` says it. A program needs its runtime before it loads the library.
  static let sanitizer = ProcessInfo.processInfo.environment["KERNELS_SANITIZER"]

  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "kernels-c-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func cleanUp() { try? FileManager.default.removeItem(at: folder) }

  /// Where Debian has it; nil where it is not installed.
  static let valgrind = ["/usr/bin/valgrind"].first {
    FileManager.default.isExecutableFile(atPath: $0)
      && FileManager.default.fileExists(atPath: "/usr/include/valgrind/memcheck.h")
  }

  /// Compiles and links one program; the output holds what the compiler said.
  ///
  /// - Parameters:
  ///   - folder: where it is; `c/` unless told.
  ///   - library: the folder of the library that it links.
  func compile(
    _ program: String, as language: Language, from folder: URL = CToolchain.sources, library: URL = CToolchain.products
  ) throws -> Outcome {
    var arguments = language.arguments
    arguments += ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1", "-gdwarf-4"]
    arguments += ["-I", Self.header.path, folder.appending(path: program).path]
    arguments += ["-o", executable(program), "-L", library.path, "-lKernelsC", "-lm", "-lpthread"]
    arguments += ["-Wl,-rpath,\(library.path)"]
    if let sanitizer = Self.sanitizer { arguments.append("-fsanitize=\(sanitizer)") }
    return try Self.execute("clang", arguments)
  }

  /// - Parameter runner: a program that runs it, with its arguments.
  func run(_ program: String, _ arguments: [String] = [], under runner: [String] = []) throws -> Outcome {
    let command = runner + [executable(program)] + arguments
    return try Self.execute(command[0], Array(command.dropFirst()))
  }

  /// The folder of a copy of the library without debug information.
  func libraryWithoutDebugInformation() throws -> URL {
    let copy = folder.appending(path: Self.library.lastPathComponent)
    let stripped = try Self.execute("strip", ["--strip-debug", "-o", copy.path, Self.library.path])
    guard stripped.status == 0 else { throw CocoaError(.fileWriteUnknown) }
    return folder
  }

  private func executable(_ program: String) -> String { folder.appending(path: program + ".out").path }

  static func exportedSymbols() throws -> [String] {
    let listing = try execute("nm", ["--dynamic", "--defined-only", "--format=posix", library.path])
    guard listing.status == 0 else { throw CocoaError(.fileReadUnknown) }
    return listing.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  static func neededLibraries() throws -> [String] {
    let listing = try execute("readelf", ["--dynamic", library.path])
    guard listing.status == 0 else { throw CocoaError(.fileReadUnknown) }
    return listing.output.split(separator: "\n").filter { $0.contains("(NEEDED)") }.map(String.init)
  }

  /// Runs a program to its end, with its two outputs in one.
  private static func execute(_ program: String, _ arguments: [String]) throws -> Outcome {
    let quoted = ([program] + arguments).map { "'" + $0.replacing("'", with: "'\\''") + "'" }
    // popen, because Foundation's Process leaks a little, and LeakSanitizer sees it.
    guard let pipe = unsafe popen(quoted.joined(separator: " ") + " 2>&1", "r") else {
      throw CocoaError(.fileReadUnknown)
    }
    var output: [UInt8] = []
    while case let byte = unsafe fgetc(pipe), byte != EOF { output.append(UInt8(truncatingIfNeeded: byte)) }
    return Outcome(status: unsafe pclose(pipe), output: String(decoding: output, as: UTF8.self))
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program that runs beside this one, with its output in files, and that ends when it takes too long.
enum ChildProcess {
  /// How it ended.
  enum End: Hashable {
    case exited(Int32)
    case signalled(Int32)
    /// It took longer than allowed.
    case timedOut
    /// The user interrupted this program, and it ended the other one.
    case interrupted
  }

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - arguments: the first is the path of the program.
  ///   - directory: where it runs.
  ///   - environment: "NAME=value".
  ///   - output: the file for its standard output.
  ///   - error: the file for its standard error.
  ///   - seconds: it may take.
  ///   - waiting: called some ten times a second, with the seconds since the start.
  /// - Throws: ``BenchError`` when it cannot be started.
  static func run(
    _ arguments: [String], directory: String, environment: [String], output: String, error: String, seconds: Double,
    waiting: (Double) -> Void = { _ in }
  ) throws(BenchError) -> End {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (stream, file) in [(Int32(1), output), (2, error)] {
      unsafe posix_spawn_file_actions_addopen(&actions, stream, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    var process = pid_t()
    // The shell goes to the directory, for which posix_spawn has no portable word, and becomes the program.
    let command = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory] + arguments
    let status = unsafe withCStrings(command) { arguments in
      unsafe withCStrings(environment) { environment in
        unsafe posix_spawn(&process, arguments[0]!, &actions, nil, arguments.baseAddress!, environment.baseAddress!)
      }
    }
    if status != 0 {
      throw BenchError("cannot start \(arguments[0]): \(Errno(code: status)); look whether it runs alone")
    }

    let start = Clock.nanoseconds
    var reason: End?
    while true {
      var status: Int32 = 0
      let ended = unsafe waitpid(process, &status, WNOHANG)
      if ended == process {
        if let reason { return reason }
        // As WIFSIGNALED and WEXITSTATUS of <sys/wait.h>.
        return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
      }
      let elapsed = Double(Clock.nanoseconds - start) / 1e9
      if reason == nil && Interruption.isRequested { reason = .interrupted }
      if reason == nil && elapsed > seconds { reason = .timedOut }
      if reason != nil { kill(process, SIGKILL) }
      waiting(elapsed)
      usleep(elapsed < 1 ? 5_000 : 100_000)
    }
  }

  /// The variables of this process, without some of them; none where the system does not tell.
  static func environment(without names: Set<String>) -> [String] {
    guard case .success(let bytes) = SystemFile.bytes("/proc/self/environ") else { return [] }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.filter { variable in
      !names.contains(String(variable.prefix { $0 != "=" }))
    }
  }

  /// The first file of a name in the directories of PATH that this process may execute.
  static func find(_ name: String, path: String? = Terminal.environment("PATH")) -> String? {
    (path ?? "").split(separator: ":").map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
  }

  /// A list of strings as C has it, with nil at its end.
  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let pointers = UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { unsafe pointers.initializeElement(at: index, to: strdup(string)) }
    unsafe pointers.initializeElement(at: strings.count, to: nil)
    defer {
      for index in 0..<strings.count { unsafe free(pointers[index]) }
      unsafe pointers.deallocate()
    }
    return unsafe body(pointers)
  }
}

/// A directory of its own, which goes with everything in it.
final class TemporaryDirectory {
  let path: String

  /// - Throws: ``BenchError`` when there is no place for it.
  init() throws(BenchError) {
    let parent = Terminal.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(parent)/kernel-bench-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw BenchError(
        "cannot make a directory in \(parent): \(Errno(code: errno)); set TMPDIR to one that can be written")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in SystemFile.names(in: path) { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
  }
}

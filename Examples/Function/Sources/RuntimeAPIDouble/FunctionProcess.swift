#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A process that serves a runtime API, ended and waited for when the value goes.
public struct FunctionProcess: ~Copyable {
  public struct CannotStart: Error { public let code: Int32 }

  public let id: Int32
  /// Nanoseconds of the monotonic clock, right before the system was asked for the process.
  public let started: UInt64
  private var exitCode: Int32?

  /// - Parameters:
  ///   - words: the executable's path and its arguments.
  ///   - environment: variables, and nothing else.
  ///   - quiet: whether what it writes to its standard streams is thrown away.
  ///   - output: a file for its standard output.
  public init(
    _ words: [String], environment: [String: String], quiet: Bool = true, output: String? = nil
  ) throws(CannotStart) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    if let output {
      unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    } else if quiet {
      unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    }
    if quiet {
      unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    let arguments = CStrings(words)
    let variables = CStrings(environment.map { "\($0)=\($1)" })
    var id = pid_t()
    started = monotonicNanoseconds()
    let code = unsafe posix_spawn(&id, words[0], &actions, nil, arguments.pointers, variables.pointers)
    if code != 0 { throw CannotStart(code: code) }
    self.id = id
  }

  deinit {
    if exitCode == nil {
      _ = kill(id, SIGKILL)
      _ = waitpid(id, nil, 0)
    }
  }

  /// nil while it runs; else its exit code, or 128 and the signal that ended it.
  public mutating func ended() -> Int32? {
    var status: Int32 = 0
    if exitCode == nil, unsafe waitpid(id, &status, WNOHANG) == id {
      exitCode = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    }
    return exitCode
  }

  /// Waits for its end, at most so many milliseconds.
  public mutating func end(within milliseconds: Int) -> Int32? {
    for _ in 0..<milliseconds {
      if let code = ended() { return code }
      usleep(1000)
    }
    return ended()
  }

  /// A line of /proc/PID/status in KiB, as "VmHWM", the most memory that it has had; nil where it cannot be read.
  public func memory(_ name: String) -> Int? {
    guard let file = unsafe fopen("/proc/\(id)/status", "r") else { return nil }
    defer { unsafe fclose(file) }
    var text = [UInt8](repeating: 0, count: 4096)
    let count = unsafe fread(&text, 1, text.count, file)
    for line in String(decoding: text[..<count], as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("\(name):") {
      return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
    }
    return nil
  }
}

/// Nanoseconds of a clock that does not jump.
public func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Strings as C has them, and a null pointer behind them.
@safe
private final class CStrings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    count = strings.count
    unsafe pointers = .allocate(capacity: count + 1)
    for (i, string) in strings.enumerated() { unsafe pointers.advanced(by: i).initialize(to: strdup(string)) }
    unsafe pointers.advanced(by: count).initialize(to: nil)
  }

  deinit {
    for i in 0..<count { unsafe free(pointers[i]) }
    unsafe pointers.deallocate()
  }
}

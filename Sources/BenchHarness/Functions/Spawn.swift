#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A program that ran to its end, with the moments that its parent saw.
package struct SpawnedProcess: Sendable {
  /// Nanoseconds of the monotonic clock: right before the system was asked for the process, and right after it was gone.
  package let started: UInt64
  package let ended: UInt64
  /// 128 and the signal's number where a signal ended it, as shells have it.
  package let status: Int32
  /// Standard output and standard error, as they came.
  package let output: String
  /// Of its whole life.
  package let usage: ProcessUsage

  package var nanoseconds: Double { Double(ended - started) }

  /// Starts a program and waits for its end.
  ///
  /// posix_spawn: what a parent costs that has much memory, as fork would copy its page tables, is not in the time.
  ///
  /// - Parameters:
  ///   - path: of the executable.
  ///   - arguments: the first is what the program is called.
  ///   - environment: "NAME=value".
  /// - Throws: ``BenchError`` when it cannot be started.
  package static func run(
    path: String, arguments: [String], environment: [String]
  ) throws(BenchError) -> SpawnedProcess {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw problem(path, errno) }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for stream: Int32 in [1, 2] { unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], stream) }

    let words = CStrings(arguments)
    let variables = CStrings(environment)
    var process: pid_t = 0
    let started = Clock.nanoseconds
    let code = unsafe posix_spawn(&process, path, &actions, nil, words.pointers, variables.pointers)
    close(ends[1])
    guard code == 0 else { throw problem(path, code) }

    let output = readAll(ends[0])
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
    let ended = Clock.nanoseconds
    let signal = status & 0x7F
    return SpawnedProcess(
      started: started, ended: ended, status: signal == 0 ? status >> 8 & 0xFF : 128 + signal,
      output: String(decoding: output, as: UTF8.self), usage: ProcessUsage(usage))
  }

  private static func readAll(_ file: Int32) -> [UInt8] {
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe read(file, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return result }
      result += chunk[..<count]
    }
  }

  private static func problem(_ path: String, _ code: Int32) -> BenchError {
    BenchError("cannot start \(path): \(Errno(code: code)); look at the limits of processes and files")
  }

  /// What this process was started with, without the names in `except`.
  package static func environment(except names: Set<String> = []) -> [String] {
    guard case .success(let bytes) = SystemFile.bytes("/proc/self/environ") else { return [] }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.filter { variable in
      !names.contains(String(variable.prefix { $0 != "=" }))
    }
  }
}

/// Strings as the C library takes an argument list, for as long as this lives.
@safe
private final class CStrings {
  /// Ends with nil.
  let pointers: [UnsafeMutablePointer<CChar>?]

  init(_ strings: [String]) { unsafe pointers = strings.map { unsafe strdup($0) } + [nil] }

  deinit { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program that this one started. Somebody must wait for its end.
///
/// posix_spawn: what a parent costs that has much memory, as fork would copy its page tables, is in nobody's time.
struct ChildProcess {
  private let id: pid_t
  /// Nanoseconds of the monotonic clock: right before the system was asked for the process.
  let started: UInt64

  /// What one of its standard streams is.
  enum Stream {
    /// What it is of this process.
    case inherited
    /// /dev/null.
    case nothing
    /// A file, empty at first, that its user alone may read.
    case file(String)
    case descriptor(Int32)
  }

  /// - Parameters:
  ///   - path: of the executable.
  ///   - arguments: the first is what the program is called.
  ///   - environment: "NAME=value"; nil for this process's own.
  ///   - directory: where it runs, and it is called by its path there; nil for this process's own.
  /// - Throws: what the system says when the program cannot be started.
  init(
    _ path: String, arguments: [String], environment: [String]? = nil, directory: String? = nil,
    input: Stream = .inherited, output: Stream, error: Stream
  ) throws(Errno) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in [(Int32(0), input), (1, output), (2, error)] {
      switch stream {
      case .inherited: break
      case .nothing: unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
      case .file(let path):
        unsafe posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      case .descriptor(let file): unsafe posix_spawn_file_actions_adddup2(&actions, file, number)
      }
    }

    // The shell goes to the directory, for which posix_spawn has no portable word, and becomes the program. That it could not is
    // found here: the shell's own word for it would be an exit code.
    if directory != nil, unsafe access(path, X_OK) != 0 { throw Errno(code: errno) }
    let shell = "/bin/sh"
    let words = CStrings(
      directory.map { [shell, "-c", "cd \"$0\" && exec \"$@\"", $0, path] + arguments.dropFirst() } ?? arguments)
    let file = directory == nil ? path : shell
    let variables = environment.map { CStrings($0) }
    var id = pid_t()
    started = Clock.nanoseconds
    let code = withExtendedLifetime((words, variables)) {
      if let variables {
        unsafe posix_spawn(&id, file, &actions, nil, words.pointers, variables.pointers)
      } else {
        unsafe posix_spawn(&id, file, &actions, nil, words.pointers, environ)
      }
    }
    if code != 0 { throw Errno(code: code) }
    self.id = id
  }

  /// How it ended.
  enum Status: Hashable {
    case exited(Int32)
    case signalled(Int32)

    /// As WIFSIGNALED, WTERMSIG and WEXITSTATUS of <sys/wait.h> have it.
    fileprivate init(_ status: Int32) {
      self = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
    }

    /// 128 and the signal's number where a signal ended it, as shells have it.
    var code: Int32 {
      switch self {
      case .exited(let code): code
      case .signalled(let signal): 128 + signal
      }
    }
  }

  /// Waits for its end. To be called once, and not after ``ended()`` has told of it.
  ///
  /// - Returns: with what the system counted of its whole life.
  @discardableResult
  func wait() -> (status: Status, usage: ProcessUsage) {
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(id, &status, 0, &usage) < 0 && errno == EINTR {}
    return (Status(status), ProcessUsage(usage))
  }

  /// nil while it runs.
  func ended() -> Status? {
    var status: Int32 = 0
    return unsafe waitpid(id, &status, WNOHANG) == id ? Status(status) : nil
  }

  /// Ends it; it is still to be waited for.
  func end() { kill(id, SIGKILL) }
}

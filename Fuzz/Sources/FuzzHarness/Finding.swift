#if !LIBFUZZER
  internal import Foundation

  nonisolated(unsafe) private var current: UnsafeBufferPointer<UInt8> = unsafe UnsafeBufferPointer(start: nil, count: 0)
  nonisolated(unsafe) private var path: UnsafeMutablePointer<CChar>?

  /// Leaves the input in a file where the process dies of it.
  enum Finding {
    static func watch(_ prefix: String) {
      unsafe path = strdup("\(prefix)crash-\(getpid())")
      for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM] {
        unsafe Foundation.signal(signal) { number in
          // Only what a signal handler may call.
          if let path = unsafe path {
            let file = unsafe open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o644)
            _ = unsafe write(file, current.baseAddress, current.count)
            _ = close(file)
          }
          _ = unsafe Foundation.signal(number, SIG_DFL)
          raise(number)
        }
      }
    }

    static func run(_ input: [UInt8], _ timeout: UInt32, _ body: ([UInt8]) -> Void) {
      unsafe input.withUnsafeBufferPointer {
        unsafe current = $0
        alarm(timeout)
        body(input)
        alarm(0)
      }
    }
  }
#endif

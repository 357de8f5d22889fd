import CMachineCeilings

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C: the first one asks for an end with what there is, the second one ends the process.
package enum Interruption {
  /// The exit code of a program that was interrupted and kept what it had: 128 + SIGINT, as shells have it.
  package static let exitCode: Int32 = 130

  /// From here on the first SIGINT or SIGTERM only sets a flag. Both are let through, even where the process was started with
  /// them blocked.
  package static func listen() {
    for signal in [SIGINT, SIGTERM] {
      var action = sigaction()
      // The handler goes back to the default by itself, so that the second signal ends the process.
      #if os(Linux)
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        unsafe action.__sigaction_handler.sa_handler = { _ in cm_interrupt() }
      #else
        action.sa_flags = SA_RESETHAND | SA_RESTART
        unsafe action.__sigaction_u.__sa_handler = { _ in cm_interrupt() }
      #endif
      unsafe sigaction(signal, &action, nil)
    }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, signal) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  package static var isRequested: Bool { cm_interrupted() }
}

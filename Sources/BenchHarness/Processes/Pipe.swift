#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file descriptor that closes when it goes.
struct OwnedDescriptor: ~Copyable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  /// Before its time.
  consuming func end() {}

  deinit { close(number) }
}

/// Both ends of a pipe, which no program inherits that this one starts, unless as one of its streams.
struct Pipe: ~Copyable {
  let read: OwnedDescriptor
  let write: OwnedDescriptor

  init() throws(Errno) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw Errno(code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    read = OwnedDescriptor(ends[0])
    write = OwnedDescriptor(ends[1])
  }

  /// The end that is read, with the other one closed.
  consuming func reading() -> OwnedDescriptor { read }
}

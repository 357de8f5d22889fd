#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if canImport(Glibc)
  private let streamSocket = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
  private let sendFlags = Int32(MSG_NOSIGNAL)
#else
  private let streamSocket = SOCK_STREAM | SOCK_CLOEXEC
  private let sendFlags = MSG_NOSIGNAL
#endif

/// A TCP socket that blocks, closed when it goes. No signal is raised where the other side is gone.
public struct Socket: ~Copyable, Sendable {
  public let descriptor: Int32

  init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { _ = close(descriptor) }

  private static func open() throws(WireError) -> Socket {
    let descriptor = socket(AF_INET, streamSocket, 0)
    guard descriptor >= 0 else { throw .system(.socket, code: errno) }
    return Socket(owning: descriptor)
  }

  public init(connectingTo address: Address) throws(WireError) {
    let socket = try Socket.open()
    let descriptor = socket.descriptor
    let result = unsafe address.withSystem { unsafe connect(descriptor, $0, $1) }
    guard result == 0 else { throw .system(.connect, code: errno) }
    socket.sendAtOnce()
    self = socket
  }

  /// Heads and bodies go out as they are given: waiting for the other side's acknowledgement costs 40 ms.
  func sendAtOnce() {
    var one: Int32 = 1
    _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Sends all of `head` and of `body`, in one packet where they fit.
  public func send(_ head: RawSpan, _ body: RawSpan) throws(WireError) {
    let total = head.byteCount + body.byteCount
    var sent = 0
    while sent < total {
      let first = head.extracting(min(sent, head.byteCount)..<head.byteCount)
      let second = body.extracting(max(0, sent - head.byteCount)..<body.byteCount)
      let count = unsafe first.withUnsafeBytes { first in
        unsafe second.withUnsafeBytes { second in unsafe sendOnce(first, second) }
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw errno == EPIPE || errno == ECONNRESET ? .closed : .system(.send, code: errno)
      }
      sent += count
    }
  }

  private func sendOnce(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
    let pieces: InlineArray<2, iovec> = unsafe [
      iovec(iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count),
      iovec(iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count),
    ]
    return unsafe pieces.span.withUnsafeBufferPointer { pieces in
      var message = unsafe msghdr()
      unsafe message.msg_iov = UnsafeMutablePointer(mutating: pieces.baseAddress)
      unsafe message.msg_iovlen = .init(pieces.count)
      return unsafe sendmsg(descriptor, &message, sendFlags)
    }
  }

  /// Waits for bytes, and says how many came; 0 once the other side has no more.
  public func receive(into room: inout MutableRawSpan) throws(WireError) -> Int {
    try Self.receive(descriptor, into: &room)
  }

  static func receive(_ descriptor: Int32, into room: inout MutableRawSpan) throws(WireError) -> Int {
    while true {
      let count = unsafe room.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count >= 0 { return count }
      if errno == EINTR { continue }
      throw errno == ECONNRESET ? .closed : .system(.receive, code: errno)
    }
  }

  /// Whether something can be read, or accepted, within so many milliseconds.
  public func waits(milliseconds: Int32) throws(WireError) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      let count = unsafe poll(&entry, 1, milliseconds)
      if count >= 0 { return count > 0 }
      guard errno == EINTR else { throw .system(.poll, code: errno) }
    }
  }

  /// Makes the end of this connection a reset, so that the other side's next call fails.
  public func abort() {
    var option = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }
}

extension Socket {
  /// A socket that listens on the loopback interface, on a port that was free or on the given one.
  public static func listening(port: UInt16 = 0) throws(WireError) -> Socket {
    let socket = try open()
    let descriptor = socket.descriptor
    var one: Int32 = 1
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    let bound = unsafe Address(port: port).withSystem { unsafe bind(descriptor, $0, $1) }
    guard bound == 0 else { throw .system(.bind, code: errno) }
    guard listen(descriptor, 16) == 0 else { throw .system(.listen, code: errno) }
    return socket
  }

  /// The next that connects.
  public func accepted() throws(WireError) -> Socket {
    while true {
      let descriptor = accept(descriptor, nil, nil)
      if descriptor >= 0 {
        let socket = Socket(owning: descriptor)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        socket.sendAtOnce()
        return socket
      }
      guard errno == EINTR || errno == ECONNABORTED else { throw .system(.accept, code: errno) }
    }
  }

  /// The port that it is bound to.
  public var port: UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &length)
      }
    }
    return result == 0 ? UInt16(bigEndian: address.sin_port) : 0
  }
}

extension Address {
  /// Calls `body` with the address as the system takes it.
  fileprivate func withSystem(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    let address = system
    return unsafe withUnsafePointer(to: address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}

extension Socket {
  /// Makes ``receive(into:)`` throw where nothing comes for so long.
  public func giveUp(afterMilliseconds milliseconds: Int32) {
    var time = timeval(tv_sec: time_t(milliseconds / 1000), tv_usec: .init(milliseconds % 1000 * 1000))
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }
}

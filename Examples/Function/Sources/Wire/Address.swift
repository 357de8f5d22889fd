#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An IPv4 address and a port. Names are not looked up, `localhost` excepted: a runtime API is on the loopback interface.
public struct Address: Hashable, Sendable, CustomStringConvertible {
  /// Most significant byte first, as written.
  public let host: UInt32
  public let port: UInt16

  public static let loopback: UInt32 = 127 << 24 | 1

  public init(host: UInt32 = Address.loopback, port: UInt16) { (self.host, self.port) = (host, port) }

  /// "127.0.0.1:9001"; nil for what has another form.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    self.port = port
    if text[..<colon] == "localhost" {
      host = Address.loopback
      return
    }
    var host: UInt32 = 0
    let parts = text[..<colon].split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    for part in parts {
      guard part.utf8.count <= 3, let byte = UInt8(part) else { return nil }
      host = host << 8 | UInt32(byte)
    }
    self.host = host
  }

  public var description: String {
    "\(host >> 24).\(host >> 16 & 255).\(host >> 8 & 255).\(host & 255):\(port)"
  }

  var system: sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = host.bigEndian
    return address
  }
}

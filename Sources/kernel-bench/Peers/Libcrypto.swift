import BenchHarness
import CLibcrypto

/// libcrypto's digests, the way most programs call it and the quickest way there is.
enum Libcrypto {
  /// "OpenSSL 3.0.19".
  static var name: String {
    unsafe String(cString: OpenSSL_version(OPENSSL_VERSION)).split(separator: " ").prefix(2).joined(separator: " ")
  }

  /// "OpenSSL 3.0.19 27 Jan 2026".
  static var version: String { unsafe String(cString: OpenSSL_version(OPENSSL_VERSION)) }

  static var digestPeers: [Peer] { Way.allCases.map { peer($0.rawValue) } }

  static func peer(_ way: String) -> Peer { Peer(name: "\(name) \(way)", version: version, library: "linked") }

  /// A one-shot digest: what `EVP_Digest` does, or a fetched algorithm with a context that is kept.
  enum Way: String, CaseIterable {
    case digest = "EVP_Digest"
    case reused = "EVP ctx reused"
  }

  /// The algorithm fetched once and a context that every message starts anew: the documented quickest way
  /// (OpenSSL's `doc/man7/crypto.pod`, "Performance").
  @safe
  final class Context {
    private let algorithm: OpaquePointer
    private let context: OpaquePointer

    /// The same without a fetch: what `EVP_sha256()` and its like give.
    private let named: OpaquePointer?

    init(_ name: String) throws(BenchError) {
      guard let algorithm = unsafe EVP_MD_fetch(nil, name, nil) else {
        throw BenchError("libcrypto has no \(name); look at its configuration, openssl.cnf")
      }
      guard let context = unsafe EVP_MD_CTX_new() else {
        unsafe EVP_MD_free(algorithm)
        throw BenchError("libcrypto has no memory for a context; close other programs and try again")
      }
      unsafe self.algorithm = algorithm
      unsafe named = EVP_get_digestbyname(name)
      unsafe self.context = context
    }

    deinit {
      unsafe EVP_MD_CTX_free(context)
      unsafe EVP_MD_free(algorithm)
    }

    /// - `digest` has room for a digest.
    @unsafe @inline(__always)
    func hash(_ way: Way, _ message: UnsafeRawBufferPointer, into digest: UnsafeMutablePointer<UInt8>) {
      switch way {
      case .digest:
        _ = unsafe EVP_Digest(message.baseAddress, message.count, digest, nil, named, nil)
      case .reused:
        _ = unsafe EVP_DigestInit_ex2(context, algorithm, nil)
        _ = unsafe EVP_DigestUpdate(context, message.baseAddress, message.count)
        _ = unsafe EVP_DigestFinal_ex(context, digest, nil)
      }
    }
  }
}

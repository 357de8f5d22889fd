import BenchHarness
import CLibcrypto

extension Libcrypto {
  /// HMAC-SHA256 as most programs call it, and with a context that keeps its key.
  enum AuthenticationWay: String, CaseIterable {
    case call = "HMAC()"
    case reused = "EVP_MAC ctx reused"
  }

  static var authenticationPeers: [Peer] { AuthenticationWay.allCases.map { peer($0.rawValue) } }

  @safe
  final class Authentication {
    private let key: [UInt8]
    private let context: OpaquePointer

    init(key: [UInt8]) throws(BenchError) {
      self.key = key
      let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
      guard let context = unsafe EVP_MAC_CTX_new(mac) else {
        throw BenchError("libcrypto has no HMAC; look at its configuration, openssl.cnf")
      }
      unsafe EVP_MAC_free(mac)
      unsafe self.context = context
      var digest = Array("SHA256".utf8CString)
      let done = unsafe digest.withUnsafeMutableBufferPointer { digest in
        let parameters = unsafe [
          OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.baseAddress, 0), OSSL_PARAM_construct_end(),
        ]
        return unsafe EVP_MAC_init(context, key, key.count, parameters)
      }
      guard done == 1 else { throw BenchError("libcrypto has no HMAC-SHA256; look at its configuration, openssl.cnf") }
    }

    deinit { unsafe EVP_MAC_CTX_free(context) }

    /// - `tag` has room for 32 bytes.
    @unsafe @inline(__always)
    func authenticate(
      _ way: AuthenticationWay, _ message: UnsafeRawBufferPointer, into tag: UnsafeMutablePointer<UInt8>
    ) {
      let bytes = unsafe message.baseAddress?.assumingMemoryBound(to: UInt8.self)
      switch way {
      case .call:
        _ = unsafe HMAC(EVP_sha256(), key, Int32(key.count), bytes, message.count, tag, nil)
      case .reused:
        var count = 0
        _ = unsafe EVP_MAC_init(context, nil, 0, nil)
        _ = unsafe EVP_MAC_update(context, bytes, message.count)
        _ = unsafe EVP_MAC_final(context, tag, &count, 32)
      }
    }
  }

  /// HKDF-SHA256 by EVP_KDF, with the algorithm fetched once and a context a derivation, as its manual page has it.
  @safe
  final class Derivation {
    private let algorithm: OpaquePointer

    init() throws(BenchError) {
      guard let algorithm = unsafe EVP_KDF_fetch(nil, "HKDF", nil) else {
        throw BenchError("libcrypto has no HKDF; look at its configuration, openssl.cnf")
      }
      unsafe self.algorithm = algorithm
    }

    deinit { unsafe EVP_KDF_free(algorithm) }

    /// - All are readable, and `output` writable, for their whole counts.
    @unsafe @inline(__always)
    func derive(
      from key: UnsafeMutableRawBufferPointer, salt: UnsafeMutableRawBufferPointer,
      info: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) {
      let context = unsafe EVP_KDF_CTX_new(algorithm)
      unsafe withUnsafeTemporaryAllocation(of: OSSL_PARAM.self, capacity: 5) { parameters in
        var digest: (CChar, CChar, CChar, CChar, CChar, CChar, CChar) = (83, 72, 65, 50, 53, 54, 0)  // "SHA256"
        unsafe withUnsafeMutableBytes(of: &digest) { digest in
          let name = unsafe digest.baseAddress!.assumingMemoryBound(to: CChar.self)
          unsafe parameters[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0)
          unsafe parameters[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.baseAddress, key.count)
          unsafe parameters[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.baseAddress, salt.count)
          unsafe parameters[3] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.baseAddress, info.count)
          unsafe parameters[4] = OSSL_PARAM_construct_end()
          let bytes = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self)
          _ = unsafe EVP_KDF_derive(context, bytes, output.count, parameters.baseAddress)
        }
      }
      unsafe EVP_KDF_CTX_free(context)
    }
  }
}

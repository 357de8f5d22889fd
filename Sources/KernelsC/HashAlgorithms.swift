// Which hash function an algorithm's number names.

import Kernels
import KernelsABI

/// Something to be done with a hash function: a closure cannot be generic, and a type that is known costs nothing.
protocol HashCall {
  associatedtype Result
  func callAsFunction<Hash: HashFunction>(_: Hash.Type) -> Result
}

/// What `call` gives with the hash function that `algorithm` names; nil where it names none.
@inline(__always)
func withHash<Call: HashCall>(_ algorithm: Int32, _ call: Call) -> Call.Result? {
  switch Int(algorithm) {
  case Int(KN_MD5): call(Insecure.MD5.self)
  case Int(KN_SHA1): call(Insecure.SHA1.self)
  case Int(KN_SHA224): call(SHA224.self)
  case Int(KN_SHA256): call(SHA256.self)
  case Int(KN_SHA384): call(SHA384.self)
  case Int(KN_SHA512): call(SHA512.self)
  case Int(KN_SHA512_256): call(SHA512_256.self)
  case Int(KN_SHA3_256): call(SHA3_256.self)
  case Int(KN_SHA3_512): call(SHA3_512.self)
  case Int(KN_BLAKE3): call(BLAKE3.self)
  default: nil
  }
}

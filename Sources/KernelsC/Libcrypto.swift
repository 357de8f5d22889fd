// libcrypto for the C ABI: looked for where a program first asks to seal or to open, so that the library itself needs none.

import CipherContexts

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension LibcryptoCiphers {
  /// The functions of a libcrypto 3, the one that the process has or else the loader's; nil where there is none.
  ///
  /// Loaded once and never unloaded.
  static let loaded: LibcryptoCiphers? = {
    for name in ["libcrypto.so.3", "libcrypto.so"] {
      // A library without EVP_CIPHER_fetch is older than 3.
      guard let library = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL),
        let fetch = unsafe dlsym(library, "EVP_CIPHER_fetch"), let free = unsafe dlsym(library, "EVP_CIPHER_free"),
        let newContext = unsafe dlsym(library, "EVP_CIPHER_CTX_new"),
        let freeContext = unsafe dlsym(library, "EVP_CIPHER_CTX_free"),
        let begin = unsafe dlsym(library, "EVP_CipherInit_ex"), let update = unsafe dlsym(library, "EVP_CipherUpdate"),
        let finish = unsafe dlsym(library, "EVP_CipherFinal_ex"),
        let control = unsafe dlsym(library, "EVP_CIPHER_CTX_ctrl")
      else { continue }
      return unsafe LibcryptoCiphers(
        fetch: unsafeBitCast(fetch, to: Fetch.self), free: unsafeBitCast(free, to: Free.self),
        newContext: unsafeBitCast(newContext, to: New.self), freeContext: unsafeBitCast(freeContext, to: Free.self),
        begin: unsafeBitCast(begin, to: Begin.self), update: unsafeBitCast(update, to: Update.self),
        finish: unsafeBitCast(finish, to: Finish.self), control: unsafeBitCast(control, to: Control.self))
    }
    return nil
  }()
}

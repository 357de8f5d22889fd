/// The functions of libcrypto that a ``CipherContext`` calls: linked, or found in a library that was loaded.
///
/// Names, arguments and results are those of OpenSSL 3.0 and newer (`doc/man3/EVP_EncryptInit.pod`).
@safe
package struct LibcryptoCiphers: Sendable {
  /// EVP_CIPHER_fetch(library context, algorithm, properties)
  package typealias Fetch =
    @convention(c) (OpaquePointer?, UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> OpaquePointer?
  /// EVP_CIPHER_free(cipher), EVP_CIPHER_CTX_free(context)
  package typealias Free = @convention(c) (OpaquePointer?) -> Void
  /// EVP_CIPHER_CTX_new()
  package typealias New = @convention(c) () -> OpaquePointer?
  /// EVP_CipherInit_ex(context, cipher, engine, key, nonce, 1 to encrypt or 0)
  package typealias Begin =
    @convention(c) (
      OpaquePointer?, OpaquePointer?, OpaquePointer?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?, CInt
    ) -> CInt
  /// EVP_CipherUpdate(context, output, bytes written, input, bytes)
  package typealias Update =
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CInt>?, UnsafePointer<UInt8>?, CInt
    ) -> CInt
  /// EVP_CipherFinal_ex(context, output, bytes written)
  package typealias Finish =
    @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CInt>?) -> CInt
  /// EVP_CIPHER_CTX_ctrl(context, request, number, memory)
  package typealias Control = @convention(c) (OpaquePointer?, CInt, CInt, UnsafeMutableRawPointer?) -> CInt

  let fetch: Fetch
  let free: Free
  let newContext: New
  let freeContext: Free
  let begin: Begin
  let update: Update
  let finish: Finish
  let control: Control

  /// - Every function is libcrypto's of that name, or calls it.
  @unsafe
  package init(
    fetch: @escaping Fetch, free: @escaping Free, newContext: @escaping New, freeContext: @escaping Free,
    begin: @escaping Begin, update: @escaping Update, finish: @escaping Finish, control: @escaping Control
  ) {
    unsafe self.fetch = fetch
    unsafe self.free = free
    unsafe self.newContext = newContext
    unsafe self.freeContext = freeContext
    unsafe self.begin = begin
    unsafe self.update = update
    unsafe self.finish = finish
    unsafe self.control = control
  }
}

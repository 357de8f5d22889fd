import CKernels

/// One way to take bytes into a CRC's register.
@safe
package struct CRCKernel: KernelRow {
  /// The register, data, bytes, the polynomial's constants; the new register. Exactly the bytes are read; nothing need be aligned.
  package typealias Body =
    @Sendable @convention(c) (UInt64, UnsafePointer<UInt8>, Int, UnsafePointer<UInt64>) -> UInt64

  package let name: StaticString
  package let requires: CPUFeatures
  let body: Body
  /// For fewer bytes than ``shortByteCount``, where that is quicker.
  let short: Body?

  init(name: StaticString, requires: CPUFeatures, body: @escaping Body, short: Body? = nil) {
    (self.name, self.requires) = (name, requires)
    unsafe self.body = body
    unsafe self.short = short
  }

  /// THE TABLES, best first: those of the three polynomials differ where a CPU has instructions for one of them.
  #if arch(x86_64)
    private static let table: [4 of CRCKernel] = [
      unsafe CRCKernel(
        name: "crc_vpclmul_avx512", requires: [.avx512f, .avx512bw, .vpclmulqdq], body: ck_crc_vpclmul_avx512),
      unsafe CRCKernel(name: "crc_vpclmul_avx2", requires: [.avx2, .vpclmulqdq], body: ck_crc_vpclmul_avx2),
      unsafe CRCKernel(name: "crc_pclmul", requires: [.sse41, .pclmulqdq], body: ck_crc_pclmul),
      portable,
    ]
    @inline(__always) static var crc32: [4 of CRCKernel] { table }
    /// CRC-32C has an instruction of its own: 64 bytes by it 8 ns, by folding 16 (Zen 3); 128 bytes about even.
    static let crc32c: [5 of CRCKernel] = [
      unsafe CRCKernel(
        name: "crc32c_vpclmul_avx512", requires: [.avx512f, .avx512bw, .vpclmulqdq, .sse42],
        body: ck_crc_vpclmul_avx512, short: ck_crc32c_sse42),
      unsafe CRCKernel(
        name: "crc32c_vpclmul_avx2", requires: [.avx2, .vpclmulqdq, .sse42], body: ck_crc_vpclmul_avx2,
        short: ck_crc32c_sse42),
      unsafe CRCKernel(
        name: "crc32c_pclmul", requires: [.sse42, .pclmulqdq], body: ck_crc_pclmul, short: ck_crc32c_sse42),
      unsafe CRCKernel(name: "crc32c_sse42", requires: .sse42, body: ck_crc32c_sse42),
      portable,
    ]
    @inline(__always) static var crc64: [4 of CRCKernel] { table }
  #elseif arch(arm64)
    private static let pmull = unsafe CRCKernel(name: "crc_pmull", requires: [.neon, .aes], body: ck_crc_pmull)
    static let crc32: [3 of CRCKernel] = [
      pmull, unsafe CRCKernel(name: "crc32_arm", requires: .crc32, body: ck_crc32_arm), portable,
    ]
    static let crc32c: [3 of CRCKernel] = [
      pmull, unsafe CRCKernel(name: "crc32c_arm", requires: .crc32, body: ck_crc32c_arm), portable,
    ]
    static let crc64: [2 of CRCKernel] = [pmull, portable]
  #else
    static let crc32: [1 of CRCKernel] = [portable]
    static let crc32c: [1 of CRCKernel] = [portable]
    static let crc64: [1 of CRCKernel] = [portable]
  #endif

  private static let portable = unsafe CRCKernel(
    name: "crc_portable", requires: [], body: { unsafe CRCPortable.register($0, $1, $2, $3) })
}

// MARK: - Calling

extension CRCKernel {
  private static var shortByteCount: Int { 128 }

  /// The register after `count` bytes more.
  ///
  /// - `data` is readable for `count` bytes.
  @inline(__always)
  @unsafe
  func register(_ register: UInt64, _ data: UnsafeRawPointer, _ count: Int, _ constants: [UInt64]) -> UInt64 {
    unsafe constants.withUnsafeBufferPointer { constants in
      let data = unsafe data.assumingMemoryBound(to: UInt8.self)
      let constants = unsafe constants.baseAddress.unsafelyUnwrapped
      if count < Self.shortByteCount, let short = unsafe short { return unsafe short(register, data, count, constants) }
      return unsafe body(register, data, count, constants)
    }
  }
}

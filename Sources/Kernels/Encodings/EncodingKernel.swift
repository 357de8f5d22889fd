import CKernels

/// One way to write bytes as text and to read them back. Rows take what they can from the start, in steps of their own, and
/// leave the rest, and whatever they will not read, to ``EncodingPortable``.
@safe
package struct EncodingKernel: KernelRow {
  /// Bytes, how many, text, the sixteen digits; the bytes taken.
  typealias HexEncode =
    @Sendable @convention(c) (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, UnsafePointer<UInt8>) -> Int
  /// Text, how many digits, bytes; the digits taken, an even number.
  typealias HexDecode =
    @Sendable @convention(c) (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>) -> Int
  /// Bytes, how many, text, tables; the bytes taken, a multiple of 3.
  typealias Base64Encode =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, UnsafePointer<ck_base64_tables>
    ) -> Int
  /// Text without padding, how many characters, bytes, tables; the characters taken, a multiple of 4.
  typealias Base64Decode =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, UnsafePointer<ck_base64_tables>
    ) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  let hexEncode: HexEncode
  let hexDecode: HexDecode
  let base64Encode: Base64Encode
  let base64Decode: Base64Decode

  /// THE TABLE, best first.
  #if arch(x86_64)
    static let table: [3 of EncodingKernel] = [
      unsafe EncodingKernel(
        name: "encoding_avx512vbmi", requires: [.avx512f, .avx512bw, .avx512vbmi2], hexEncode: ck_hex_encode_avx2,
        hexDecode: ck_hex_decode_avx2, base64Encode: ck_base64_encode_avx512vbmi,
        base64Decode: ck_base64_decode_avx512vbmi),
      unsafe EncodingKernel(
        name: "encoding_avx2", requires: .avx2, hexEncode: ck_hex_encode_avx2, hexDecode: ck_hex_decode_avx2,
        base64Encode: ck_base64_encode_avx2, base64Decode: ck_base64_decode_avx2),
      portable,
    ]
  #elseif arch(arm64)
    static let table: [2 of EncodingKernel] = [
      unsafe EncodingKernel(
        name: "encoding_neon", requires: .neon, hexEncode: ck_hex_encode_neon, hexDecode: ck_hex_decode_neon,
        base64Encode: ck_base64_encode_neon, base64Decode: ck_base64_decode_neon),
      portable,
    ]
  #else
    static let table: [1 of EncodingKernel] = [portable]
  #endif

  private static let portable = unsafe EncodingKernel(
    name: "encoding_portable", requires: [],
    hexEncode: { unsafe EncodingPortable.hexEncode($0, $1, $2, $3) },
    hexDecode: { unsafe EncodingPortable.hexDecode($0, $1, $2) },
    base64Encode: { unsafe EncodingPortable.base64Encode($0, $1, $2, $3) },
    base64Decode: { unsafe EncodingPortable.base64Decode($0, $1, $2, $3) })

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [EncodingKernel] { table.rows }

  /// The best row that `features` can run.
  @inline(__always)
  package static func kernel(_ features: CPUFeatures) -> EncodingKernel { table.select(features) }
}

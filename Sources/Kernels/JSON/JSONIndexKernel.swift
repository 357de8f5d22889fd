package import CKernels

/// One way to see what the bytes of a text are, with UTF-8, control characters and escapes checked in the same pass: as tokens for
/// the tape, as their kinds for the check.
@safe
package struct JSONIndexKernel: KernelRow {
  /// As in `ck_json.h`: data, blocks of 64 bytes, state, offsets out, quotes that close a string with a backslash.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, Int, UnsafeMutablePointer<ck_json_state>, UnsafeMutablePointer<UInt32>,
      UnsafeMutablePointer<UInt64>
    ) -> Int

  /// As in `ck_json.h`: data, blocks, state, kinds out, blanks out, offsets out.
  package typealias Kinds =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, Int, UnsafeMutablePointer<ck_json_state>, UnsafeMutablePointer<ck_json_kinds>,
      UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt32>
    ) -> Int

  /// As in `ck_json.h`: data, blocks, which bytes to leave out, bytes out.
  package typealias Squeeze =
    @Sendable @convention(c) (UnsafePointer<UInt8>, Int, UnsafePointer<UInt64>, UnsafeMutablePointer<UInt8>) -> Int

  /// As in `ck_json.h`: data, blocks, where they begin in the text, state, copy, nodes, kinds out,
  /// brackets out, offsets out.
  package typealias Tape =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, Int, Int, UnsafeMutablePointer<ck_json_state>, UnsafeMutablePointer<UInt8>?,
      UnsafeMutablePointer<ck_json_node>, UnsafeMutablePointer<ck_json_kinds>, ck_json_brackets,
      UnsafeMutablePointer<UInt32>
    ) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  package let body: Body
  package let kinds: Kinds
  package let squeeze: Squeeze
  /// To check numbers by masks costs `kinds` less than to visit them, however few there are.
  package let checksNumbers: Bool
  /// nil: by ``JSONWalk``, over the index.
  package let tape: Tape?

  /// Whether there is no other row to turn to.
  var isPortable: Bool { requires.isEmpty }

  package init(
    name: StaticString, requires: CPUFeatures, body: @escaping Body, kinds: @escaping Kinds,
    squeeze: @escaping Squeeze, checksNumbers: Bool = false, tape: Tape? = nil
  ) {
    (self.name, self.requires, self.checksNumbers) = (name, requires, checksNumbers)
    unsafe self.body = body
    unsafe self.kinds = kinds
    unsafe self.squeeze = squeeze
    unsafe self.tape = tape
  }

  /// THE TABLE, best first.
  #if arch(x86_64)
    package static let all: [4 of JSONIndexKernel] = [
      unsafe JSONIndexKernel(
        name: "json_index_avx512vbmi2", requires: [.avx512bw, .avx512vl, .avx512vbmi2, .gfni, .bmi2, .vpclmulqdq],
        body: ck_json_index_avx512vbmi2, kinds: ck_json_kinds_avx512vbmi2, squeeze: ck_json_squeeze_avx512vbmi2,
        checksNumbers: true, tape: ck_json_tape_avx512vbmi2),
      unsafe JSONIndexKernel(
        name: "json_index_avx512bw", requires: [.avx512bw, .avx512vl, .bmi2, .pclmulqdq],
        body: ck_json_index_avx512bw, kinds: ck_json_kinds_avx512bw, squeeze: ck_json_squeeze_avx2),
      unsafe JSONIndexKernel(
        name: "json_index_avx2", requires: [.avx2, .bmi2, .pclmulqdq], body: ck_json_index_avx2,
        kinds: ck_json_kinds_avx2, squeeze: ck_json_squeeze_avx2),
      portable,
    ]
  #elseif arch(arm64)
    package static let all: [2 of JSONIndexKernel] = [
      unsafe JSONIndexKernel(
        name: "json_index_neon", requires: .neon, body: ck_json_index_neon, kinds: ck_json_kinds_neon,
        squeeze: { unsafe JSONIndexPortable.squeeze($0, $1, $2, $3) }),
      portable,
    ]
  #else
    package static let all: [1 of JSONIndexKernel] = [portable]
  #endif

  package static let portable = unsafe JSONIndexKernel(
    name: "json_index_portable", requires: [],
    body: { unsafe JSONIndexPortable.index($0, $1, $2, $3, $4) },
    kinds: { unsafe JSONIndexPortable.kinds($0, $1, $2, $3, $4, $5) },
    squeeze: { unsafe JSONIndexPortable.squeeze($0, $1, $2, $3) })

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [JSONIndexKernel] { all.rows }

  /// The best row that this process may run.
  package static var current: JSONIndexKernel { all.select(.current) }
}

package import CKernels

/// One way to find the tokens of a text: where brackets, commas, colons and quotes are and where numbers and words begin, with
/// UTF-8, control characters and escapes checked in the same pass.
@safe
package struct JSONIndexKernel: KernelRow {
  /// As in `ck_json.h`: data, blocks of 64 bytes, state, offsets out, quotes that close a string with a backslash, blanks.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, Int, UnsafeMutablePointer<ck_json_state>, UnsafeMutablePointer<UInt32>,
      UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt64>
    ) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  package let body: Body

  init(name: StaticString, requires: CPUFeatures, body: @escaping Body) {
    (self.name, self.requires) = (name, requires)
    unsafe self.body = body
  }

  /// THE TABLE, best first.
  #if arch(x86_64)
    package static let all: [2 of JSONIndexKernel] = [
      unsafe JSONIndexKernel(
        name: "json_index_avx2", requires: [.avx2, .bmi2, .pclmulqdq], body: ck_json_index_avx2),
      portable,
    ]
  #else
    package static let all: [1 of JSONIndexKernel] = [portable]
  #endif

  private static let portable = unsafe JSONIndexKernel(
    name: "json_index_portable", requires: [],
    body: { unsafe JSONIndexPortable.index($0, $1, $2, $3, $4, $5) })

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [JSONIndexKernel] { all.rows }

  /// The best row that this process may run.
  package static var current: JSONIndexKernel { all.select(.current) }
}

import CKernels

/// One way to write texts so that they can stand in JSON strings.
@safe
package struct JSONEscapeKernel: KernelRow {
  /// As in `ck_json.h`: text, its bytes, out; how many bytes that is. `out` has ``JSONEscape/room(_:)`` for the text and does not
  /// overlap it.
  package typealias Body =
    @Sendable @convention(c) (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  package let body: Body

  init(name: StaticString, requires: CPUFeatures, body: @escaping Body) {
    (self.name, self.requires) = (name, requires)
    unsafe self.body = body
  }

  /// THE TABLE, best first.
  #if arch(x86_64)
    package static let all: [3 of JSONEscapeKernel] = [
      unsafe JSONEscapeKernel(
        name: "json_escape_avx512bw", requires: [.avx512bw, .avx512vl, .bmi2], body: ck_json_escape_avx512bw),
      unsafe JSONEscapeKernel(name: "json_escape_avx2", requires: [.avx2, .bmi2], body: ck_json_escape_avx2),
      portable,
    ]
  #elseif arch(arm64)
    package static let all: [2 of JSONEscapeKernel] = [
      unsafe JSONEscapeKernel(name: "json_escape_neon", requires: .neon, body: ck_json_escape_neon),
      portable,
    ]
  #else
    package static let all: [1 of JSONEscapeKernel] = [portable]
  #endif

  private static let portable = unsafe JSONEscapeKernel(
    name: "json_escape_portable", requires: [],
    body: { unsafe JSONEscape.write(UnsafeRawBufferPointer(start: $0, count: $1), $2) })

  /// Every row, best first. Allocates: for tests and benchmarks.
  package static var kernels: [JSONEscapeKernel] { all.rows }

  /// The best row that this process may run.
  package static var current: JSONEscapeKernel { all.select(.current) }
}

package import CKernels

/// One way to copy a valid text without the white space outside its strings.
@safe
package struct JSONCompactKernel: KernelRow {
  /// As in `ck_json.h`: data, blocks of 64 bytes, state, bytes out.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, Int, UnsafeMutablePointer<ck_json_state>, UnsafeMutablePointer<UInt8>
    ) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  /// nil: token by token, by the tape.
  package let body: Body?
  /// Bytes a node of the tape from which on to copy token by token is the faster way: long strings go as they are.
  package let longNode: Int

  init(name: StaticString, requires: CPUFeatures, body: Body?, longNode: Int = .max) {
    (self.name, self.requires, self.longNode) = (name, requires, longNode)
    unsafe self.body = body
  }

  /// THE TABLE, best first.
  #if arch(x86_64)
    package static let all: [3 of JSONCompactKernel] = [
      unsafe JSONCompactKernel(
        name: "json_compact_avx512vbmi2", requires: [.avx512bw, .avx512vl, .avx512vbmi2, .gfni, .bmi2, .vpclmulqdq],
        body: ck_json_compact_avx512vbmi2),
      unsafe JSONCompactKernel(
        name: "json_compact_avx2", requires: [.avx2, .bmi2, .pclmulqdq], body: ck_json_compact_avx2,
        longNode: 40),
      portable,
    ]
  #else
    package static let all: [1 of JSONCompactKernel] = [portable]
  #endif

  private static let portable = unsafe JSONCompactKernel(name: "json_compact_portable", requires: [], body: nil)

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [JSONCompactKernel] { all.rows }

  /// The best row that this process may run.
  package static var current: JSONCompactKernel { all.select(.current) }

  /// Writes a value's text; how many bytes.
  ///
  /// - `text` begins and ends with a valid value; `out` has room for as many bytes and does not overlap it.
  @unsafe
  package static func run(_ text: UnsafeRawBufferPointer, _ out: UnsafeMutablePointer<UInt8>, _ body: Body) -> Int {
    guard let base = text.baseAddress else { return 0 }
    let start = unsafe base.assumingMemoryBound(to: UInt8.self)
    var state = ck_json_state()
    let blocks = text.count / 64
    var count = blocks > 0 ? unsafe body(start, blocks, &state, out) : 0
    let left = text.count &- 64 &* blocks
    guard left > 0 else { return count }
    // The last, short block is copied and filled up with spaces, which do not come out.
    var last = InlineArray<64, UInt8>(repeating: UInt8(ascii: " "))
    var made = InlineArray<64, UInt8>(repeating: 0)
    unsafe withUnsafeMutablePointer(to: &last) { last in
      unsafe withUnsafeMutablePointer(to: &made) { made in
        let from = unsafe UnsafeMutableRawPointer(last).assumingMemoryBound(to: UInt8.self)
        let to = unsafe UnsafeMutableRawPointer(made).assumingMemoryBound(to: UInt8.self)
        unsafe from.update(from: start + 64 * blocks, count: left)
        let more = unsafe body(from, 1, &state, to)
        unsafe (out + count).update(from: to, count: more)
        count &+= more
      }
    }
    return count
  }
}

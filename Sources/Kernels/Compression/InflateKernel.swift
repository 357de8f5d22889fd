import CKernels

/// One way through the literals and matches of a block, far from the ends of input and output.
@safe
package struct InflateKernel: KernelRow {
  /// Where it stands, entries of literals and lengths, entries of distances; why it ends, as `ck_compression.h` says.
  typealias Body =
    @Sendable @convention(c) (
      UnsafeMutablePointer<ck_inflate_state>, UnsafePointer<UInt32>, UnsafePointer<UInt32>
    ) -> Int32

  package let name: StaticString
  package let requires: CPUFeatures
  let body: Body

  init(name: StaticString, requires: CPUFeatures, body: @escaping Body) {
    (self.name, self.requires) = (name, requires)
    unsafe self.body = body
  }

  /// THE TABLE, best first.
  #if arch(x86_64)
    static let table: [2 of InflateKernel] = [
      unsafe InflateKernel(name: "inflate_bmi2", requires: [.bmi2, .sse41], body: ck_inflate_bmi2),
      portable,
    ]
  #else
    static let table: [1 of InflateKernel] = [portable]
  #endif

  private static let portable = unsafe InflateKernel(
    name: "inflate_portable", requires: [], body: { unsafe InflateLoop.run($0, $1, $2) })

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [InflateKernel] { table.rows }

  /// The best row that `features` can run.
  @inline(__always)
  package static func kernel(_ features: CPUFeatures) -> InflateKernel { table.select(features) }
}

extension InflateKernel {
  /// What is readable from the last place on where a round starts: a round reads 16 bytes at most.
  static let inputMargin = 24
  /// What is writable there: a round writes three times three literals and a match of 258 bytes, and up to 31 bytes beyond that are
  /// overwritten.
  static let outputMargin = 9 + 258 + 33

  /// - The cursor has ``inputMargin`` bytes of input and ``outputMargin`` of room.
  /// - The tables are complete, or give an exception for what is no code.
  @inline(__always)
  func run(_ cursor: inout InflateCursor, _ tables: InflateTables) -> Int32 {
    var state = unsafe ck_inflate_state(
      next: cursor.next.assumingMemoryBound(to: UInt8.self),
      input_limit: (cursor.end - Self.inputMargin).assumingMemoryBound(to: UInt8.self),
      output: cursor.output.assumingMemoryBound(to: UInt8.self),
      output_limit: (cursor.outputEnd - Self.outputMargin).assumingMemoryBound(to: UInt8.self),
      history: UnsafePointer(cursor.history.assumingMemoryBound(to: UInt8.self)), bits: cursor.bits,
      bit_count: cursor.bitCount)
    let end = unsafe body(&state, tables.literals, tables.distances)
    unsafe cursor.next = UnsafeRawPointer(state.next)
    unsafe cursor.output = UnsafeMutableRawPointer(state.output)
    cursor.bits = unsafe state.bits
    cursor.bitCount = unsafe state.bit_count
    return end
  }
}

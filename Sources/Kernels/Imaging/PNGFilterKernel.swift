import CKernels

/// One way to choose the filters of rows and to put them on.
@safe
package struct PNGFilterKernel: KernelRow {
  /// Row, row above, bytes, how far the left neighbour is, and for each filter the sum of its bytes' absolute values as signed numbers.
  typealias Sums =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, UnsafePointer<UInt8>, Int, Int, UnsafeMutablePointer<UInt64>
    ) -> Void
  /// Filter, row, row above, the filtered bytes, how many, and how far the left neighbour is.
  typealias Apply =
    @Sendable @convention(c) (
      Int32, UnsafePointer<UInt8>, UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>, Int, Int
    ) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  let sums: Sums
  let apply: Apply

  /// THE TABLE, best first.
  #if arch(x86_64)
    static let table: [2 of PNGFilterKernel] = [
      unsafe PNGFilterKernel(
        name: "filter_avx2", requires: .avx2, sums: ck_filter_sums_avx2, apply: ck_filter_row_avx2),
      portable,
    ]
  #elseif arch(arm64)
    static let table: [2 of PNGFilterKernel] = [
      unsafe PNGFilterKernel(
        name: "filter_neon", requires: .neon, sums: ck_filter_sums_neon, apply: ck_filter_row_neon),
      portable,
    ]
  #else
    static let table: [1 of PNGFilterKernel] = [portable]
  #endif

  private static let portable = unsafe PNGFilterKernel(
    name: "filter_portable", requires: [],
    sums: { unsafe PNGFilterPortable.sums($0, $1, $2, $3, $4) },
    apply: { unsafe PNGFilterPortable.apply($0, $1, $2, $3, $4, $5) })

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [PNGFilterKernel] { table.rows }

  /// The best row that `features` can run.
  @inline(__always)
  package static func kernel(_ features: CPUFeatures) -> PNGFilterKernel { table.select(features) }
}

extension PNGFilterKernel {
  /// Writes the filter with the least sum of absolute differences, the first of equals, and the row with that filter on
  /// (the heuristic that W3C PNG recommends, 12.7).
  ///
  /// - `row` and `prior` are readable for `count` bytes, `target` is writable for one more; none overlap.
  @unsafe
  package func filter(
    _ row: UnsafePointer<UInt8>, prior: UnsafePointer<UInt8>, count: Int, distance: Int,
    into target: UnsafeMutablePointer<UInt8>
  ) {
    var sums = InlineArray<5, UInt64>(repeating: 0)
    var best = 0
    unsafe withUnsafeMutableBytes(of: &sums) { bytes in
      let sums = unsafe bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt64.self)
      unsafe self.sums(row, prior, count, distance, sums)
      for i in 1..<5 where unsafe sums[i] < sums[best] { best = i }
    }
    unsafe target[0] = UInt8(best)
    if best == 0 {
      unsafe UnsafeMutableRawPointer(target + 1).copyMemory(from: row, byteCount: count)
    } else {
      unsafe apply(Int32(best), row, prior, target + 1, count, distance)
    }
  }
}

/// The row of every CPU (W3C PNG, 9.2 to 9.4).
enum PNGFilterPortable {
  @inline(__always)
  static func sums(
    _ row: UnsafePointer<UInt8>, _ prior: UnsafePointer<UInt8>, _ count: Int, _ distance: Int,
    _ sums: UnsafeMutablePointer<UInt64>
  ) {
    var (none, sub, up, average, paeth) = (0, 0, 0, 0, 0)
    for i in 0..<count {
      let x = unsafe row[i]
      let a = unsafe i >= distance ? row[i &- distance] : 0
      let b = unsafe prior[i]
      let c = unsafe i >= distance ? prior[i &- distance] : 0
      none &+= size(x)
      sub &+= size(x &- a)
      up &+= size(x &- b)
      average &+= size(x &- UInt8(truncatingIfNeeded: (UInt16(a) &+ UInt16(b)) >> 1))
      paeth &+= size(x &- PNGUnfilterPortable.paeth(a, b, c))
    }
    unsafe sums[0] = UInt64(none)
    unsafe sums[1] = UInt64(sub)
    unsafe sums[2] = UInt64(up)
    unsafe sums[3] = UInt64(average)
    unsafe sums[4] = UInt64(paeth)
  }

  /// Of a byte as a signed number.
  @inline(__always)
  private static func size(_ byte: UInt8) -> Int { Int(min(byte, 0 &- byte)) }

  @inline(__always)
  static func apply(
    _ filter: Int32, _ row: UnsafePointer<UInt8>, _ prior: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>,
    _ count: Int, _ distance: Int
  ) {
    for i in 0..<count {
      let a = unsafe i >= distance ? row[i &- distance] : 0
      let b = unsafe prior[i]
      let c = unsafe i >= distance ? prior[i &- distance] : 0
      let guess: UInt8
      switch filter {
      case 0: guess = 0
      case 1: guess = a
      case 2: guess = b
      case 3: guess = UInt8(truncatingIfNeeded: (UInt16(a) &+ UInt16(b)) >> 1)
      default: guess = PNGUnfilterPortable.paeth(a, b, c)
      }
      unsafe target[i] = row[i] &- guess
    }
  }
}

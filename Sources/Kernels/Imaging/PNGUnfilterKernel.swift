import CKernels

/// One way to take the filters off rows (W3C PNG, 9.2).
@safe
package struct PNGUnfilterKernel: KernelRow {
  /// Filter, filtered bytes, the row above, the row, how many bytes, and how far the left neighbour is: 1, 2, 3, 4, 6 or 8 bytes.
  typealias Row =
    @Sendable @convention(c) (
      Int32, UnsafePointer<UInt8>, UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>, Int, Int
    ) -> Void
  /// Four rows at once: filtered bytes with each row's filter in the byte before, their stride, the row above, the rows, their stride,
  /// how many pixels (at least 8), and their bytes, 3 or 4.
  typealias FourRows =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, Int, UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>, Int, Int, Int
    ) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  let row: Row
  let fourRows: FourRows?

  /// THE TABLE, best first.
  #if arch(x86_64)
    static let table: [2 of PNGUnfilterKernel] = [
      unsafe PNGUnfilterKernel(
        name: "unfilter_sse41", requires: .sse41, row: ck_unfilter_row_sse41, fourRows: ck_unfilter_four_sse41),
      portable,
    ]
  #elseif arch(arm64)
    static let table: [2 of PNGUnfilterKernel] = [
      unsafe PNGUnfilterKernel(
        name: "unfilter_neon", requires: .neon, row: ck_unfilter_row_neon, fourRows: ck_unfilter_four_neon),
      portable,
    ]
  #else
    static let table: [1 of PNGUnfilterKernel] = [portable]
  #endif

  private static let portable = unsafe PNGUnfilterKernel(
    name: "unfilter_portable", requires: [], row: { unsafe PNGUnfilterPortable.row($0, $1, $2, $3, $4, $5) },
    fourRows: nil)

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [PNGUnfilterKernel] { table.rows }

  /// The best row that `features` can run.
  @inline(__always)
  package static func kernel(_ features: CPUFeatures) -> PNGUnfilterKernel { table.select(features) }
}

extension PNGUnfilterKernel {
  /// Takes the filters off `count` rows, 1 to 4. False where a row's filter is none that there is; rows before it are done.
  ///
  /// - `raw` is readable for `count` rows of a filter's byte and `byteCount` more, one after the other, and 16 bytes beyond.
  /// - `prior` is readable and `rows` writable, `stride` apart, for `byteCount` a row; `prior` is none of `rows`.
  @unsafe
  package func unfilter(
    _ raw: UnsafePointer<UInt8>, count: Int, byteCount: Int, distance: Int, prior: UnsafePointer<UInt8>,
    into rows: UnsafeMutablePointer<UInt8>, stride: Int
  ) -> Bool {
    let rawStride = byteCount &+ 1
    if count == 4, let fourRows = unsafe fourRows, distance == 3 || distance == 4, byteCount >= 8 &* distance {
      // Rows that wait for their own left neighbours at each pixel: four of them in the time of one.
      var slow = 0
      var isValid = true
      for i in 0..<4 {
        let filter = unsafe raw[i &* rawStride]
        isValid = isValid && filter <= 4
        if filter >= 3 { slow &+= 1 }
      }
      if isValid && slow >= 2 {
        unsafe fourRows(raw + 1, rawStride, prior, rows, stride, byteCount / distance, distance)
        return true
      }
    }
    var prior = unsafe prior
    for i in 0..<count {
      let source = unsafe raw + i &* rawStride
      let target = unsafe rows + i &* stride
      let filter = unsafe source[0]
      guard filter <= 4 else { return false }
      if filter == 0 {
        unsafe UnsafeMutableRawPointer(target).copyMemory(from: source + 1, byteCount: byteCount)
      } else {
        unsafe row(Int32(filter), source + 1, prior, target, byteCount, distance)
      }
      unsafe prior = UnsafePointer(target)
    }
    return true
  }
}

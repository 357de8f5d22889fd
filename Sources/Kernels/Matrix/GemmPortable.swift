/// The portable kernel, which reads as the specification of every other one.
///
/// Four rows by eight columns of sums, so that a baseline x86-64 or arm64 CPU keeps them in registers.
/// A product and its sum round separately here; rows with a fused multiply-add round once. Otherwise the order is the same.
@unsafe @inline(__always)
func gemmPortable<Element: GemmElement>(
  _ rows: Int, _ columns: Int, _ k: Int,
  _ a: UnsafePointer<Element>, _ aRow: Int, _ aColumn: Int,
  _ b: UnsafePointer<Element>, _ bRow: Int,
  _ alpha: Element, _ beta: Element, _ c: UnsafeMutablePointer<Element>, _ cRow: Int
) {
  var i = 0
  while i < rows {
    let height = min(4, rows - i)
    let panel = unsafe a + i * aRow
    // Rows that are not there repeat the last one that is: the loop over k has no special case.
    let a0 = unsafe panel
    let a1 = unsafe panel + min(1, height - 1) * aRow
    let a2 = unsafe panel + min(2, height - 1) * aRow
    let a3 = unsafe panel + min(3, height - 1) * aRow

    var sum0 = SIMD8<Element>.zero
    var sum1 = SIMD8<Element>.zero
    var sum2 = SIMD8<Element>.zero
    var sum3 = SIMD8<Element>.zero
    for p in 0..<k {
      let bp = unsafe loadColumns(b + p * bRow, columns)
      sum0 += unsafe a0[p * aColumn] * bp
      sum1 += unsafe a1[p * aColumn] * bp
      sum2 += unsafe a2[p * aColumn] * bp
      sum3 += unsafe a3[p * aColumn] * bp
    }

    unsafe writeRow(sum0, columns, alpha, beta, c + i * cRow)
    if height > 1 { unsafe writeRow(sum1, columns, alpha, beta, c + (i + 1) * cRow) }
    if height > 2 { unsafe writeRow(sum2, columns, alpha, beta, c + (i + 2) * cRow) }
    if height > 3 { unsafe writeRow(sum3, columns, alpha, beta, c + (i + 3) * cRow) }
    i += 4
  }
}

/// The portable kernel for a few rows of A and a wide B: the sums lie in memory, and B is read in the order in which it lies.
@unsafe @inline(__always)
func gemmStreamPortable<Element: GemmElement>(
  _ rows: Int, _ columns: Int, _ k: Int,
  _ a: UnsafePointer<Element>, _ aRow: Int, _ aColumn: Int,
  _ b: UnsafePointer<Element>, _ bRow: Int,
  _ alpha: Element, _ beta: Element, _ c: UnsafeMutablePointer<Element>, _ cRow: Int,
  _ first: Int32, _ last: Int32, _ sums: UnsafeMutablePointer<Element>, _ sumsRow: Int
) {
  for i in 0..<rows {
    let row = unsafe sums + i * sumsRow
    if first != 0 { unsafe row.update(repeating: 0, count: columns) }
    for p in 0..<k {
      let (factor, bp) = unsafe (a[i * aRow + p * aColumn], b + p * bRow)
      var j = 0
      while j < columns {
        let count = min(8, columns - j)
        let sum = unsafe loadColumns(row + j, count) + factor * loadColumns(bp + j, count)
        for lane in 0..<count { unsafe row[j + lane] = sum[lane] }
        j += 8
      }
    }
    if last == 0 { continue }
    for j in 0..<columns {
      let product = unsafe alpha * row[j]
      unsafe c[i * cRow + j] = beta == 0 ? product : product + beta * c[i * cRow + j]
    }
  }
}

/// The portable kernel for a few rows of A and a B whose columns are contiguous: eight columns' sums side by side.
@unsafe @inline(__always)
func gemmInnerPortable<Element: GemmElement>(
  _ rows: Int, _ columns: Int, _ k: Int,
  _ a: UnsafePointer<Element>, _ aRow: Int, _ aColumn: Int,
  _ b: UnsafePointer<Element>, _ bColumn: Int,
  _ alpha: Element, _ beta: Element, _ c: UnsafeMutablePointer<Element>, _ cRow: Int, _ cColumn: Int
) {
  for i in 0..<rows {
    var j = 0
    while j < columns {
      let count = min(8, columns - j)
      var sum = SIMD8<Element>.zero
      for p in 0..<k {
        var bp = SIMD8<Element>.zero
        for lane in 0..<count { bp[lane] = unsafe b[(j + lane) * bColumn + p] }
        sum += unsafe a[i * aRow + p * aColumn] * bp
      }
      for lane in 0..<count {
        let at = unsafe c + (i * cRow + (j + lane) * cColumn)
        let product = alpha * sum[lane]
        unsafe at.pointee = beta == 0 ? product : product + beta * at.pointee
      }
      j += 8
    }
  }
}

/// The first `columns` elements at `p`, and zeros.
@unsafe @inline(__always)
private func loadColumns<Element: GemmElement>(_ p: UnsafePointer<Element>, _ columns: Int) -> SIMD8<Element> {
  if columns == 8 { return unsafe UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Element>.self) }
  var v = SIMD8<Element>.zero
  for j in 0..<columns { v[j] = unsafe p[j] }
  return v
}

/// c = alpha * sum + beta * c, where c is not read when beta is 0.
@unsafe @inline(__always)
private func writeRow<Element: GemmElement>(
  _ sum: SIMD8<Element>, _ columns: Int, _ alpha: Element, _ beta: Element, _ c: UnsafeMutablePointer<Element>
) {
  for j in 0..<columns {
    let product = alpha * sum[j]
    unsafe c[j] = beta == 0 ? product : product + beta * c[j]
  }
}

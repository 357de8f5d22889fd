/// Which factor is packed.
enum GemmSide {
  case a, b
}

/// Copies a block of A to where the kernel reads it at its best, and says how it lies there: row after row,
/// at a stride that is no power of two, so that the rows of a tile do not fall into the same cache set.
///
/// - `packed` has room for `rows` times `stride`, which is nil for ``GemmPlan/packedARow(depth:elementSize:)``.
@unsafe @inline(__always) @discardableResult
func packA<Element: GemmElement>(
  _ a: GemmOperandA<Element>, rows: Int, depth: Int, stride: Int? = nil, into packed: UnsafeMutablePointer<Element>
) -> GemmOperandA<Element> {
  let stride = stride ?? GemmPlan.packedARow(depth: depth, elementSize: MemoryLayout<Element>.stride)
  if unsafe a.column == 1 {
    for i in 0..<rows { unsafe (packed + i * stride).update(from: a.start + i * a.row, count: depth) }
  } else {
    unsafe copyTransposed(a.start, row: a.column, rows: depth, columns: rows, to: packed, row: stride)
  }
  return unsafe GemmOperandA(start: packed, row: stride, column: 1)
}

/// Copies one panel of B, depth x columns, to rows of the tile's width.
///
/// - `packed` has room for `depth` such rows. What lies past the last column is left as it is: kernels do not read it.
@unsafe @inline(__always)
func packB<Element: GemmElement>(
  _ b: UnsafePointer<Element>, row: Int, column: Int, depth: Int, columns: Int, tile: GemmTile,
  into packed: UnsafeMutablePointer<Element>
) {
  if column != 1 {
    unsafe copyTransposed(b, row: column, rows: columns, columns: depth, to: packed, row: tile.columns)
  } else {
    let bytes = columns * MemoryLayout<Element>.stride
    for p in 0..<depth {
      unsafe copyRow(
        UnsafeRawPointer(b + p * row), to: UnsafeMutableRawPointer(packed + p * tile.columns), bytes: bytes)
    }
  }
}

/// Copies a row of a few cache lines at most, without the call that `memcpy` costs.
@unsafe @inline(__always)
private func copyRow(_ source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer, bytes: Int) {
  var i = 0
  while i &+ 64 <= bytes {
    unsafe (destination + i).storeBytes(of: (source + i).loadUnaligned(as: SIMD8<UInt64>.self), as: SIMD8<UInt64>.self)
    i &+= 64
  }
  while i < bytes {  // elements are at least four bytes
    unsafe (destination + i).storeBytes(of: (source + i).loadUnaligned(as: UInt32.self), as: UInt32.self)
    i &+= 4
  }
}

/// `destination[j * destinationRow + i] = source[i * sourceRow + j]`, four by four elements at a time.
@unsafe @inline(__always)
private func copyTransposed<Element: GemmElement>(
  _ source: UnsafePointer<Element>, row sourceRow: Int, rows: Int, columns: Int,
  to destination: UnsafeMutablePointer<Element>, row destinationRow: Int
) {
  let (wholeRows, wholeColumns) = (rows & ~3, columns & ~3)
  for i in stride(from: 0, to: wholeRows, by: 4) {
    for j in stride(from: 0, to: wholeColumns, by: 4) {
      let block = unsafe source + (i * sourceRow + j)
      let r0 = unsafe load4(block)
      let r1 = unsafe load4(block + sourceRow)
      let r2 = unsafe load4(block + 2 * sourceRow)
      let r3 = unsafe load4(block + 3 * sourceRow)
      let target = unsafe destination + (j * destinationRow + i)
      unsafe store4(SIMD4(r0[0], r1[0], r2[0], r3[0]), target)
      unsafe store4(SIMD4(r0[1], r1[1], r2[1], r3[1]), target + destinationRow)
      unsafe store4(SIMD4(r0[2], r1[2], r2[2], r3[2]), target + 2 * destinationRow)
      unsafe store4(SIMD4(r0[3], r1[3], r2[3], r3[3]), target + 3 * destinationRow)
    }
    for j in wholeColumns..<columns {
      for r in i..<i + 4 { unsafe destination[j * destinationRow + r] = source[r * sourceRow + j] }
    }
  }
  for i in wholeRows..<rows {
    for j in 0..<columns { unsafe destination[j * destinationRow + i] = source[i * sourceRow + j] }
  }
}

@unsafe @inline(__always)
private func load4<Element: GemmElement>(_ p: UnsafePointer<Element>) -> SIMD4<Element> {
  unsafe UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Element>.self)
}

@unsafe @inline(__always)
private func store4<Element: GemmElement>(_ v: SIMD4<Element>, _ p: UnsafeMutablePointer<Element>) {
  unsafe UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD4<Element>.self)
}

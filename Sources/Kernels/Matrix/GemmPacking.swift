/// Copies a block of A to where the kernel reads it at its best, and says how it lies there.
///
/// Where the rows of A are contiguous they stay so, at a stride that is no power of two: a plain copy, and no two rows of a tile
/// in the same cache set. Where its columns are, elements of a tile's rows are interleaved.
///
/// - `packed` has room for ``GemmPlan/packedARow(depth:elementSize:)`` times the rows, rounded up to whole tiles.
@unsafe @inline(__always)
func packA<Element: GemmElement>(
  _ a: GemmOperandA<Element>, rows: Int, depth: Int, tile: GemmTile, into packed: UnsafeMutablePointer<Element>
) -> GemmOperandA<Element> {
  if unsafe a.column == 1 {
    let stride = GemmPlan.packedARow(depth: depth, elementSize: MemoryLayout<Element>.stride)
    for i in 0..<rows { unsafe (packed + i * stride).update(from: a.start + i * a.row, count: depth) }
    return unsafe GemmOperandA(start: packed, row: stride, column: 1, panel: tile.rows * stride)
  }
  var destination = unsafe packed
  var i = 0
  while i < rows {
    let height = min(tile.rows, rows - i)
    for p in 0..<depth {
      let source = unsafe a.start + (i + p * a.column)
      for r in 0..<height { unsafe destination[r] = source[r] }
      unsafe destination += tile.rows
    }
    i += tile.rows
  }
  return unsafe GemmOperandA(start: packed, row: 1, column: tile.rows, panel: tile.rows * depth)
}

/// Copies one panel of B, depth x columns, to rows of the tile's width.
///
/// - `packed` has room for depth rows. What lies past the last column is left as it is: kernels do not read it.
@unsafe @inline(__always)
func packB<Element: GemmElement>(
  _ b: UnsafePointer<Element>, row: Int, column: Int, depth: Int, columns: Int, tile: GemmTile,
  into packed: UnsafeMutablePointer<Element>
) {
  if column == 1 && columns == tile.columns && columns % 8 == 0 {
    for p in 0..<depth {
      let source = unsafe UnsafeRawPointer(b + p * row)
      let destination = unsafe UnsafeMutableRawPointer(packed + p * columns)
      var j = 0
      while j < columns * MemoryLayout<Element>.stride {
        let vector = unsafe (source + j).loadUnaligned(as: SIMD8<Element>.self)
        unsafe (destination + j).storeBytes(of: vector, as: SIMD8<Element>.self)
        j += MemoryLayout<SIMD8<Element>>.stride
      }
    }
  } else if column == 1 {
    for p in 0..<depth {
      for j in 0..<columns { unsafe packed[p * tile.columns + j] = b[p * row + j] }
    }
  } else {
    for j in 0..<columns {
      for p in 0..<depth { unsafe packed[p * tile.columns + j] = b[p * row + j * column] }
    }
  }
}

// Packed factors of `bf16gemm` and `u8s8gemm`: strips with all of k, the same for every row of the tables; of bytes, with the
// sums of the lines behind them.

extension PackedA where Element == BFloat16 {
  /// Bytes that a packed m x k matrix takes, before it is packed.
  public static func byteCount(m: Int, k: Int) -> Int {
    dotPackedBytes(lines: m, depth: k, elementSize: 2, sums: false)
  }

  /// Packs op(A), m x k, stored row-major with `lda` elements from row to row.
  public init(_ transpose: Transpose = .no, m: Int, k: Int, a: Span<BFloat16>, lda: Int) {
    let ld = checkPackable(transpose, rows: m, columns: k, ld: lda, elementSize: 2, count: a.count)
    self.init(m: m, k: k, memory: packDot(.a, a, lines: m, depth: k, ld: ld, transpose == .no, sums: false))
  }
}

extension PackedB where Element == BFloat16 {
  /// Bytes that a packed k x n matrix takes, before it is packed.
  public static func byteCount(k: Int, n: Int) -> Int {
    dotPackedBytes(lines: n, depth: k, elementSize: 2, sums: false)
  }

  /// Packs op(B), k x n, stored row-major with `ldb` elements from row to row.
  public init(_ transpose: Transpose = .no, k: Int, n: Int, b: Span<BFloat16>, ldb: Int) {
    let ld = checkPackable(transpose, rows: k, columns: n, ld: ldb, elementSize: 2, count: b.count)
    self.init(k: k, n: n, memory: packDot(.b, b, lines: n, depth: k, ld: ld, transpose == .yes, sums: false))
  }
}

extension PackedA where Element == UInt8 {
  /// Bytes that a packed m x k matrix takes, before it is packed.
  public static func byteCount(m: Int, k: Int) -> Int { dotPackedBytes(lines: m, depth: k, elementSize: 1, sums: true) }

  /// Packs op(A), m x k, stored row-major with `lda` elements from row to row. Zero points are the product's to know.
  public init(_ transpose: Transpose = .no, m: Int, k: Int, a: Span<UInt8>, lda: Int) {
    let ld = checkPackable(transpose, rows: m, columns: k, ld: lda, elementSize: 1, count: a.count)
    self.init(m: m, k: k, memory: packDot(.a, a, lines: m, depth: k, ld: ld, transpose == .no, sums: true))
  }
}

extension PackedB where Element == Int8 {
  /// Bytes that a packed k x n matrix takes, before it is packed.
  public static func byteCount(k: Int, n: Int) -> Int { dotPackedBytes(lines: n, depth: k, elementSize: 1, sums: true) }

  /// Packs op(B), k x n, stored row-major with `ldb` elements from row to row. Zero points are the product's to know.
  public init(_ transpose: Transpose = .no, k: Int, n: Int, b: Span<Int8>, ldb: Int) {
    let ld = checkPackable(transpose, rows: k, columns: n, ld: ldb, elementSize: 1, count: b.count)
    self.init(k: k, n: n, memory: packDot(.b, b, lines: n, depth: k, ld: ld, transpose == .yes, sums: true))
  }
}

// MARK: - Layout

private func dotPackedBytes(lines: Int, depth: Int, elementSize: Int, sums: Bool) -> Int {
  precondition(lines >= 0 && depth >= 0, "packing: sizes must not be negative")
  if lines == 0 || depth == 0 { return 0 }
  let strip = DotLayout.slabs(depth: depth, elementSize: elementSize) * DotLayout.slab
  let stripSums = sums ? DotLayout.lines * MemoryLayout<Int32>.stride : 0
  return DotLayout.strips(lines: lines) * (strip + stripSums)
}

/// - `x` holds the factor: `depthIsStored` says whether k runs along its stored rows.
private func packDot<Element>(
  _ side: GemmSide, _ x: Span<Element>, lines: Int, depth: Int, ld: Int, _ depthIsStored: Bool, sums: Bool
) -> PackedMemory {
  let size = MemoryLayout<Element>.stride
  let bytes = dotPackedBytes(lines: lines, depth: depth, elementSize: size, sums: sums)
  return unsafe x.withUnsafeBufferPointer { x in
    unsafe PackedMemory(byteCount: bytes, features: .current) { memory in
      guard let source = x.baseAddress else { return }
      let packed = unsafe memory.assumingMemoryBound(to: UInt8.self)
      let slabs = DotLayout.slabs(depth: depth, elementSize: size)
      let stripBytes = slabs * DotLayout.slab
      let strips = DotLayout.strips(lines: lines)
      unsafe dotPack(
        side,
        DotSource(
          start: UnsafeRawPointer(source), lineStride: depthIsStored ? ld * size : size,
          depthStride: depthIsStored ? size : ld * size, elementSize: size),
        lines: lines, depth: depth, into: packed, stripBytes: stripBytes)
      if sums {
        unsafe dotSums(
          side, packed, stripBytes: stripBytes, strips: strips, slabs: slabs,
          into: (memory + strips * stripBytes).assumingMemoryBound(to: Int32.self))
      }
    }
  }
}

extension PackedMemory {
  /// The strips of a factor of `lines` rows or columns.
  ///
  /// - Valid as long as the value.
  @unsafe
  func strips(lines: Int, depth: Int, elementSize: Int, sums: Bool) -> DotPackedLines? {
    let stripBytes = DotLayout.slabs(depth: depth, elementSize: elementSize) * DotLayout.slab
    return unsafe start.map { memory in
      let end = unsafe memory + DotLayout.strips(lines: lines) * stripBytes
      return unsafe DotPackedLines(
        start: memory.assumingMemoryBound(to: UInt8.self), stripBytes: stripBytes,
        sums: sums ? end.assumingMemoryBound(to: Int32.self) : nil)
    }
  }
}

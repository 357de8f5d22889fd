// Packed factors of `sgemm` and `dgemm`: laid out for the row of the table, in parts of k as deep as its blocks.

extension PackedA where Element == Float {
  /// Bytes that a packed m x k matrix takes, before it is packed.
  public static func byteCount(m: Int, k: Int) -> Int {
    GemmPackedLayout(Float.self, .a, lines: m, depth: k, .current).byteCount
  }

  /// Packs op(A), m x k, stored row-major with `lda` elements from row to row.
  public init(_ transpose: Transpose = .no, m: Int, k: Int, a: Span<Float>, lda: Int) {
    let ld = checkPackable(
      transpose, rows: m, columns: k, ld: lda, elementSize: MemoryLayout<Float>.stride, count: a.count)
    self.init(m: m, k: k, memory: packGemm(.a, a, lines: m, depth: k, ld: ld, depthIsStored: transpose == .no))
  }
}

extension PackedA where Element == Double {
  /// Bytes that a packed m x k matrix takes, before it is packed.
  public static func byteCount(m: Int, k: Int) -> Int {
    GemmPackedLayout(Double.self, .a, lines: m, depth: k, .current).byteCount
  }

  /// Packs op(A), m x k, stored row-major with `lda` elements from row to row.
  public init(_ transpose: Transpose = .no, m: Int, k: Int, a: Span<Double>, lda: Int) {
    let ld = checkPackable(
      transpose, rows: m, columns: k, ld: lda, elementSize: MemoryLayout<Double>.stride, count: a.count)
    self.init(m: m, k: k, memory: packGemm(.a, a, lines: m, depth: k, ld: ld, depthIsStored: transpose == .no))
  }
}

extension PackedB where Element == Float {
  /// Bytes that a packed k x n matrix takes, before it is packed.
  public static func byteCount(k: Int, n: Int) -> Int {
    GemmPackedLayout(Float.self, .b, lines: n, depth: k, .current).byteCount
  }

  /// Packs op(B), k x n, stored row-major with `ldb` elements from row to row.
  public init(_ transpose: Transpose = .no, k: Int, n: Int, b: Span<Float>, ldb: Int) {
    let ld = checkPackable(
      transpose, rows: k, columns: n, ld: ldb, elementSize: MemoryLayout<Float>.stride, count: b.count)
    self.init(k: k, n: n, memory: packGemm(.b, b, lines: n, depth: k, ld: ld, depthIsStored: transpose == .yes))
  }
}

extension PackedB where Element == Double {
  /// Bytes that a packed k x n matrix takes, before it is packed.
  public static func byteCount(k: Int, n: Int) -> Int {
    GemmPackedLayout(Double.self, .b, lines: n, depth: k, .current).byteCount
  }

  /// Packs op(B), k x n, stored row-major with `ldb` elements from row to row.
  public init(_ transpose: Transpose = .no, k: Int, n: Int, b: Span<Double>, ldb: Int) {
    let ld = checkPackable(
      transpose, rows: k, columns: n, ld: ldb, elementSize: MemoryLayout<Double>.stride, count: b.count)
    self.init(k: k, n: n, memory: packGemm(.b, b, lines: n, depth: k, ld: ld, depthIsStored: transpose == .yes))
  }
}

// MARK: - Layout

/// How a factor of `lines` rows or columns and `depth` of k lies when it is packed as a whole, in elements.
struct GemmPackedLayout {
  let tile: GemmTile
  /// Of one part of k.
  let kc: Int
  let parts: Int
  let lineStride: Int
  let partStride: Int
  let byteCount: Int

  init<Element: GemmElement>(_: Element.Type, _ side: GemmSide, lines: Int, depth: Int, _ features: CPUFeatures) {
    let size = MemoryLayout<Element>.stride
    precondition(lines >= 0 && depth >= 0, "packing: sizes must not be negative")
    tile = GemmKernel<Element>.select(features).tile
    kc = GemmBlocking.model(tile: tile, elementSize: size, k: depth, caches: .current).kc
    parts = lines == 0 ? 0 : (depth + kc - 1) / kc
    switch side {
    case .a:
      lineStride = GemmPlan.packedARow(depth: kc, elementSize: size)
      partStride = parts == 0 ? 0 : lines * lineStride
    case .b:
      lineStride = kc
      partStride = parts == 0 ? 0 : (lines + tile.columns - 1) / tile.columns * tile.columns * lineStride
    }
    byteCount = parts * partStride * size
  }
}

/// Packs a whole factor for the row that the CPU's features allow now.
///
/// - `x` holds it: `depthIsStored` says whether k runs along its stored rows.
private func packGemm<Element: GemmElement>(
  _ side: GemmSide, _ x: Span<Element>, lines: Int, depth: Int, ld: Int, depthIsStored: Bool
) -> PackedMemory {
  let features = CPUFeatures.current
  let layout = GemmPackedLayout(Element.self, side, lines: lines, depth: depth, features)
  let (line, along) = depthIsStored ? (ld, 1) : (1, ld)
  return unsafe x.withUnsafeBufferPointer { x in
    unsafe PackedMemory(byteCount: layout.byteCount, features: features) { memory in
      guard let source = x.baseAddress else { return }
      let packed = unsafe memory.assumingMemoryBound(to: Element.self)
      for part in 0..<layout.parts {
        let first = part * layout.kc
        let kc = min(layout.kc, depth - first)
        let start = unsafe source + first * along
        switch side {
        case .a:
          // The stride is that of the deepest part in every part.
          unsafe packA(
            GemmOperandA(start: start, row: line, column: along), rows: lines, depth: kc, stride: layout.lineStride,
            into: packed + part * layout.partStride)
        case .b:
          for j in stride(from: 0, to: lines, by: layout.tile.columns) {
            unsafe packB(
              start + j * line, row: along, column: line, depth: kc, columns: min(layout.tile.columns, lines - j),
              tile: layout.tile, into: packed + (part * layout.partStride + j * layout.lineStride))
          }
        }
      }
    }
  }
}

extension PackedA where Element: GemmElement {
  /// - Valid as long as the value.
  @unsafe
  var lines: GemmPackedLines<Element>? {
    let layout = GemmPackedLayout(Element.self, .a, lines: m, depth: k, memory.features)
    return unsafe memory.lines(layout)
  }
}

extension PackedB where Element: GemmElement {
  /// - Valid as long as the value.
  @unsafe
  var lines: GemmPackedLines<Element>? {
    let layout = GemmPackedLayout(Element.self, .b, lines: n, depth: k, memory.features)
    return unsafe memory.lines(layout)
  }
}

extension PackedMemory {
  @unsafe
  fileprivate func lines<Element>(_ layout: GemmPackedLayout) -> GemmPackedLines<Element>? {
    unsafe start.map { memory in
      unsafe GemmPackedLines(
        start: memory.assumingMemoryBound(to: Element.self), partStride: layout.partStride,
        lineStride: layout.lineStride)
    }
  }
}

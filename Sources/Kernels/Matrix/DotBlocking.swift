/// How one product in groups of k is cut. It changes time and memory; of the result only `kc` changes bits, and that of bf16 alone.
package struct DotPlan: Hashable, Sendable {
  /// Rows of the block of A that stays in L2; whole strips.
  package var mc: Int
  /// Slabs of k between two write-backs of C.
  package var kc: Int
  /// Columns of the block of B that stays in L3; whole tiles.
  package var nc: Int
  /// Which factors are yet to be packed.
  package var packsA: Bool
  package var packsB: Bool
  /// Whether a whole block of B is kept packed, since several blocks of A pass over it; else one panel at a time.
  package var keepsB: Bool
  package var packedABytes: Int
  package var packedBBytes: Int
  /// Of the terms of rows, and of those of columns; 0 for a format without terms.
  package var rowTermBytes: Int
  package var columnTermBytes: Int
  /// Of the sums of a product that does not build them in C: of one panel, or of all of C where they wait for further parts of k.
  package var sumsBytes: Int
  package var keepsAllSums: Bool

  package var scratchBytes: Int { packedABytes + packedBBytes + rowTermBytes + columnTermBytes + sumsBytes }
}

extension DotPlan {
  /// Slabs below which k is never split, whatever the caches.
  static let leastDepth = 4

  /// Block sizes from the tile and the caches, by the same model as ``GemmBlocking/model(tile:elementSize:k:caches:)``:
  ///
  /// - L1 holds the panels of B that one call of the kernel keeps, 64 bytes a column and slab, in three quarters of it;
  ///   the rest is for the strips of A that stream past: `kc = 3/4 L1 / (64 nr)`.
  /// - L2 holds the block of A in half of it, `mc = 1/2 L2 / (64 kc)`, L3 the block of B likewise, `nc = 1/2 L3 / (64 kc)`.
  ///
  /// Where L2 feeds the tile as fast as it multiplies, the panels take an eighth of L2 instead, `kc = 1/8 L2 / (64 nr)`, and the block of
  /// A a quarter.
  ///
  /// k is divided into equal parts, rows into equal blocks. The parts of k depend on k, the tile and one cache alone.
  package init(
    m: Int, n: Int, steps: Int, slabsPerStep: Int, tile: GemmTile, packsA: Bool, packsB: Bool, hasTerms: Bool,
    keepsSums: Bool = false, caches: CacheSizes
  ) {
    let panels = tile.readsPanelFromL2 ? caches.l2 / 8 : caches.l1 / 4 * 3
    let slabs = max(Self.leastDepth, panels / (tile.columns * DotLayout.line))
    let deepest = max(1, slabs / slabsPerStep)
    let parts = max(1, (steps + deepest - 1) / deepest)
    kc = max(1, (steps + parts - 1) / parts) * slabsPerStep

    let step = DotPlan.rowStep(tile)
    mc = max(1, caches.l2 / (tile.readsPanelFromL2 ? 4 : 2) / (kc * DotLayout.line) / step) * step
    let blocks = max(1, (m + mc - 1) / mc)
    mc = ((m + blocks - 1) / blocks + step - 1) / step * step
    let wide = min(caches.l3 / 2 / (kc * DotLayout.line), 8192)
    nc = min(max(1, wide / tile.columns), (n + tile.columns - 1) / tile.columns) * tile.columns

    (self.packsA, self.packsB) = (packsA, packsB)
    keepsB = packsB && mc < m
    packedABytes = packsA ? mc * kc * DotLayout.line : 0
    packedBBytes = packsB ? (keepsB ? nc : tile.columns) * kc * DotLayout.line : 0
    let line = DotLayout.lines * MemoryLayout<Int32>.stride
    rowTermBytes = hasTerms ? mc / DotLayout.lines * line : 0
    columnTermBytes = hasTerms ? nc / DotLayout.lines * line : 0
    keepsAllSums = keepsSums && parts > 1
    sumsBytes = !keepsSums ? 0 : (keepsAllSums ? m * n : mc * tile.columns) * MemoryLayout<Int32>.stride
  }

  /// Rows that a cut of C may fall between: of a tile, and of a strip.
  static func rowStep(_ tile: GemmTile) -> Int { max(tile.rows, DotLayout.lines) }
}

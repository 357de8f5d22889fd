/// How much of A and B the loops hold in each cache, in elements.
package struct GemmBlocking: Hashable, Sendable {
  /// Rows of the block of A that stays in L2; a multiple of the tile's rows.
  package var mc: Int
  /// Depth of both blocks: the part of k between two write-backs of C.
  package var kc: Int
  /// Columns of the block of B that stays in L3; a multiple of the tile's columns.
  package var nc: Int
}

extension GemmBlocking {
  /// Depth below which k is never split, whatever the caches.
  static let leastDepth = 128

  /// Block sizes from the tile and the caches.
  ///
  /// The model of Low, Igual, Smith and Quintana-Ortí, "Analytical Modeling Is Enough for High-Performance BLIS",
  /// ACM TOMS 43(2), 2016, section 4, in bytes rather than whole ways:
  ///
  /// - L1 holds the panel of B that one call of the kernel keeps (kc x nr) and the panel of A that streams past it (mr x kc),
  ///   with one way of eight left to C: `kc = 7/8 L1 / ((mr + nr) * size)`.
  /// - L2 holds the block of A (mc x kc, in rows as they are packed), with half left to the panels of B and the rows of C
  ///   that pass through: `mc = 1/2 L2 / (row * size)`.
  /// - L3 holds the block of B (kc x nc), with half left to other cores: `nc = 1/2 L3 / (kc * size)`.
  ///
  /// A tile of AVX-512 is 64 columns wide, and for its panel L1 would make k shallow and C be read and written often. L2 feeds it as
  /// fast as it multiplies: the panel takes an eighth of L2, `kc = 1/8 L2 / (nr * size)`, the panel of A stays in L1, and the block
  /// of A takes a quarter of L2.
  ///
  /// k is then divided into equal parts no deeper than kc, so that no short part is left at the end. The parts, and with them
  /// the order of rounding, depend on k, the tile and one cache alone: not on m, n, threads or strides.
  package static func model(tile: GemmTile, elementSize: Int, k: Int, caches: CacheSizes) -> GemmBlocking {
    let panel =
      tile.readsPanelFromL2
      ? caches.l2 / 8 / (tile.columns * elementSize) : caches.l1 / 8 * 7 / ((tile.rows + tile.columns) * elementSize)
    let deepest = max(leastDepth, panel)
    let parts = max(1, (k + deepest - 1) / deepest)
    let kc = max(1, (k + parts - 1) / parts)
    let shareOfA = caches.l2 / (tile.readsPanelFromL2 ? 4 : 2)
    let mc = shareOfA / (GemmPlan.packedARow(depth: kc, elementSize: elementSize) * elementSize)
    let nc = caches.l3 / 2 / (kc * elementSize)
    return GemmBlocking(
      mc: max(1, mc / tile.rows) * tile.rows, kc: kc, nc: max(1, min(nc, 8192) / tile.columns) * tile.columns)
  }
}

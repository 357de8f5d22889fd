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
  /// ACM TOMS 43(2), 2016, section 4, in bytes rather than ways (hypervisors report sizes more faithfully than ways):
  ///
  /// - L1 holds the panel of B that one call of the kernel keeps (kc x nr) and two of the panels of A that stream past it
  ///   (mr x kc: the one in use and the one being fetched), with an eighth left to C:
  ///   `kc = 7/8 L1 / ((nr + 2 mr) * size)`.
  /// - L2 holds the block of A (mc x kc), with a quarter left to panels of B and to C: `mc = 3/4 L2 / (kc * size)`.
  /// - L3 holds the block of B (kc x nc), with half left to other cores: `nc = 1/2 L3 / (kc * size)`.
  ///
  /// k is then divided into equal parts no deeper than kc, so that no short part is left at the end. The parts, and with them
  /// the order of rounding, depend on k, the tile and L1 alone: not on m, n, threads or strides.
  package static func model(tile: GemmTile, elementSize: Int, k: Int, caches: @autoclosure () -> CacheSizes) -> GemmBlocking {
    let caches = caches()
    let deepest = max(leastDepth, caches.l1 / 8 * 7 / ((tile.columns + 2 * tile.rows) * elementSize))
    let parts = max(1, (k + deepest - 1) / deepest)
    let kc = max(1, (k + parts - 1) / parts)
    let mc = caches.l2 / 4 * 3 / (kc * elementSize)
    let nc = caches.l3 / 2 / (kc * elementSize)
    return GemmBlocking(
      mc: max(1, mc / tile.rows) * tile.rows, kc: kc, nc: max(1, min(nc, 8192) / tile.columns) * tile.columns)
  }
}

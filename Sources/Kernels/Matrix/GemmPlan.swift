/// How one product is cut and which operands are copied first. It changes time and memory, never a bit of the result.
package struct GemmPlan: Hashable, Sendable {
  package var blocking: GemmBlocking
  package var packsA: Bool
  package var packsB: Bool
  /// Whether a whole block of B is kept packed, since several blocks of A pass over it; else one panel at a time.
  package var keepsB: Bool
  package var packedABytes: Int
  package var packedBBytes: Int
  /// How B is streamed past a few rows of A, with nothing packed; nil where the kernel's tiles are computed.
  package var streaming: GemmStreaming?
  package var sumsBytes: Int

  package var scratchBytes: Int { packedABytes + packedBBytes + sumsBytes }

  /// - Parameters:
  ///   - packsA, packsB: nil to choose. B is always packed where its columns are not contiguous.
  ///   - streams: nil to choose. Only a B whose columns are contiguous can be streamed.
  package init(
    _ shape: (m: Int, n: Int, k: Int), contiguousB: Bool, tile: GemmTile, elementSize: Int,
    packsA: Bool? = nil, packsB: Bool? = nil, streams: Bool? = nil, caches: CacheSizes
  ) {
    let (m, n, k) = shape
    // A copy pays where the operand would not stay in L2 as it lies, and where several tiles read it.
    let bytesA = Double(m) * Double(k) * Double(elementSize)
    let bytesB = Double(k) * Double(n) * Double(elementSize)
    let streams =
      contiguousB
      && (streams ?? (m <= GemmStreaming.mostRows && bytesB > Double(caches.l2) / 2 && n >= 2 * tile.columns))
    self.packsA = !streams && packsA ?? (bytesA > Double(caches.l2) * 3 / 4 && n > 4 * tile.columns)
    self.packsB = !streams && (!contiguousB || packsB ?? (bytesB > Double(caches.l2) / 4 && m > 4 * tile.rows))

    var blocking = GemmBlocking.model(tile: tile, elementSize: elementSize, k: k, caches: caches)
    // Equal blocks of rows, so that no short one is left at the end.
    let blocks = max(1, (m + blocking.mc - 1) / blocking.mc)
    blocking.mc = (((m + blocks - 1) / blocks + tile.rows - 1) / tile.rows) * tile.rows
    blocking.nc = min(blocking.nc, (n + tile.columns - 1) / tile.columns * tile.columns)
    self.blocking = blocking
    keepsB = self.packsB && blocking.mc < m
    packedABytes =
      self.packsA ? blocking.mc * Self.packedARow(depth: blocking.kc, elementSize: elementSize) * elementSize : 0
    packedBBytes = self.packsB ? (keepsB ? blocking.nc : tile.columns) * blocking.kc * elementSize : 0
    streaming =
      streams ? GemmStreaming(m: m, n: n, elementSize: elementSize, blocking: blocking, caches: caches) : nil
    sumsBytes = (streaming?.sumsRow ?? 0) * m * elementSize
    packedABytes = (packedABytes + Scratch.alignment - 1) / Scratch.alignment * Scratch.alignment
  }

  /// Elements from one packed row of A to the next: whole cache lines and one more, so that the rows of a tile,
  /// which are read side by side, start in different cache sets.
  static func packedARow(depth: Int, elementSize: Int) -> Int {
    let line = 64 / elementSize
    return (depth + line - 1) / line * line + line
  }
}

import Kernels
import Testing

/// How a product is cut: blocks for caches, rectangles for threads.
@Suite struct GemmPlanTests {
  static let tiles = GemmRows.all.map { tile(of: $0) }
  static let caches = [
    CacheSizes(l1: 0, l2: 0, l3: 0), CacheSizes(l1: 1, l2: 1, l3: 1), CacheSizes(l1: 4 << 10, l2: 8 << 10, l3: 0),
    .fallback, CacheSizes(l1: 48 << 10, l2: 2 << 20, l3: 105 << 20), CacheSizes(l1: 64 << 10, l2: 1 << 20, l3: 1 << 34),
  ]

  private static func tile<Row: GemmRow>(of row: Row) -> GemmTile { row.kernel.tile }

  @Test(arguments: caches)
  func blocks(_ caches: CacheSizes) {
    for tile in Self.tiles {
      for size in [4, 8] {
        for k in [0, 1, 2, 127, 128, 129, 255, 256, 257, 1000, 4096, 1 << 20, 1 << 40] {
          let blocking = GemmBlocking.model(tile: tile, elementSize: size, k: k, caches: caches)
          #expect(blocking.mc > 0 && blocking.mc % tile.rows == 0, "\(blocking)")
          #expect(blocking.nc > 0 && blocking.nc % tile.columns == 0, "\(blocking)")
          #expect(blocking.kc > 0 && blocking.kc <= max(1, k), "\(blocking)")
          // The depth, and with it the order of rounding, comes from k, the tile and the one cache that its panel of B is read from.
          let others =
            tile.readsPanelFromL2
            ? CacheSizes(l1: 3 << 10, l2: caches.l2, l3: 7 << 20) : CacheSizes(l1: caches.l1, l2: 3 << 20, l3: 7 << 20)
          #expect(GemmBlocking.model(tile: tile, elementSize: size, k: k, caches: others).kc == blocking.kc)
          // Equal parts: none is shorter than the others by more than the number of parts.
          let parts = (k + blocking.kc - 1) / blocking.kc
          #expect(parts * blocking.kc - k < max(1, parts), "k \(k) \(blocking)")
          #expect(parts <= 1 || blocking.kc > 64, "k \(k) \(blocking): parts so short that C is all that moves")
        }
      }
    }
  }

  /// A plan asks for what the caches can hold: less than three quarters of L2 and half of L3, and no more than one panel where
  /// a cache is smaller than that.
  @Test(arguments: caches.dropFirst(3))
  func scratchFitsTheCaches(_ caches: CacheSizes) {
    let million = 1 << 20
    let most = caches.l2 / 4 * 3 + caches.l3 / 2
    for tile in Self.tiles {
      for size in [4, 8] {
        let shapes: [(Int, Int, Int)] = [
          (1, 1, 1), (64, 64, 64), (1000, 1000, 1000), (million, 1000, 1), (million, million, 2),
          (1, million, million), (million, 1, million), (million, million, million), (5000, 5000, 5), (4000, 4000, 33),
        ]
        for (m, n, k) in shapes {
          for contiguousB in [true, false] {
            let plan = GemmPlan((m, n, k), contiguousB: contiguousB, tile: tile, elementSize: size, caches: caches)
            #expect(plan.scratchBytes <= most, "\(tile) \(m) x \(n) x \(k): \(plan)")
            #expect(plan.packsB || contiguousB)
          }
        }
      }
    }
  }

  /// Every element of C is in one rectangle, none is in two, and the first rectangle is the largest.
  @Test func gridsCoverEveryElementOnce() {
    for tile in Set(Self.tiles) {
      for m in [1, tile.rows - 1, tile.rows, tile.rows + 1, 3 * tile.rows + 1, 65] {
        for n in [1, tile.columns - 1, tile.columns, tile.columns + 1, 3 * tile.columns + 1, 65] {
          for parts in 1...9 {
            let grid = GemmGrid(m: m, n: n, tile: tile, parts: parts)
            #expect(grid.count >= 1 && grid.count <= parts)
            var visits = [Int](repeating: 0, count: m * n)
            let first = grid.rectangle(0)
            for index in 0..<grid.count {
              let (rows, columns) = grid.rectangle(index)
              for i in rows { for j in columns { visits[i * n + j] += 1 } }
              #expect(rows.count <= first.rows.count && columns.count <= first.columns.count)
              #expect(rows.isEmpty || rows.lowerBound % tile.rows == 0)
              #expect(columns.isEmpty || columns.lowerBound % tile.columns == 0)
            }
            #expect(visits.allSatisfy { $0 == 1 }, "\(m) x \(n) in \(parts) of \(tile)")
          }
        }
      }
    }
  }

  @Test func gridsOfHugeProductsDoNotOverflow() {
    for parts in [1, 2, 64, 192] {
      let grid = GemmGrid(m: 1 << 50, n: 1 << 50, tile: Self.tiles[0], parts: parts)
      #expect(grid.count == parts)
      let last = grid.rectangle(grid.count - 1)
      #expect(last.rows.upperBound == 1 << 50 && last.columns.upperBound == 1 << 50)
    }
  }
}

import Kernels
import Testing

/// Every row, against the definition in double-double arithmetic.
@Suite struct GemmAccuracyTests {
  /// Sizes of every kind with each register tile's boundaries and their neighbours. Each shape is run with all transposes; alpha,
  /// beta, gaps with transposes, and plans go round in cycles of 25, 32 and 17, which have no common divisor: all combinations come up.
  @Test(arguments: GemmRows.supported)
  func everySize(_ row: any GemmRow) throws { try checkEverySize(row) }

  private func checkEverySize<Row: GemmRow>(_ row: Row) throws {
    let factors: [Row.Element] = [1, 0, -1, 0.5, -0.7]
    var turn = 0
    for m in GemmSizes.rows(row.kernel.tile) {
      for n in GemmSizes.columns(row.kernel.tile) {
        for k in GemmSizes.depths {
          let input = GemmInput<Row.Element>(m: m, n: n, k: k, seed: turn)
          let reference = input.reference
          for var layout in GemmLayout.transposes {
            layout.gaps = (a: turn >> 2 & 1, b: (turn >> 3 & 1) * 6, c: turn >> 4 & 1)
            try GemmCase(
              kernel: row.kernel, layout: layout, choice: GemmPlanChoice.all[turn % GemmPlanChoice.all.count],
              alpha: factors[turn % 5], beta: factors[turn / 5 % 5]
            ).check(input, reference)
            turn += 1
          }
        }
      }
    }
  }

  /// All plans with all transposes, alphas and betas, on a shape that crosses every loop with something left over.
  @Test(arguments: GemmRows.supported)
  func everyPlan(_ row: any GemmRow) throws { try checkEveryPlan(row) }

  private func checkEveryPlan<Row: GemmRow>(_ row: Row) throws {
    let tile = row.kernel.tile
    let input = GemmInput<Row.Element>(m: 2 * tile.rows + 3, n: 2 * tile.columns + 3, k: 11, seed: 1)
    let reference = input.reference
    // Unoptimised one in three, each of which comes up with one layout or another.
    var turn = 0
    for layout in GemmLayout.transposes {
      for choice in GemmPlanChoice.all {
        for alpha in [0, 1, -1, 0.5, -0.7] as [Row.Element] {
          for beta in [0, 1, -1, 0.5, -0.7] as [Row.Element] {
            turn += 1
            guard isOptimised || turn % 3 == 0 else { continue }
            try GemmCase(kernel: row.kernel, layout: layout, choice: choice, alpha: alpha, beta: beta)
              .check(input, reference)
          }
        }
      }
    }
  }

  /// k beside the depths where the smallest caches make the model divide it, and where real ones do.
  @Test(arguments: GemmRows.supported)
  func deepProducts(_ row: any GemmRow) throws { try checkDeepProducts(row) }

  private func checkDeepProducts<Row: GemmRow>(_ row: Row) throws {
    let tile = row.kernel.tile
    let size = MemoryLayout<Row.Element>.stride
    for caches in [CacheSizes(l1: 0, l2: 0, l3: 0), CacheSizes(l1: 32 << 10, l2: 1 << 20, l3: 0)] {
      let deepest = GemmBlocking.model(tile: tile, elementSize: size, k: 1 << 20, caches: caches).kc
      for k in [deepest - 1, deepest, deepest + 1, 2 * deepest, 2 * deepest + 1] {
        let input = GemmInput<Row.Element>(m: tile.rows + 1, n: tile.columns + 1, k: k, seed: k)
        let reference = input.reference
        for (turn, layout) in GemmLayout.transposes.enumerated() {
          let shape = layout.shape(input.m, input.n, k)
          var choice = GemmPlanChoice(packsA: turn & 1 == 0, packsB: turn & 2 == 0)
          choice.caches = caches
          let plan = try #require(choice.plan(shape, tile, elementSize: size))
          #expect(plan.blocking.kc <= k, "\(row.name) k \(k)")
          try GemmCase(kernel: row.kernel, layout: layout, choice: choice, alpha: -0.7, beta: 0.5).check(
            input, reference)
        }
      }
    }
  }
}

/// Sizes at which something may go wrong.
enum GemmSizes {
  static let depths = [0, 1, 2, 3, 4, 5, 7, 31, 63]

  /// All up to a register tile and one more: kernels take what is left of the rows in ever smaller tiles.
  static func rows(_ tile: GemmTile) -> [Int] { Array(0...max(13, tile.rows + 1)) + [2 * tile.rows + 1, 31, 63] }

  /// A tile is two, three or four vectors wide: around each of those.
  static func columns(_ tile: GemmTile) -> [Int] {
    let boundaries = [2, 3, 4].flatMap { vectors in (1...vectors).map { tile.columns / vectors * $0 } }
    return Set([0, 1, 2, 3, 7, 31, 63] + boundaries.flatMap { [$0 - 1, $0, $0 + 1] }).sorted()
  }
}

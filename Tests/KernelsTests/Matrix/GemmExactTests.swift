import Kernels
import Testing

/// Products whose every intermediate value is a small integer: no row, plan or order may get another result.
@Suite struct GemmExactTests {
  @Test(arguments: GemmRows.supported)
  func integers(_ row: any GemmRow) throws { try checkIntegers(row) }

  private func checkIntegers<Row: GemmRow>(_ row: Row) throws {
    let tile = row.kernel.tile
    var generator = SplitMix64(state: 3)
    for (m, n, k) in [
      (1, 1, 1), (tile.rows, tile.columns, 4), (2 * tile.rows + 5, 2 * tile.columns + 5, 13),
      (tile.rows + 1, tile.columns / 2 + 1, 130),
    ] {
      let input = GemmInput<Row.Element>(m: m, n: n, k: k) { Row.Element(Int.random(in: -9...9, using: &generator)) }
      for (turn, choice) in GemmPlanChoice.all.enumerated() {
        for layout in GemmLayout.transposes {
          let (alpha, beta) = ([1, 2, 3][turn % 3], [0, 1, 2][turn / 3 % 3])
          try GemmCase(
            kernel: row.kernel, layout: layout, choice: choice, alpha: Row.Element(alpha), beta: Row.Element(beta)
          ).check(input, bits: integerProduct(input, alpha, beta))
        }
      }
    }
  }

  private func integerProduct<Element>(_ input: GemmInput<Element>, _ alpha: Int, _ beta: Int) -> [Element] {
    let (a, b, c) = (input.a.map { Int($0) }, input.b.map { Int($0) }, input.c.map { Int($0) })
    var result: [Element] = []
    for i in 0..<input.m {
      for j in 0..<input.n {
        var sum = 0
        for p in 0..<input.k { sum += a[i * input.k + p] * b[p * input.n + j] }
        result.append(Element(alpha * sum + beta * c[i * input.n + j]))
      }
    }
    return result
  }

  /// Each element of C says where it belongs.
  @Test(arguments: GemmRows.supported)
  func everyElementInItsPlace(_ row: any GemmRow) throws { try checkPlaces(row) }

  private func checkPlaces<Row: GemmRow>(_ row: Row) throws {
    let tile = row.kernel.tile
    let (m, n) = (3 * tile.rows + 2, 3 * tile.columns + 2)
    // A holds i * 1000 and 1, B holds 1 and j: C is i * 1000 + j.
    var input = GemmInput<Row.Element>(m: m, n: n, k: 2) { .nan }
    input.a = (0..<m).flatMap { [Row.Element($0 * 1000), 1] }
    input.b = (0..<n).map { _ in 1 } + (0..<n).map { Row.Element($0) }
    let expected = (0..<m).flatMap { i in (0..<n).map { Row.Element(i * 1000 + $0) } }
    for choice in GemmPlanChoice.all {
      for layout in GemmLayout.transposes {
        try GemmCase(kernel: row.kernel, layout: layout, choice: choice).check(input, bits: expected)
      }
    }
  }
}

extension HLLSketch {
  /// How many distinct values there are, approximately.
  ///
  /// - Complexity: O(1), or O(2^lgK) after a merge.
  public var estimate: Double { ranks.isEmpty || isMerged ? mergedEstimate : inOrderEstimate }

  /// An estimate from the registers or coupons alone, which depends on the set of values and on nothing else. Of the same bits on
  /// every CPU: no function of a system library has a part in it.
  ///
  /// - Complexity: O(2^lgK).
  public var mergedEstimate: Double {
    if ranks.isEmpty { return Self.distinct(coupons: couponCount) }
    var histogram = [Int](repeating: 0, count: 64)
    for rank in ranks { histogram[Int(rank)] += 1 }
    return Self.estimate(histogram, lgK: lgK)
  }

  /// O. Ertl, algorithm 6, with ranks up to 63.
  private static func estimate(_ histogram: [Int], lgK: Int) -> Double {
    let registers = Double(1 << lgK)
    if histogram[0] == 1 << lgK { return 0 }
    var z = registers * tau(1 - Double(histogram[63]) / registers)
    for rank in (1..<63).reversed() { z = 0.5 * (z + Double(histogram[rank])) }
    z = z + registers * sigma(Double(histogram[0]) / registers)
    // 1 / (2 ln 2)
    return 0.7213475204444817 * registers * registers / z
  }

  /// x + the sum of x^(2^k) 2^(k - 1) for k from 1 on; x below 1.
  private static func sigma(_ x: Double) -> Double {
    var (power, factor, sum) = (x, 1.0, x)
    while true {
      power *= power
      let next = sum + power * factor
      if next == sum { return sum }
      sum = next
      factor += factor
    }
  }

  /// (1 - x - the sum of (1 - x^(2^-k))^2 2^-k for k from 1 on) / 3
  private static func tau(_ x: Double) -> Double {
    if x == 0 || x == 1 { return 0 }
    var (root, factor, sum) = (x, 1.0, 1 - x)
    while true {
      root = root.squareRoot()
      factor *= 0.5
      let next = sum - (1 - root) * (1 - root) * factor
      if next == sum { return sum / 3 }
      sum = next
    }
  }

  /// How many values come to so many different coupons. Of n values, two in 3 * 2^26 collide: both draw the same of 2^26 slots, and
  /// the same rank, with a chance of 1/3.
  ///
  /// The expected count is the sum over j of (-1)^(j+1) C(n, j) / (2^(26 (j - 1)) (2^j - 1)), by inclusion and exclusion over the
  /// ranks' chances 2^-r; it is inverted by repeated correction.
  static func distinct(coupons: Int) -> Double {
    let wanted = Double(coupons)
    var n = wanted
    for _ in 0..<20 {
      var (sum, term) = (0.0, n)
      for j in 1...8 {
        sum += term / Double((1 << j) - 1)
        term *= (Double(j) - n) / (Double(j + 1) * 0x1p26)
      }
      let corrected = n + (wanted - sum)
      if corrected == n { break }
      n = corrected
    }
    return Swift.max(n, wanted)
  }
}

/// The chances of a binomial law where they are not negligible.
struct Binomial {
  /// P(B = first), P(B = first + 1), ...
  let chances: [Double]
  let first: Int
  var last: Int { first + chances.count - 1 }

  /// From the mode to either side by the ratio of neighbours, and then divided by the sum: nothing overflows, and what is left
  /// out is below 10^-20 of the greatest.
  init(trials n: Int, chance p: Double) {
    let mode = min(n, Int(Double(n + 1) * p))
    let negligible = 1e-20
    let odds = p / (1 - p)
    var below: [Double] = []
    var (k, weight) = (mode, 1.0)
    while k > 0, weight > negligible {
      weight *= Double(k) / (Double(n - k + 1) * odds)
      k -= 1
      below.append(weight)
    }
    first = k
    var weights = [Double](below.reversed()) + [1]
    (k, weight) = (mode, 1)
    while k < n, weight > negligible {
      weight *= Double(n - k) * odds / Double(k + 1)
      k += 1
      weights.append(weight)
    }
    let sum = weights.reduce(0, +)
    chances = weights.map { $0 / sum }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Student's t distribution with a whole number of degrees of freedom.
package enum StudentT {
  /// The probability of a value within -t ... t: the finite sums of Abramowitz and Stegun, "Handbook of Mathematical
  /// Functions", 26.7.3 and 26.7.4.
  ///
  /// - Parameters:
  ///   - t: 0 or more.
  ///   - degrees: 1 or more; takes time in proportion.
  package static func probability(within t: Double, degrees: Int) -> Double {
    precondition(degrees >= 1, "StudentT: there must be at least one degree of freedom")
    precondition(t >= 0, "StudentT: t must not be negative")
    let angle = atan(t / Double(degrees).squareRoot())
    let (sine, cosine) = (sin(angle), cos(angle))
    // The sums begin with cos θ and 1; each term is the one before times cos² θ and a ratio of whole numbers.
    let isOdd = degrees % 2 == 1
    var term = isOdd ? cosine : 1
    var sum = degrees == 1 ? 0 : term
    for k in stride(from: isOdd ? 3 : 2, to: degrees, by: 2) {
      term *= cosine * cosine * Double(k - 1) / Double(k)
      sum += term
    }
    return isOdd ? 2 / Double.pi * (angle + sine * sum) : sine * sum
  }

  /// The t within which a value lies with a probability, by bisection.
  ///
  /// - Parameter probability: greater than 0, at most 1 - 10^-6, beyond which too few digits of it are left.
  package static func quantile(within probability: Double, degrees: Int) -> Double {
    precondition(probability > 0 && probability <= 0.999_999, "StudentT: probability must be within 0 ... 0.999999")
    var (low, high) = (0.0, 1.0)
    while self.probability(within: high, degrees: degrees) < probability { (low, high) = (high, 2 * high) }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if self.probability(within: middle, degrees: degrees) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

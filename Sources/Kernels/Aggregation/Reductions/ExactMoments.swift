/// A count, the exact sum of values and that of their squares, and what they come to.
package struct ExactMoments: Sendable {
  package let count: UInt64
  /// In units of 2^-1074.
  package let sum: BigInteger
  /// In units of 2^-2148.
  package let squares: BigInteger
  package let isFinite: Bool

  package init(count: UInt64, sum: BigInteger, squares: BigInteger, isFinite: Bool) {
    (self.count, self.sum, self.squares, self.isFinite) = (count, sum, squares, isFinite)
  }

  /// n times the sum of squares less the square of the sum: n (n - 1) times the variance of a sample, in units of 2^-2148.
  private var spread: BigInteger { BigInteger(limbs: [count]) * squares - sum * sum }

  /// Of a sample, rounded once. For two values or more.
  package var variance: Double {
    isFinite ? spread.quotient(by: [count, count - 1], exponent: -2148) : .nan
  }

  /// The root of the exact variance, rounded once.
  package var standardDeviation: Double {
    isFinite ? spread.rootOfQuotient(by: [count, count - 1], exponent: -2148) : .nan
  }

  /// Whether no values have these sums (Cauchy and Schwarz).
  static func isImpossible(count: UInt64, sum: BigInteger, squares: BigInteger) -> Bool {
    squares.isNegative || (BigInteger(limbs: [count]) * squares - sum * sum).isNegative
  }
}

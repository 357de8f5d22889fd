/// A · B by its definition, in double-double arithmetic, and the magnitudes that an error is measured against.
///
/// Products of doubles, and so of floats, are exact; sums are wrong in about the hundredth bit.
/// It knows nothing of transposes, strides, alpha or beta, and serves every case that has the same factors.
struct GemmReference {
  let columns: Int
  /// A · B, row-major.
  let product: [DoubleDouble]
  /// |A| · |B|.
  let magnitude: [Double]

  /// - Parameters:
  ///   - a: m x k, row-major, without gaps.
  ///   - b: k x n, likewise.
  init(m: Int, n: Int, k: Int, a: [Double], b: [Double]) {
    columns = n
    var product = [DoubleDouble](repeating: DoubleDouble(0), count: m * n)
    var magnitude = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        var sum = DoubleDouble(0)
        var size = 0.0
        for p in 0..<k {
          let (x, y) = (a[i * k + p], b[p * n + j])
          sum = sum + DoubleDouble.product(x, y)
          size += abs(x * y)
        }
        product[i * n + j] = sum
        magnitude[i * n + j] = size
      }
    }
    self.product = product
    self.magnitude = magnitude
  }

  /// How far `result` is from alpha · A · B + beta · C at an element, over |alpha| |A| |B| + |beta| |C|: to be compared with a few eps.
  ///
  /// The componentwise measure of the BLAS test programs (Dongarra, Du Croz, Duff, Hammarling, "A Set of Level 3 Basic Linear
  /// Algebra Subprograms: Model Implementation and Test Programs", ACM TOMS 16(1), 1990). 0 where both are 0.
  func error(of result: Double, at index: Int, alpha: Double, beta: Double, c: Double) -> Double {
    var expected = alpha * product[index]
    var size = abs(alpha) * magnitude[index]
    if beta != 0 {
      expected = expected + DoubleDouble.product(beta, c)
      size += abs(beta * c)
    }
    let difference = abs(expected - result)
    return difference == 0 ? 0 : difference / size
  }
}

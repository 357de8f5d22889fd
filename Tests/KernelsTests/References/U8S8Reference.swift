/// (A - aZero) · (B - bZero), or that added to C, by its definition: one multiplication after the other, modulo 2^32.
///
/// - Parameters:
///   - a: m x k, row-major, without gaps.
///   - b: k x n, likewise.
///   - c: m x n, likewise; nil for zeros.
func u8s8Reference(
  m: Int, n: Int, k: Int, a: [UInt8], aZero: Int32, b: [Int8], bZero: Int32, c: [Int32]?
) -> [Int32] {
  var result = c ?? [Int32](repeating: 0, count: m * n)
  for i in 0..<m {
    for p in 0..<k {
      let factor = Int32(a[i * k + p]) &- aZero
      for j in 0..<n { result[i * n + j] &+= factor &* (Int32(b[p * n + j]) &- bZero) }
    }
  }
  return result
}

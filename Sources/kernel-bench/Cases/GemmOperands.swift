import Kernels

/// The matrices of a product, or of several of one shape, row-major without gaps, and the working memory.
@safe
final class GemmOperands<Element: BinaryFloatingPoint> {
  let m: Int
  let n: Int
  let k: Int
  /// Whether B is stored n x k.
  let transposesB: Bool
  /// Products, whose operands follow each other.
  let count: Int
  let a: UnsafeMutablePointer<Element>
  let b: UnsafeMutablePointer<Element>
  let c: UnsafeMutablePointer<Element>
  private let memory: UnsafeMutableRawPointer
  var scratch = Scratch()

  var ldb: Int { transposesB ? k : n }
  var strideA: Int { m * k }
  var strideB: Int { k * n }
  var strideC: Int { m * n }

  @unsafe func a(_ index: Int) -> UnsafeMutablePointer<Element> { unsafe a + index * strideA }
  @unsafe func b(_ index: Int) -> UnsafeMutablePointer<Element> { unsafe b + index * strideB }
  @unsafe func c(_ index: Int) -> UnsafeMutablePointer<Element> { unsafe c + index * strideC }

  /// - Parameter element: an element of A or B for a running number.
  init(m: Int, n: Int, k: Int, transposesB: Bool = false, count: Int = 1, element: (UInt64) -> Element) {
    (self.m, self.n, self.k, self.transposesB, self.count) = (m, n, k, transposesB, count)
    let (countA, countB, countC) = (count * m * k, count * k * n, count * m * n)
    // Each matrix on a page of its own, as large ones are anyway.
    let page = 4096
    func pages(_ count: Int) -> Int { (count * MemoryLayout<Element>.stride + page - 1) / page * page }
    unsafe memory = .allocate(byteCount: pages(countA) + pages(countB) + pages(countC), alignment: page)
    unsafe a = memory.bindMemory(to: Element.self, capacity: countA)
    unsafe b = (memory + pages(countA)).bindMemory(to: Element.self, capacity: countB)
    unsafe c = (memory + pages(countA) + pages(countB)).bindMemory(to: Element.self, capacity: countC)
    for i in 0..<countA { unsafe a[i] = element(UInt64(i)) }
    for i in 0..<countB { unsafe b[i] = element(UInt64(countA + i)) }
    for i in 0..<countC { unsafe c[i] = .nan }
  }

  deinit { unsafe memory.deallocate() }

  /// C as it is now.
  var result: [Element] { unsafe Array(UnsafeBufferPointer(start: c, count: count * strideC)) }

  /// A · op(B) by the definition.
  func naive() -> [Element] {
    var result = [Element](repeating: 0, count: count * strideC)
    for index in 0..<count {
      for i in 0..<m {
        for p in 0..<k {
          let factor = unsafe a(index)[i * k + p]
          for j in 0..<n {
            unsafe result[index * strideC + i * n + j] += factor * b(index)[transposesB ? j * k + p : p * n + j]
          }
        }
      }
    }
    return result
  }
}

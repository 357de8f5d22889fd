import Kernels

/// Three matrices, row-major without gaps, and the working memory of a product.
@safe
final class GemmOperands<Element: BinaryFloatingPoint> {
  let m: Int
  let n: Int
  let k: Int
  let a: UnsafeMutablePointer<Element>
  let b: UnsafeMutablePointer<Element>
  let c: UnsafeMutablePointer<Element>
  private let memory: UnsafeMutableRawPointer
  var scratch = Scratch()

  /// - Parameter element: an element of A or B for a running number.
  init(m: Int, n: Int, k: Int, element: (UInt64) -> Element) {
    (self.m, self.n, self.k) = (m, n, k)
    // Each matrix on a page of its own, as large ones are anyway.
    let page = 4096
    func pages(_ count: Int) -> Int { (count * MemoryLayout<Element>.stride + page - 1) / page * page }
    unsafe memory = .allocate(byteCount: pages(m * k) + pages(k * n) + pages(m * n), alignment: page)
    unsafe a = memory.bindMemory(to: Element.self, capacity: m * k)
    unsafe b = (memory + pages(m * k)).bindMemory(to: Element.self, capacity: k * n)
    unsafe c = (memory + pages(m * k) + pages(k * n)).bindMemory(to: Element.self, capacity: m * n)
    for i in 0..<m * k { unsafe a[i] = element(UInt64(i)) }
    for i in 0..<k * n { unsafe b[i] = element(UInt64(m * k + i)) }
    for i in 0..<m * n { unsafe c[i] = .nan }
  }

  deinit { unsafe memory.deallocate() }

  /// C as it is now.
  var result: [Element] { unsafe Array(UnsafeBufferPointer(start: c, count: m * n)) }

  /// A · B by the definition.
  func naive() -> [Element] {
    var result = [Element](repeating: 0, count: m * n)
    for i in 0..<m {
      for p in 0..<k {
        for j in 0..<n { unsafe result[i * n + j] += a[i * k + p] * b[p * n + j] }
      }
    }
    return result
  }
}

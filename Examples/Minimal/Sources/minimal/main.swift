// A product of two matrices and a digest: the least that a user of Kernels writes.
import Kernels

/// [1 2 3]   [ 7  8]   [ 58  64]
/// [4 5 6] · [ 9 10] = [139 154]
///           [11 12]
func product() -> [Float] {
  let (m, n, k) = (2, 2, 3)
  let a: [Float] = [1, 2, 3, 4, 5, 6]
  let b: [Float] = [7, 8, 9, 10, 11, 12]
  var c = [Float](repeating: 0, count: m * n)
  var scratch = Scratch()  // kept between products, so that only the first one allocates
  var result = c.mutableSpan
  sgemm(m: m, n: n, k: k, a: a.span, lda: k, b: b.span, ldb: n, c: &result, ldc: n, scratch: &scratch)
  return c
}

/// FIPS 180-4's own example.
func digest() -> String { SHA256.hash(Array("abc".utf8).span.bytes).description }

print("features: \(CPUFeatures.current)")
print("product:  \(product())")
print("digest:   \(digest())")

precondition(product() == [58, 64, 139, 154])
precondition(digest() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")

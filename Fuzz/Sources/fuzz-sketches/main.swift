import FuzzHarness
import Kernels

// Bytes of a sketch that are taken make one that works: asked, added to, merged with another, and written again.

func hll(_ count: Int, _ lgK: Int, _ registers: HLLSketch.Registers) -> [UInt8] {
  var sketch = HLLSketch(lgK: lgK, registers: registers)
  for i in 0..<count { sketch.insert(UInt64(i)) }
  return sketch.serialized()
}

func kll(_ count: Int, _ k: Int) -> [UInt8] {
  var sketch = KLLSketch(k: k)
  for i in 0..<count { sketch.insert(Double(i) * 0.5) }
  return sketch.serialized()
}

let hllSeeds: [[UInt8]] = HLLSketch.Registers.allCases.flatMap { registers in
  [0, 1, 5, 20, 400].flatMap { count in [5, 8].map { lgK in [0] + hll(count, lgK, registers) } }
}
let kllSeeds: [[UInt8]] = [0, 1, 2, 10, 300].flatMap { count in [8, 20].map { k in [1] + kll(count, k) } }

fuzz(seeds: hllSeeds + kllSeeds) { input in
  guard let first = input.first else { return }
  let bytes = Array(input.dropFirst())
  if first & 1 == 0 {
    guard var sketch = try? HLLSketch(bytes.span.bytes) else { return }
    _ = sketch.estimate
    _ = sketch.mergedEstimate
    let back = sketch.serialized()
    // Not the same bytes: the order of coupons is that of a table, which depends on how it came to be.
    let again = try? HLLSketch(back.span.bytes)
    let difference = abs((again?.estimate ?? -1) - sketch.estimate)
    require(difference <= 1e-9 * sketch.estimate, "HLL: what was written reads as another")
    for i in 0..<40 { sketch.insert(UInt64(i)) }
    var other = HLLSketch(lgK: sketch.lgK)
    for i in 0..<500 { other.insert(Int64(i)) }
    other.merge(sketch)
    sketch.merge(other)
    _ = sketch.estimate
    _ = other.serialized()
  } else {
    guard var sketch = try? KLLSketch(bytes.span.bytes) else { return }
    for q: Double in [0, 0.5, 1] { _ = sketch.quantile(q) }
    let back = sketch.serialized()
    let again = try? KLLSketch(back.span.bytes)
    require(again?.serialized() == back, "KLL: what was written reads as another")
    for i in 0..<40 { sketch.insert(Double(i)) }
    var other = KLLSketch(k: 16)
    for i in 0..<500 { other.insert(Double(i)) }
    other.merge(sketch)
    sketch.merge(other)
    for q: Double in [0, 0.5, 1] { _ = sketch.quantile(q) }
    _ = other.serialized()
  }
}

/// The portable rows of products in groups, which read as the specification of every other one:
/// one row of C at a time, sixteen columns wide, group after group of four bytes of k in ascending order.

/// c = alpha · sum + beta · c over bf16 numbers, summed in single precision.
///
/// A product of two bf16 numbers is exact in a `Float` unless it overflows or is subnormal, so that each step rounds once.
@unsafe
func bf16GemmPortable(
  _ rows: Int, _ columns: Int, _ slabs: Int,
  _ a: UnsafePointer<UInt8>, _ aStrip: Int, _ b: UnsafePointer<UInt8>, _ bPanel: Int,
  _ alpha: Float, _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ cRow: Int
) {
  for i in 0..<rows {
    var sum = SIMD16<Float>.zero
    unsafe forEachGroup(a, aStrip, row: i, b, slabs) { groupA, groupB in
      sum += Float(bitPattern: groupA << 16) * floats(groupB &<< 16)
      sum += Float(bitPattern: groupA & 0xFFFF_0000) * floats(groupB & 0xFFFF_0000)
    }
    let row = unsafe c + i * cRow
    for j in 0..<columns {
      let product = alpha * sum[j]
      unsafe row[j] = beta == 0 ? product : product + beta * row[j]
    }
  }
}

/// c = sum + row term + column term, or that added to c, over bytes without and with sign; all modulo 2^32.
@unsafe
func u8s8GemmPortable(
  _ rows: Int, _ columns: Int, _ slabs: Int,
  _ a: UnsafePointer<UInt8>, _ aStrip: Int, _ b: UnsafePointer<UInt8>, _ bPanel: Int,
  _ rowTerms: UnsafePointer<Int32>, _ columnTerms: UnsafePointer<Int32>, _ accumulate: Int32,
  _ c: UnsafeMutablePointer<Int32>, _ cRow: Int
) {
  for i in 0..<rows {
    var sum = SIMD16<Int32>.zero
    unsafe forEachGroup(a, aStrip, row: i, b, slabs) { groupA, groupB in
      for byte in 0..<4 {
        let factorA = Int32(truncatingIfNeeded: groupA >> UInt32(8 * byte) & 0xFF)
        // Up to the sign bit and down again: what stays is the byte with its sign.
        let factorB = SIMD16<Int32>(truncatingIfNeeded: groupB &<< UInt32(24 - 8 * byte)) &>> 24
        sum &+= factorA &* factorB
      }
    }
    let row = unsafe c + i * cRow
    for j in 0..<columns {
      let product = unsafe sum[j] &+ rowTerms[i] &+ columnTerms[j]
      unsafe row[j] = accumulate == 0 ? product : row[j] &+ product
    }
  }
}

/// The numbers that have these bits.
@inline(__always)
private func floats(_ bits: SIMD16<UInt32>) -> SIMD16<Float> { unsafe unsafeBitCast(bits, to: SIMD16<Float>.self) }

/// The groups of one row of A, each with the groups of sixteen columns of B that it meets.
@unsafe @inline(__always)
private func forEachGroup(
  _ a: UnsafePointer<UInt8>, _ aStrip: Int, row: Int, _ b: UnsafePointer<UInt8>, _ slabs: Int,
  _ body: (UInt32, SIMD16<UInt32>) -> Void
) {
  let line = unsafe UnsafeRawPointer(a + row / DotLayout.lines * aStrip + row % DotLayout.lines * DotLayout.line)
  let panel = unsafe UnsafeRawPointer(b)
  for slab in 0..<slabs {
    for group in 0..<DotLayout.line / DotLayout.group {
      let groupA = unsafe (line + slab * DotLayout.slab + group * DotLayout.group).load(as: UInt32.self)
      let groupB = unsafe (panel + slab * DotLayout.slab + group * DotLayout.line).load(as: SIMD16<UInt32>.self)
      body(groupA, groupB)
    }
  }
}

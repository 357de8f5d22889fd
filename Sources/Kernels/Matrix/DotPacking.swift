/// How a factor lies when it is packed: the same on every CPU and for every kernel.
///
/// Lines are rows of A, or columns of B. Sixteen of them are a strip (of B: a panel), which is cut along k into slabs of 64 bytes
/// a line. In a slab of A the lines follow each other; in one of B, groups of four bytes of k, of all lines each: what a tile of
/// AMX, and every narrower dot product, reads as it lies. Lines and bytes of k that are not there are zeros.
enum DotLayout {
  static let lines = 16
  static let group = 4
  /// Bytes of k of a line in a slab.
  static let line = 64
  static let slab = lines * line

  static func slabs(depth: Int, elementSize: Int) -> Int { (depth * elementSize + line - 1) / line }
  static func strips(lines: Int) -> Int { (lines + Self.lines - 1) / Self.lines }
}

/// A factor as the caller stores it, in bytes: element (line, p of k) is at `start + line * lineStride + p * depthStride`.
/// One of the strides is the element's size.
@unsafe
struct DotSource {
  var start: UnsafeRawPointer
  var lineStride: Int
  var depthStride: Int
  /// 1 or 2.
  var elementSize: Int

  @unsafe
  func part(line: Int, depth: Int) -> DotSource {
    var part = unsafe self
    unsafe part.start += line * lineStride + depth * depthStride
    return unsafe part
  }
}

/// Packs the first `lines` lines and `depth` elements of k of a factor.
///
/// - `packed` is aligned to 64 bytes and has room for ``DotLayout/strips(lines:)`` times `stripBytes`.
@unsafe
func dotPack(
  _ side: GemmSide, _ source: DotSource, lines: Int, depth: Int, into packed: UnsafeMutablePointer<UInt8>,
  stripBytes: Int
) {
  let slabDepth = unsafe DotLayout.line / source.elementSize
  for strip in 0..<DotLayout.strips(lines: lines) {
    let linesHere = min(DotLayout.lines, lines - strip * DotLayout.lines)
    var target = unsafe UnsafeMutableRawPointer(packed + strip * stripBytes)
    for first in stride(from: 0, to: depth, by: slabDepth) {
      let part = unsafe source.part(line: strip * DotLayout.lines, depth: first)
      unsafe packSlab(side, part, lines: linesHere, depth: min(slabDepth, depth - first), into: target)
      unsafe target += DotLayout.slab
    }
  }
}

/// Packs one slab; a ragged one by way of a copy filled up with zeros.
@unsafe
private func packSlab(
  _ side: GemmSide, _ source: DotSource, lines: Int, depth: Int, into target: UnsafeMutableRawPointer
) {
  let size = unsafe source.elementSize
  if lines == DotLayout.lines && depth * size == DotLayout.line {
    return unsafe packWhole(side, source, into: target)
  }
  // A slab. The size is a literal, so that it is on the stack.
  unsafe withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 16) { memory in
    guard let copy = memory.baseAddress else { return }
    unsafe copy.initializeMemory(as: UInt8.self, repeating: 0, count: DotLayout.slab)
    var staged = unsafe source
    unsafe staged.start = UnsafeRawPointer(copy)
    if unsafe source.depthStride == size {
      unsafe staged.lineStride = DotLayout.line
      for line in 0..<lines {
        unsafe (copy + line * DotLayout.line).copyMemory(
          from: source.start + line * source.lineStride, byteCount: depth * size)
      }
    } else {
      unsafe staged.depthStride = DotLayout.lines * size
      for p in 0..<depth {
        unsafe (copy + p * DotLayout.lines * size).copyMemory(
          from: source.start + p * source.depthStride, byteCount: lines * size)
      }
    }
    unsafe packWhole(side, staged, into: target)
  }
}

/// Packs one slab that is whole. A slab of one side is that of the other with its groups transposed.
@unsafe @inline(__always)
private func packWhole(_ side: GemmSide, _ source: DotSource, into target: UnsafeMutableRawPointer) {
  let alongDepth = unsafe source.depthStride == source.elementSize
  switch side {
  case .a where alongDepth:
    for line in 0..<DotLayout.lines {
      let bytes = unsafe (source.start + line * source.lineStride).loadUnaligned(as: SIMD64<UInt8>.self)
      unsafe (target + line * DotLayout.line).storeBytes(of: bytes, as: SIMD64<UInt8>.self)
    }
  case .b where alongDepth:
    unsafe transposeGroups(source.start, row: source.lineStride, into: target)
  case .b:
    unsafe interleave(source, into: target)
  case .a:
    unsafe withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 16) { memory in
      guard let groups = memory.baseAddress else { return }
      unsafe interleave(source, into: groups)
      unsafe transposeGroups(groups, row: DotLayout.line, into: target)
    }
  }
}

/// Sixteen groups of k, of sixteen lines each, from lines that lie side by side: each group from four rows of bytes, or two of bf16.
@unsafe @inline(__always)
private func interleave(_ source: DotSource, into target: UnsafeMutableRawPointer) {
  let row = unsafe source.depthStride
  var start = unsafe source.start
  for group in 0..<DotLayout.line / DotLayout.group {
    let out = unsafe target + group * DotLayout.line
    if unsafe source.elementSize == 2 {
      let even = unsafe start.loadUnaligned(as: SIMD16<UInt16>.self)
      let odd = unsafe (start + row).loadUnaligned(as: SIMD16<UInt16>.self)
      unsafe out.storeBytes(of: interleaved(even, odd), as: SIMD32<UInt16>.self)
      unsafe start += 2 * row
    } else {
      let r0 = unsafe start.loadUnaligned(as: SIMD16<UInt8>.self)
      let r1 = unsafe (start + row).loadUnaligned(as: SIMD16<UInt8>.self)
      let r2 = unsafe (start + 2 * row).loadUnaligned(as: SIMD16<UInt8>.self)
      let r3 = unsafe (start + 3 * row).loadUnaligned(as: SIMD16<UInt8>.self)
      let low = unsafe unsafeBitCast(interleaved(r0, r1), to: SIMD16<UInt16>.self)
      let high = unsafe unsafeBitCast(interleaved(r2, r3), to: SIMD16<UInt16>.self)
      unsafe out.storeBytes(of: interleaved(low, high), as: SIMD32<UInt16>.self)
      unsafe start += 4 * row
    }
  }
}

/// a[0], b[0], a[1], b[1] and so on.
@inline(__always)
private func interleaved<Element: SIMDScalar>(_ a: SIMD16<Element>, _ b: SIMD16<Element>) -> SIMD32<Element> {
  var result = SIMD32<Element>()
  result.evenHalf = a
  result.oddHalf = b
  return result
}

/// Sixteen by sixteen groups with rows and columns exchanged, four by four at a time. `row` is in bytes.
@unsafe @inline(__always)
func transposeGroups(_ source: UnsafeRawPointer, row: Int, into target: UnsafeMutableRawPointer) {
  for i in stride(from: 0, to: 16, by: 4) {
    for j in stride(from: 0, to: 16, by: 4) {
      let block = unsafe source + (i * row + j * DotLayout.group)
      let r0 = unsafe block.loadUnaligned(as: SIMD4<UInt32>.self)
      let r1 = unsafe (block + row).loadUnaligned(as: SIMD4<UInt32>.self)
      let r2 = unsafe (block + 2 * row).loadUnaligned(as: SIMD4<UInt32>.self)
      let r3 = unsafe (block + 3 * row).loadUnaligned(as: SIMD4<UInt32>.self)
      let out = unsafe target + (j * DotLayout.line + i * DotLayout.group)
      unsafe out.storeBytes(of: SIMD4(r0[0], r1[0], r2[0], r3[0]), as: SIMD4<UInt32>.self)
      unsafe (out + 64).storeBytes(of: SIMD4(r0[1], r1[1], r2[1], r3[1]), as: SIMD4<UInt32>.self)
      unsafe (out + 128).storeBytes(of: SIMD4(r0[2], r1[2], r2[2], r3[2]), as: SIMD4<UInt32>.self)
      unsafe (out + 192).storeBytes(of: SIMD4(r0[3], r1[3], r2[3], r3[3]), as: SIMD4<UInt32>.self)
    }
  }
}

// MARK: - Sums

/// The sums of the bytes of each line of packed strips: without sign in A, with sign in B; modulo 2^32.
///
/// - `sums` has room for 16 numbers a strip.
@unsafe
func dotSums(
  _ side: GemmSide, _ packed: UnsafePointer<UInt8>, stripBytes: Int, strips: Int, slabs: Int,
  into sums: UnsafeMutablePointer<Int32>
) {
  for strip in 0..<strips {
    let start = unsafe UnsafeRawPointer(packed + strip * stripBytes)
    let out = unsafe sums + strip * DotLayout.lines
    switch side {
    case .a:
      for line in 0..<DotLayout.lines {
        var sum = SIMD16<UInt32>.zero
        for slab in 0..<slabs {
          let groups = unsafe (start + slab * DotLayout.slab + line * DotLayout.line).load(as: SIMD16<UInt32>.self)
          sum &+= (groups & 0xFF) &+ (groups &>> 8 & 0xFF) &+ (groups &>> 16 & 0xFF) &+ (groups &>> 24)
        }
        unsafe out[line] = Int32(truncatingIfNeeded: sum.wrappedSum())
      }
    case .b:
      var sum = SIMD16<Int32>.zero
      for slab in 0..<slabs {
        for group in 0..<DotLayout.line / DotLayout.group {
          let bytes = unsafe (start + slab * DotLayout.slab + group * DotLayout.line).load(as: SIMD16<Int32>.self)
          sum &+= ((bytes &<< 24) &>> 24) &+ ((bytes &<< 16) &>> 24) &+ ((bytes &<< 8) &>> 24) &+ (bytes &>> 24)
        }
      }
      unsafe UnsafeMutableRawPointer(out).storeBytes(of: sum, as: SIMD16<Int32>.self)
    }
  }
}

// Single-precision numbers in bf16 parts: the first is the bf16 number nearest to x, the next the one nearest to what is left, and
// so on. Three hold all 24 bits. Side by side along k, as many slabs as there are products of parts, they make a product of
// single precision one of bf16.

/// A factor as the caller stores it, to be split: element (line, p of k) is at `start[line * lineStride + p * depthStride]`.
@unsafe
struct SplitSource {
  var start: UnsafePointer<Float>
  var lineStride: Int
  var depthStride: Int
  /// Parts of one number, as they follow each other in slabs; -1 where there are no more.
  var order: SplitOrder

  @unsafe
  func part(line: Int, depth: Int) -> SplitSource {
    var part = unsafe self
    unsafe part.start += line * lineStride + depth * depthStride
    return unsafe part
  }
}

/// The part that each slab of a step holds: of thirty-two elements of k, one slab a product.
struct SplitOrder {
  /// Elements of k in a slab.
  static let depth = 32

  let parts: InlineArray<6, Int8>
  let count: Int
  /// How many parts of a number the slabs hold: those after them are not made.
  let distinct: Int

  init(_ precision: GemmPrecision, _ side: GemmSide) {
    let (count, a, b): (Int, InlineArray<6, Int8>, InlineArray<6, Int8>) =
      switch precision {
      // Smallest products first; of nine the three left out are below 2^-24.
      case .bf16x3, .native: (6, [2, 0, 1, 1, 0, 0], [0, 2, 1, 0, 1, 0])
      case .bf16x2: (3, [1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0])
      case .bf16: (1, [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0])
      }
    self.count = count
    // What is added up has as many parts of one side as of the other.
    distinct = count == 6 ? 3 : count == 3 ? 2 : 1
    parts = side == .a ? a : b
  }
}

/// Splits and packs the first `lines` lines and `depth` elements of k of a factor.
///
/// - `packed` is aligned to 64 bytes and has room for ``DotLayout/strips(lines:)`` times `stripBytes`.
@unsafe
func splitPack(
  _ side: GemmSide, _ source: SplitSource, lines: Int, depth: Int, into packed: UnsafeMutablePointer<UInt8>,
  stripBytes: Int
) {
  // Three slabs of parts, and the numbers that they are made of: a value, since temporary allocations of more than 1 KiB are the heap's.
  var memory = InlineArray<320, SIMD16<UInt8>>(repeating: SIMD16())
  unsafe withUnsafeMutableBytes(of: &memory) { memory in
    guard let slabs = memory.baseAddress else { return }
    let numbers = unsafe (slabs + 3 * DotLayout.slab).assumingMemoryBound(to: Float.self)
    for strip in 0..<DotLayout.strips(lines: lines) {
      let linesHere = min(DotLayout.lines, lines - strip * DotLayout.lines)
      var target = unsafe UnsafeMutableRawPointer(packed + strip * stripBytes)
      for first in stride(from: 0, to: depth, by: SplitOrder.depth) {
        unsafe gather(
          source.part(line: strip * DotLayout.lines, depth: first), lines: linesHere,
          depth: min(SplitOrder.depth, depth - first), into: numbers)
        unsafe split(numbers, parts: source.order.distinct, into: slabs)
        for slab in unsafe 0..<source.order.count {
          let part = unsafe UnsafeRawPointer(slabs + Int(source.order.parts[slab]) * DotLayout.slab)
          switch side {
          case .a: unsafe target.copyMemory(from: part, byteCount: DotLayout.slab)
          case .b: unsafe transposeGroups(part, row: DotLayout.line, into: target)
          }
          unsafe target += DotLayout.slab
        }
      }
    }
  }
}

/// Sixteen lines of thirty-two numbers, with zeros for what is not there.
@unsafe
private func gather(_ source: SplitSource, lines: Int, depth: Int, into numbers: UnsafeMutablePointer<Float>) {
  if lines < DotLayout.lines || depth < SplitOrder.depth {
    unsafe numbers.update(repeating: 0, count: DotLayout.lines * SplitOrder.depth)
  }
  if unsafe source.depthStride == 1 {
    for line in 0..<lines {
      unsafe (numbers + line * SplitOrder.depth).update(from: source.start + line * source.lineStride, count: depth)
    }
  } else {
    for p in 0..<depth {
      let row = unsafe source.start + p * source.depthStride
      for line in 0..<lines { unsafe numbers[line * SplitOrder.depth + p] = row[line] }
    }
  }
}

/// The first parts of each number, in a slab each.
@unsafe
private func split(_ numbers: UnsafePointer<Float>, parts: Int, into slabs: UnsafeMutableRawPointer) {
  for i in stride(from: 0, to: DotLayout.lines * SplitOrder.depth, by: 8) {
    var rest = unsafe UnsafeRawPointer(numbers + i).loadUnaligned(as: SIMD8<Float>.self)
    for part in 0..<parts {
      let bits = unsafe unsafeBitCast(rest, to: SIMD8<UInt32>.self)
      let rounded = bits &+ 0x7FFF &+ (bits &>> 16 & 1)
      unsafe (slabs + (part * DotLayout.slab + 2 * i))
        .storeBytes(of: SIMD8<UInt16>(truncatingIfNeeded: rounded &>> 16), as: SIMD8<UInt16>.self)
      rest -= unsafe unsafeBitCast(rounded & 0xFFFF_0000, to: SIMD8<Float>.self)
    }
  }
}

// MARK: - Range

/// Which lines cannot be split: `flags` becomes other than 0 where a line has an element that is neither 0 nor in 2^-47 ..< 2^47.
///
/// Between these a split is exact, no product of parts is subnormal, and no sum of 2^31 products overflows, whatever its order; beyond
/// them, and for NaN and infinity, single precision has to be asked.
@unsafe
func splitFlags(_ source: SplitSource, lines: Int, depth: Int, into flags: UnsafeMutablePointer<UInt32>) {
  unsafe flags.update(repeating: 0, count: lines)
  let start = unsafe UnsafeRawPointer(source.start).assumingMemoryBound(to: UInt32.self)
  if unsafe source.depthStride == 1 {
    for line in 0..<lines {
      let row = unsafe start + line * source.lineStride
      var flag: UInt32 = 0
      for p in 0..<depth { flag |= unsafe isOutOfRange(row[p]) }
      unsafe flags[line] = flag
    }
  } else {
    for p in 0..<depth {
      let row = unsafe start + p * source.depthStride
      for line in 0..<lines { unsafe flags[line] |= isOutOfRange(row[line]) }
    }
  }
}

/// 1 where the number with these bits is out of range.
@inline(__always)
private func isOutOfRange(_ bits: UInt32) -> UInt32 {
  // The exponent of 2^-47 is 80 as it is stored, that of 2^47 is 174.
  let exponent = bits >> 23 & 0xFF
  let inRange: UInt32 = exponent &- 80 < 94 ? 1 : 0
  let isZero: UInt32 = bits & 0x7FFF_FFFF == 0 ? 1 : 0
  return 1 &- (inRange | isZero)
}

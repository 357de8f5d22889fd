/// A factor of a product in groups: as the caller stores it, in single precision to be split, or packed.
@unsafe
enum DotOperand {
  case stored(DotSource)
  case split(SplitSource)
  case packed(DotPackedLines)

  /// The lines from `line` on; of a packed factor, the first of a strip.
  @unsafe
  func part(line: Int) -> DotOperand {
    switch unsafe self {
    case .stored(let source): return unsafe .stored(source.part(line: line, depth: 0))
    case .split(let source): return unsafe .split(source.part(line: line, depth: 0))
    case .packed(var lines):
      unsafe lines.start += line / DotLayout.lines * lines.stripBytes
      unsafe lines.sums = lines.sums.map { unsafe $0 + line }
      return unsafe .packed(lines)
    }
  }

  var isPacked: Bool {
    if case .packed = unsafe self { return true }
    return false
  }
}

/// Packed strips with all of k, and the sums of their lines over all of k where the format has any.
@unsafe
struct DotPackedLines {
  var start: UnsafePointer<UInt8>
  var stripBytes: Int
  var sums: UnsafePointer<Int32>?
}

/// One product after the door: sizes known to be valid, C and k not empty.
@unsafe
struct DotProblem<Format: DotFormat> {
  var m, n, k: Int
  var a: DotOperand
  var b: DotOperand
  var factors: Format.Factors
  var c: UnsafeMutablePointer<Format.C>
  var cRow: Int
  var epilogue: EpiloguePlace<Format.Epilogue>?

  @unsafe
  func part(rows: Range<Int>, columns: Range<Int>) -> DotProblem {
    var part = unsafe self
    unsafe part.m = rows.count
    unsafe part.n = columns.count
    unsafe part.a = a.part(line: rows.lowerBound)
    unsafe part.b = b.part(line: columns.lowerBound)
    unsafe part.c += rows.lowerBound * cRow + columns.lowerBound
    unsafe part.epilogue = epilogue?.part(row: rows.lowerBound, column: columns.lowerBound)
    return unsafe part
  }

  /// Whether sums are built in scratch, and not in C.
  var keepsSumsApart: Bool { unsafe Format.keepsSumsApart && epilogue != nil }

  /// The least of k that is packed at a time: elements, and the slabs that they take.
  @unsafe
  var step: (depth: Int, slabs: Int) {
    if case .split(let source) = unsafe a { return unsafe (SplitOrder.depth, source.order.count) }
    return (DotLayout.line / MemoryLayout<Format.A>.stride, 1)
  }

  @unsafe
  func plan(_ tile: GemmTile, caches: CacheSizes) -> DotPlan {
    let step = unsafe step
    return unsafe DotPlan(
      m: m, n: n, steps: (k + step.depth - 1) / step.depth, slabsPerStep: step.slabs, tile: tile,
      packsA: !a.isPacked,
      packsB: !b.isPacked, hasTerms: Format.correction(factors) != nil, keepsSums: keepsSumsApart, caches: caches)
  }
}

/// The loops around the kernel, those of ``gemmLoops(_:_:_:_:)`` over packed factors: columns that fit L3, depth that fits L1, rows
/// that fit L2, panels of B. A panel of B is packed just before its first use.
///
/// - `scratch` holds at least `plan.scratchBytes`, aligned to 64.
@unsafe @inline(__always)
func dotLoops<Format: DotFormat>(
  _ kernel: DotKernel<Format>, _ problem: DotProblem<Format>, _ plan: DotPlan, _ scratch: UnsafeMutableRawPointer?
) {
  let (m, n, k) = unsafe (problem.m, problem.n, problem.k)
  let step = unsafe problem.step
  let slabs = (k + step.depth - 1) / step.depth * step.slabs
  let partDepth = plan.kc / step.slabs * step.depth
  let width = kernel.tile.columns
  let correction = unsafe Format.correction(problem.factors)
  let memory = unsafe DotMemory(plan, scratch)

  for jc in stride(from: 0, to: n, by: plan.nc) {
    let nc = min(plan.nc, n - jc)
    for pc in stride(from: 0, to: slabs, by: plan.kc) {
      let kc = min(plan.kc, slabs - pc)
      let firstDepth = pc / plan.kc * partDepth
      let depth = min(partDepth, k - firstDepth)
      for ic in stride(from: 0, to: m, by: plan.mc) {
        let mc = min(plan.mc, m - ic)
        let a = unsafe problem.a.part(line: ic).block(
          .a, lines: mc, slabs: kc, firstSlab: pc, firstDepth: firstDepth, depth: depth, into: memory.a, packs: true)
        if let correction {
          unsafe a.terms(
            .a, lines: mc, slabs: kc, scale: correction.rows,
            constant: correction.perDepth &* Int32(truncatingIfNeeded: depth), into: memory.rowTerms)
        }

        for jr in stride(from: 0, to: nc, by: width) {
          let columns = min(width, nc - jr)
          let isFirstUse = ic == 0 || !plan.keepsB
          let b = unsafe problem.b.part(line: jc + jr).block(
            .b, lines: columns, slabs: kc, firstSlab: pc, firstDepth: firstDepth, depth: depth,
            into: memory.b.map { unsafe $0 + (plan.keepsB ? jr * kc * DotLayout.line : 0) }, packs: isFirstUse)
          let columnTerms = unsafe memory.columnTerms.map { unsafe $0 + jr }
          if let correction, isFirstUse {
            unsafe b.terms(
              .b, lines: columns, slabs: kc, scale: correction.columns, constant: 0, into: columnTerms)
          }
          var terms: DotTerms?
          if let rows = unsafe memory.rowTerms, let columns = unsafe columnTerms {
            unsafe terms = DotTerms(rows: rows, columns: columns)
          }
          var (c, cRow) = unsafe (problem.c + (ic * problem.cRow + jc + jr), problem.cRow)
          if plan.sumsBytes > 0, let sums = unsafe memory.sums {
            unsafe c = sums.assumingMemoryBound(to: Format.C.self) + (plan.keepsAllSums ? ic * n + jc + jr : 0)
            cRow = plan.keepsAllSums ? n : width
          }
          unsafe Format.run(
            kernel.body,
            DotBlock(
              rows: mc, columns: columns, slabs: kc, a: a.start, aStrip: a.stripBytes, b: b.start,
              bPanel: b.stripBytes),
            problem.factors, isFirst: pc == 0, terms: terms, c: c, cRow: cRow)
          if pc + kc == slabs, let epilogue = unsafe problem.epilogue {
            unsafe epilogue.finish(row: ic, column: jc + jr, rows: mc, columns: columns, c: c, cRow: cRow)
          }
        }
      }
    }
  }
}

/// What a plan asks for, laid out in one piece of memory.
@unsafe
private struct DotMemory {
  var a, b: UnsafeMutablePointer<UInt8>?
  var rowTerms, columnTerms: UnsafeMutablePointer<Int32>?
  var sums: UnsafeMutableRawPointer?

  @inline(__always)
  init(_ plan: DotPlan, _ scratch: UnsafeMutableRawPointer?) {
    guard let scratch = unsafe scratch else { return }
    unsafe a = scratch.assumingMemoryBound(to: UInt8.self)
    unsafe b = (scratch + plan.packedABytes).assumingMemoryBound(to: UInt8.self)
    unsafe sums = scratch + (plan.scratchBytes - plan.sumsBytes)
    guard plan.rowTermBytes > 0 else { return }
    let terms = unsafe scratch + (plan.packedABytes + plan.packedBBytes)
    unsafe rowTerms = terms.assumingMemoryBound(to: Int32.self)
    unsafe columnTerms = (terms + plan.rowTermBytes).assumingMemoryBound(to: Int32.self)
  }
}

/// Some slabs of some strips, as a kernel reads them.
@unsafe
private struct DotPart {
  var start: UnsafePointer<UInt8>
  var stripBytes: Int
  /// Where the sums of the lines, over all of k, are known; nil where they are to be taken of these slabs.
  var sums: UnsafePointer<Int32>?
  /// Whether these slabs are the first ones, with which sums over all of k count.
  var isFirst: Bool

  /// `constant + scale * sum` for each line.
  @unsafe
  func terms(
    _ side: GemmSide, lines: Int, slabs: Int, scale: Int32, constant: Int32, into terms: UnsafeMutablePointer<Int32>?
  ) {
    guard let terms = unsafe terms else { return }
    if unsafe scale == 0 || (sums != nil && !isFirst) {
      return unsafe terms.update(repeating: constant, count: lines)
    }
    if let sums = unsafe sums {
      unsafe terms.update(from: sums, count: lines)
    } else {
      unsafe dotSums(
        side, start, stripBytes: stripBytes, strips: DotLayout.strips(lines: lines), slabs: slabs, into: terms)
    }
    for i in 0..<lines { unsafe terms[i] = constant &+ scale &* terms[i] }
  }
}

extension DotOperand {
  /// `slabs` slabs of the first `lines` lines: where they lie packed, or packed now if `packs`.
  @unsafe @inline(__always)
  fileprivate func block(
    _ side: GemmSide, lines: Int, slabs: Int, firstSlab: Int, firstDepth: Int, depth: Int,
    into memory: UnsafeMutablePointer<UInt8>?, packs: Bool
  ) -> DotPart {
    switch unsafe self {
    case .packed(let packed):
      return unsafe DotPart(
        start: packed.start + firstSlab * DotLayout.slab, stripBytes: packed.stripBytes, sums: packed.sums,
        isFirst: firstSlab == 0)
    case .stored(let source):
      guard let memory = unsafe memory else { preconditionFailure("no memory to pack into") }
      let stripBytes = slabs * DotLayout.slab
      if packs {
        unsafe dotPack(
          side, source.part(line: 0, depth: firstDepth), lines: lines, depth: depth, into: memory,
          stripBytes: stripBytes)
      }
      return unsafe DotPart(start: UnsafePointer(memory), stripBytes: stripBytes, sums: nil, isFirst: firstSlab == 0)
    case .split(let source):
      guard let memory = unsafe memory else { preconditionFailure("no memory to pack into") }
      let stripBytes = slabs * DotLayout.slab
      if packs {
        unsafe splitPack(
          side, source.part(line: 0, depth: firstDepth), lines: lines, depth: depth, into: memory,
          stripBytes: stripBytes)
      }
      return unsafe DotPart(start: UnsafePointer(memory), stripBytes: stripBytes, sums: nil, isFirst: firstSlab == 0)
    }
  }
}

/// Products of equal shape whose operands lie at equal distances: for each `i` below `batches`,
/// C + i · strideC = alpha · op(A + i · strideA) · op(B + i · strideB) + beta · (C + i · strideC), single precision.
///
/// Shapes, layout, rounding and special values are those of ``sgemm(_:_:m:n:k:alpha:a:lda:b:ldb:beta:c:ldc:precision:epilogue:threads:scratch:)-(_,_,_,_,_,_,UnsafePointer<Float>?,_,_,_,_,_,_,_,_,_,_)``,
/// and each product has the bits that it has alone.
///
/// - Strides count elements and are not negative. With stride 0 all products share A, or B. `strideC` is at least what C spans,
///   `(m - 1) * ldc + n`, so that results lie apart, where there is more than one.
/// - `threads` divide the products among them where there are as many, else each product.
/// - Complexity: O(batches · m · n · k). Allocates nothing but what `scratch` lacks, which is that of one product a thread.
@unsafe
public func sgemmStridedBatch(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  alpha: Float = 1, a: UnsafePointer<Float>?, lda: Int, strideA: Int, b: UnsafePointer<Float>?, ldb: Int, strideB: Int,
  beta: Float = 0, c: UnsafeMutablePointer<Float>?, ldc: Int, strideC: Int, batches: Int,
  precision: GemmPrecision = .native, threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
  let batch = GemmBatch(count: batches, strideA: strideA, strideB: strideB, strideC: strideC)
  if unsafe !sgemm(precision, shape, batch, alpha, a, b, beta, c, threads: threads, scratch: &scratch) {
    preconditionFailure("sgemmStridedBatch: the system has no more memory")
  }
}

/// ``sgemmStridedBatch(_:_:m:n:k:alpha:a:lda:strideA:b:ldb:strideB:beta:c:ldc:strideC:batches:precision:threads:scratch:)`` in double
/// precision.
@unsafe
public func dgemmStridedBatch(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  alpha: Double = 1, a: UnsafePointer<Double>?, lda: Int, strideA: Int, b: UnsafePointer<Double>?, ldb: Int,
  strideB: Int, beta: Double = 0, c: UnsafeMutablePointer<Double>?, ldc: Int, strideC: Int, batches: Int,
  threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
  let batch = GemmBatch(count: batches, strideA: strideA, strideB: strideB, strideC: strideC)
  if unsafe !gemm(
    GemmKernel<Double>.select(.current), shape, batch, alpha, a, b, beta, c, threads: threads, scratch: &scratch)
  {
    preconditionFailure("dgemmStridedBatch: the system has no more memory")
  }
}

/// How many products, and how far apart their operands lie, in elements.
package struct GemmBatch: Hashable, Sendable {
  package var count: Int
  package var strideA, strideB, strideC: Int

  package init(count: Int, strideA: Int, strideB: Int, strideC: Int) {
    self.count = count
    (self.strideA, self.strideB, self.strideC) = (strideA, strideB, strideC)
  }

  /// Why these numbers cannot be for products of a valid shape, or nil.
  package func problem(_ shape: GemmShape, elementSize: Int) -> StaticString? {
    if count < 0 { return "batches must not be negative" }
    if strideA < 0 { return "strideA must not be negative" }
    if strideB < 0 { return "strideB must not be negative" }
    if strideC < 0 { return "strideC must not be negative" }
    guard count > 1 else { return nil }
    if strideC < shape.extentC { return "strideC must be at least what C spans, (m - 1) * ldc + n" }
    if !fits(strideA, shape.extentA, elementSize) {
      return "A is larger than the address space: check strideA and batches"
    }
    if !fits(strideB, shape.extentB, elementSize) {
      return "B is larger than the address space: check strideB and batches"
    }
    if !fits(strideC, shape.extentC, elementSize) {
      return "C is larger than the address space: check strideC and batches"
    }
    return nil
  }

  /// Why these sizes and addresses cannot be, or nil. Where there is no product no operand is needed.
  @unsafe
  package func problem<Element>(
    _ shape: GemmShape, _ a: UnsafePointer<Element>?, _ b: UnsafePointer<Element>?, _ c: UnsafeMutablePointer<Element>?
  ) -> StaticString? {
    let size = MemoryLayout<Element>.stride
    let problem = unsafe count == 0 ? shape.problem(elementSize: size) : shape.problem(a, b, c)
    return problem ?? self.problem(shape, elementSize: size)
  }

  /// Whether the last of the operands ends below 2^57 bytes, as ``GemmShape`` asks of each.
  private func fits(_ stride: Int, _ extent: Int, _ elementSize: Int) -> Bool {
    guard extent > 0 else { return true }
    let (start, overflow1) = (count - 1).multipliedReportingOverflow(by: stride)
    let (elements, overflow2) = start.addingReportingOverflow(extent)
    let (bytes, overflow3) = elements.multipliedReportingOverflow(by: elementSize)
    return !overflow1 && !overflow2 && !overflow3 && bytes < 1 << 57
  }

  /// The one product that is all of these, where rows of A and of C follow each other through the batch and B is shared: a row
  /// has the same bits whatever others there are.
  func stacked(_ shape: GemmShape) -> GemmShape? {
    guard strideB == 0, shape.transposeA == .no, shape.m > 0 else { return nil }
    let (rowsA, rowsC) = (
      shape.m.multipliedReportingOverflow(by: shape.lda), shape.m.multipliedReportingOverflow(by: shape.ldc)
    )
    let rows = shape.m.multipliedReportingOverflow(by: count)
    guard !rowsA.overflow && !rowsC.overflow && !rows.overflow else { return nil }
    guard strideA == rowsA.partialValue && strideC == rowsC.partialValue else { return nil }
    var stacked = shape
    stacked.m = rows.partialValue
    return stacked
  }
}

/// The products by the row that a precision asks for, as `sgemm` of one does.
///
/// - Returns: false where the system has no memory for the scratch; then C is as it was.
@unsafe
package func sgemm(
  _ precision: GemmPrecision, _ shape: GemmShape, _ batch: GemmBatch, _ alpha: Float,
  _ a: UnsafePointer<Float>?, _ b: UnsafePointer<Float>?, _ beta: Float, _ c: UnsafeMutablePointer<Float>?,
  threads: Int, scratch: inout Scratch
) -> Bool {
  let features = CPUFeatures.current
  let native = GemmKernel<Float>.select(features)
  guard precision != .native, let split = precision.splitKernel(for: features), batch.count > 1 else {
    if batch.count == 1 {
      return unsafe sgemm(precision, shape, alpha, a, b, beta, c, threads: threads, scratch: &scratch)
    }
    return unsafe gemm(native, shape, batch, alpha, a, b, beta, c, threads: threads, scratch: &scratch)
  }
  if let problem = unsafe batch.problem(shape, a, b, c) { preconditionFailure("gemm: \(problem)") }
  for index in 0..<batch.count {
    let (a, b) = unsafe (a.map { unsafe $0 + index * batch.strideA }, b.map { unsafe $0 + index * batch.strideB })
    let c = unsafe c.map { unsafe $0 + index * batch.strideC }
    if unsafe splitGemm(split, precision, shape, alpha, a, b, beta, c, threads: threads, scratch: &scratch) { continue }
    // What the first had memory for, and a later one not, is lines that cannot be split: single precision takes no less care.
    guard index > 0, unsafe gemm(native, shape, alpha, a, b, beta, c, threads: threads, scratch: &scratch) else {
      return false
    }
  }
  return true
}

/// The products by a given row of the table.
///
/// - Returns: false where the system has no memory for the scratch; then C is as it was.
@unsafe @discardableResult
@specialized(where Element == Float)
@specialized(where Element == Double)
package func gemm<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ shape: GemmShape, _ batch: GemmBatch, _ alpha: Element,
  _ a: UnsafePointer<Element>?, _ b: UnsafePointer<Element>?, _ beta: Element, _ c: UnsafeMutablePointer<Element>?,
  threads: Int, scratch: inout Scratch
) -> Bool {
  if let problem = unsafe batch.problem(shape, a, b, c) { preconditionFailure("gemm: \(problem)") }
  precondition(threads >= 1, "gemm: threads must be at least 1")
  guard batch.count > 0 else { return true }
  if batch.count == 1 {
    return unsafe gemm(kernel, shape, alpha, a, b, beta, c, threads: threads, scratch: &scratch)
  }
  if let stacked = batch.stacked(shape) {
    return unsafe gemm(kernel, stacked, alpha, a, b, beta, c, threads: threads, scratch: &scratch)
  }
  guard shape.m > 0 && shape.n > 0, let c = unsafe c else { return true }
  let first = unsafe GemmProblem(shape, alpha, a, b, beta, c)
  let useful = gemmUsefulThreads(threads, m: shape.m, n: shape.n, k: shape.k, products: batch.count)
  let parts = Threads.cap(useful)
  guard parts > 1 else { return unsafe gemmEach(kernel, first, batch, scratch: &scratch) }
  if parts <= batch.count { return unsafe gemmDivided(kernel, first, batch, parts, scratch: &scratch) }
  for index in 0..<batch.count {
    let problem = unsafe first.shifted(batch, index)
    // The first of them grows the scratch as far as all of them need.
    if unsafe !gemm(kernel, problem, nil, threads: threads, scratch: &scratch) { return false }
  }
  return true
}

extension GemmProblem {
  /// The same product of the operands number `index`. An operand without elements stays where it is: it is not read.
  @unsafe @inline(__always)
  fileprivate func shifted(_ batch: GemmBatch, _ index: Int) -> GemmProblem {
    var problem = unsafe self
    unsafe problem.c += index &* batch.strideC
    if unsafe k > 0 {
      unsafe problem.a += index &* batch.strideA
      unsafe problem.b += index &* batch.strideB
    }
    return unsafe problem
  }
}

/// All products, one after the other, on the calling thread.
@unsafe @inline(__always)
private func gemmEach<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ first: GemmProblem<Element>, _ batch: GemmBatch, scratch: inout Scratch
) -> Bool {
  for index in 0..<batch.count {
    if unsafe !gemm(kernel, first.shifted(batch, index), nil, threads: 1, scratch: &scratch) { return false }
  }
  return true
}

/// All products, divided among `parts` threads, each with a part of the scratch.
@unsafe @inline(never)
private func gemmDivided<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ first: GemmProblem<Element>, _ batch: GemmBatch, _ parts: Int, scratch: inout Scratch
) -> Bool {
  let plan =
    unsafe first.isScaling || first.hasInnerProducts || gemmIsSmall(first) ? nil : GemmPlan(first, kernel.tile)
  let slice = ((plan?.scratchBytes ?? 0) + Scratch.alignment - 1) / Scratch.alignment * Scratch.alignment
  guard scratch.tryReserve(slice * parts) else { return false }
  unsafe scratch.withMemory(bytes: slice * parts) { memory in
    Threads.run(parts) { part in
      let own = unsafe memory.map { unsafe $0 + part * slice }
      for index in batch.count * part / parts..<batch.count * (part + 1) / parts {
        let problem = unsafe first.shifted(batch, index)
        if unsafe problem.isScaling {
          unsafe gemmScale(problem)
        } else if unsafe problem.hasInnerProducts {
          unsafe gemmInnerOne(kernel, problem.innerProducts)
        } else if let plan {
          unsafe gemmLoops(kernel, problem, plan, own)
        } else {
          unsafe gemmSmall(kernel, problem)
        }
      }
    }
  }
  return true
}
